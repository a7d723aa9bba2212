"""Checking a community bundle whole, in bounded memory: numbers are kept, texts are not. Its list of themes is checked
here too.
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from plenara.bundles.errors import BundleErrors
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
from plenara.bundles.sources import Source
from plenara.bundles.validation import community_rows, documents
from plenara.bundles.validation.bundle import Progress, dumped, dumped_whole, read_whole, rows
from plenara.bundles.validation.community_rows import MERGED, THEME, THEME_NAME
from plenara.bundles.validation.fields import Broken, Row, line_of, parse
from plenara.core.languages import CODES
from plenara.core.rows import without_absent

#: As `themes.checks` has them, which a database stands behind.
MOST = 5_000
ENDINGS = (".ttl", ".jsonld", ".csv", ".atom", ".ics")
TAKEN = frozenset({"new", "import"})
_SIGNS = re.compile(r"[^a-z0-9]+")


def read_themes(rows: list[Row]) -> list[dict[str, Any]]:
    """Return the themes, clean; what is wrong is noted."""
    found: list[dict[str, Any]] = []
    at: dict[str, int] = {}
    alike: dict[str, str] = {}
    if len(rows) > MOST:
        rows[MOST].fault("code", f"is of theme {MOST + 1}; a list has {MOST} at most")
    for row in rows[:MOST]:
        theme = without_absent(
            code=row.code("code", THEME, 100, THEME_NAME, required=True),
            label=row.texts("label", required=True, one_line=True),
            alternatives=_alternatives(row),
            definition=row.texts("definition"),
            own_labels=sorted(row.codes("own_labels", "|".join(CODES), 2, "languages")),
            broader=row.code("broader", THEME, 100, THEME_NAME),
            related=sorted(row.codes("related", THEME, 100, "codes of themes")),
            exact_match=row.strings("exact_match", 500),
            vocabulary=row.line("vocabulary", 60),
            position=row.integer("position"),
            retired_at=row.moment("retired_at"),
            replaced_by=row.code("replaced_by", THEME, 100, THEME_NAME),
        )
        row.finish()
        code = theme.get("code", "")
        if code in at:
            row.fault("code", f"{code!r} stands twice")
        elif code:
            _check_code(row, code, alike)
        at.setdefault(code, len(found))
        found.append(theme)
    related = {(theme.get("code"), code) for theme in found for code in theme.get("related", ())}
    for row, theme in zip(rows, found, strict=False):
        _fit(row, theme, at, found, related)
    return found


def _check_code(row: Row, code: str, alike: dict[str, str]) -> None:
    """Note a code that no address can have, or that a search cannot tell from another one."""
    if code.lower().endswith(ENDINGS) or code.lower() in TAKEN or not code[-1].isalnum():
        row.fault("code", f"is {code!r}, which cannot stand in an address")
    if (other := alike.setdefault(_SIGNS.sub("-", code.lower()), code)) != code:
        row.fault("code", f"is {code!r}, which differs from {other!r} in signs or capitals alone")


def _alternatives(row: Row) -> dict[str, list[str]]:
    inner = row.row("alternatives")
    if inner is None:
        return {}
    found = {code: inner.strings(code, 2000) for code in CODES}
    inner.finish()
    return {code: texts for code, texts in found.items() if texts}


def _fit(
    row: Row, theme: dict[str, Any], at: dict[str, int], found: list[dict[str, Any]], related: set[tuple[Any, Any]]
) -> None:
    for key in ("broader", "replaced_by"):
        if theme.get(key) and theme[key] not in at:
            row.fault(key, f"is {theme[key]!r}, which no theme of this file is")
        elif theme.get(key):
            _is_no_circle(row, theme, key, at, found)
    for code in theme.get("related", ()):
        if code not in at:
            row.fault("related", f"names {code!r}, which no theme of this file is")
        elif code == theme.get("code") or (code, theme.get("code")) not in related:
            row.fault("related", f"names {code!r}, which does not name it")
    if theme.get("replaced_by") and not theme.get("retired_at"):
        row.fault("replaced_by", "is of a retired theme alone, and there is no retired_at")


def _is_no_circle(row: Row, theme: dict[str, Any], key: str, at: dict[str, int], found: list[dict[str, Any]]) -> None:
    seen, code = {theme.get("code")}, theme[key]
    while code in at:
        if code in seen:
            row.fault(key, "leads in a circle")
            return
        seen.add(code)
        code = found[at[code]].get(key)


type Read = Callable[[Row], dict[str, Any]]

#: What reads a row, by the kind of it.
READERS: dict[str, Read] = {
    **{kind: community_rows.listing_reader(kind) for kind in (ORGANIZATION, PERSON, PROJECT)},
    EVENT: community_rows.read_event,
}
#: The keys by which a row of a kind names organizations.
NAMING = {PERSON: "affiliation", PROJECT: "organizations", EVENT: "organizer"}


@dataclass
class Checked:
    """What a bundle without fault holds, its long files aside: those are read again, row by row."""

    head: dict[str, Any] = field(default_factory=dict)
    themes: list[dict[str, Any]] = field(default_factory=list)
    #: By kind: the number of each entry → the line on which it stands.
    lines: dict[str, dict[int, int]] = field(default_factory=lambda: {kind: {} for kind in FILE_OF})
    statuses: dict[str, Counter[str]] = field(default_factory=lambda: {kind: Counter() for kind in FILE_OF})
    #: By kind: a merged entry's number → where it went.
    merged: dict[str, dict[int, int]] = field(default_factory=lambda: {kind: {} for kind in FILE_OF})
    raw: dict[str, str] = field(default_factory=dict)
    written: dict[str, Any] = field(default_factory=lambda: defaultdict(hashlib.sha256))

    @property
    def codes(self) -> set[str]:
        """The codes of the themes."""
        return {theme.get("code", "") for theme in self.themes}

    @property
    def digests(self) -> dict[str, str]:
        """The checksum of each file as we would write it, in the order in which it has its rows."""
        return {name: hashed.hexdigest() for name, hashed in self.written.items()}

    @property
    def digest(self) -> str:
        """One checksum for all that the bundle says, however it is spelt."""
        listing = "".join(f"{digest}  {name}\n" for name, digest in sorted(self.digests.items()))
        return hashlib.sha256(listing.encode()).hexdigest()


def check(source: Source, faults: BundleErrors, progress: Progress = lambda _bytes: None) -> Checked:
    """Return what the bundle holds. Raises `BadBundle` with every fault where it has any."""
    faults.refuse()
    checked = Checked()
    if COMMUNITY_HEAD not in source.sizes:
        faults.add(documents.why_missing(source, COMMUNITY_HEAD), COMMUNITY_HEAD)
    else:
        _head(source, faults, checked)
    if COMMUNITY_THEMES in source.sizes:
        _themes(source, faults, checked)
    for name, kind in ENTRIES.items():
        if name in source.sizes:
            _entries(source, name, kind, faults, checked, progress)
    for kind in FILE_OF:
        _merged(kind, faults, checked)
        _last(kind, faults, checked)
    for name in source.links:
        if name in COMMUNITY_FILES:
            faults.add("is a link; links in a bundle are not followed", name)
    if MANIFEST in source.sizes:
        documents.check_manifest(source, checked.raw, faults, COMMUNITY_FILES)
    faults.refuse()
    return checked


def _head(source: Source, faults: BundleErrors, checked: Checked) -> None:
    raw = read_whole(source, COMMUNITY_HEAD, faults, checked)
    if raw is None:
        return
    try:
        row = Row(parse(raw), faults, COMMUNITY_HEAD, partial(line_of, raw.decode()))
    except Broken as broken:
        faults.add(str(broken), COMMUNITY_HEAD, broken.line)
        return
    made_for = row.line("format", 40, required=True)
    if made_for not in {None, COMMUNITY_FORMAT}:
        row.fault("format", f"is {made_for!r}; this version reads {COMMUNITY_FORMAT}")
    last = row.row("last")
    numbers = {kind: last.integer(kind) for kind in FILE_OF} if last else {}
    if last:
        last.finish()
    row.finish()
    checked.head = without_absent(format=made_for, last={kind: number for kind, number in numbers.items() if number})
    checked.written[COMMUNITY_HEAD].update(dumped_whole(checked.head))


def _themes(source: Source, faults: BundleErrors, checked: Checked) -> None:
    raw = read_whole(source, COMMUNITY_THEMES, faults, checked)
    if raw is None:
        return
    try:
        # The file is a list, and our reader reads objects.
        value = parse(b'{"themes":' + raw + b"}")
    except Broken as broken:
        faults.add(str(broken), COMMUNITY_THEMES, broken.line)
        return
    text = raw.decode()
    whole = Row(value, faults, COMMUNITY_THEMES, lambda path: line_of(text, path.removeprefix("themes")))
    checked.themes = read_themes(whole.rows("themes", required=True))
    whole.finish()
    checked.written[COMMUNITY_THEMES].update(dumped_whole(checked.themes))


def _entries(source: Source, name: str, kind: str, faults: BundleErrors, checked: Checked, progress: Progress) -> None:
    known, codes = checked.lines[kind], checked.codes if COMMUNITY_THEMES in source.sizes else None
    for row, line in rows(source, name, faults, checked.raw, progress):
        entry = READERS[kind](row)
        _refer(row, entry, kind, checked, codes)
        checked.written[name].update(dumped(entry))
        checked.statuses[kind][entry.get("status", "")] += 1
        number = entry.get("number")
        if number is None:
            continue
        if number in known:
            row.fault("number", f"{number} stands on line {known[number]} already")
            continue
        known[number] = line
        if entry.get("status") == MERGED and "merged_into" in entry:
            checked.merged[kind][number] = entry["merged_into"]


def _refer(row: Row, entry: dict[str, Any], kind: str, checked: Checked, codes: set[str] | None) -> None:
    """Note where a row names what is not in the bundle."""
    for code in entry.get("themes", ()):
        if codes is not None and code not in codes:
            row.fault("themes", f"names {code!r}, which is not in {COMMUNITY_THEMES}")
    if kind in NAMING:
        key = NAMING[kind]
        named = entry.get(key, [])
        for number in named if isinstance(named, list) else [named]:
            if number not in checked.lines[ORGANIZATION]:
                row.fault(key, f"names {number}, which is no organization of {FILE_OF[ORGANIZATION]}")


def _merged(kind: str, faults: BundleErrors, checked: Checked) -> None:
    """Note where an entry went into one that is not there, or that went on itself: one step leads to where it is."""
    merged, lines, file = checked.merged[kind], checked.lines[kind], FILE_OF[kind]
    for number, target in merged.items():
        if target in merged:
            message = f"is {target}, which was merged itself: name the one at which it is found now"
            faults.add(message, file, lines[number], "merged_into")
        elif target not in lines:
            faults.add(f"is {target}, which no row of this file has", file, lines[number], "merged_into")


def _last(kind: str, faults: BundleErrors, checked: Checked) -> None:
    """Note where a number is used that was never given out."""
    given, used = checked.head.get("last", {}).get(kind), max(checked.lines[kind], default=0)
    if given is not None and given < used:
        faults.add(f"is {given}, and {FILE_OF[kind]} has {used}", COMMUNITY_HEAD, None, f"last.{kind}")
