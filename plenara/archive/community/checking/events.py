"""What a row of `events.jsonl` may hold."""

from typing import Any

from plenara.archive.bundle.checking.consultation import SLUG, SLUG_NAME
from plenara.archive.bundle.checking.fields import SMALL, Row, present
from plenara.archive.community.checking import common
from plenara.core.vocabulary import country_names
from plenara.events import dates

#: The keys of an event's details, besides its dates, which are told with how they stand.
NAMES = (
    "title", "description", "timezone", "place", "online", "country", "organizer", "organizer_name", "themes",
    "languages", "prepares", "documents", "report", "cancelled",
)  # fmt: skip
MOST_DATES = 500


def read(row: Row) -> dict[str, Any]:
    """Return an event with the keys that have a value, clean; of one that is gone its stub."""
    found = common.head(row)
    status = found.get("status")
    if status == common.PUBLISHED:
        timezone = row.line("timezone", 60, required=True)
        if timezone and timezone not in dates.zone_names():
            row.fault("timezone", f"is {timezone!r}, which is no IANA time zone")
            timezone = None
        found |= present(
            title=row.texts("title", required=True, one_line=True),
            description=row.texts("description"),
            timezone=timezone,
            dates=_dates(row, timezone),
            place=row.line("place", 2000),
            online=common.address(row, "online"),
            country=row.country("country", country_names("en")),
            organizer=row.integer("organizer", least=1),
            organizer_name=row.line("organizer_name", 500),
            themes=common.themes(row),
            languages=row.languages("languages"),
            prepares=row.code("prepares", SLUG, 80, SLUG_NAME),
            documents=_documents(row),
            report=_report(row),
            cancelled=row.truth("cancelled"),
            cancelled_at=row.moment("cancelled_at"),
        )
        row.drop("reason", "gone_at")
        _fill(found)
    else:
        row.drop(*NAMES, "dates", "cancelled_at")
        if status == common.MERGED:
            row.fault("status", "is merged, which no event can be")
        elif status:
            found |= common.stub(row)
    row.finish()
    return found


def _dates(row: Row, timezone: str | None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    numbers: set[Any] = set()
    rows = row.rows("dates", required=True)
    if row.has("dates") and not rows:
        row.fault("dates", "is empty; an event has a date")
    if len(rows) > MOST_DATES:
        row.fault("dates", f"has {len(rows)} dates; it may have {MOST_DATES} at most")
    for each in rows[:MOST_DATES]:
        one = _date(each, timezone)
        each.once("number", one.get("number"), numbers)
        found.append(one)
    if found and all(one.get("left_out") for one in found):
        row.fault("dates", "are all left out; an event has a date")
    return found


def _fill(event: dict[str, Any]) -> None:
    """Say since when each date stands as it does, where the bundle does not: since the event was published."""
    is_cancelled = event.get("cancelled") or "cancelled_at" in event
    for date in event.get("dates", ()):
        since = date.get("changed_at") or event.get("published_at")
        if since:
            date["changed_at"] = since
            if is_cancelled or date.get("cancelled") or date.get("left_out"):
                date.setdefault("cancelled_at", since)


def _date(row: Row, timezone: str | None) -> dict[str, Any]:
    own = row.line("timezone", 60)
    if own and own not in dates.zone_names():
        row.fault("timezone", f"is {own!r}, which is no IANA time zone")
    found = present(
        number=row.integer("number", least=1, most=SMALL, required=True),
        start=_local(row, "start"),
        end=_local(row, "end"),
        timezone=own,
        left_out=row.truth("left_out"),
        cancelled=row.truth("cancelled"),
        cancelled_at=row.moment("cancelled_at"),
        sequence=row.integer("sequence"),
        changed_at=row.moment("changed_at"),
    )
    start, end = found.get("start"), found.get("end")
    if start and end:
        if dates.is_whole_day(start) != dates.is_whole_day(end):
            row.fault("end", "is a day and start an hour, or the other way round")
        elif end < start:
            row.fault("end", "is before start")
    if own and not found.get("left_out"):
        row.fault("timezone", "is of the whole event; only a date that was left out may have its own")
    row.finish()
    return found


def _local(row: Row, key: str) -> str | None:
    value = row.line(key, 16, required=True)
    if value is None:
        return None
    try:
        if not value.isascii() or not common.YEARS[0] <= dates.read(value).year <= common.YEARS[1]:
            raise ValueError(value)
    except ValueError:
        row.fault(key, f"is {value!r}; it must be an hour at the place or a day: 2026-12-01T09:00 or 2026-12-01")
        return None
    return value


def _documents(row: Row) -> list[dict[str, Any]]:
    found = []
    for each in row.rows("documents"):
        found.append(
            present(title=each.line("title", 500, required=True), url=common.address(each, "url", required=True))
        )
        each.finish()
    return found


def _report(row: Row) -> dict[str, Any]:
    inner = row.row("report")
    if inner is None:
        return {}
    found = present(url=common.address(inner, "url"), text=inner.texts("text"))
    inner.finish()
    return found
