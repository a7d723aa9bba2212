"""Writing calendar, directory and themes as a community bundle, from one moment of the record.

Only what was ever published is in it: `details` is all that is public of an entry, and of one that has gone nothing but
its number, its dates and the reason's code is left.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import batched, chain

from django.db.models import Prefetch, QuerySet

from plenara.bundles.format import COMMUNITY_FORMAT, COMMUNITY_HEAD, COMMUNITY_THEMES, ENTRIES
from plenara.bundles.targets import Summing
from plenara.bundles.validation import community_rows
from plenara.bundles.validation.bundle import dumped, dumped_whole
from plenara.bundles.validation.community import NAMING
from plenara.bundles.validation.community_rows import MERGED, PUBLISHED
from plenara.core.rows import Json, filled, without_absent, written
from plenara.core.snapshots import snapshot
from plenara.directory.models import Counter, Entry, Kind, Listing, Verification
from plenara.events.models import Event, Occurrence
from plenara.themes.models import Theme

type Progress = Callable[[int], None]
type Written = Callable[[datetime.datetime | None], str | None]

CHUNK = 500


@dataclass
class Nameable:
    """What entries can name: the organizations and themes that there are. Asked once, in two queries."""

    @cached_property
    def organizations(self) -> set[int]:
        """Numbers of organizations."""
        return set(numbered(Kind.ORGANIZATION).values_list("number", flat=True))

    @cached_property
    def themes(self) -> set[str]:
        """Codes of themes."""
        return set(Theme.objects.order_by().values_list("code", flat=True))


def numbered(kind: str) -> QuerySet:
    """Return the entries of a kind that were ever published."""
    if kind == "event":
        return Event.objects.filter(number__isnull=False)
    return Listing.objects.filter(of=kind, number__isnull=False)


def export_community(target: Summing, progress: Progress = lambda _rows: None) -> None:
    """Write the community's bundle to a target. The same record gives the same bytes, whatever the database."""
    with snapshot():
        target.put(COMMUNITY_HEAD, [dumped_whole(head())])
        if themes := theme_rows():
            target.put(COMMUNITY_THEMES, [dumped_whole(themes)])
        here = Nameable()
        for name, kind in ENTRIES.items():
            rows = entry_rows(kind, here)
            if first := next(rows, None):
                target.put(name, _lines(chain([first], rows), progress))


def count() -> int:
    """Return how many rows an export writes, for a progress bar."""
    return sum(numbered(kind).count() for kind in ENTRIES.values())


def head() -> Json:
    """Return `community.json`: the format, and the last number that each kind gave out, so that none comes again."""
    counters = Counter.objects.filter(kind__in=ENTRIES.values(), last__gt=0)
    return {"format": COMMUNITY_FORMAT, "last": dict(counters.values_list("kind", "last"))}


def theme_rows() -> list[Json]:
    """Return `themes.json`: the whole list, by code."""
    rows = themes_with_all(Theme.objects.order_by())
    return [theme_row(each) for each in sorted(rows, key=lambda theme: theme.code)]


def themes_with_all(themes: QuerySet[Theme]) -> QuerySet[Theme]:
    """Return themes with all that is told of them. Two queries."""
    return themes.select_related("broader", "replaced_by").prefetch_related("related")


def theme_row(theme: Theme, at: Written = written) -> Json:
    """Return a theme as a bundle says it."""
    return without_absent(
        code=theme.code,
        label=filled(theme.labels),
        alternatives={code: texts for code, texts in theme.alternatives.items() if texts},
        definition=filled(theme.definition),
        own_labels=sorted(theme.own_labels),
        broader=theme.broader.code if theme.broader else None,
        related=sorted(each.code for each in theme.related.all()),
        exact_match=theme.exact_match,
        vocabulary=theme.vocabulary,
        position=theme.position,
        retired_at=at(theme.retired_at),
        replaced_by=theme.replaced_by.code if theme.replaced_by else None,
    )


def entry_rows(kind: str, here: Nameable) -> Iterator[Json]:
    """Yield the entries of a kind by number, some hundred at a time; only their keys are held together."""
    numbers = list(numbered(kind).order_by("number").values_list("number", flat=True))
    for some in batched(numbers, CHUNK):
        found = rows_of(kind, some, here)
        yield from (found[number] for number in some)


def rows_of(kind: str, numbers: Iterable[int], here: Nameable) -> dict[int, Json]:
    """Return the rows of the entries that have these numbers, by number. Two queries."""
    found = numbered(kind).filter(number__in=list(numbers))
    row = event_row if kind == "event" else listing_row
    return {each.number: row(each, here) for each in with_all(found)}


def with_all(found: QuerySet) -> QuerySet:
    """Return entries of one kind with all that is told of them. Two queries."""
    if found.model is Event:
        return found.prefetch_related(Prefetch("occurrences", Occurrence.objects.order_by("number")))
    in_force = Verification.objects.filter(ended_at=None).order_by("-at", "-pk")
    return found.select_related("merged_into").prefetch_related(Prefetch("verifications", in_force))


def _lines(rows: Iterable[Json], progress: Progress) -> Iterator[bytes]:
    for row in rows:
        yield dumped(row)
        progress(1)


def _head(entry: Entry, status: str, at: Written) -> Json:
    return without_absent(
        number=entry.number,
        status=status,
        published_at=at(entry.published_at or entry.state_at),
        changed_at=at(entry.changed_at),
        revision=entry.revision or None,
    )


def _gone(entry: Entry, at: Written) -> Json:
    return _head(entry, entry.state, at) | without_absent(reason=entry.reason, gone_at=at(entry.state_at))


def _details(entry: Entry, kind: str, names: Iterable[str], here: Nameable | None) -> Json:
    """Return what is public of an entry, and where it is known what there is, without what names nothing."""
    details: Json = {name: _clean(entry.details[name]) for name in names if name in entry.details}
    if here is None:
        return without_absent(**details)
    if "themes" in details:
        details["themes"] = list(dict.fromkeys(code for code in details["themes"] if code in here.themes))
    key = NAMING.get(kind, "")
    if isinstance(named := details.get(key), list):
        details[key] = list(dict.fromkeys(number for number in named if number in here.organizations))
    elif named is not None and named not in here.organizations:
        del details[key]
    return without_absent(**details)


def _clean(value: object) -> object:
    """Return a value without what is empty in it."""
    if isinstance(value, dict):
        return without_absent(**{name: _clean(each) for name, each in value.items()})
    return [_clean(each) for each in value] if isinstance(value, list) else value


def listing_row(listing: Listing, here: Nameable | None = None, at: Written = written) -> Json:
    """Return a listing as a bundle says it. It comes `with_all`."""
    if not listing.is_published:
        return _gone(listing, at)
    if listing.merged_into:
        return _head(listing, MERGED, at) | {"merged_into": listing.merged_into.number}
    kept = {name: moment for name in community_rows.MOMENTS if (moment := getattr(listing, name))}
    return (
        _head(listing, PUBLISHED, at)
        | {name: at(moment) for name, moment in kept.items()}
        | _details(listing, listing.of, community_rows.DETAILS[listing.of], here)
        | without_absent(verification=_verification(listing, at))
    )


def _verification(listing: Listing, at: Written) -> Json:
    for each in listing.verifications.all():
        return without_absent(method=each.method, at=at(each.at), domain=each.domain)
    return {}


def event_row(event: Event, here: Nameable | None = None, at: Written = written) -> Json:
    """Return an event as a bundle says it. It comes `with_all`."""
    if not event.is_published:
        return _gone(event, at)
    return (
        _head(event, PUBLISHED, at)
        | _details(event, "event", community_rows.DETAILS["event"], here)
        | without_absent(cancelled_at=at(event.cancelled_at), dates=list(_dates(event, at)))
    )


def _dates(event: Event, at: Written) -> Iterator[Json]:
    """Yield the dates of an event with how each stands in calendars; those too that a revision left out."""
    shown = {each.number: each for each in event.occurrences.all()}
    for date in event.details.get("dates", ()):
        one = shown.pop(date["number"], None)
        yield without_absent(
            number=date["number"],
            start=date["start"],
            end=date["end"],
            cancelled=date.get("cancelled") or None,
            **_position(one, at),
        )
    for one in shown.values():
        yield without_absent(
            number=one.number,
            start=one.starts_local,
            end=one.ends_local,
            timezone=one.timezone if one.timezone != event.details.get("timezone") else None,
            left_out=True,
            **_position(one, at),
        )


def _position(one: Occurrence | None, at: Written) -> Json:
    if one is None:
        return {}
    return without_absent(
        cancelled_at=at(one.cancelled_at),
        sequence=one.sequence or None,
        changed_at=at(one.changed_at),
    )
