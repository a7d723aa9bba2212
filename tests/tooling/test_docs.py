"""What the documentation names is there: files, commands, settings, words. So it cannot rot in silence."""

import io
import json
import re
from pathlib import PurePosixPath

import pytest

from plenara.accounts.queries import PAGES, default_page_text
from plenara.bundles.format import CONSULTATION, CONTRIBUTIONS, SUMMARIES
from plenara.bundles.validation.bundle import check
from plenara.bundles.validation.errors import BundleErrors
from plenara.cli import COMMANDS
from plenara.core.languages import CODES
from plenara.moderation import kinds
from plenara.operations.environment import SETTINGS
from tools.messages import catalogues
from tools.messages.languages import LANGUAGES
from tools.messages.source import ROOT

PAGES_OF_TEXT = [ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "SECURITY", "ACCESSIBILITY", "CHANGELOG")]
PAGES_OF_TEXT += sorted((ROOT / "docs").rglob("*.md"))
EXAMPLES = sorted(file for file in (ROOT / "docs" / "operating").iterdir() if file.is_file())
EVERYTHING = {file: file.read_text("utf-8") for file in (*PAGES_OF_TEXT, *EXAMPLES)}
OPERATING = (ROOT / "docs" / "operating.md").read_text("utf-8")

LINK = re.compile(r"(?<!\\)\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
#: What is code on a page: between backticks, in a block, or indented.
CODE_LINES = re.compile(r"`[^`\n]+`|^ {4}.*$|^```.*?^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"(?:[\w.-]+/)+(?:[\w-]+\.(?:py|md|toml|txt|in|json|css|html|conf|service|png)|)|\.?/?bin/\w+")


def name_of(file):
    return file.relative_to(ROOT).as_posix()


def anchors(text):
    """Return the anchors that a forge gives to a page's headings."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES_OF_TEXT, ids=name_of)
def test_every_link_within_the_project_leads_somewhere(page):
    wrong = []
    for link in LINK.findall(EVERYTHING[page]):
        path, _hash, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if "://" in link or link.startswith("mailto:"):
            continue
        is_there = target.exists() and target.is_relative_to(ROOT)
        if not is_there or (anchor and anchor not in anchors(target.read_text("utf-8"))):
            wrong.append(link)
    assert not wrong


@pytest.mark.parametrize("page", PAGES_OF_TEXT, ids=name_of)
def test_every_file_that_a_page_names_is_there(page):
    """Named from the root, from `plenara/`, from a folder of templates or from the page's own."""
    named = {code for code in CODE.findall(EVERYTHING[page]) if FILE.fullmatch(code) and not code.startswith("/")}
    places = (ROOT, ROOT / "plenara", page.parent, *ROOT.glob("plenara/*/templates"))
    made_by_running = {".pytest_cache/", "backups/", "demo/", "documents/", "exports/", "run/", "static/"}
    made_by_running |= {"dist/", "plenara/locale/"}
    assert not {name for name in named - made_by_running if not any((place / name).exists() for place in places)}


def commands_named(text, is_page):
    """Return what follows `plenara` in code; in a file, what follows the program's path."""
    if not is_page:
        return set(re.findall(r"/bin/plenara ([a-z][a-z-]*)", text))
    return {
        found for part in CODE_LINES.findall(text) for found in re.findall(r"(?:^|[\s`/])plenara ([a-z][a-z-]*)", part)
    }


@pytest.mark.parametrize("file", EVERYTHING, ids=name_of)
def test_every_command_that_is_named_exists(file):
    assert commands_named(EVERYTHING[file], file.suffix == ".md") <= set(COMMANDS)


def test_every_command_is_documented_for_operators():
    assert set(COMMANDS) <= commands_named(OPERATING, is_page=True)


@pytest.mark.parametrize("file", EVERYTHING, ids=name_of)
def test_every_setting_that_is_named_exists(file):
    named = {name for name in re.findall(r"PLENARA_[A-Z_]*[A-Z]", EVERYTHING[file]) if "_TEST_" not in name}
    assert named <= {setting.name for setting in SETTINGS}


def test_every_setting_is_documented_for_operators_with_its_default():
    rows = dict(re.findall(r"^\| `((?:PLENARA|OTEL|SENTRY)_\w+)` \|.*\| *([^|]*?) *\|$", OPERATING, re.MULTILINE))
    assert {name: default.strip("` ") for name, default in rows.items()} == {
        setting.name: setting.default for setting in SETTINGS
    }


def test_every_example_file_is_documented():
    assert not [file.name for file in EXAMPLES if f"operating/{file.name}" not in OPERATING]


DECISIONS = {int(file.name[:4]): file for file in (ROOT / "docs" / "decisions").glob("*.md")}


def test_decisions_begin_with_their_number_and_say_where():
    """A number is never given again, so there are gaps where two decisions became one."""
    assert len(DECISIONS) == len(list((ROOT / "docs" / "decisions").iterdir()))
    for number, file in DECISIONS.items():
        text = file.read_text("utf-8")
        assert text.startswith(f"# {number}. ")
        assert "\n**Decided.**" in text
        assert "\n**Where.**" in text


def test_every_decision_that_is_cited_is_there():
    texts = {file: file.read_text("utf-8") for folder in ("plenara", "tests") for file in (ROOT / folder).rglob("*.py")}
    cited = {
        (name_of(file), int(number))
        for file, text in (EVERYTHING | texts).items()
        if file.name != "CHANGELOG.md"
        for number in re.findall(r"\bdecision (\d+)\b", text)
    }
    assert not {(file, number) for file, number in cited if number not in DECISIONS}


class Example:
    """The example of `docs/bundle.md` as a bundle to be read."""

    links = frozenset()

    def __init__(self):
        text = (ROOT / "docs" / "bundle.md").read_text("utf-8")
        blocks = re.findall(r"^`([\w.]+)`:\n\n```json\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        self.files = {name: block.encode() for name, block in blocks}
        self.sizes = {name: len(block) for name, block in self.files.items()}

    def open(self, name):
        return io.BytesIO(self.files[name])


def test_the_example_of_a_bundle_is_one():
    example = Example()
    assert set(example.files) == {CONSULTATION, CONTRIBUTIONS, SUMMARIES}
    checked = check(example, BundleErrors())
    assert (len(checked.everything.seen), checked.summaries) == (3, 1)
    assert json.loads(example.files[CONSULTATION])["slug"] == checked.slug


def words_of_the_vocabulary():
    section = (ROOT / "docs" / "vocabulary.md").read_text("utf-8").split("## In six languages")[1].split("\n## ")[0]
    head, *rows = [
        [cell.strip() for cell in row.strip("| ").split("|")]
        for row in section.splitlines()
        if row.startswith("|") and not row.startswith("|--")
    ]
    for row in rows:
        yield from ((row[0], language, word) for language, word in zip(head[1:], row[1:], strict=True))


def everything_said(language):
    """Return all texts in a language on the default pages, in the reasons and in the catalogue."""
    said = [default_page_text(page, language) for page in PAGES]
    said += [kinds.reason_label(code, language) + kinds.reason_text(code, language) for code in kinds.reason_codes()]
    translated = catalogues.translations(catalogues.read(LANGUAGES["zh_Hans" if language == "zh" else language]))
    said += [text for value in translated.values() for text in ((value,) if isinstance(value, str) else value)]
    return "\n".join(said).casefold()


def test_the_words_of_the_vocabulary_are_those_that_people_read():
    said = {language: everything_said(language) for language in CODES}
    missing = [
        f"{english} ({language}): {word}"
        for english, language, word in words_of_the_vocabulary()
        # Russian and French words change their ends.
        if not any(stem.casefold() in said[language] for stem in (word, *(word[:-n] for n in (1, 2) if len(word) > 6)))
    ]
    assert not missing


def test_no_page_is_longer_than_somebody_reads():
    too_long = {
        name_of(page): len(text.splitlines())
        for page, text in EVERYTHING.items()
        if len(text.splitlines()) > (40 if page.parent.name == "decisions" else 450)
    }
    assert not too_long


def test_readme_is_where_a_stranger_begins():
    readme = EVERYTHING[ROOT / "README.md"]
    assert readme.index("./bin/demo") < readme.index("./bin/test")
    pictures = [link for link in LINK.findall(readme) if PurePosixPath(link).suffix == ".png"]
    assert pictures
    assert all((ROOT / picture).stat().st_size <= 200_000 for picture in pictures)
