"""An entry's details as its owner and a moderator read them, before and after it is sent: how each kind is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from plenara.core.languages import Localized, current


@dataclass(frozen=True)
class Fact:
    """One line of what an entry tells: a label and a value, as an address or in a language where that is known."""

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
