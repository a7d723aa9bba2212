"""What rows of several kinds have in common."""

import datetime
import re
from typing import Any

from plenara.archive.bundle.checking.contributions import CODE, code_of
from plenara.archive.bundle.checking.fields import Row, present
from plenara.core.vocabulary import country_names

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
    return present(
        number=row.integer("number", least=1, required=True),
        status=status,
        published_at=row.moment("published_at", required=True),
        changed_at=row.moment("changed_at"),
        revision=row.integer("revision", most=1_000_000),
    )


def stub(row: Row) -> dict[str, Any]:
    """Return what is left of a gone entry. Whatever else stands on the row is dropped unread."""
    return present(reason=row.code("reason", CODE, 40, code_of(40)), gone_at=row.moment("gone_at", required=True))
