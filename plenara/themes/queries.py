"""Queries on the list of themes: labels, the tree, narrower themes, successors; and a theme with links as codes."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace

from django.db.models import QuerySet

from plenara.core.languages import Localized, in_language
from plenara.core.prepared import prepared
from plenara.core.text import clean, clean_line
from plenara.themes.models import Theme

#: Parts of codes for natural order: C2 before C10.
_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True)
class Concept:
    """A theme. Texts by language (several alternative labels for each); other themes by their codes."""

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


#: The attributes of a theme in a file, besides its code.
ATTRIBUTES = tuple(each.name for each in fields(Concept) if each.name != "code")


def code_order(code: str) -> list[object]:
    """Return a sort key for natural order of codes."""
    return [int(part) if part.isdecimal() else part.casefold() for part in _DIGITS.split(code)]


def concepts_of_list(codes: Iterable[str] | None = None) -> list[Concept]:
    """Return the themes of the list, in the order of their codes; all of them, or some. Two queries."""
    themes = Theme.objects.select_related("broader", "replaced_by").order_by("code")
    pairs = Theme.related.through.objects.order_by()
    if codes is not None:
        wanted = list(codes)
        themes, pairs = themes.filter(code__in=wanted), pairs.filter(from_theme__code__in=wanted)
    related: dict[int, list[str]] = {}
    for one, other in pairs.values_list("from_theme_id", "to_theme__code"):
        related.setdefault(one, []).append(other)
    return [concept_of_theme(each, related.get(each.pk, [])) for each in themes]


def concept_of_theme(theme: Theme, related: Iterable[str]) -> Concept:
    """Return a theme of the list, with its broader theme and its successor."""
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


def concept_as_row(concept: Concept) -> dict[str, object]:
    """Return a concept as plain data, to store until it is confirmed."""
    return {each.name: getattr(concept, each.name) for each in fields(Concept)}


def cleaned_concept(concept: Concept) -> Concept:
    """Return a concept as it is saved: without what no page can show, with sorted lists without repetitions."""
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
        own_labels=sorted({*concept.own_labels} & {*labels}),  # only for languages with a label
        related=sorted({code for code in concept.related if code}),
        exact_match=sorted({text for each in concept.exact_match if (text := each.strip())}),
    )


def _texts(texts: Mapping[str, str], cleaner: Callable[[str], str]) -> dict[str, str]:
    found = {code: cleaner(text) for code, text in sorted(texts.items())}
    return {code: text for code, text in found.items() if text}


#: The most themes that a filter offers: of a longer list, its upper levels.
MOST_OFFERED = 200
#: Prefix of a narrower theme's label in a choice, once for each level.
INDENT = "\u2003"


@dataclass(frozen=True)
class ThemeInTree:
    """A theme and its depth in the tree that is offered."""

    theme: Theme
    depth: int


def labels(codes: Collection[str] | None = None, language: str | None = None) -> dict[str, Localized]:
    """Return the labels of themes by code, retired ones too; of all, or of the known ones among `codes`."""
    if codes is not None and not codes:
        return {}
    rows = _labels(None if codes is None else list(set(codes)))
    return {code: in_language(texts, language) for code, texts in rows}


@prepared
def _labels(codes: list[str] | None) -> QuerySet[Theme, tuple[str, dict[str, str]]]:
    rows = Theme.objects.order_by()
    return (rows if codes is None else rows.filter(code__in=codes)).values_list("code", "labels")


def offered() -> list[Theme]:
    """Return the themes that can be chosen, those that are not retired, each after what it is narrower than."""
    return [each.theme for each in tree()]


def tree() -> list[ThemeInTree]:
    """Return the themes that are offered, in the order of the tree, with their depth."""
    return in_tree_order(Theme.objects.all())


def in_tree_order(themes: Iterable[Theme], *, retired: bool = False) -> list[ThemeInTree]:
    """Return themes in the order of their tree. Themes below one that is left out move up to its place."""
    rows = list(themes)
    known = {each.pk for each in rows}
    below: dict[int | None, list[Theme]] = {}
    for each in rows:
        below.setdefault(each.broader_id if each.broader_id in known else None, []).append(each)
    found: list[ThemeInTree] = []
    stack = [(each, 0) for each in reversed(below.get(None, []))]
    while stack:
        theme, depth = stack.pop()
        shown = retired or not theme.is_retired
        if shown:
            found.append(ThemeInTree(theme, depth))
        stack += [(each, depth + shown) for each in reversed(below.get(theme.pk, []))]
    return found


def choices(
    language: str | None = None, *, most: int | None = None, also: Collection[str] = ()
) -> list[tuple[str, str]]:
    """Return the choices of a form: code and label, narrower ones indented below their broader one.

    With `most`, only the upper levels of a longer list that fit. `also` are always offered:
    themes that are chosen already, also retired ones. An unknown theme is shown by its code.
    """
    rows = tree()
    depth = max((each.depth for each in rows), default=0)
    while most is not None and depth and sum(1 for each in rows if each.depth <= depth) > most:
        depth -= 1
    found = [
        (each.theme.code, INDENT * each.depth + in_language(each.theme.labels, language).text)
        for each in rows
        if each.depth <= depth
    ]
    known = dict(found)
    others = [code for code in also if code and code not in known]
    named = labels(others, language)
    return [*found, *((code, named[code].text if code in named else code) for code in others)]


def successor(code: str) -> str | None:
    """Return the code of a retired theme's last successor; None if there is none."""
    return _followed(code, _replacements())


def known(codes: Iterable[str]) -> set[str]:
    """Return the known codes, including retired ones: what is marked with them stays marked."""
    wanted = set(codes)
    return set(Theme.objects.filter(code__in=wanted).values_list("code", flat=True)) if wanted else set()


def with_narrower(code: str) -> list[str]:
    """Return a theme's code and those of all that it includes: the narrower ones, and retired ones that lead here.

    A code that the list does not know includes itself alone.
    """
    return _included(code, _rows())


def families(codes: Iterable[str]) -> dict[str, list[str]]:
    """Return the result of `with_narrower` for each code. One query for all."""
    rows = _rows()
    return {code: _included(code, rows) for code in codes}


@dataclass(frozen=True)
class Named:
    """A theme's code and label."""

    code: str
    label: Localized


def named(codes: Iterable[str]) -> list[Named]:
    """Return the labels of these themes, in this order; unknown ones are left out."""
    wanted = list(dict.fromkeys(codes))
    found = labels(wanted)
    return [Named(code, found[code]) for code in wanted if code in found]


@dataclass(frozen=True)
class Surroundings:
    """The surroundings of a theme in the list: above it from the top down, below it, beside it; and all it includes."""

    above: list[Named]
    below: list[Named]
    related: list[Named]
    family: list[str]


def surroundings(theme: Theme) -> Surroundings:
    """Return the surroundings of a theme. Three queries."""
    rows = list(Theme.objects.values_list("pk", "code", "broader_id", "retired_at"))
    codes = {pk: code for pk, code, _, _ in rows}
    broader = {pk: up for pk, _, up, _ in rows}
    above: list[str] = []
    up = theme.broader_id
    while up is not None and codes[up] not in above:
        above.insert(0, codes[up])
        up = broader[up]
    below = [code for _, code, up, retired in rows if up == theme.pk and retired is None]
    related = [code for code, retired in theme.related.values_list("code", "retired_at") if retired is None]
    found = labels([*above, *below, *related])
    named = {code: Named(code, label) for code, label in found.items()}
    return Surroundings(
        above=[named[code] for code in above],
        below=[named[code] for code in below],
        related=[named[code] for code in related],
        family=with_narrower(theme.code),
    )


_Row = tuple[int, str, int | None, int | None]


def _rows() -> list[_Row]:
    return list(Theme.objects.values_list("pk", "code", "broader_id", "replaced_by_id"))


def _included(code: str, rows: list[_Row]) -> list[str]:
    codes = {pk: each for pk, each, _, _ in rows}
    leads: dict[int, list[int]] = {}
    for pk, _each, broader, replacement in rows:
        for to in (broader, replacement):
            if to is not None:
                leads.setdefault(to, []).append(pk)
    queue = [pk for pk, each in codes.items() if each == code]
    found: dict[str, None] = dict.fromkeys([code])
    while queue:
        for pk in leads.get(queue.pop(0), ()):
            if codes[pk] not in found:
                found[codes[pk]] = None
                queue.append(pk)
    return list(found)


def _replacements() -> dict[str, str | None]:
    retired = Theme.objects.filter(retired_at__isnull=False)
    return dict(retired.values_list("code", "replaced_by__code"))


def _followed(code: str, replacements: dict[str, str | None]) -> str | None:
    seen = {code}
    while (code := replacements.get(code) or "") and code not in seen:
        seen.add(code)
        if code not in replacements:
            return code
    return None
