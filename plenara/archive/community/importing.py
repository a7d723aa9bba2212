"""Bringing a community bundle in: checked whole, then one transaction; the same bundle again changes nothing.

An import adds and never changes an entry. What is here under a number of the bundle must be the same, or nothing comes
in. A theme that somebody edited here stays as it is; one that nobody touched takes the bundle's words.
"""

import datetime
from dataclasses import dataclass, field
from functools import partial
from itertools import batched
from pathlib import Path
from typing import Any

from django.db import IntegrityError

from plenara.archive.bundle.checking.bundle import Progress, again
from plenara.archive.bundle.faults import Faults
from plenara.archive.bundle.importing.bundle import Refused
from plenara.archive.bundle.importing.consultation import moment
from plenara.archive.bundle.reading import Source, opened
from plenara.archive.community import ENTRIES, EVENT, HEAD, themes
from plenara.archive.community.checking import events, listings
from plenara.archive.community.checking.bundle import READERS, Checked, check
from plenara.archive.community.checking.common import GONE, MERGED
from plenara.archive.community.exporting import CHUNK, Here, numbered, rows_of
from plenara.consultations.community import community
from plenara.core import audit, clock
from plenara.core.cache_tags import invalidate
from plenara.core.transaction import writes
from plenara.directory import entries
from plenara.directory.models import EntryState, Listing, Verification
from plenara.directory.showing import show_all
from plenara.events.dates import is_whole_day, span
from plenara.events.models import Event, Occurrence
from plenara.events.showing import digest_of, link, show_new
from plenara.outcomes.bundling.meetings import link_events
from plenara.themes.models import CACHE_TAG as THEMES_CACHE_TAG


@dataclass
class Outcome:
    """What an import came to."""

    #: By kind: how many entries came in.
    made: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ENTRIES.values(), 0))
    themes: int = 0
    #: Codes of themes that say something else here, and stay so.
    kept: list[str] = field(default_factory=list)

    @property
    def is_nothing(self) -> bool:
        """Whether all of it was here already."""
        return not self.themes and not any(self.made.values())


def import_community(path: Path, progress: Progress = lambda _bytes: None) -> tuple[Checked, Outcome]:
    """Bring in the bundle at `path`. Raises `NotABundle`, `BadBundle` or `Refused`, and then nothing has changed."""
    faults = Faults()
    with opened(path, faults, (HEAD,)) as source:
        checked = check(source, faults, progress)
        outcome = Outcome()
        here = _here(source, checked, progress)
        try:
            with writes():
                _bring_in(source, checked, here, outcome, progress)
        except IntegrityError as error:
            raise Refused(
                "The community could not be imported, since another process wrote at the same moment: run it again."
            ) from error
    return checked, outcome


def _here(source: Source, checked: Checked, progress: Progress) -> dict[str, set[int]]:
    """Return the numbers of the bundle that are here already, by kind. Raises `BadBundle` where they are others."""
    faults, here = Faults(), Here()
    found: dict[str, set[int]] = {}
    for name, kind in ENTRIES.items():
        taken = set(numbered(kind).values_list("number", flat=True)) & checked.lines[kind].keys()
        found[kind] = taken
        if not taken:
            continue
        those = (each for each in again(source, name, READERS[kind], checked, progress) if each["number"] in taken)
        for some in batched(those, CHUNK):
            ours = rows_of(kind, [row["number"] for row in some], here)
            for row in some:
                number = row["number"]
                if ours[number] != row:
                    told = (
                        f"{number} is the number of another {kind} here, or of the same one as it was at another time"
                    )
                    faults.add(told, name, checked.lines[kind][number], "number")
    faults.refuse()
    return found


def _bring_in(
    source: Source, checked: Checked, here: dict[str, set[int]], outcome: Outcome, progress: Progress
) -> None:
    told = themes.compared(checked.themes)
    themes.bring_in(told.taken)
    outcome.themes, outcome.kept = len(told.taken), told.kept
    for name, kind in ENTRIES.items():
        if name not in source.sizes or checked.lines[kind].keys() == here[kind]:
            continue
        loading = Loading(kind)
        rows = (
            each for each in again(source, name, READERS[kind], checked, progress) if each["number"] not in here[kind]
        )
        for some in batched(rows, CHUNK):
            loading.load(some)
            outcome.made[kind] += len(some)
        loading.end()
    for kind in ENTRIES.values():
        last = max(checked.lines[kind], default=0)
        if given := max(checked.head.get("last", {}).get(kind, 0), last):
            entries.give_out(kind, given)
    if outcome.is_nothing:
        return
    if outcome.made[EVENT]:
        link_events()
    made: dict[str, Any] = {"digest": checked.digest, "themes": outcome.themes, **outcome.made}
    audit.log("community.imported", actor=None, about=community(), **made)
    cache_tags = {entries.cache_tag_of(kind) for kind, made in outcome.made.items() if made}
    for cache_tag in [*sorted(cache_tags), *([THEMES_CACHE_TAG] if outcome.themes else [])]:
        invalidate(cache_tag, nothing_goes=True)


@dataclass
class Loading:
    """What is known while the entries of a kind come in."""

    kind: str
    now: datetime.datetime = field(default_factory=clock.now)
    #: Key of a merged listing → the number of the one that it went into.
    merged: dict[int, int] = field(default_factory=dict)

    def load(self, rows: tuple[dict[str, Any], ...]) -> None:
        """Make the entries that some rows say."""
        if self.kind == "event":
            told = [(self._event(row), row) for row in rows]
            link([event for event, _row in told])
            dates = [_date(event, date) for event, row in told for date in row.get("dates", ())]
            entries.bring_in([event for event, _row in told], lambda public: show_new(public, dates))
            return
        made = [self._listing(row) for row in rows]
        entries.bring_in(made, partial(show_all, are_new=True))
        Verification.objects.bulk_create(
            Verification(
                organization=listing,
                method=row["verification"]["method"],
                domain=row["verification"].get("domain", ""),
                at=datetime.datetime.fromisoformat(row["verification"]["at"]),
            )
            for listing, row in zip(made, rows, strict=True)
            if "verification" in row
        )
        self.merged |= {
            listing.pk: row["merged_into"] for listing, row in zip(made, rows, strict=True) if "merged_into" in row
        }

    def end(self) -> None:
        """Lead what was merged to where it went, now that all are here."""
        for some in batched(self.merged.items(), CHUNK):
            targets = Listing.objects.filter(of=self.kind, number__in={number for _pk, number in some})
            keys = dict(targets.values_list("number", "pk"))
            listings_ = [Listing(pk=pk, merged_into_id=keys[number]) for pk, number in some]
            Listing.objects.bulk_update(listings_, ["merged_into"])

    def _common(self, row: dict[str, Any]) -> dict[str, Any]:
        is_gone = row["status"] in GONE
        published_at = moment(row["published_at"])
        return {
            "number": row["number"],
            "state": row["status"] if is_gone else EntryState.PUBLISHED,
            "state_at": moment(row.get("gone_at")) or published_at,
            "reason": row.get("reason", ""),
            "revision": row.get("revision", 0),
            "proposed_at": published_at,
            "published_at": published_at,
            "changed_at": moment(row.get("changed_at")),
        }

    def _listing(self, row: dict[str, Any]) -> Listing:
        names = listings.NAMES[self.kind]
        listing = Listing(of=self.kind, details=_kept(row, names), **self._common(row))
        for name in listings.KEPT:
            setattr(listing, name, moment(row.get(name)))
        return listing

    def _event(self, row: dict[str, Any]) -> Event:
        details = _kept(row, events.NAMES)
        if "dates" in row:
            details["dates"] = [
                {key: date[key] for key in ("number", "start", "end", "cancelled") if key in date}
                for date in row["dates"]
                if not date.get("left_out")
            ]
        return Event(details=details, cancelled_at=moment(row.get("cancelled_at")), **self._common(row))


def _kept(row: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {} if row["status"] in {MERGED, *GONE} else {name: row[name] for name in names if name in row}


def _date(event: Event, date: dict[str, Any]) -> Occurrence:
    """Return a date as it stood in calendars where it comes from; also one that a revision left out there."""
    timezone = date.get("timezone", event.details["timezone"])
    starts_at, ends_at = span(date["start"], date["end"], timezone)
    one = Occurrence(
        event=event,
        number=date["number"],
        starts_local=date["start"],
        ends_local=date["end"],
        timezone=timezone,
        is_whole_days=is_whole_day(date["start"]),
        starts_at=starts_at,
        ends_at=ends_at,
        cancelled_at=moment(date.get("cancelled_at")),
        sequence=date.get("sequence", 0),
        changed_at=datetime.datetime.fromisoformat(date["changed_at"]),
    )
    one.digest = digest_of(event, one)
    return one
