"""A theme as files have it: by codes alone, without a database. Lists of these are read, compared and written."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from plenara.core.text import clean, clean_line
from plenara.themes.models import Theme

#: Of codes in the order in which people count: C2 before C10.
_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True)
class Concept:
    """A theme. Texts by language; of alternative labels several a language; others by their codes."""

    code: str
    labels: dict[str, str] = field(default_factory=dict)
    alternatives: dict[str, list[str]] = field(default_factory=dict)
    definition: dict[str, str] = field(default_factory=dict)
    own_labels: list[str] = field(default_factory=list)
    broader: str = ""
    related: list[str] = field(default_factory=list)
    exact_match: list[str] = field(default_factory=list)
    vocabulary: str = ""
    position: int = 0
    retired: bool = False
    replaced_by: str = ""


#: What a file can say of a theme, besides its code.
ATTRIBUTES = tuple(each.name for each in fields(Concept) if each.name != "code")


def counted(code: str) -> list[Any]:
    """Return a key that orders codes as people count them."""
    return [int(part) if part.isdecimal() else part.casefold() for part in _DIGITS.split(code)]


def of_list(codes: Iterable[str] | None = None) -> list[Concept]:
    """Return the themes of the list, in the order of their codes; all of them, or some. Two queries."""
    themes = Theme.objects.select_related("broader", "replaced_by").order_by("code")
    pairs = Theme.related.through.objects.order_by()
    if codes is not None:
        wanted = list(codes)
        themes, pairs = themes.filter(code__in=wanted), pairs.filter(from_theme__code__in=wanted)
    related: dict[int, list[str]] = {}
    for one, other in pairs.values_list("from_theme_id", "to_theme__code"):
        related.setdefault(one, []).append(other)
    return [of_theme(each, related.get(each.pk, [])) for each in themes]


def of_theme(theme: Theme, related: Iterable[str]) -> Concept:
    """Return a theme of the list, which comes with its broader one and the one that took its place."""
    return Concept(
        code=theme.code,
        labels=dict(theme.labels),
        alternatives=dict(theme.alternatives),
        definition=dict(theme.definition),
        own_labels=sorted(theme.own_labels),
        broader=theme.broader.code if theme.broader else "",
        related=sorted(related),
        exact_match=sorted(theme.exact_match),
        vocabulary=theme.vocabulary,
        position=theme.position,
        retired=theme.is_retired,
        replaced_by=theme.replaced_by.code if theme.replaced_by else "",
    )


def as_row(concept: Concept) -> dict[str, Any]:
    """Return a concept as plain data, to be kept until it is confirmed."""
    return {each.name: getattr(concept, each.name) for each in fields(Concept)}


def cleaned(concept: Concept) -> Concept:
    """Return a concept as it is kept: without what no page can show, and each list once and in order."""
    several = {
        code: list(dict.fromkeys(text for each in texts if (text := clean_line(each))))
        for code, texts in sorted(concept.alternatives.items())
    }
    labels = _texts(concept.labels, clean_line)
    return replace(
        concept,
        labels=labels,
        definition=_texts(concept.definition, clean),
        alternatives={code: texts for code, texts in several.items() if texts},
        own_labels=sorted({*concept.own_labels} & {*labels}),  # without a label there is nothing to say so of
        related=sorted({code for code in concept.related if code}),
        exact_match=sorted({text for each in concept.exact_match if (text := each.strip())}),
    )


def _texts(texts: Mapping[str, str], cleaner: Callable[[str], str]) -> dict[str, str]:
    found = {code: cleaner(text) for code, text in sorted(texts.items())}
    return {code: text for code, text in found.items() if text}
