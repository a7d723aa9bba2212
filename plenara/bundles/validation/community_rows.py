"""What a row of `events.jsonl`, `organizations.jsonl`, `people.jsonl` and `projects.jsonl` may hold."""

import datetime
import re
from collections.abc import Callable
from typing import Any

from plenara.bundles.format import ORGANIZATION, PERSON, PROJECT
from plenara.bundles.validation.consultation import SLUG, SLUG_NAME
from plenara.bundles.validation.contributions import CODE, code_of
from plenara.bundles.validation.fields import SMALL, Row
from plenara.consultations.validation import zone_names
from plenara.core.rows import without_absent
from plenara.core.vocabulary import StakeholderGroup, country_names
from plenara.directory.details import Progress
from plenara.events import dates

#: How an entry stands: in the lists, gone into another one, or gone and only its number left.
PUBLISHED, MERGED, GONE = "published", "merged", ("withdrawn", "removed")
STATUSES = (PUBLISHED, MERGED, *GONE)
THEME = r"[A-Za-z0-9][A-Za-z0-9._-]*"
THEME_NAME = "letters, digits, . _ and - (at most 100)"
_ADDRESS = re.compile(r"https?://[^\s<>\"\\^`{|}\x00-\x20\x7f]+", re.IGNORECASE)
_DAY = re.compile(r"\d{4}(-\d\d(-\d\d)?)?", re.ASCII)
#: Years that a calendar can have, far from where arithmetic ends.
YEARS = (1900, 2200)


def address(row: Row, key: str, *, most: int = 2000, required: bool = False) -> str | None:
    """Return the address of something on the web, which alone may be a link."""
    value = row.line(key, most, required=required)
    if value and not _ADDRESS.fullmatch(value):
        row.fault(key, "is no address of the web; it must begin with https:// or http://")
        return None
    return value


def day(row: Row, key: str) -> str | None:
    """Return a day, a month or a year."""
    value = row.line(key, 10)
    if value and not _is_day(value):
        row.fault(key, f"is {value!r}; it must be a day, a month or a year, such as 2026-12-01, 2026-12 or 2026")
        return None
    return value


def _is_day(value: str) -> bool:
    if not _DAY.fullmatch(value):
        return False
    try:
        found = datetime.date.fromisoformat(value + "-01-01"[len(value) - 4 :])
    except ValueError:
        return False
    return YEARS[0] <= found.year <= YEARS[1]


def themes(row: Row) -> list[str]:
    """Return codes of themes."""
    return row.codes("themes", THEME, 100, "codes of themes")


def countries(row: Row) -> list[str]:
    """Return codes of countries."""
    found = row.codes("countries", r"[A-Z]{2}", 2, "country codes of ISO 3166-1 in two capitals")
    for code in found:
        if code not in country_names("en"):
            row.fault("countries", f"names {code}, which is no country code of ISO 3166-1")
    return found


def head(row: Row) -> dict[str, Any]:
    """Return what a row of any kind begins with: its number, how it stands, and since when."""
    status = row.choice("status", STATUSES, required=True)
    return without_absent(
        number=row.integer("number", least=1, required=True),
        status=status,
        published_at=row.moment("published_at", required=True),
        changed_at=row.moment("changed_at"),
        revision=row.integer("revision", most=1_000_000),
    )


def stub(row: Row) -> dict[str, Any]:
    """Return what is left of a gone entry. Whatever else stands on the row is dropped unread."""
    return without_absent(
        reason=row.code("reason", CODE, 40, code_of(40)), gone_at=row.moment("gone_at", required=True)
    )


#: The keys of an event's details, besides its dates, which are told with how they stand.
EVENT_NAMES = (
    "title", "description", "timezone", "place", "online", "country", "organizer", "organizer_name", "themes",
    "languages", "prepares", "documents", "report", "cancelled",
)  # fmt: skip
MOST_DATES = 500


def read_event(row: Row) -> dict[str, Any]:
    """Return an event with the keys that have a value, clean; of one that is gone its stub."""
    found = head(row)
    status = found.get("status")
    if status == PUBLISHED:
        timezone = row.line("timezone", 60, required=True)
        if timezone and timezone not in zone_names():
            row.fault("timezone", f"is {timezone!r}, which is no IANA time zone")
            timezone = None
        found |= without_absent(
            title=row.texts("title", required=True, one_line=True),
            description=row.texts("description"),
            timezone=timezone,
            dates=_dates(row, timezone),
            place=row.line("place", 2000),
            online=address(row, "online"),
            country=row.country("country", country_names("en")),
            organizer=row.integer("organizer", least=1),
            organizer_name=row.line("organizer_name", 500),
            themes=themes(row),
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
        row.drop(*EVENT_NAMES, "dates", "cancelled_at")
        if status == MERGED:
            row.fault("status", "is merged, which no event can be")
        elif status:
            found |= stub(row)
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
    if own and own not in zone_names():
        row.fault("timezone", f"is {own!r}, which is no IANA time zone")
    found = without_absent(
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
        if not value.isascii() or not YEARS[0] <= dates.read(value).year <= YEARS[1]:
            raise ValueError(value)
    except ValueError:
        row.fault(key, f"is {value!r}; it must be an hour at the place or a day: 2026-12-01T09:00 or 2026-12-01")
        return None
    return value


def _documents(row: Row) -> list[dict[str, Any]]:
    found = []
    for each in row.rows("documents"):
        found.append(
            without_absent(title=each.line("title", 500, required=True), url=address(each, "url", required=True))
        )
        each.finish()
    return found


def _report(row: Row) -> dict[str, Any]:
    inner = row.row("report")
    if inner is None:
        return {}
    found = without_absent(url=address(inner, "url"), text=inner.texts("text"))
    inner.finish()
    return found


ROR = r"0[a-hj-km-np-tv-z0-9]{6}\d{2}"
ORCID = r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]"
#: How an organization was seen to be who it says (`directory.Verification`).
METHODS = ("mail", "secretariat")
DOMAIN = r"[A-Za-z0-9.-]+"
#: Days of a listing that are of the question whether it still holds.
MOMENTS = ("confirmed_at", "doubted_at", "archived_at")


def listing_reader(kind: str) -> Callable[[Row], dict[str, Any]]:
    """Return what reads a row of a kind."""
    return lambda row: _read_listing(row, kind)


def _read_listing(row: Row, kind: str) -> dict[str, Any]:
    found = head(row)
    status = found.get("status")
    if status == PUBLISHED:
        found |= _moments(row) | DETAILS[kind](row)
        if kind == ORGANIZATION:
            found |= without_absent(verification=_verification(row))
    else:
        row.drop(*EVERYTHING[kind])
        if status == MERGED:
            found |= without_absent(merged_into=row.integer("merged_into", least=1, required=True))
        elif status:
            found |= stub(row)
    row.finish()
    return found


def _moments(row: Row) -> dict[str, Any]:
    return without_absent(**{name: row.moment(name) for name in MOMENTS})


def _organization(row: Row) -> dict[str, Any]:
    return without_absent(
        name=row.texts("name", required=True, one_line=True),
        acronym=row.line("acronym", 100),
        group=row.choice("group", StakeholderGroup.values, required=True),
        country=row.country("country", country_names("en")),
        site=address(row, "site"),
        ror=row.code("ror", ROR, 9, "an identifier of ROR, such as 05a28rw58"),
        themes=themes(row),
        description=row.texts("description"),
    )


def _person(row: Row) -> dict[str, Any]:
    return without_absent(
        name=row.line("name", 300, required=True),
        affiliation=row.integer("affiliation", least=1),
        affiliation_name=row.line("affiliation_name", 500),
        group=row.choice("group", StakeholderGroup.values),
        country=row.country("country", country_names("en")),
        languages=row.languages("languages"),
        themes=themes(row),
        orcid=row.code("orcid", ORCID, 19, "an identifier of ORCID, such as 0000-0002-1825-0097"),
        site=address(row, "site"),
        about=row.texts("about"),
    )


def _project(row: Row) -> dict[str, Any]:
    return without_absent(
        title=row.texts("title", required=True, one_line=True),
        description=row.texts("description"),
        starts=day(row, "starts"),
        ends=day(row, "ends"),
        progress=row.choice("progress", Progress.values),
        organizations=row.integers("organizations", least=1),
        countries=countries(row),
        themes=themes(row),
        link=address(row, "link"),
        results=row.texts("results"),
        results_link=address(row, "results_link"),
    )


def _verification(row: Row) -> dict[str, Any]:
    inner = row.row("verification")
    if inner is None:
        return {}
    found = without_absent(
        method=inner.choice("method", METHODS, required=True),
        at=inner.moment("at", required=True),
        domain=inner.code("domain", DOMAIN, 253, "a domain"),
    )
    inner.finish()
    return found


DETAILS: dict[str, Callable[[Row], dict[str, Any]]] = {
    ORGANIZATION: _organization,
    PERSON: _person,
    PROJECT: _project,
}
#: The keys of the details of each kind, and of all that a published row may have.
LISTING_NAMES: dict[str, tuple[str, ...]] = {
    ORGANIZATION: ("name", "acronym", "group", "country", "site", "ror", "themes", "description"),
    PERSON: (
        "name", "affiliation", "affiliation_name", "group", "country", "languages", "themes", "orcid", "site", "about",
    ),
    PROJECT: (
        "title", "description", "starts", "ends", "progress", "organizations", "countries", "themes", "link", "results",
        "results_link",
    ),
}  # fmt: skip
_BESIDES = (*MOMENTS, "verification", "merged_into", "reason", "gone_at")
EVERYTHING = {kind: (*names, *_BESIDES) for kind, names in LISTING_NAMES.items()}
