"""Calendar files (iCalendar, RFC 5545) read as proposals of events, within bounds; and the days of a rule of
repetition, as far as meetings use it.
"""

import calendar
import datetime
import re
import zoneinfo
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.core.clock import zone_names
from plenara.core.languages import NAMES
from plenara.core.refusals import InvalidInput
from plenara.core.rows import Json
from plenara.core.text import clean, clean_line
from plenara.events import validation

if TYPE_CHECKING:
    from icalendar import vDDDTypes

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_KNOWN = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "WKST"})
_BY_DAY = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")
#: Days that a rule is followed for.
_SPAN = datetime.timedelta(days=3653)


class NotUnderstood(ValueError):
    """A rule that is not for meetings, or that cannot be parsed. Its text is an error code of a row."""


@dataclass(frozen=True)
class Rule:
    """A rule of repetition: the parts that meetings use."""

    frequency: str
    interval: int = 1
    count: int | None = None
    until: datetime.date | None = None
    by_day: tuple[tuple[int, int], ...] = ()  # ordinal (0: each) and day of the week (0: Monday)
    by_month_day: tuple[int, ...] = ()
    by_month: tuple[int, ...] = ()
    week_start: int = field(default=0)

    @classmethod
    def read(cls, given: Mapping[str, list[object]]) -> "Rule":
        """Return the rule with these parts. Raises `NotUnderstood`."""
        parts = {name.upper(): [str(each).upper() for each in values] for name, values in given.items()}
        frequency = parts.get("FREQ", [""])[0]
        if frequency not in _FREQUENCIES or set(parts) - _KNOWN:
            raise NotUnderstood("rule")
        if "COUNT" not in parts and "UNTIL" not in parts:
            raise NotUnderstood("endless")
        until = given.get("UNTIL", [None])[0]
        return cls(
            frequency,
            interval=max(_whole_number(parts.get("INTERVAL", ["1"])[0]), 1),
            count=_whole_number(parts["COUNT"][0]) if "COUNT" in parts else None,
            until=_rule_day(until) if until is not None else None,
            by_day=tuple(_by_day(each) for each in parts.get("BYDAY", [])[:60]),
            by_month_day=tuple(_whole_number(each) for each in parts.get("BYMONTHDAY", [])[:62]),
            by_month=tuple(_whole_number(each) for each in parts.get("BYMONTH", [])[:12]),
            week_start=_DAYS.index(parts.get("WKST", ["MO"])[0]) if parts.get("WKST", ["MO"])[0] in _DAYS else 0,
        )

    def days(self, first: datetime.date, most: int) -> Iterator[datetime.date]:
        """Yield the days of the rule from the first on: at most `most` + 1, to show if there are too many."""
        found = 0
        if first > datetime.date(9980, 1, 1):
            raise NotUnderstood("date")
        last = min(self.until or first + _SPAN, first + _SPAN)
        day = first
        while day <= last:
            if day == first or self.names(day, first):
                yield day
                found += 1
                if found > most or found == self.count:
                    return
            day += datetime.timedelta(days=1)
        if (self.count and found < self.count) or (self.until and self.until > last):
            raise NotUnderstood("long")

    def names(self, day: datetime.date, first: datetime.date) -> bool:
        """Return whether the rule, begun on a first day, includes a later one."""
        if self.by_month and day.month not in self.by_month:
            return False
        match self.frequency:
            case "DAILY":
                return (day - first).days % self.interval == 0 and self._fits_month_day(day) and self._fits_day(day)
            case "WEEKLY":
                weeks = (_week(day, self.week_start) - _week(first, self.week_start)).days // 7
                weekdays = {weekday for _nth, weekday in self.by_day} or {first.weekday()}
                return weeks % self.interval == 0 and day.weekday() in weekdays
            case "MONTHLY":
                months = (day.year - first.year) * 12 + day.month - first.month
                return months % self.interval == 0 and self._fits_in_month(day, first)
        years = day.year - first.year
        if years % self.interval or (not self.by_month and not self.by_day and day.month != first.month):
            return False
        if self.by_day and not self.by_month and any(nth for nth, _weekday in self.by_day):
            raise NotUnderstood("rule")  # the twentieth Monday of the year
        return self._fits_in_month(day, first)

    def _fits_in_month(self, day: datetime.date, first: datetime.date) -> bool:
        if not self.by_day and not self.by_month_day:
            return day.day == first.day
        return self._fits_month_day(day) and self._fits_day(day)

    def _fits_month_day(self, day: datetime.date) -> bool:
        length = calendar.monthrange(day.year, day.month)[1]
        return not self.by_month_day or day.day in {
            each if each > 0 else length + 1 + each for each in self.by_month_day
        }

    def _fits_day(self, day: datetime.date) -> bool:
        if not self.by_day:
            return True
        length = calendar.monthrange(day.year, day.month)[1]
        from_start, from_end = (day.day - 1) // 7 + 1, -((length - day.day) // 7 + 1)
        return any(day.weekday() == weekday and nth in {0, from_start, from_end} for nth, weekday in self.by_day)


def _week(day: datetime.date, starts: int) -> datetime.date:
    return day - datetime.timedelta(days=(day.weekday() - starts) % 7)


def _whole_number(written: str) -> int:
    if not re.fullmatch(r"[+-]?\d{1,9}", written):
        raise NotUnderstood("rule")
    return int(written)


def _by_day(written: str) -> tuple[int, int]:
    found = _BY_DAY.fullmatch(written)
    if found is None:
        raise NotUnderstood("rule")
    return int(found[1] or 0), _DAYS.index(found[2])


def _rule_day(until: object) -> datetime.date:
    if isinstance(until, datetime.datetime):
        return until.date()
    if isinstance(until, datetime.date):
        return until
    raise NotUnderstood("rule")


MOST_BYTES = 2 * 1024 * 1024
MOST_EVENTS = 500
#: Characters of an unfolded line, lines, and how deep components may be nested.
MOST_LINE, MOST_LINES, DEEPEST = 10_000, 60_000, 3
#: Components that each component may contain: anything else inside an event is refused.
_INSIDE = {
    "": {"VCALENDAR"},
    "VCALENDAR": {"VEVENT", "VTIMEZONE", "VTODO", "VJOURNAL", "VFREEBUSY", "VALARM"},
    "VEVENT": {"VALARM", "PARTICIPANT", "VLOCATION", "VRESOURCE"},
    "VTIMEZONE": {"STANDARD", "DAYLIGHT"},
    "VTODO": {"VALARM"},
}
#: A fold, as the parser knows it; and the name of a line, up to its parameters or its value.
_FOLD = re.compile(r"(?<!\n)\n++[ \t]")
_KEYWORD = re.compile(r"[^:;]*")
#: Dates read of one event. Only sixty can be proposed; the rest shows that there are too many.
_MOST_DATES = validation.MOST_DATES


@dataclass
class Row:
    """One event of a file: its details as far as they could be read, and codes for the rest."""

    uid: str
    details: Json
    errors: list[str] = field(default_factory=list)
    needs_zone: bool = False  # its times name no zone that we know
    zone_named: str = ""  # as the file calls it

    def kept(self) -> dict[str, object]:
        """Return it as JSON."""
        return asdict(self)


def problem_sentences() -> dict[str, str]:
    """Return the sentence for each error code, in the active language."""
    return {
        "rule": _("We do not understand how this event repeats. Enter the event by hand, with its dates."),
        "endless": _("This event repeats without an end. Set an end, or enter the event by hand, with its dates."),
        "long": _("This event repeats for longer than 10 years. Set an earlier end."),
        "many": _("This event has more than 60 dates. Enter it by hand, as several events."),
        "date": _("We cannot read the dates of this event. Enter the event by hand."),
        "no_end": _("The file does not say when this event ends. Enter the event by hand."),
        "cancelled": _("This event is cancelled in the file, so you cannot propose it."),
        "broken": _("We cannot read this event. Enter the event by hand."),
    }


def read_file(data: bytes, language: str) -> list[Row]:
    """Return the events of a calendar file. Raises `InvalidInput` where the file as a whole cannot be taken."""
    text = _decoded(data)
    text = _within_bounds(text)
    from icalendar import Calendar

    try:
        calendars = Calendar.from_ical(text, multiple=True)
        groups: dict[str, list[dict]] = {}
        preferred = ""
        for one in calendars:
            preferred = preferred or _zone_of_file(one)
            for event in one.walk("VEVENT"):
                uid = clean_line(str(event.get("UID") or ""))[:200]
                groups.setdefault(uid or f"\n{len(groups)}", []).append(event)
    except Exception as broken:  # any error that somebody's file causes in the parser
        raise InvalidInput(
            _("We cannot read this file as a calendar file. Export it again as iCalendar."), "kind", "file"
        ) from broken
    if not groups:
        raise InvalidInput(_("This file contains no events. Choose another file."), "empty", "file")
    return [
        _row(uid.strip() if not uid.startswith("\n") else "", found, preferred, language)
        for uid, found in groups.items()
    ]


def _decoded(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise InvalidInput(_("The file is larger than 2 MB. Split it into several files."), "too_large", "file")
    if not data.strip():
        raise InvalidInput(_("The file is empty. Choose another file."), "empty", "file")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as broken:
        raise InvalidInput(_("The file is not in UTF-8. Export it again as iCalendar."), "encoding", "file") from broken
    if "\x00" in text or "\r" in text.replace("\r\n", ""):
        raise InvalidInput(
            _("The file has characters that are not allowed in calendar files. Export it again as iCalendar."),
            "controls",
            "file",
        )
    return text.replace("\r\n", "\n")


def _within_bounds(text: str) -> str:
    """Return the lines that are parsed. Refuses too much of anything, and misplaced components.

    Time zones that a file defines are left out: calculating their rules could take for ever, the parser would cache
    them for other people's files, and only known zones are accepted.
    """
    if text.count("\n") > MOST_LINES:
        raise InvalidInput(_("The file has too many lines. Split it into several files."), "lines", "file")
    stack, events, kept = [""], 0, []
    # A line is read as the parser reads it: unfolded, so that a break within a word hides nothing.
    for line in _FOLD.sub("", text).split("\n"):
        if len(line) > MOST_LINE:
            raise InvalidInput(
                _("A line of the file is longer than 10,000 characters. Export the file again as iCalendar."),
                "long_line",
                "file",
            )
        name = _KEYWORD.match(line)[0]  # type: ignore[index]
        keyword, what = name.strip().upper(), line[len(name) + 1 :].strip().upper()
        inside = "VTIMEZONE" in stack
        if keyword == "BEGIN":
            # A parameter, which no BEGIN has, makes another name of it.
            if len(stack) > DEEPEST or what not in _INSIDE.get(stack[-1], ()):
                raise InvalidInput(
                    _(
                        "Parts of the file are inside other parts where this is not allowed. Export the file again as "
                        "iCalendar."
                    ),
                    "nested",
                    "file",
                )
            stack.append(what)
            events += what == "VEVENT"
        elif keyword == "END" and (stack.pop() != what or not stack):
            raise InvalidInput(
                _("The file contains the end of a part that has no beginning. Export the file again."), "nested", "file"
            )
        if not inside and "VTIMEZONE" not in stack:
            kept.append(line)
    if stack != [""]:
        raise InvalidInput(_("The file stops before its end. Export it again as iCalendar."), "cut", "file")
    if events > MOST_EVENTS:
        raise InvalidInput(
            ngettext(
                "A file can have %(limit)d event at most. Split it into several files.",
                "A file can have %(limit)d events at most. Split it into several files.",
                MOST_EVENTS,
            )
            % {"limit": MOST_EVENTS},
            "events",
            "file",
        )
    return "\n".join(kept)


def _zone_of_file(calendar: dict) -> str:
    named = clean_line(str(calendar.get("X-WR-TIMEZONE") or ""))
    return named if named in zone_names() else ""


def _row(uid: str, events: list[dict], preferred: str, language: str) -> Row:
    """Return one event of the file: its own lines, and those that change one of its dates."""
    main = next((each for each in events if "RECURRENCE-ID" not in each), events[0])
    row = Row(uid, _texts(main, language))
    if main.get("STATUS") and str(main["STATUS"]).upper() == "CANCELLED":
        row.errors.append("cancelled")
    try:
        row.details |= _dates(main, [each for each in events if each is not main], preferred, row)
    except NotUnderstood as why:
        row.errors.append(str(why))
    except (ValueError, TypeError, AttributeError, KeyError, OverflowError, zoneinfo.ZoneInfoNotFoundError):
        row.errors.append("date")
    return row


def _texts(event: dict, language: str) -> dict[str, object]:
    summary = event.get("SUMMARY")
    named = str((getattr(summary, "params", None) or {}).get("LANGUAGE", "")).split("-")[0].lower()
    spoken = named if named in NAMES else language
    place, url = _text(event, "LOCATION"), _text(event, "URL")
    online = next(
        (each for each in (_text(event, "CONFERENCE"), url if not place else "") if each.startswith("https://")), ""
    )
    made: dict[str, object] = {"title": {spoken: _text(event, "SUMMARY")}, "place": place, "online": online}
    if description := clean(_text(event, "DESCRIPTION", lines=True)):
        made["description"] = {spoken: description}
    if url.startswith("https://") and url != online:
        made["documents"] = [{"title": _page_name(url), "url": url}]
    made["themes"] = _categories(event)
    return made


def _text(event: dict, name: str, *, lines: bool = False) -> str:
    value = event.get(name)
    value = value[0] if isinstance(value, list) and value else value
    return clean(str(value or "")) if lines else clean_line(str(value or ""))


def _page_name(url: str) -> str:
    return url.removeprefix("https://").split("/")[0][:100]


def _categories(event: dict) -> list[str]:
    found = event.get("CATEGORIES")
    several = found if isinstance(found, list) else [found] if found else []
    return list(dict.fromkeys(str(each)[:100] for one in several for each in getattr(one, "cats", [])))[:50]


def _dates(main: dict, changes: list[dict], preferred: str, row: Row) -> dict[str, object]:
    """Return the dates and the zone of an event. Raises `NotUnderstood`, or any error that a broken line causes."""
    start = main["DTSTART"].dt
    zone = _zone(main["DTSTART"], preferred, row)
    end = main["DTEND"].dt if "DTEND" in main else start + main["DURATION"].dt if "DURATION" in main else None
    is_day = not isinstance(start, datetime.datetime)
    if end is None:
        if not is_day:
            raise NotUnderstood("no_end")
        end = start + datetime.timedelta(days=1)
    first, last = _local(start, zone), _local(end, zone)
    length = last - first
    begins = {first}
    if "RRULE" in main:
        rules = main["RRULE"] if isinstance(main["RRULE"], list) else [main["RRULE"]]
        if len(rules) > 1:
            raise NotUnderstood("rule")
        rule = Rule.read({**rules[0], **_until(rules[0], zone, first)})
        begins |= {datetime.datetime.combine(day, first.time()) for day in rule.days(first.date(), _MOST_DATES)}
    begins |= set(_listed(main, "RDATE", zone))
    begins -= set(_listed(main, "EXDATE", zone))
    spans = {each: (each, each + length) for each in begins}
    for change in changes:
        moved = _local(change["RECURRENCE-ID"].dt, zone)
        if str(change.get("STATUS") or "").upper() == "CANCELLED":
            spans.pop(moved, None)
        elif "DTSTART" in change:
            begin = _local(change["DTSTART"].dt, zone)
            finish = _local(change["DTEND"].dt, zone) if "DTEND" in change else begin + length
            spans[moved] = (begin, finish)
    if len(spans) > _MOST_DATES:
        raise NotUnderstood("many")
    return {
        "timezone": "" if row.needs_zone else zone,
        "dates": [_date(*each, is_day=is_day) for each in sorted(spans.values())],
    }


def _until(rule: Mapping[str, list[object]], zone: str, first: datetime.datetime) -> dict[str, list[object]]:
    """Return the last day that a rule may include, by the clocks of the zone, where it gives a moment."""
    until = next(iter(rule.get("UNTIL") or []), None)
    if not isinstance(until, datetime.datetime):
        return {}
    local = _local(until, zone)
    return {"UNTIL": [local.date() - datetime.timedelta(days=1 if local.time() < first.time() else 0)]}


def _date(begin: datetime.datetime, finish: datetime.datetime, *, is_day: bool) -> dict[str, str]:
    if is_day:  # in a file the end is the day after the last one
        return {"start": f"{begin:%Y-%m-%d}", "end": f"{max(finish - datetime.timedelta(days=1), begin):%Y-%m-%d}"}
    return {"start": f"{begin:%Y-%m-%dT%H:%M}", "end": f"{finish:%Y-%m-%dT%H:%M}"}


def _zone(begin: "vDDDTypes", preferred: str, row: Row) -> str:
    """Return the zone of an event's hours. The sender is asked for it where the file names no known zone."""
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    named = clean_line(str(begin.params.get("TZID") or ""))[:100]
    known = named if named in zone_names() else WINDOWS_TO_OLSON.get(named, "")
    if known:
        return known
    if not isinstance(begin.dt, datetime.datetime):
        return preferred or "UTC"
    if begin.dt.tzinfo is not None and not named:
        return preferred or "UTC"
    row.needs_zone, row.zone_named = True, named
    return preferred or "UTC"


def _local(moment: datetime.date, zone: str) -> datetime.datetime:
    """Return a moment by the clocks of the zone. One without a zone, or with an unknown one, is returned unchanged."""
    if not isinstance(moment, datetime.datetime):
        return datetime.datetime.combine(moment, datetime.time())
    if moment.tzinfo is None:
        return moment.replace(second=0, microsecond=0)
    return moment.astimezone(zoneinfo.ZoneInfo(zone)).replace(tzinfo=None, second=0, microsecond=0)


def _listed(event: dict, name: str, zone: str) -> Iterator[datetime.datetime]:
    several = event.get(name)
    for one in several if isinstance(several, list) else [several] if several else []:
        for each in one.dts[: _MOST_DATES * 10]:
            begin = each.dt[0] if isinstance(each.dt, tuple) else each.dt
            yield _local(begin, zone)


def details_of(row: Json, zone: str, known_themes: set[str]) -> Json:
    """Return the details of a row: with the zone that the sender chose, and the themes that exist."""
    details = dict(row["details"])
    if row["needs_zone"]:
        details["timezone"] = zone
    details["themes"] = [code for code in details.get("themes", []) if code in known_themes][: validation.MOST_THEMES]
    return details
