"""The calendar as readers ask for it: the filters of its address, the choices of its form, and its lines page by page,
in the order of their start.
"""

import datetime
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.consultations.models import Consultation, State
from plenara.consultations.presenters.wording import city
from plenara.core import clock
from plenara.core.clock import zone_names
from plenara.core.database import occurring_values
from plenara.core.languages import in_language
from plenara.core.prepared import prepared
from plenara.core.vocabulary import country_name, country_names, language_name
from plenara.directory.models import Kind, Listing
from plenara.directory.queries import lookup as directory
from plenara.directory.queries.lists import Chosen, Field
from plenara.events.models import EventMark, Occurrence
from plenara.themes import queries as themes

#: Lines of a page.
PAGE = 25
#: A longer date counts as coming for so long only: it bounds what is read to find current events.
LONGEST = datetime.timedelta(days=92)
#: Months that have a page of their own.
FIRST_YEAR, LAST_YEAR = 1990, 2100

_What, _MARKS = EventMark.What, EventMark._meta.db_table
#: The first of these filters is looked up, the others are checked on its results: the rarest first.
_RAREST_FIRST = (_What.ORGANIZATION, _What.CONSULTATION, _What.THEME, _What.LANGUAGE, _What.COUNTRY)


@dataclass(frozen=True)
class Filters:
    """The filters of a calendar. Empty: everything."""

    theme: str = ""
    country: str = ""
    language: str = ""
    consultation: str = ""  # slug
    organization: str = ""  # number
    #: The theme and all that it includes; the numbers of the organization and of those that were merged into it.
    themes: tuple[str, ...] = field(default=(), compare=False)
    organizations: tuple[str, ...] = field(default=(), compare=False)

    @property
    def given(self) -> dict[str, str]:
        """The filters that are set, by parameter name, always in one order."""
        names = ("theme", "country", "language", "consultation", "organization")
        return {name: value for name in names if (value := getattr(self, name))}

    @property
    def query(self) -> str:
        """The same as a query string."""
        return urlencode(self.given)

    @property
    def marks(self) -> list[tuple[str, tuple[str, ...]]]:
        """The marks by which a date is found: of each kind one of the values."""
        values: dict[str, tuple[str, ...]] = {name: (value,) for name, value in self.given.items()}
        if self.theme and self.themes:
            values["theme"] = self.themes
        if self.organization and self.organizations:
            values["organization"] = self.organizations
        return [(str(what), values[what]) for what in _RAREST_FIRST if what in values]

    @property
    def has_deadlines(self) -> bool:
        """Whether it includes the dates of consultations: they have no country, no organizer, no theme."""
        return not set(self.given) - {"consultation"}


class Key(NamedTuple):
    """The position of a line in the order of the calendar."""

    at: datetime.datetime
    rank: int  # a date of an event, an opening, a closing
    id: int

    def __str__(self) -> str:
        return f"{self.at:%Y%m%dT%H%M%S%f}-{'eoc'[self.rank]}{self.id}"


_KEY = re.compile(r"(\d{8}T\d{12})-([eoc])(\d{1,18})")


def key_of(written: str) -> Key | None:
    """Return the key of a parameter; None where it is not a key."""
    if not (found := _KEY.fullmatch(written)):
        return None
    try:
        at = datetime.datetime.strptime(found[1], "%Y%m%dT%H%M%S%f").replace(tzinfo=datetime.UTC)
    except ValueError:
        return None
    return Key(at, "eoc".index(found[2]), int(found[3]))


@dataclass(frozen=True)
class Deadline:
    """The moment at which a consultation opens or closes, as a line of the calendar."""

    consultation: Consultation
    at: datetime.datetime
    is_closing: bool

    @property
    def key(self) -> Key:
        return Key(self.at, 2 if self.is_closing else 1, self.consultation.pk)


class Dated(NamedTuple):
    """A line of the calendar: its position, and its date or deadline."""

    key: Key
    what: Occurrence | Deadline


@dataclass(frozen=True)
class Span:
    """A part of the calendar."""

    first: datetime.datetime | None = None  # beginnings from here
    last: datetime.datetime | None = None  # to before here
    ends_after: datetime.datetime | None = None
    ends_until: datetime.datetime | None = None
    local: tuple[str, str] | None = None  # of dates at the place: on or after, and before
    newest_first: bool = False


def coming() -> Span:
    """Return current and coming events."""
    now = clock.now()
    return Span(first=now - LONGEST, ends_after=now)


def past() -> Span:
    """Return past events, the newest first."""
    now = clock.now()
    return Span(last=now, ends_until=now, newest_first=True)


def month(year: int, number: int) -> Span:
    """Return what takes place in a month, by the local calendar."""
    begins = datetime.datetime(year, number, 1, tzinfo=datetime.UTC)
    after = datetime.datetime(year + number // 12, number % 12 + 1, 1, tzinfo=datetime.UTC)
    day = datetime.timedelta(days=1)
    return Span(first=begins - LONGEST, last=after + day, local=(f"{begins:%Y-%m}", f"{after:%Y-%m}"))


@prepared
def _occurrences(keys: list[int]) -> QuerySet[Occurrence]:
    return Occurrence.objects.filter(pk__in=keys).select_related("event__prepares")


def lines(
    filters: Filters, span: Span, after: Key | None = None, *, limit: int = PAGE, deadlines: bool = True
) -> tuple[list[Dated], Key | None]:
    """Return a page of lines, and the key of its last one where there are more. Two queries, and two for deadlines."""
    ids = list(_ids(filters, span, after)[: limit + 1])
    rows = _occurrences([each[1] for each in ids])
    found = [Dated(Key(each.starts_at, 0, each.pk), each) for each in rows]
    if deadlines and filters.has_deadlines:
        found += [Dated(each.key, each) for each in _deadlines(filters, span, after, limit + 1)]
    found.sort(key=lambda each: each.key, reverse=span.newest_first)
    return found[:limit], found[limit - 1].key if len(found) > limit else None


def dates(filters: Filters) -> QuerySet[Occurrence]:
    """Return every date of a calendar with its event, from the earliest to the last."""
    found = Occurrence.objects.filter(is_shown=True)
    for what, values in filters.marks:
        found = found.filter(Exists(_marks(what, values).filter(occurrence=OuterRef("pk"))))
    return found.order_by("starts_at", "pk")


def latest(filters: Filters, most: int) -> QuerySet[Occurrence]:
    """Return the same, but only the last `most` of them. One query."""
    found = dates(filters)
    first = found.reverse().values_list("starts_at", "pk")[most - 1 : most].first()
    if first is None:
        return found
    at, pk = first
    return found.filter(Q(starts_at__gt=at) | Q(starts_at=at, pk__gte=pk))


def _marks(what: str, values: tuple[str, ...]) -> QuerySet[EventMark]:
    # A single value is an equality: then the index has the order too.
    return EventMark.objects.filter(what=what, **({"value": values[0]} if len(values) == 1 else {"value__in": values}))


def _ids(filters: Filters, span: Span, after: Key | None) -> QuerySet[Model, tuple[datetime.datetime, int]]:
    """Return beginnings and ids of dates, in order."""
    marks = filters.marks
    to, pk = ("occurrence__", "occurrence_id") if marks else ("", "pk")
    found: QuerySet = _marks(*marks[0]) if marks else Occurrence.objects.filter(is_shown=True)
    for what, values in marks[1:]:
        found = found.filter(Exists(_marks(what, values).filter(occurrence=OuterRef("occurrence"))))
    found = found.filter(_within(span, to))
    if after:
        way = "lt" if span.newest_first else "gt"
        further = Q(**{f"starts_at__{way}": after.at})
        if after.rank == 0 or span.newest_first:
            # Among lines of one moment those of events come first; in reverse order they come last.
            same = {} if after.rank else {f"{pk}__{way}": after.id}
            further |= Q(starts_at=after.at, **same)
        found = found.filter(further)
    order = ["-starts_at", f"-{pk}"] if span.newest_first else ["starts_at", pk]
    listed = found.order_by(*order).values_list("starts_at", pk)
    # A date can have several of the themes that a theme includes.
    return listed.distinct() if marks and len(marks[0][1]) > 1 else listed


def _within(span: Span, to: str) -> Q:
    within = Q()
    if span.first:
        within &= Q(starts_at__gte=span.first)
    if span.last:
        within &= Q(starts_at__lt=span.last)
    if span.ends_after:
        within &= Q(ends_at__gt=span.ends_after)
    if span.ends_until:
        within &= Q(ends_at__lte=span.ends_until)
    if span.local:
        start, before = span.local
        within &= Q(**{f"{to}ends_local__gte": start, f"{to}starts_local__lt": before})
    return within


def deadlines(filters: Filters) -> Iterator[Deadline]:
    """Yield the openings and closings that belong in a calendar, in no order."""
    if not filters.has_deadlines:
        return
    found = Consultation.objects.exclude(stage=State.DRAFT)
    if filters.consultation:
        found = found.filter(slug=filters.consultation)
    for each in found.exclude(opens_at=None, closes_at=None).prefetch_related("extensions").order_by("pk"):
        if each.opens_at:
            yield Deadline(each, each.opens_at, is_closing=False)
        if each.closes_at:
            yield Deadline(each, each.closes_at, is_closing=True)


def _deadlines(filters: Filters, span: Span, after: Key | None, limit: int) -> Iterator[Deadline]:
    first, last = span.ends_after or span.first, span.last
    if span.local:
        year, number = map(int, span.local[0].split("-"))
        first, last = month(year, number).first, month(year, number).last
    for name in ("opens_at", "closes_at"):
        found = Consultation.objects.exclude(stage=State.DRAFT).exclude(**{name: None})
        if filters.consultation:
            found = found.filter(slug=filters.consultation)
        if first:
            found = found.filter(**{f"{name}__gte": first})
        if last:
            found = found.filter(**{f"{name}__lt": last})
        if after:
            found = found.filter(**{f"{name}__{'lte' if span.newest_first else 'gte'}": after.at})
        # A few more than are shown, since those at the very moment of the last page are filtered out below.
        for each in found.order_by(f"-{name}" if span.newest_first else name, "pk")[: limit + PAGE]:
            one = Deadline(each, getattr(each, name), is_closing=name == "closes_at")
            if _belongs(one, span, after):
                yield one


def _belongs(one: Deadline, span: Span, after: Key | None) -> bool:
    if after and (one.key >= after if span.newest_first else one.key <= after):
        return False
    if span.local:
        return span.local[0] <= f"{one.at.astimezone(one.consultation.zone):%Y-%m-%dT%H:%M}" < span.local[1]
    return True


#: The choices without a script: about one place for each zone in which many people live.
OFFERED_ZONES = (
    "UTC", "Africa/Abidjan", "Africa/Cairo", "Africa/Casablanca", "Africa/Johannesburg", "Africa/Lagos",
    "Africa/Nairobi", "Africa/Tunis", "America/Bogota", "America/Chicago", "America/Denver", "America/Halifax",
    "America/Los_Angeles", "America/Mexico_City", "America/New_York", "America/Santiago", "America/Sao_Paulo",
    "Asia/Baghdad", "Asia/Bangkok", "Asia/Dhaka", "Asia/Dubai", "Asia/Jakarta", "Asia/Karachi", "Asia/Kathmandu",
    "Asia/Kolkata", "Asia/Manila", "Asia/Seoul", "Asia/Shanghai", "Asia/Tehran", "Asia/Tokyo", "Asia/Yangon",
    "Australia/Adelaide", "Australia/Perth", "Australia/Sydney", "Europe/Istanbul", "Europe/London", "Europe/Moscow",
    "Europe/Paris", "Pacific/Apia", "Pacific/Auckland", "Pacific/Honolulu",
)  # fmt: skip

_REGIONS = frozenset(
    ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
)


@functools.cache
def _known_zones() -> frozenset[str]:
    return frozenset(["UTC", *(name for name in zone_names() if name.partition("/")[0] in _REGIONS and "/" in name)])


def reader_zone(name: str) -> str:
    """Return the zone of a parameter, or nothing where pages do not know it.

    Only names of places on the IANA list are valid: so there are no more forms of a page than there are places.
    """
    return name if name in _known_zones() else ""


def zone_choices(chosen: str) -> list[tuple[str, str]]:
    """Return the zones of a form with the names of their places, by name; the chosen one among them."""
    names = {*OFFERED_ZONES[1:], chosen} - {"", "UTC"}
    return [("UTC", "UTC"), *sorted(((each, city(each)) for each in names), key=lambda each: each[1])]


#: Consultations that the form offers, the newest.
MOST_CHOICES = 100
#: The parameters of its filters, and those of a page of it.
FILTER_PARAMETERS = ("theme", "organization", "country", "language", "consultation")
PAGE_PARAMETERS = (*FILTER_PARAMETERS, "tz", "from")
_SLUG = re.compile(r"[-a-zA-Z0-9_]{1,80}")


def filters_of(query: QueryDict) -> Filters:
    """Return the filters of an address. A query for each that must be looked up."""
    theme = query.get("theme", "")
    included: tuple[str, ...] = ()
    if theme.isprintable() and 0 < len(theme) <= 100 and themes.known([theme]):
        included = tuple(themes.with_narrower(theme))
    number, organizations = _organization_named(query.get("organization", ""))
    country, language = query.get("country", ""), query.get("language", "")
    return Filters(
        theme=theme if included else "",
        country=country if country in country_names("en") else "",
        language=language if language_name(language, "en") != language else "",
        consultation=_consultation_named(query.get("consultation", "")),
        organization=number,
        themes=included,
        organizations=organizations,
    )


def _consultation_named(slug: str) -> str:
    if not _SLUG.fullmatch(slug):
        return ""
    return slug if Consultation.objects.filter(slug=slug).exclude(stage=State.DRAFT).exists() else ""


def _organization_named(number: str) -> tuple[str, tuple[str, ...]]:
    """Return the number of an organization (of the one it was merged into), and all that it has had."""
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return "", ()
    found = directory.organization(int(number))
    if found is None or found.number is None:
        return "", ()
    return str(found.number), tuple(str(each) for each in directory.family(found).values())


@dataclass(frozen=True)
class CalendarRequest:
    """The parameters of a page of the calendar."""

    filters: Filters
    zone: str = ""
    after: Key | None = None

    @property
    def query(self) -> str:
        """The query string that stays the same from page to page, with its question mark."""
        parameters = {**self.filters.given, **({"tz": self.zone} if self.zone else {})}
        return f"?{urlencode(parameters)}" if parameters else ""

    def onward(self, key: Key) -> str:
        """Return the query string of the page after a line."""
        return f"{self.query}{'&' if self.query else '?'}from={key}"


def request_of(query: QueryDict) -> CalendarRequest:
    """Return the parameters of an address."""
    return CalendarRequest(filters_of(query), reader_zone(query.get("tz", "")), key_of(query.get("from", "")))


def filter_choices(it: CalendarRequest) -> list[Field]:
    """Return the form's choices: of long lists, only what occurs. Four queries."""
    filters = it.filters
    offered = [
        Field(
            "theme", pgettext("label", "Theme"), pgettext("label", "All themes"), _themes(filters.theme), filters.theme
        ),
        Field(
            "country",
            pgettext("label", "Country"),
            pgettext("label", "All countries"),
            _countries(filters.country),
            filters.country,
        ),
        Field(
            "language",
            pgettext("label", "Language"),
            pgettext("label", "All languages"),
            _languages(filters.language),
            filters.language,
        ),
        Field(
            "consultation",
            pgettext("label", "Consultation"),
            pgettext("label", "All consultations"),
            _consultations(),
            filters.consultation,
        ),
        Field("tz", _("Also show times in"), "", zone_choices(it.zone), it.zone or "UTC"),
    ]
    return [each for each in offered if each.choices]


def chosen_organization(it: CalendarRequest) -> Chosen | None:
    """Return the organization that is filtered by. One query, where there is one."""
    number = it.filters.organization
    found = Listing.objects.filter(of=Kind.ORGANIZATION, number=int(number)).first() if number else None
    if found is None:
        return None
    left = {**it.filters.given, **({"tz": it.zone} if it.zone else {})}
    left.pop("organization")
    return Chosen(
        pgettext("label", "Organizer"), in_language(found.details.get("name")).text or number, f"?{urlencode(left)}"
    )


def _countries(chosen: str) -> list[tuple[str, str]]:
    found = {*occurring_values(_MARKS, "value", what=EventMark.What.COUNTRY), chosen} - {""}
    return sorted(((each, country_name(each)) for each in found), key=lambda each: each[1])


def _languages(chosen: str) -> list[tuple[str, str]]:
    found = {*occurring_values(_MARKS, "value", what=EventMark.What.LANGUAGE), chosen} - {""}
    return sorted(((each, language_name(each)) for each in found), key=lambda each: each[1])


def _consultations() -> list[tuple[str, str]]:
    found = Consultation.objects.exclude(stage=State.DRAFT).order_by("-opens_at", "-pk")[:MOST_CHOICES]
    return [(each.slug, in_language(each.title).text) for each in found]


def _themes(chosen: str) -> list[tuple[str, str]]:
    return themes.choices(most=themes.MOST_OFFERED, also=[chosen])
