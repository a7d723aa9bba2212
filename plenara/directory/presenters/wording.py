"""The details of a listing in words, for its owner and a moderator: each field with its label."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from babel import Locale
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from plenara.core.languages import NAMES, Localized, current, html_code, in_language
from plenara.core.refusals import Sentence
from plenara.core.rows import Json
from plenara.core.vocabulary import StakeholderGroup, country_name, language_name
from plenara.directory.models import Kind, Listing, Progress
from plenara.directory.queries import lookup
from plenara.directory.validation import FIELDS, LINES, NAMED_BY, TEXTS
from plenara.search.analyser import fold
from plenara.themes import queries as themes


@dataclass(frozen=True)
class Fact:
    """One line of an entry's details: a label and a value, with its address or language where that is known."""

    label: str
    value: str
    url: str = ""
    language: str = ""


@dataclass(frozen=True)
class Described:
    """The details of an entry, in the active language."""

    titles: list[Localized]
    facts: list[Fact] = field(default_factory=list)
    texts: list[Localized] = field(default_factory=list)  # longer ones, each in its own language


def languages_first(texts: Mapping[str, str] | None) -> list[Localized]:
    """Return a text in all its languages: the active one first."""
    texts = texts or {}
    order = [current(), *(code for code in texts if code != current())]
    return [Localized(texts[code], code) for code in order if texts.get(code)]


#: The labels of the fields.
LABELS: Mapping[str, Sentence] = {
    "name": pgettext_lazy("listing", "Name"),
    "title": pgettext_lazy("listing", "Title"),
    "acronym": gettext_lazy("Acronym"),
    "group": pgettext_lazy("label", "Stakeholder group"),
    "country": pgettext_lazy("label", "Country"),
    "countries": pgettext_lazy("label", "Countries"),
    "site": pgettext_lazy("listing", "Website"),
    "ror": pgettext_lazy("label", "ROR identifier"),
    "orcid": gettext_lazy("ORCID identifier"),
    "themes": pgettext_lazy("label", "Themes"),
    "description": pgettext_lazy("label", "Description"),
    "affiliation": gettext_lazy("Affiliation"),
    "affiliation_name": gettext_lazy("Affiliation"),
    "languages": pgettext_lazy("label", "Languages"),
    "about": pgettext_lazy("listing", "About"),
    "starts": pgettext_lazy("project", "Start"),
    "ends": pgettext_lazy("project", "End"),
    "progress": pgettext_lazy("project", "State"),
    "organizations": pgettext_lazy("label", "Organizations"),
    "link": pgettext_lazy("project", "Link"),
    "results": pgettext_lazy("project", "Results"),
    "results_link": gettext_lazy("Link to the results"),
}


def title(listing: Listing, language: str | None = None) -> str:
    """Return a listing's title: the published one, else the one sent last. One query before publication."""
    details = listing.details
    if not details:
        last = listing.versions.order_by("number").last()
        details = last.details if last else {}
    return title_of(listing.of, details, language) or str(Kind(listing.of).label)


def title_of(kind: str, details: Json, language: str | None = None) -> str:
    """Return the title in the details, in the reader's language if possible."""
    found = details.get(NAMED_BY[Kind(kind)]) or ""
    return found if isinstance(found, str) else in_language(found, language).text


def titles(kind: str, details: Json) -> list[Localized]:
    """Return the names in the details, in the active language first."""
    found = details.get(NAMED_BY[Kind(kind)]) or {}
    return [Localized(found, "")] if isinstance(found, str) else _first(found)


def texts(kind: str, details: Json) -> list[Localized]:
    """Return the longer texts, each in all its languages, the active one first."""
    names = [name for name, sort in FIELDS[kind].items() if sort == TEXTS]
    return [each for name in names for each in _first(details.get(name) or {})]


def _first(found: Mapping[str, str]) -> list[Localized]:
    order = [current(), *(code for code in NAMES if code != current())]
    return [Localized(found[code], code) for code in order if found.get(code)]


def lines(kind: str, details: Json) -> list[Fact]:
    """Return every field in words, without the name and the longer texts. Two queries at most."""
    skipped = {name for name, sort in FIELDS[kind].items() if sort in {LINES, TEXTS}} | {NAMED_BY[Kind(kind)]}
    return [line for name in FIELDS[kind] if name not in skipped and details.get(name)
            for line in _lines(name, details)]  # fmt: skip


def _lines(name: str, details: Json) -> Iterator[Fact]:
    label, value = str(LABELS[name]), details[name]
    if name in {"affiliation", "organizations"}:
        numbers = [value] if isinstance(value, int) else value
        known = lookup.named(numbers)
        for number in numbers:
            found = known.get(number)
            yield Fact(label, found.name, found.url, found.language) if found else Fact(label, str(number))
    elif name in {"site", "link", "results_link"}:
        yield Fact(label, value, value)
    elif name in {"ror", "orcid"}:
        yield Fact(label, value, f"https://{name}.org/{value}")
    else:
        yield Fact(label, _words(name, details))


def _words(name: str, details: Json) -> str:
    value = details[name]
    if name == "group":
        return str(dict(StakeholderGroup.choices).get(value, value))
    if name == "progress":
        return str(dict(Progress.choices).get(value, value))
    if name in {"country", "countries"}:
        return listed(country_name(code) for code in ([value] if isinstance(value, str) else value))
    if name == "languages":
        return listed(language_name(tag) for tag in value)
    if name == "themes":
        known = themes.labels(value)
        return listed(known[code].text if code in known else code for code in value)
    return str(value)


def listed(words: Iterable[str]) -> str:
    """Return words one after another, as a list within a line."""
    return str(pgettext("between the parts of a list", ", ")).join(words)


def plain(kind: str, details: Json) -> Iterator[str]:
    """Yield the details as text that does not depend on the active language: names, codes, then texts."""
    for name in FIELDS[kind]:
        value = details.get(name)
        if not value:
            continue
        if isinstance(value, Mapping):
            yield from value.values()
        elif isinstance(value, list):
            yield ", ".join(map(str, value))
        else:
            yield str(value)


def _languages(tag: str) -> list[tuple[str, str]]:
    named: Mapping[str, str] = Locale.parse(tag.replace("-", "_")).languages
    return [(str(each), str(name)) for each, name in named.items()]


@cache
def _by_name() -> dict[str, str]:
    found: dict[str, str] = {}
    for code in NAMES:
        for tag, name in _languages(html_code(code)):
            if "_" not in tag:
                found.setdefault(fold(name), tag)
    for tag, _name in _languages("en"):
        if "_" not in tag:
            found.setdefault(tag, tag)
    return found


def language_tags(written: str) -> tuple[list[str], str]:
    """Return the tags of the languages named on a line, and the first unknown name."""
    for mark in "،、，؛;\n":
        written = written.replace(mark, ",")
    names = [part.strip() for part in written.split(",") if part.strip()]
    known = {name: _by_name().get(fold(name), "") for name in names}
    return [tag for tag in known.values() if tag], next((name for name, tag in known.items() if not tag), "")


def language_names(tags: Iterable[str]) -> str:
    """Return languages by their names, as `language_tags` reads them."""
    return listed(language_name(tag) for tag in tags)


def kind_names() -> dict[str, str]:
    """Return the plural name of each kind, in the active language."""
    return {
        Kind.ORGANIZATION: pgettext("label", "Organizations"),
        Kind.PERSON: pgettext("listings", "People"),
        Kind.PROJECT: pgettext("label", "Projects"),
    }
