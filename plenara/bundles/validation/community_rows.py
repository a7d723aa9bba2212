"""What a row of `events.jsonl`, `organizations.jsonl`, `people.jsonl` and `projects.jsonl` may hold."""

import datetime
import re
from collections.abc import Mapping

from plenara.bundles.format import EVENT, ORGANIZATION, PERSON, PROJECT
from plenara.bundles.validation import fields
from plenara.bundles.validation.schemas import Field, Found, Reader, Row, Schema, by
from plenara.core.vocabulary import StakeholderGroup, country_names
from plenara.directory.models import Progress
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
MOST_DATES = 500
ROR = r"0[a-hj-km-np-tv-z0-9]{6}\d{2}"
ORCID = r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]"
#: How an organization was seen to be who it says (`directory.Verification`).
METHODS = ("mail", "secretariat")
#: Days of a listing that are of the question whether it still holds.
MOMENTS = ("confirmed_at", "doubted_at", "archived_at")


def _address(*, required: bool = False) -> Field:
    """The address of something on the web, which alone may be a link."""
    return fields.line(2000, required=required).then(
        lambda value: (
            None if _ADDRESS.fullmatch(value) else "is not a web address; it must begin with https:// or http://"
        )
    )


def _is_day(value: str) -> str | None:
    """Say what is wrong with a day, a month or a year."""
    try:
        if _DAY.fullmatch(value):
            found = datetime.date.fromisoformat(value + "-01-01"[len(value) - 4 :])
            if YEARS[0] <= found.year <= YEARS[1]:
                return None
    except ValueError:
        pass
    return f"is {value!r}; it must be a day, a month or a year, such as 2026-12-01, 2026-12 or 2026"


def _is_local(value: str) -> str | None:
    """Say what is wrong with an hour at the place, or a day."""
    try:
        if value.isascii() and YEARS[0] <= dates.read(value).year <= YEARS[1]:
            return None
    except ValueError:
        pass
    return f"is {value!r}; it must be a local time or a day: 2026-12-01T09:00 or 2026-12-01"


def _countries_are_known(row: Row, found: Found) -> None:
    for each in found.get("countries", ()):
        if each not in country_names("en"):
            row.error("countries", f"names {each}, which is not a country code of ISO 3166-1")


_THEMES = fields.codes(THEME, 100, "codes of themes")


def _dates_fit(row: Row, date: Found) -> None:
    start, end = date.get("start"), date.get("end")
    if start and end:
        if dates.is_whole_day(start) != dates.is_whole_day(end):
            row.error("end", "must be a day if start is a day, and a time if start is a time")
        elif end < start:
            row.error("end", "is before start")
    if "timezone" in date and not date.get("left_out"):
        row.error("timezone", "belongs to the whole event; only a date that was left out may have its own")


_DATE = Schema(
    {
        "timezone": fields.timezone(),
        "number": fields.small(required=True),
        "start": fields.line(16, required=True).then(_is_local),
        "end": fields.line(16, required=True).then(_is_local),
        "left_out": fields.truth(),
        "cancelled": fields.truth(),
        "cancelled_at": fields.moment(),
        "sequence": fields.integer(),
        "changed_at": fields.moment(),
    },
    _dates_fit,
)


def _event_fits(row: Row, event: Found) -> None:
    """Say since when each date stands as it does, where the bundle does not: since the event was published."""
    found = event.get("dates", ())
    if len(found) > MOST_DATES:
        row.error("dates", f"has {len(found)} dates; it may have {MOST_DATES} at most")
    row.once("dates", found, "number")
    if found and all(one.get("left_out") for one in found):
        row.error("dates", "are all left out; an event needs at least one date")
    is_cancelled = event.get("cancelled") or "cancelled_at" in event
    for date in found:
        since = date.get("changed_at") or event.get("published_at")
        if since:
            date["changed_at"] = since
            if is_cancelled or date.get("cancelled") or date.get("left_out"):
                date.setdefault("cancelled_at", since)


#: What a published entry says, by its kind, in the order of the API. An event has its dates besides.
DETAILS: Mapping[str, Mapping[str, Field]] = {
    EVENT: {
        "title": fields.line_by_language(required=True),
        "description": fields.texts(),
        "timezone": fields.timezone(required=True),
        "place": fields.line(2000),
        "online": _address(),
        "country": fields.country(),
        "organizer": fields.integer(least=1),
        "organizer_name": fields.line(500),
        "themes": _THEMES,
        "languages": fields.languages(),
        "prepares": fields.slug(),
        "documents": fields.inners(Schema({"title": fields.line(500, required=True), "url": _address(required=True)})),
        "report": fields.inner(Schema({"url": _address(), "text": fields.texts()})),
        "cancelled": fields.truth(),
    },
    ORGANIZATION: {
        "name": fields.line_by_language(required=True),
        "acronym": fields.line(100),
        "group": fields.choice(StakeholderGroup.values, required=True),
        "country": fields.country(),
        "site": _address(),
        "ror": fields.code(ROR, 9, "an identifier of ROR, such as 05a28rw58"),
        "themes": _THEMES,
        "description": fields.texts(),
    },
    PERSON: {
        "name": fields.line(300, required=True),
        "affiliation": fields.integer(least=1),
        "affiliation_name": fields.line(500),
        "group": fields.choice(StakeholderGroup.values),
        "country": fields.country(),
        "languages": fields.languages(),
        "themes": _THEMES,
        "orcid": fields.code(ORCID, 19, "an identifier of ORCID, such as 0000-0002-1825-0097"),
        "site": _address(),
        "about": fields.texts(),
    },
    PROJECT: {
        "title": fields.line_by_language(required=True),
        "description": fields.texts(),
        "starts": fields.line(10).then(_is_day),
        "ends": fields.line(10).then(_is_day),
        "progress": fields.choice(Progress.values),
        "organizations": fields.integers(least=1),
        "countries": fields.codes("[A-Z]{2}", 2, "country codes of ISO 3166-1 in two capitals"),
        "themes": _THEMES,
        "link": _address(),
        "results": fields.texts(),
        "results_link": _address(),
    },
}
_VERIFICATION = Schema(
    {
        "method": fields.choice(METHODS, required=True),
        "at": fields.moment(required=True),
        "domain": fields.code("[A-Za-z0-9.-]+", 253, "a domain"),
    }
)
#: What a published row has besides.
_BESIDES: Mapping[str, Mapping[str, Field]] = {
    EVENT: {
        "dates": fields.inners(_DATE, required=True, empty="is empty; an event needs at least one date"),
        "cancelled_at": fields.moment(),
    },
    ORGANIZATION: {**dict.fromkeys(MOMENTS, fields.moment()), "verification": fields.inner(_VERIFICATION)},
    **dict.fromkeys((PERSON, PROJECT), dict.fromkeys(MOMENTS, fields.moment())),
}
#: What a row of any kind begins with: its number, how it stands, and since when.
_HEAD: Mapping[str, Field] = {
    "status": fields.choice(STATUSES, required=True),
    "number": fields.integer(least=1, required=True),
    "published_at": fields.moment(required=True),
    "changed_at": fields.moment(),
    "revision": fields.integer(most=1_000_000),
}
#: What is left of a gone entry. Whatever else stands on the row is dropped unread.
_LEFT: Mapping[str, Field] = {"reason": fields.reason(), "gone_at": fields.moment(required=True)}


def _is_no_event(row: Row, _found: Found) -> None:
    row.error("status", "is merged, but events cannot be merged")


def _reader(kind: str) -> Reader:
    """Return what reads a row of a kind; of one that is gone its stub."""
    whole = {**_HEAD, **DETAILS[kind], **_BESIDES[kind]}
    everything = {*whole, *_LEFT, *(() if kind == EVENT else ("verification", "merged_into"))}
    merged = (
        Schema(_HEAD, _is_no_event, everything)
        if kind == EVENT
        else Schema({**_HEAD, "merged_into": fields.integer(least=1, required=True)}, dropped=everything)
    )
    check = {EVENT: _event_fits, PROJECT: _countries_are_known}.get(kind, lambda _row, _found: None)
    return by(
        "status",
        {
            PUBLISHED: Schema(whole, check, _LEFT if kind == EVENT else ()),
            MERGED: merged,
            **dict.fromkeys(GONE, Schema({**_HEAD, **_LEFT}, dropped=everything)),
        },
        Schema(_HEAD, dropped=everything),
    )


#: What reads a row, by the kind of it.
READERS: Mapping[str, Reader] = {kind: _reader(kind) for kind in DETAILS}
