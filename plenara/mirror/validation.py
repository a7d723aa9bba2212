"""Comparing a copy with its checksums and with a bundle, character by character. Needs no database: anybody can do it,
even in ten years.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from plenara.bundles.format import CONTRIBUTIONS, SUMMARIES
from plenara.bundles.validation.bundle import Checked, again, check, figures_in
from plenara.bundles.validation.errors import BundleErrors
from plenara.bundles.validation.sources import Source, opened
from plenara.core.languages import CODES
from plenara.core.rows import Json
from plenara.core.text import to_html
from plenara.insights.queries.recomputation import differences
from plenara.mirror import MANIFEST, MARK
from plenara.mirror.folder import JOURNAL, Unusable, is_ours, mark_of

_VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "wbr", "area", "col", "source"})


@dataclass
class Found:
    """The content of one element of a page: its signed words, names, titles and symbols, in their order."""

    words: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    symbols: list[str] = field(default_factory=list)


#: By class: the list for the words of such an element. Quotations of a statement are words too, in another element.
_CLASSES = {"words": "words", "who": "names", "title": "titles", "symbol": "symbols"}


class Page(HTMLParser):
    """A page, read once: the elements with these ids, and all of it under the empty one."""

    def __init__(self, html: str, ids: set[str]):
        super().__init__(convert_charrefs=True)
        self.elements: dict[str, Found] = {"": Found()}
        self._ids = ids
        self._depth = 0
        self._within: list[tuple[int, Found]] = [(-1, self.elements[""])]
        self._collects: list[tuple[int, str, list[str]]] = []
        self._silent: int | None = None  # the depth of an element that is skipped: a raised number, a quotation
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            self.handle_data(" ")
            return
        self._depth += 1
        attributes = dict(attrs)
        if (name := attributes.get("id") or "") in self._ids and name not in self.elements:
            self._within.append((self._depth, self.elements.setdefault(name, Found())))
        if self._silent is None and (tag == "sup" or (tag in {"blockquote", "details"} and not self._collects)):
            self._silent = self._depth
        if self._silent is None:
            for each in (attributes.get("class") or "").split():
                if each in _CLASSES:
                    self._collects.append((self._depth, _CLASSES[each], []))
                    break
        if tag in {"p", "li", "div", "ul", "ol"}:
            self.handle_data(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if self._collects and self._collects[-1][0] == self._depth:
            _depth, kind, pieces = self._collects.pop()
            text = one_line("".join(pieces))
            for _at, found in self._within:
                getattr(found, kind).append(text)
        if self._silent == self._depth:
            self._silent = None
        if self._within[-1][0] == self._depth:
            self._within.pop()
        self._depth -= 1

    def handle_data(self, data: str) -> None:
        if self._silent is None:
            for _depth, _kind, pieces in self._collects:
                pieces.append(data)


def one_line(text: str) -> str:
    """Return a text with every run of spaces and line ends as one space."""
    return " ".join(text.split())


def words_of(html: str) -> str:
    """Return the words of a piece of HTML as `Page` reads them."""
    return Page(f'<div class="words">{html}</div>', set()).elements[""].words[0]


type Progress = Callable[[int], None]
#: The first fact on a consultation's page: how many contributions it has.
_TOTAL = re.compile(r'<dl class="facts"><div><dt>[^<]*</dt><dd>([^<]*)</dd>')


@dataclass
class Verified:
    """The result of a comparison."""

    mark: Json
    differences: BundleErrors = field(default_factory=BundleErrors)
    files: int = 0
    contributions: int = 0
    tombstones: int = 0
    statements: int = 0
    figures: int = 0
    #: Files in the folder that are not of the copy: the web server's, or others.
    strangers: int = 0


def is_copy(path: Path) -> bool:
    """Return whether a path is the folder of a copy, complete or begun."""
    return (path / MARK).is_file() or (path / JOURNAL).is_file()


def verify(path: Path, bundle: Path | None = None, progress: Progress = lambda _count: None) -> Verified:
    """Return the differences. Raises `Unusable` for the folder, `NotABundle` and `BadBundle` for the bundle."""
    if (path / JOURNAL).exists():
        raise Unusable(f"{path} is incomplete: the last run was interrupted. Run `plenara mirror` again.")
    found = Verified(mark_of(path))
    _checksums(path, found, progress)
    inside = path / "exports" / str(found.mark.get("slug")) / "bundle.zip"
    errors = BundleErrors()
    with opened(bundle or inside, errors) as source:
        checked = check(source, errors)
        if checked.slug != found.mark.get("slug"):
            raise Unusable(f"The bundle is of {checked.slug!r}, but the copy is of {found.mark.get('slug')!r}.")
        _contributions(path, source, checked, found, progress)
        _summaries(path, source, checked, found)
        _figures(path, figures_in(source, checked), found)
    return found


def count(path: Path) -> int:
    """Return about how much there is to compare, for a progress bar."""
    return 0 if (path / JOURNAL).exists() else 2 * mark_of(path)["files"]


def _checksums(path: Path, found: Verified, progress: Progress) -> None:
    listing = path / MANIFEST
    if _sha256(listing) != found.mark.get("manifest"):
        found.differences.add(f"does not match the checksum in {MARK}", MANIFEST)
    known = {MARK, MANIFEST}
    for number, (digest, file) in enumerate(_listed(listing), 1):
        found.files += 1
        known.add(file)
        if not is_ours(file):
            found.differences.add("names a path that leaves the folder", MANIFEST, number)
        elif (actual := _sha256(path / file)) is None:
            found.differences.add("is missing", file)
        elif actual != digest:
            found.differences.add("does not match its checksum in the list", file)
        progress(1)
    found.strangers = sum(
        str(each.relative_to(path)) not in known for each in path.rglob("*") if each.is_symlink() or each.is_file()
    )


def _listed(listing: Path) -> Iterator[tuple[str, str]]:
    try:
        with listing.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                digest, _space, file = line.rstrip("\n").partition("  ")
                yield digest, file
    except OSError:
        return


def _sha256(path: Path) -> str | None:
    try:
        if path.is_symlink():
            return None
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def _contributions(path: Path, source: Source, checked: Checked, found: Verified, progress: Progress) -> None:
    for row in again(source, CONTRIBUTIONS, checked):
        number = checked.minted.numbers.get(row["id"])
        if number is None:
            continue  # rejected: never public, so it has no page
        symbol, page = checked.minted.symbols[row["id"]], f"contributions/{number}/"
        editions = {each["number"]: each for each in row.get("revisions", ())} or {0: row}
        if row["status"] == "published":
            found.contributions += 1
            _edition(path, page, row, row, _symbol(symbol, max(editions)), number, found)
            for revision, each in editions.items():
                _edition(path, f"{page}rev/{revision}/", row, each, _symbol(symbol, revision), number, found)
        else:
            found.tombstones += 1
            for below in ["", *(f"rev/{revision}/" for revision in editions)]:
                _tombstone(path, f"{page}{below}", symbol, found)
        progress(len(CODES))


def _symbol(symbol: str, revision: int) -> str:
    return f"{symbol}/Rev.{revision}" if revision else symbol


def _edition(path: Path, page: str, row: Json, edition: Json, symbol: str, number: int, found: Verified) -> None:
    words = words_of(to_html(edition["text"]))
    author = row["author"]
    for file, html in _pages(path, page, found):
        here = Page(html, {f"c{number}"}).elements.get(f"c{number}")
        if here is None or not here.words:
            found.differences.add("the contribution is not on its page", file)
        elif here.words[0] != words:
            found.differences.add(f"the words differ from the bundle: {_differs(here.words[0], words)}", file)
        elif symbol not in here.symbols:
            found.differences.add(f"the symbol {symbol} is missing", file)
        elif author.get("name") and one_line(author["name"]) not in here.names[:1] and edition is row:
            found.differences.add(f"the author {author['name']!r} is not shown", file)


def _tombstone(path: Path, page: str, symbol: str, found: Verified) -> None:
    for file, html in _pages(path, page, found):
        here = Page(html, set()).elements[""]
        if here.words:
            found.differences.add("the page of a tombstone shows words", file)
        elif not any(each == symbol or each.startswith(f"{symbol}/Rev.") for each in here.symbols):
            found.differences.add(f"the symbol {symbol} is missing", file)


def _summaries(path: Path, source: Source, checked: Checked, found: Verified) -> None:
    for row in again(source, SUMMARIES, checked):
        ids = {f"s{each['number']}" for each in row["statements"]}
        for file, html in _pages(path, f"summaries/{row['number']}/", found):
            language, here = file.split("/", 1)[0], Page(html, ids).elements
            for each in row["statements"]:
                found.statements += 1
                stands = here.get(f"s{each['number']}")
                for texts in (each["text"], each.get("against", {})):
                    text = texts.get(language) or texts.get(row["source_language"])
                    if text and (stands is None or one_line(text) not in stands.words):
                        found.differences.add(f"statement {each['number']} differs from the bundle", file)


def _figures(path: Path, figures: Json, found: Verified) -> None:
    for file, text in _pages(path, "figures/", found, "figures.json"):
        try:
            claims = json.loads(text)
        except (ValueError, RecursionError):
            found.differences.add("is not JSON", file)
            continue
        found.figures += 1
        for each in differences(claims, figures):
            message = f"shows {each.claimed} for {each.name}, but the bundle gives {each.recomputed}"
            found.differences.add(message, file)
    for file, html in _pages(path, "", found):
        total = _TOTAL.search(html)
        shown = "".join(letter for letter in total[1] if letter.isdigit()) if total else ""
        if not shown or int(shown) != figures["contributions"]:
            message = f"counts {shown or 'no'} contributions, but the bundle gives {figures['contributions']}"
            found.differences.add(message, file)


def _pages(path: Path, page: str, found: Verified, name: str = "index.html") -> Iterator[tuple[str, str]]:
    """Yield (file, text) of a page in the six languages; a missing one is a difference."""
    for code in CODES:
        file = f"{code}/consultations/{found.mark['slug']}/{page}{name}"
        try:
            yield file, (path / file).read_text(encoding="utf-8", errors="replace")
        except OSError:
            found.differences.add("is missing, but the bundle has it", file)


def _differs(there: str, wanted: str) -> str:
    at = next((i for i, (one, other) in enumerate(zip(there, wanted, strict=False)) if one != other), None)
    at = min(len(there), len(wanted)) if at is None else at
    begin = max(at - 15, 0)
    return f"“{there[begin : at + 25]}” instead of “{wanted[begin : at + 25]}”"
