"""Local times that people type, turned into moments. A clock put forward skips an hour, one put back has it twice."""

import datetime
import functools
import importlib.resources
import zoneinfo
from typing import NamedTuple

from django.utils.translation import gettext as _

from plenara.core.refusals import No

#: Far enough for any consultation, near enough that a mistyped year is noticed.
EARLIEST, LATEST = 1990, 2100


class Moment(NamedTuple):
    """A moment, and whether its local time comes twice on that day."""

    at: datetime.datetime
    comes_twice: bool = False


@functools.cache
def zone_names() -> frozenset[str]:
    """Return every IANA zone that this machine knows."""
    return frozenset(zoneinfo.available_timezones())


@functools.cache
def zone_choices() -> list[str]:
    """Return the zones to choose from, UTC first, then by region: one for each place (IANA’s `zone.tab`)."""
    table = importlib.resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    listed = (line.split("\t")[2] for line in table.splitlines() if not line.startswith("#"))
    return ["UTC", *sorted(zone_names().intersection(listed))]


def zone_exists(name: str) -> bool | No:
    """A time zone has a name of the IANA list."""
    return name in zone_names() or No(_("Choose a time zone from the list, such as Europe/Zurich."), "zone", "timezone")


def read(local: datetime.datetime, zone_name: str, *, second: bool = False) -> Moment | No:
    """Return the moment that a local time in a zone means.

    A time that a clock skips is refused. One that comes twice means the first time, or with `second` the second.
    """
    if not EARLIEST <= local.year <= LATEST:
        return No(_("The year must lie between %(first)d and %(last)d.") % {"first": EARLIEST, "last": LATEST}, "year")
    zone = zoneinfo.ZoneInfo(zone_name)
    local = local.replace(tzinfo=None)
    first, last = (local.replace(tzinfo=zone, fold=fold).astimezone(datetime.UTC) for fold in (0, 1))
    if first.astimezone(zone).replace(tzinfo=None) != local:
        # In a gap, reading it with the offset that held before gives the same time after the change.
        after = first.astimezone(zone)
        sentence = _("%(zone)s has no %(time)s on that day: clocks are put forward. Write %(after)s or another time.")
        return No(sentence % {"time": f"{local:%H:%M}", "zone": zone_name, "after": f"{after:%H:%M}"}, "gap")
    return Moment(last if second else first, first != last)


def local(at: datetime.datetime | None, zone_name: str) -> datetime.datetime | None:
    """Return the local time of a moment in a zone, without its zone, as a form shows it."""
    return at.astimezone(zoneinfo.ZoneInfo(zone_name)).replace(tzinfo=None) if at else None
