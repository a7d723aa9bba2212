"""Checking a community bundle whole, in bounded memory: numbers are kept, texts are not."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from plenara.archive.bundle import MANIFEST
from plenara.archive.bundle.checking import documents
from plenara.archive.bundle.checking.bundle import Progress, dumped, dumped_whole, read_whole, rows
from plenara.archive.bundle.checking.fields import Broken, Row, line_of, parse, present
from plenara.archive.bundle.faults import Faults
from plenara.archive.bundle.reading import Source
from plenara.archive.community import (
    ENTRIES,
    EVENT,
    FILE_OF,
    FILES,
    FORMAT,
    HEAD,
    ORGANIZATION,
    PERSON,
    PROJECT,
    THEMES,
)
from plenara.archive.community.checking import events, listings, themes
from plenara.archive.community.checking.common import MERGED

type Read = Callable[[Row], dict[str, Any]]

#: What reads a row, by the kind of it.
READERS: dict[str, Read] = {
    **{kind: listings.reader(kind) for kind in (ORGANIZATION, PERSON, PROJECT)},
    EVENT: events.read,
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


def check(source: Source, faults: Faults, progress: Progress = lambda _bytes: None) -> Checked:
    """Return what the bundle holds. Raises `BadBundle` with every fault where it has any."""
    faults.refuse()
    checked = Checked()
    if HEAD not in source.sizes:
        faults.add(documents.why_missing(source, HEAD), HEAD)
    else:
        _head(source, faults, checked)
    if THEMES in source.sizes:
        _themes(source, faults, checked)
    for name, kind in ENTRIES.items():
        if name in source.sizes:
            _entries(source, name, kind, faults, checked, progress)
    for kind in FILE_OF:
        _merged(kind, faults, checked)
        _last(kind, faults, checked)
    for name in source.links:
        if name in FILES:
            faults.add("is a link; links in a bundle are not followed", name)
    if MANIFEST in source.sizes:
        documents.check_manifest(source, checked.raw, faults, FILES)
    faults.refuse()
    return checked


def _head(source: Source, faults: Faults, checked: Checked) -> None:
    raw = read_whole(source, HEAD, faults, checked)
    if raw is None:
        return
    try:
        row = Row(parse(raw), faults, HEAD, partial(line_of, raw.decode()))
    except Broken as broken:
        faults.add(str(broken), HEAD, broken.line)
        return
    made_for = row.line("format", 40, required=True)
    if made_for not in {None, FORMAT}:
        row.fault("format", f"is {made_for!r}; this version reads {FORMAT}")
    last = row.row("last")
    numbers = {kind: last.integer(kind) for kind in FILE_OF} if last else {}
    if last:
        last.finish()
    row.finish()
    checked.head = present(format=made_for, last={kind: number for kind, number in numbers.items() if number})
    checked.written[HEAD].update(dumped_whole(checked.head))


def _themes(source: Source, faults: Faults, checked: Checked) -> None:
    raw = read_whole(source, THEMES, faults, checked)
    if raw is None:
        return
    try:
        # The file is a list, and our reader reads objects.
        value = parse(b'{"themes":' + raw + b"}")
    except Broken as broken:
        faults.add(str(broken), THEMES, broken.line)
        return
    text = raw.decode()
    whole = Row(value, faults, THEMES, lambda path: line_of(text, path.removeprefix("themes")))
    checked.themes = themes.read(whole.rows("themes", required=True))
    whole.finish()
    checked.written[THEMES].update(dumped_whole(checked.themes))


def _entries(source: Source, name: str, kind: str, faults: Faults, checked: Checked, progress: Progress) -> None:
    known, codes = checked.lines[kind], checked.codes if THEMES in source.sizes else None
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
            row.fault("themes", f"names {code!r}, which is not in {THEMES}")
    if kind in NAMING:
        key = NAMING[kind]
        named = entry.get(key, [])
        for number in named if isinstance(named, list) else [named]:
            if number not in checked.lines[ORGANIZATION]:
                row.fault(key, f"names {number}, which is no organization of {FILE_OF[ORGANIZATION]}")


def _merged(kind: str, faults: Faults, checked: Checked) -> None:
    """Note where an entry went into one that is not there, or that went on itself: one step leads to where it is."""
    merged, lines, file = checked.merged[kind], checked.lines[kind], FILE_OF[kind]
    for number, target in merged.items():
        if target in merged:
            told = f"is {target}, which was merged itself: name the one at which it is found now"
            faults.add(told, file, lines[number], "merged_into")
        elif target not in lines:
            faults.add(f"is {target}, which no row of this file has", file, lines[number], "merged_into")


def _last(kind: str, faults: Faults, checked: Checked) -> None:
    """Note where a number is used that was never given out."""
    given, used = checked.head.get("last", {}).get(kind), max(checked.lines[kind], default=0)
    if given is not None and given < used:
        faults.add(f"is {given}, and {FILE_OF[kind]} has {used}", HEAD, None, f"last.{kind}")
