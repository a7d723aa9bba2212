"""Checking a community bundle whole, in bounded memory: numbers are kept, texts are not. Its list of themes is checked
here too.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

from plenara.bundles.format import (
    COMMUNITY_FILES,
    COMMUNITY_FORMAT,
    COMMUNITY_HEAD,
    COMMUNITY_THEMES,
    ENTRIES,
    EVENT,
    FILE_OF,
    MANIFEST,
    ORGANIZATION,
    PERSON,
    PROJECT,
)
from plenara.bundles.validation import documents, fields
from plenara.bundles.validation.bundle import Progress, Read, dumped, read_json, rows
from plenara.bundles.validation.community_rows import MERGED, READERS, THEME, THEME_NAME
from plenara.bundles.validation.errors import BundleErrors
from plenara.bundles.validation.schemas import Found, Row, Schema
from plenara.bundles.validation.sources import Source
from plenara.core.languages import CODES

#: As `themes.checks` has them, which a database stands behind.
MOST = 5_000
ENDINGS = (".ttl", ".jsonld", ".csv", ".atom", ".ics")
TAKEN = frozenset({"new", "import"})
_SIGNS = re.compile(r"[^a-z0-9]+")


_THEME_CODE = fields.code(THEME, 100, THEME_NAME)
_THEME = Schema(
    {
        "code": fields.code(THEME, 100, THEME_NAME, required=True),
        "label": fields.line_by_language(required=True),
        "alternatives": fields.inner(Schema(dict.fromkeys(CODES, fields.strings(2000)))),
        "definition": fields.texts(),
        "own_labels": fields.of_the_six(name="languages"),
        "broader": _THEME_CODE,
        "related": fields.codes(THEME, 100, "codes of themes", order=sorted),
        "exact_match": fields.strings(500),
        "vocabulary": fields.line(60),
        "position": fields.integer(),
        "retired_at": fields.moment(),
        "replaced_by": _THEME_CODE,
    }
)


def _themes_fit(row: Row, whole: Found) -> None:
    found = whole["themes"]
    if len(found) > MOST:
        row.error(f"themes[{MOST}].code", f"is theme {MOST + 1}; a list may have at most {MOST}")
        del found[MOST:]
    at: dict[str, int] = {}
    alike: dict[str, str] = {}
    for place, theme in enumerate(found):
        code = theme.get("code", "")
        if code in at:
            row.error(f"themes[{place}].code", f"{code!r} appears twice")
        elif code:
            _check_code(row, f"themes[{place}].code", code, alike)
        at.setdefault(code, place)
    related = {(theme.get("code"), code) for theme in found for code in theme.get("related", ())}
    for place, theme in enumerate(found):
        _fit(row, f"themes[{place}].", theme, at, found, related)


#: Reads the list of themes, under the key `themes`.
read_themes = Schema({"themes": fields.inners(_THEME, required=True, default=list)}, _themes_fit)


def _check_code(row: Row, key: str, code: str, alike: dict[str, str]) -> None:
    """Note a code that no address can have, or that a search cannot tell from another one."""
    if code.lower().endswith(ENDINGS) or code.lower() in TAKEN or not code[-1].isalnum():
        row.error(key, f"is {code!r}, which cannot be part of an address")
    if (other := alike.setdefault(_SIGNS.sub("-", code.lower()), code)) != code:
        row.error(key, f"is {code!r}, which differs from {other!r} only in punctuation or capitals")


def _fit(
    row: Row, path: str, theme: Found, at: dict[str, int], found: list[Found], related: set[tuple[object, object]]
) -> None:
    for key in ("broader", "replaced_by"):
        if theme.get(key) and theme[key] not in at:
            row.error(f"{path}{key}", f"is {theme[key]!r}, but this file has no such theme")
        elif theme.get(key):
            _is_no_circle(row, path, theme, key, at, found)
    for code in theme.get("related", ()):
        if code not in at:
            row.error(f"{path}related", f"names {code!r}, but this file has no such theme")
        elif code == theme.get("code") or (code, theme.get("code")) not in related:
            row.error(f"{path}related", f"names {code!r}, but that theme does not name this one")
    if theme.get("replaced_by") and not theme.get("retired_at"):
        row.error(f"{path}replaced_by", "is only for retired themes, but there is no retired_at")


def _is_no_circle(row: Row, path: str, theme: Found, key: str, at: dict[str, int], found: list[Found]) -> None:
    seen, code = {theme.get("code")}, theme[key]
    while code in at:
        if code in seen:
            row.error(f"{path}{key}", "leads back to itself")
            return
        seen.add(code)
        code = found[at[code]].get(key)


#: The keys by which a row of a kind names organizations.
NAMING = {PERSON: "affiliation", PROJECT: "organizations", EVENT: "organizer"}


@dataclass
class Checked(Read):
    """What a bundle without error holds, its long files aside: those are read again, row by row."""

    readers = {name: READERS[kind] for name, kind in ENTRIES.items()}
    head: Found = field(default_factory=dict)
    themes: list[Found] = field(default_factory=list)
    #: By kind: the number of each entry → the line on which it stands.
    lines: dict[str, dict[int, int]] = field(default_factory=lambda: {kind: {} for kind in FILE_OF})
    statuses: dict[str, Counter[str]] = field(default_factory=lambda: {kind: Counter() for kind in FILE_OF})
    #: By kind: a merged entry's number → where it went.
    merged: dict[str, dict[int, int]] = field(default_factory=lambda: {kind: {} for kind in FILE_OF})

    @property
    def codes(self) -> set[str]:
        """The codes of the themes."""
        return {theme.get("code", "") for theme in self.themes}


def _numbers_given(_row: Row, head: Found) -> None:
    if given := {kind: number for kind, number in head.pop("last", {}).items() if number}:
        head["last"] = given


#: Reads `community.json`.
_HEAD = Schema(
    {
        "format": fields.line(40, required=True).then(
            lambda name: None if name == COMMUNITY_FORMAT else f"is {name!r}; this version reads {COMMUNITY_FORMAT}"
        ),
        "last": fields.inner(Schema(dict.fromkeys(FILE_OF, fields.integer()))),
    },
    _numbers_given,
)


def check(source: Source, errors: BundleErrors, progress: Progress = lambda _bytes: None) -> Checked:
    """Return what the bundle holds. Raises `BadBundle` with every error where it has any."""
    errors.refuse()
    checked = Checked()
    if COMMUNITY_HEAD not in source.sizes:
        errors.add(documents.why_missing(source, COMMUNITY_HEAD), COMMUNITY_HEAD)
    else:
        checked.head, _line = read_json(source, COMMUNITY_HEAD, _HEAD, errors, checked)
    if COMMUNITY_THEMES in source.sizes:
        found, _line = read_json(source, COMMUNITY_THEMES, read_themes, errors, checked, key="themes")
        checked.themes = found.get("themes", [])
    for name, kind in ENTRIES.items():
        if name in source.sizes:
            _entries(source, name, kind, errors, checked, progress)
    for kind in FILE_OF:
        _merged(kind, errors, checked)
        _last(kind, errors, checked)
    for name in source.links:
        if name in COMMUNITY_FILES:
            errors.add("is a link; links in a bundle are not followed", name)
    if MANIFEST in source.sizes:
        documents.check_manifest(source, checked.raw, errors, COMMUNITY_FILES)
    errors.refuse()
    return checked


def _entries(source: Source, name: str, kind: str, errors: BundleErrors, checked: Checked, progress: Progress) -> None:
    known, codes = checked.lines[kind], checked.codes if COMMUNITY_THEMES in source.sizes else None
    for row, line in rows(source, name, errors, checked.raw, progress):
        entry = checked.readers[name](row)
        _refer(row, entry, kind, checked, codes)
        checked.written[name].update(dumped(entry))
        checked.statuses[kind][entry.get("status", "")] += 1
        number = entry.get("number")
        if number is None:
            continue
        if number in known:
            row.error("number", f"{number} is already on line {known[number]}")
            continue
        known[number] = line
        if entry.get("status") == MERGED and "merged_into" in entry:
            checked.merged[kind][number] = entry["merged_into"]


def _refer(row: Row, entry: Found, kind: str, checked: Checked, codes: set[str] | None) -> None:
    """Note where a row names what is not in the bundle."""
    for code in entry.get("themes", ()):
        if codes is not None and code not in codes:
            row.error("themes", f"names {code!r}, which is not in {COMMUNITY_THEMES}")
    if kind in NAMING:
        key = NAMING[kind]
        named = entry.get(key, [])
        for number in named if isinstance(named, list) else [named]:
            if number not in checked.lines[ORGANIZATION]:
                row.error(key, f"names {number}, but {FILE_OF[ORGANIZATION]} has no such organization")


def _merged(kind: str, errors: BundleErrors, checked: Checked) -> None:
    """Note where an entry went into one that is not there, or that went on itself: one step leads to where it is."""
    merged, lines, file = checked.merged[kind], checked.lines[kind], FILE_OF[kind]
    for number, target in merged.items():
        if target in merged:
            message = f"is {target}, which was itself merged; give the number of the entry that it was merged into"
            errors.add(message, file, lines[number], "merged_into")
        elif target not in lines:
            errors.add(f"is {target}, but this file has no such number", file, lines[number], "merged_into")


def _last(kind: str, errors: BundleErrors, checked: Checked) -> None:
    """Note where a number is used that was never given out."""
    given, used = checked.head.get("last", {}).get(kind), max(checked.lines[kind], default=0)
    if given is not None and given < used:
        errors.add(f"is {given}, but {FILE_OF[kind]} has the number {used}", COMMUNITY_HEAD, None, f"last.{kind}")
