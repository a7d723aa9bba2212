"""Languages as people write them: by their names in the language of the page, or in any of the six."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from babel import Locale

from plenara.core.languages import NAMES, html_code
from plenara.core.vocabulary import language_name
from plenara.directory.telling import listed
from plenara.search.analyser import fold


def _languages(tag: str) -> list[tuple[str, str]]:
    named: Mapping[Any, Any] = Locale.parse(tag.replace("-", "_")).languages
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
    """Return the tags of the languages that a line names, and the first that nobody knows."""
    for mark in "،、，؛;\n":
        written = written.replace(mark, ",")
    names = [part.strip() for part in written.split(",") if part.strip()]
    known = {name: _by_name().get(fold(name), "") for name in names}
    return [tag for tag in known.values() if tag], next((name for name, tag in known.items() if not tag), "")


def language_names(tags: Iterable[str]) -> str:
    """Return languages by their names, as `language_tags` reads them."""
    return listed(language_name(tag) for tag in tags)
