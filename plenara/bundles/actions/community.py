"""Importing a community bundle: checked whole, then one transaction; the same bundle again changes nothing. Its themes
are compared with the list that is here.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from itertools import batched
from pathlib import Path

from django.db import IntegrityError

from plenara.bundles.actions.bundle import Refused
from plenara.bundles.format import COMMUNITY_HEAD, ENTRIES, EVENT
from plenara.bundles.queries.community_bundle import CHUNK, Nameable, numbered, rows_of, theme_row, themes_with_all
from plenara.bundles.validation import community_rows
from plenara.bundles.validation.bundle import Progress, again
from plenara.bundles.validation.community import Checked, check
from plenara.bundles.validation.community_rows import GONE, MERGED
from plenara.bundles.validation.errors import BundleErrors
from plenara.bundles.validation.sources import Source, opened
from plenara.consultations.community import community
from plenara.core import audit, clock
from plenara.core.cache_tags import invalidate
from plenara.core.life_cycle import State
from plenara.core.rows import Json, read_moment
from plenara.core.transaction import writes
from plenara.directory.actions import entries
from plenara.directory.actions.search_index import update_all
from plenara.directory.models import Listing, Verification
from plenara.events.actions.publication import details_digest, link_organizers, show_new
from plenara.events.dates import is_whole_day, span
from plenara.events.models import Event, Occurrence
from plenara.outcomes.bundle.actions.meetings import link_events
from plenara.themes.actions import lock_list
from plenara.themes.models import CACHE_TAG as THEMES_CACHE_TAG
from plenara.themes.models import Theme

#: The stamp of a theme that was written once, when the list was installed, and never since.
_ONCE = 1


@dataclass
class Compared:
    """Themes of a bundle held against those that are here."""

    #: Rows of themes that come in or whose words are taken: no such code is here, or nobody edited it.
    taken: list[Json] = field(default_factory=list)
    #: Codes of themes that were edited here and say something else: they stay.
    kept: list[str] = field(default_factory=list)


def compare_themes(rows: list[Json]) -> Compared:
    """Hold the themes of a bundle against those that are here. Two queries."""
    found = Compared()
    here = {each.code: each for each in themes_with_all(Theme.objects.order_by())}
    for row in rows:
        theme = here.get(row["code"])
        if theme is None:
            found.taken.append(row)
        elif theme_row(theme) != row:
            if theme.stamp > _ONCE:
                found.kept.append(theme.code)
            else:
                found.taken.append(row)
    return found


def import_themes(rows: list[Json]) -> None:
    """Make or change the themes that these rows say. All that they name is here or among them."""
    if not rows:
        return
    lock_list()
    themes = {each.code: each for each in Theme.objects.order_by()}
    for row in rows:
        theme = themes.setdefault(row["code"], Theme(code=row["code"]))
        theme.labels = row["label"]
        theme.alternatives = row.get("alternatives", {})
        theme.definition = row.get("definition", {})
        theme.own_labels = row.get("own_labels", [])
        theme.exact_match = row.get("exact_match", [])
        theme.vocabulary = row.get("vocabulary", "own")
        theme.position = row.get("position", 0)
        theme.retired_at = read_moment(row.get("retired_at"))
        theme.broader = theme.replaced_by = None
        theme.stamp = max(theme.stamp, _ONCE) + 1  # it stays as it is from now on
        theme.save()
    for row in rows:
        theme = themes[row["code"]]
        theme.broader, theme.replaced_by = (themes.get(row.get(name, "")) for name in ("broader", "replaced_by"))
        theme.save(update_fields=["broader", "replaced_by"])
        theme.related.set(themes[code] for code in row.get("related", ()))


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
    errors = BundleErrors()
    with opened(path, errors, (COMMUNITY_HEAD,)) as source:
        checked = check(source, errors, progress)
        outcome = Outcome()
        here = _existing_numbers(source, checked, progress)
        try:
            with writes():
                _bring_in(source, checked, here, outcome, progress)
        except IntegrityError as error:
            raise Refused(
                "The community could not be imported, because another process was writing at the same time. Run the "
                "command again."
            ) from error
    return checked, outcome


def _existing_numbers(source: Source, checked: Checked, progress: Progress) -> dict[str, set[int]]:
    """Return the numbers of the bundle that are here already, by kind. Raises `BadBundle` where they are others."""
    errors, here = BundleErrors(), Nameable()
    found: dict[str, set[int]] = {}
    for name, kind in ENTRIES.items():
        taken = set(numbered(kind).values_list("number", flat=True)) & checked.lines[kind].keys()
        found[kind] = taken
        if not taken:
            continue
        those = (each for each in again(source, name, checked, progress) if each["number"] in taken)
        for some in batched(those, CHUNK):
            ours = rows_of(kind, [row["number"] for row in some], here)
            for row in some:
                number = row["number"]
                if ours[number] != row:
                    message = (
                        f"{number} is already the number of another {kind} on this site, "
                        f"or of another version of this {kind}"
                    )
                    errors.add(message, name, checked.lines[kind][number], "number")
    errors.refuse()
    return found


def _bring_in(
    source: Source, checked: Checked, here: dict[str, set[int]], outcome: Outcome, progress: Progress
) -> None:
    compared = compare_themes(checked.themes)
    import_themes(compared.taken)
    outcome.themes, outcome.kept = len(compared.taken), compared.kept
    for name, kind in ENTRIES.items():
        if name not in source.sizes or checked.lines[kind].keys() == here[kind]:
            continue
        loading = Loading(kind)
        rows = (each for each in again(source, name, checked, progress) if each["number"] not in here[kind])
        for some in batched(rows, CHUNK):
            loading.load(some)
            outcome.made[kind] += len(some)
        loading.end()
    for kind in ENTRIES.values():
        last = max(checked.lines[kind], default=0)
        if given := max(checked.head.get("last", {}).get(kind, 0), last):
            entries.reserve_numbers(kind, given)
    if outcome.is_nothing:
        return
    if outcome.made[EVENT]:
        link_events()
    made: Json = {"digest": checked.digest, "themes": outcome.themes, **outcome.made}
    audit.log("community.imported", actor=None, about=community(), **made)
    cache_tags = {entries.cache_tag_of(kind) for kind, made in outcome.made.items() if made}
    for cache_tag in [*sorted(cache_tags), *([THEMES_CACHE_TAG] if outcome.themes else [])]:
        invalidate(cache_tag, nothing_withdrawn=True)


@dataclass
class Loading:
    """What is known while the entries of a kind come in."""

    kind: str
    now: datetime.datetime = field(default_factory=clock.now)
    #: Key of a merged listing → the number of the one that it went into.
    merged: dict[int, int] = field(default_factory=dict)

    def load(self, rows: tuple[Json, ...]) -> None:
        """Make the entries that some rows say."""
        if self.kind == "event":
            pairs = [(self._event(row), row) for row in rows]
            link_organizers([event for event, _row in pairs])
            dates = [_date(event, date) for event, row in pairs for date in row.get("dates", ())]
            entries.import_entry([event for event, _row in pairs], lambda public: show_new(public, dates))
            return
        made = [self._listing(row) for row in rows]
        entries.import_entry(made, partial(update_all, are_new=True))
        Verification.objects.bulk_create(
            Verification(
                organization=listing,
                method=row["verification"]["method"],
                domain=row["verification"].get("domain", ""),
                at=read_moment(row["verification"]["at"]),
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

    def _common(self, row: Json) -> Json:
        is_gone = row["status"] in GONE
        published_at = read_moment(row["published_at"])
        return {
            "number": row["number"],
            "state": row["status"] if is_gone else State.PUBLISHED,
            "state_at": read_moment(row.get("gone_at")) or published_at,
            "reason": row.get("reason", ""),
            "revision": row.get("revision", 0),
            "proposed_at": published_at,
            "published_at": published_at,
            "changed_at": read_moment(row.get("changed_at")),
        }

    def _listing(self, row: Json) -> Listing:
        names = community_rows.DETAILS[self.kind]
        listing = Listing(of=self.kind, details=_given(row, names), **self._common(row))
        for name in community_rows.MOMENTS:
            setattr(listing, name, read_moment(row.get(name)))
        return listing

    def _event(self, row: Json) -> Event:
        details = _given(row, community_rows.DETAILS["event"])
        if "dates" in row:
            details["dates"] = [
                {key: date[key] for key in ("number", "start", "end", "cancelled") if key in date}
                for date in row["dates"]
                if not date.get("left_out")
            ]
        return Event(details=details, cancelled_at=read_moment(row.get("cancelled_at")), **self._common(row))


def _given(row: Json, names: Iterable[str]) -> Json:
    return {} if row["status"] in {MERGED, *GONE} else {name: row[name] for name in names if name in row}


def _date(event: Event, date: Json) -> Occurrence:
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
        cancelled_at=read_moment(date.get("cancelled_at")),
        sequence=date.get("sequence", 0),
        changed_at=read_moment(date["changed_at"]),
    )
    one.digest = details_digest(event, one)
    return one
