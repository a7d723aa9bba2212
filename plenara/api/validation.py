"""The parameters of an address: known ones are validated, an invalid value is refused with a sentence; the page of a
list, found by key and never by offset.
"""

import datetime
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Model, QuerySet
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from plenara.api import problems
from plenara.core.text import clean_line

#: The largest number that both databases take.
MOST = 2_147_483_647
_NUMBER = re.compile(r"[1-9][0-9]{0,18}|0", re.ASCII)
_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}", re.ASCII)
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
_SLUG = re.compile(r"[A-Za-z0-9_-]{1,80}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_PLACE = re.compile(r"[0-9]{8}T[0-9]{12}-e[0-9]{1,18}", re.ASCII)
# A `+` that was not encoded arrives as a space.
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?)(?:([Zz])|([+ -])([0-9]{2}:[0-9]{2}))",
    re.ASCII,
)


#: Rows of a page by default, and at most.
FEW, MANY = 50, 100
#: Rows that a filtered page looks at.
LOOKED_AT = 10_000


class Parameters:
    """The parameters of a request. Each method returns a validated value, or `None` where it was not given."""

    def __init__(self, query: MultiValueDict[str, str]):
        self._query = query
        #: The parameters in the order of reading: an answer depends on them, and repeats them.
        self.given: dict[str, str] = {}

    def _one(self, name: str) -> str | None:
        given = self._query.getlist(name)
        if len(given) > 1:
            raise problems.bad(name, _("Give the parameter %(name)s only once.") % {"name": name})
        if not given:
            return None
        self.given[name] = given[0]
        return given[0]

    def number(self, name: str, *, least: int = 0, most: int = MOST) -> int | None:
        """Return a whole number."""
        value = self._one(name)
        if value is None:
            return None
        if not _NUMBER.fullmatch(value) or not least <= int(value) <= most:
            sentence = _("The parameter %(name)s takes a whole number from %(least)d to %(most)d.")
            raise problems.bad(name, sentence % {"name": name, "least": least, "most": most})
        return int(value)

    def limit(self, usual: int = FEW) -> int:
        """Return how many rows a page has."""
        return self.number("limit", least=1, most=MANY) or usual

    def choice(self, name: str, values: Iterable[str]) -> str | None:
        """Return one of some words."""
        value, offered = self._one(name), list(values)
        if value is not None and value not in offered:
            sentence = _("The parameter %(name)s takes one of these: %(values)s.")
            raise problems.bad(name, sentence % {"name": name, "values": ", ".join(offered)})
        return value

    def language(self, name: str) -> str | None:
        """Return a language tag."""
        sentence = _("The parameter %(name)s takes a language tag, such as fr or pt-BR.")
        return self._matching(name, _TAG, sentence)

    def country(self, name: str) -> str | None:
        """Return a country's code."""
        sentence = _("The parameter %(name)s takes the two capital letters of a country (ISO 3166-1), such as ML.")
        return self._matching(name, _COUNTRY, sentence)

    def slug(self, name: str) -> str | None:
        """Return the slug of a consultation."""
        sentence = _(
            "The parameter %(name)s takes the last part of a consultation’s web address: letters, digits and hyphens."
        )
        return self._matching(name, _SLUG, sentence)

    def place(self, name: str) -> str | None:
        """Return the key of a calendar's next page."""
        sentence = _(
            "Do not set the parameter %(name)s yourself. Follow the web address in “next” of the previous response."
        )
        return self._matching(name, _PLACE, sentence)

    def words(self, name: str, most: int) -> str | None:
        """Return typed text, on one line; blank where nothing of it is printable."""
        value = self._one(name)
        if value is not None and len(value) > most:
            sentence = _("The parameter %(name)s takes at most %(most)d characters.")
            raise problems.bad(name, sentence % {"name": name, "most": most})
        return None if value is None else clean_line(value.replace("\x00", " "))

    def day(self, name: str) -> datetime.date | None:
        """Return a day."""
        value = self._one(name)
        if value is None:
            return None
        try:
            if not _DAY.fullmatch(value):
                raise ValueError(value)
            return datetime.date.fromisoformat(value)
        except ValueError as error:
            sentence = _("The parameter %(name)s takes a date, such as 2026-03-31.")
            raise problems.bad(name, sentence % {"name": name}) from error

    def _matching(self, name: str, pattern: re.Pattern[str], sentence: str) -> str | None:
        value = self._one(name)
        if value is not None and not pattern.fullmatch(value):
            raise problems.bad(name, sentence % {"name": name})
        return value

    def moment(self, name: str, *, is_end: bool = False) -> datetime.datetime | None:
        """Return a moment; for a day its beginning, or its last microsecond (UTC)."""
        value = self._one(name)
        if value is None:
            return None
        try:
            return _end_of(value) if is_end and _DAY.fullmatch(value) else _moment(value)
        except (ValueError, OverflowError) as error:
            sentence = _(
                "The parameter %(name)s takes a date, such as 2026-03-31, or a date and time with a time zone, such as "
                "2026-03-31T18:00:00Z."
            )
            raise problems.bad(name, sentence % {"name": name}) from error


def _moment(value: str) -> datetime.datetime:
    if _DAY.fullmatch(value):
        return datetime.datetime.fromisoformat(value).replace(tzinfo=datetime.UTC)
    found = _MOMENT.fullmatch(value)
    if found is None:
        raise ValueError(value)
    moment, _utc, sign, offset = found.groups()
    zone = f"{sign.replace(' ', '+')}{offset}" if offset else "+00:00"
    return datetime.datetime.fromisoformat(f"{moment}{zone}").astimezone(datetime.UTC)


def _end_of(day: str) -> datetime.datetime:
    return datetime.datetime.combine(_moment(day), datetime.time.max, datetime.UTC)


@dataclass(frozen=True)
class PageRequest:
    """The requested part of a list."""

    after: int | None
    limit: int
    newest: bool = False

    @property
    def order(self) -> str:
        return "-number" if self.newest else "number"

    def beyond(self) -> dict[str, int]:
        """The condition of the following rows."""
        if self.after is None:
            return {}
        return {"number__lt" if self.newest else "number__gt": self.after}


def page_request(parameters: Parameters, *, newest: bool = False) -> PageRequest:
    """Return the part in an address."""
    return PageRequest(parameters.number("after"), parameters.limit(), newest)


def part[M: Model](
    all_of_it: QuerySet[M],
    matching: QuerySet[M],
    page: PageRequest,
    read: Callable[[QuerySet[M]], QuerySet[M]] = lambda rows: rows,
) -> tuple[list[M], int | None]:
    """Return the rows of a part, and the number after which the next one begins, if there is one.

    `all_of_it` has an index by `number`; `matching` is the filtered queryset, or the same without filters; `read` adds
    the related rows. Two queries and those of `read`, and one more where it is filtered.
    """
    last: int | None = None
    rest = matching.filter(**page.beyond())
    if matching is not all_of_it:
        numbers = all_of_it.filter(**page.beyond()).order_by(page.order).values_list("number", flat=True)
        last = next(iter(numbers[LOOKED_AT - 1 : LOOKED_AT]), None)
        if last is not None:
            rest = rest.filter(**{"number__gte" if page.newest else "number__lte": last})
    # First the keys, then the rows: without statistics of a new table PostgreSQL would join all of it.
    keys = list(rest.order_by(page.order).values_list("pk", "number")[: page.limit + 1])
    if len(keys) > page.limit:
        keys = keys[: page.limit]
        last = keys[-1][1]
    found = read(all_of_it.model._default_manager.filter(pk__in=[pk for pk, _number in keys]))
    return list(found.order_by(page.order)), last
