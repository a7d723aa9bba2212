"""Collecting the pages, and running Sphinx on them.

Pages of docs/ are at the top of the site, and `docs/README.md` is its start. Each file and folder that a page links to
becomes a page below `source/`, so that no link leads out of the site.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from sphinx.cmd.build import build_main

from tools.messages.source import ROOT

START = "docs/README.md"
#: Pages that have another name in the site: it begins at `index`, and its own search is `search`.
NAMES = {START: "index.md", "docs/search.md": "site-search.md"}
#: The pages outside docs/ that its pages lead to.
FURTHER = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "plenara/front/README.md")
LINK = re.compile(r"(?<!\\)\[[^\]]*\]\(([^)\s]+)\)")
_PICTURES = frozenset({".png", ".svg"})
#: The head of a page that the search leaves out.
_UNSEARCHED = "---\nnosearch: true\n---"
_TICKS = re.compile(r"^`{3,}", re.MULTILINE)


def build(site: Path) -> None:
    """Build the site into a folder, from which everything else is deleted. Raises where Sphinx warns of anything."""
    shutil.rmtree(site, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        pages = Path(folder) / "pages"
        collect(pages)
        options = ["--quiet", "--fail-on-warning", "--conf-dir", str(Path(__file__).parent), "--doctree-dir", folder]
        if build_main([*options, str(pages), str(site)]):
            raise RuntimeError("The documentation was not built, for the reason above.")
    for name in (".buildinfo", "objects.inv"):
        (site / name).unlink()


def collect(folder: Path) -> None:
    """Write every page to a folder, with its links as they are in the site."""
    waiting = [*sorted((ROOT / "docs").rglob("*.md")), *(ROOT / name for name in FURTHER)]
    seen = set(waiting)
    while waiting:
        file = waiting.pop()
        target = folder / place(file)
        target.parent.mkdir(parents=True, exist_ok=True)
        if file.suffix in _PICTURES:
            shutil.copy(file, target)
            continue
        target.write_text(_page(file), "utf-8")
        linked = {found for _link, found, _anchor in links(file)} - seen
        seen |= linked
        waiting += linked


def place(file: Path) -> PurePosixPath:
    """Return where a file or folder of the repository is among the pages."""
    path = PurePosixPath(file.relative_to(ROOT).as_posix())
    if str(path) in NAMES:
        return PurePosixPath(NAMES[str(path)])
    if file.is_dir():
        path /= "index.md"
    elif file.suffix not in {".md", *_PICTURES}:
        path = path.with_name(f"{path.name}.md")
    if path.parts[0] == "docs" and not _is_source(file):
        return path.relative_to("docs")
    return path if str(path) in FURTHER and len(path.parts) == 1 else "source" / path


def _is_source(file: Path) -> bool:
    """Return whether a file is shown as it is."""
    return file.is_file() and file.suffix not in {".md", *_PICTURES}


def links(file: Path) -> Iterator[tuple[str, Path, str]]:
    """Yield (link, file or folder that it leads to, anchor) of the links of a page within the repository."""
    text = file.read_text("utf-8") if file.suffix == ".md" else _listing(file) if file.is_dir() else ""
    for link in LINK.findall(text):
        path, _hash, anchor = link.partition("#")
        target = ((file if file.is_dir() else file.parent) / path).resolve()
        if path and "://" not in link and target.exists() and target.is_relative_to(ROOT):
            yield link, target, anchor


def _page(file: Path) -> str:
    """Return a page of the site as Markdown: a page of text, a list of a folder, or a file as it is."""
    if file.is_dir():
        return _listing(file)
    text = file.read_text("utf-8")
    if file.suffix != ".md":
        fence = "`" * max([3, *(len(ticks) + 1 for ticks in _TICKS.findall(text))])
        return f"{_UNSEARCHED}\n# `{file.relative_to(ROOT)}`\n\n{fence}text\n{text.rstrip()}\n{fence}\n"
    ways = {
        link: os.path.relpath(place(target), place(file).parent) + (f"#{anchor}" if anchor else "")
        for link, target, anchor in links(file)
    }
    return re.sub(r"\]\(([^)\s]+)\)", lambda link: f"]({ways.get(link[1], link[1])})", text)


def _listing(folder: Path) -> str:
    """Return a page that lists a folder: pages with their titles, other files and folders by name."""
    rows = []
    for each in sorted(folder.iterdir()):
        if each.suffix == ".md":
            rows.append(f"- [{title(each)}]({each.name})")
        elif not each.name.startswith((".", "__pycache__")):
            rows.append(f"- `{each.name}{'/' if each.is_dir() else ''}`")
    heading = "Decisions" if folder.name == "decisions" else f"`{folder.relative_to(ROOT)}/`"
    return "\n".join([_UNSEARCHED, f"# {heading}\n", *rows, ""])


def title(page: Path) -> str:
    """Return the heading of a page."""
    return page.read_text("utf-8").partition("\n")[0].removeprefix("# ")


def paths() -> dict[str, list[str]]:
    """Return the pages through which the start page leads each role, in order."""
    found: dict[str, list[str]] = {}
    start = ROOT / START
    for section in re.split(r"^## ", start.read_text("utf-8"), flags=re.MULTILINE)[1:]:
        steps = re.findall(r"^\d+\. \[[^\]]*\]\(([^)\s]+)\)", section, re.MULTILINE)
        if steps:
            pages = [place((start.parent / step).resolve()) for step in steps]
            found[section.partition("\n")[0]] = [str(page.with_suffix("")) for page in pages]
    return found
