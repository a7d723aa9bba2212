"""A page of the directory's lists: the parameters of its address, the choices of its form, and the results."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields, replace

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.core import database
from plenara.core.text import number_in
from plenara.core.vocabulary import StakeholderGroup, country_choices, country_names, language_name
from plenara.directory import collation
from plenara.directory.models import Kind, Listing, Mark, Place, Progress
from plenara.directory.queries import lookup
from plenara.directory.queries.lookup import BROADER, region_choices
from plenara.themes.queries import MOST_OFFERED, with_narrower
from plenara.themes.queries import choices as theme_choices


def occurring_letters(kind: str, language: str) -> set[str]:
    """Return the letters under which listings of a kind are listed, for readers of a language. One query."""
    return database.occurring_values(Place._meta.db_table, "initial", of=kind, language=language)


def occurring_values(kind: str, what: str) -> set[str]:
    """Return the values of a kind of mark that listings have. One query."""
    return database.occurring_values(Mark._meta.db_table, "value", of=kind, what=what)


_What = Mark.What
_CODE = re.compile(r"[A-Za-z0-9._-]{1,100}", re.ASCII)
_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}", re.ASCII)

#: The filters of each list, in the order of its form.
FILTERS = {
    Kind.ORGANIZATION: (_What.THEME, _What.COUNTRY, _What.REGION, _What.GROUP, _What.LANGUAGE),
    Kind.PERSON: (_What.THEME, _What.COUNTRY, _What.REGION, _What.GROUP, _What.LANGUAGE, _What.ORGANIZATION),
    Kind.PROJECT: (_What.THEME, _What.COUNTRY, _What.REGION, _What.STATE, _What.LANGUAGE, _What.ORGANIZATION),
}


#: The parameters of a list and of its other forms.
PARAMETERS = ("theme", "country", "region", "group", "language", "state", "organization", "letter")


@dataclass(frozen=True)
class ListFilters:
    """The filters that are set, and the letter."""

    theme: str = ""
    country: str = ""
    region: str = ""
    group: str = ""
    language: str = ""
    state: str = ""
    organization: str = ""  # number of an organization that it belongs to
    letter: str = ""

    @property
    def fields(self) -> dict[str, str]:
        """The parameters, in the canonical order of an address."""
        return {each.name: value for each in fields(self) if (value := getattr(self, each.name))}

    @property
    def filters(self) -> dict[str, str]:
        """The filters, without the letter."""
        return {name: value for name, value in self.fields.items() if name != "letter"}

    def address(self, **changes: object) -> str:
        """Return the query string with changes; a blank value removes its name."""
        parameters = {**self.fields, **{name: str(value) if value else "" for name, value in changes.items()}}
        return urlencode({name: value for name, value in parameters.items() if value})

    def without(self, name: str) -> "ListFilters":
        """Return the same without one of its filters."""
        return replace(self, **{name: ""})

    def marks(self) -> dict[str, list[str]]:
        """Return the required marks: of each kind one of these values. Three queries at most."""
        values = {name: [value] for name, value in self.filters.items()}
        if self.theme:
            values[_What.THEME] = with_narrower(self.theme)
        if self.organization:
            found = lookup.organization(int(self.organization))
            numbers = lookup.numbers_of(found) if found else [int(self.organization)]
            values[_What.ORGANIZATION] = [str(each) for each in numbers]
        return values


def list_filters(query: QueryDict, kind: str, language: str) -> ListFilters:
    """Return the parameters of an address."""
    offered = FILTERS[Kind(kind)]
    letter = query.get("letter", "")
    found = {name: check(query.get(name, "")) for name, check in _CHECKS.items() if name in offered}
    is_letter = letter in collation.LETTERS[language] or letter in (collation.DIGITS, collation.OTHER)
    return ListFilters(**found, letter=letter if is_letter else "")


def _organization(given: str) -> str:
    number = number_in(given)
    return str(number) if 0 < number < 1 << 31 else ""


_CHECKS = {
    _What.THEME.value: lambda given: given if _CODE.fullmatch(given) else "",
    _What.COUNTRY.value: lambda given: given if given in country_names("en") else "",
    _What.REGION.value: lambda given: given if given in BROADER else "",
    _What.GROUP.value: lambda given: given if given in StakeholderGroup.values else "",
    _What.LANGUAGE.value: lambda given: given if _TAG.fullmatch(given) else "",
    _What.STATE.value: lambda given: given if given in Progress.values else "",
    _What.ORGANIZATION.value: _organization,
}


type Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Field:
    """A choice of the form. `text` is the label of the empty choice."""

    name: str
    label: str
    text: str
    choices: Pairs
    value: str


@dataclass(frozen=True)
class Chosen:
    """A filter that is set and its label, with the address without it."""

    label: str
    text: str
    without: str


@dataclass(frozen=True)
class Letter:
    """A letter of the alphabet bar."""

    text: str
    query: str
    is_chosen: bool


def form_fields(kind: str, wanted: ListFilters) -> list[Field]:
    """Return the choices of the form: of countries, regions and languages only those that occur. Four queries."""
    offered = {
        _What.THEME: (pgettext("label", "Theme"), pgettext("label", "All themes"), _themes(wanted)),
        _What.COUNTRY: (pgettext("label", "Country"), pgettext("label", "All countries"), _countries(kind, wanted)),
        _What.REGION: (pgettext("label", "Region"), _("All regions"), _regions(kind, wanted)),
        _What.GROUP: (
            pgettext("label", "Stakeholder group"),
            pgettext("label", "All stakeholder groups"),
            _pairs(StakeholderGroup.choices),
        ),
        _What.STATE: (pgettext("of a project", "State"), pgettext("of a project", "All states"), _progress()),
        _What.LANGUAGE: (pgettext("label", "Language"), pgettext("label", "All languages"), _languages(kind, wanted)),
    }
    return [
        Field(name, label, text, choices, wanted.fields.get(name, ""))
        for name in FILTERS[kind]  # type: ignore[index]
        if name in offered
        for label, text, choices in [offered[name]]
        if choices
    ]


def chosen(wanted: ListFilters, offered: Iterable[Field]) -> list[Chosen]:
    """Return the filter that the form does not show: the organization. A query, if there is one."""
    if not wanted.organization:
        return []
    number = int(wanted.organization)
    named = lookup.named([number]).get(number)
    name = named.name if named else wanted.organization
    return [Chosen(pgettext("label", "Organization"), name, wanted.without("organization").address())]


def letters(wanted: ListFilters, there: Iterable[str], language: str) -> list[Letter]:
    """Return the letters under which there are listings, in alphabetical order."""
    found = set(there)
    order = (collation.DIGITS, *collation.LETTERS[language], collation.OTHER)
    return [Letter(each, wanted.address(letter=each), each == wanted.letter) for each in order if each in found]


def _themes(wanted: ListFilters) -> Pairs:
    return theme_choices(most=MOST_OFFERED, also=[wanted.theme])


def _countries(kind: str, wanted: ListFilters) -> Pairs:
    there = occurring_values(kind, _What.COUNTRY) | ({wanted.country} - {""})
    return [(code, name) for code, name in country_choices() if code in there]


def _regions(kind: str, wanted: ListFilters) -> Pairs:
    there = occurring_values(kind, _What.REGION) | ({wanted.region} - {""})
    return [(code, name) for code, name in region_choices() if code in there]


def _languages(kind: str, wanted: ListFilters) -> Pairs:
    there = occurring_values(kind, _What.LANGUAGE) | ({wanted.language} - {""})
    return sorted(((code, language_name(code)) for code in there), key=lambda pair: pair[1].casefold())


def _progress() -> Pairs:
    return _pairs(Progress.choices)


def _pairs(pairs: Iterable[tuple[str, object]]) -> Pairs:
    return [(value, str(label)) for value, label in pairs]


PAGE = 30
#: Listings that a filter may leave so that they are looked up one by one.
FEW = 1_000
#: Up to here listings are counted; beyond, a page shows that there are more.
MOST_COUNTED = 10_000
#: Listings in memory at a time, where all are listed.
CHUNK = 200


@dataclass
class ListPage:
    """One page of a list."""

    places: list[Place]  # each with its listing
    letters: set[str]  # under which there are listings
    total: int | None  # nothing where it is not counted
    is_more: bool = False  # there are more than `total`
    previous: int | None = None  # numbers of the listings with which the pages before and after begin
    next: int | None = None
    is_first: bool = True


@dataclass
class _Matching:
    """The places that match, and how to find them."""

    kind: str
    language: str
    wanted: ListFilters
    few: set[int] | None = None  # the listings, where they are few; or the remaining conditions
    broad: list[Exists] = field(default_factory=list)

    def places(self, *, letter: bool = True) -> QuerySet[Place]:
        found = Place.objects.filter(*self.broad, language=self.language)
        # With their kind too, a database might read all of that kind instead of looking up the few.
        found = found.filter(of=self.kind) if self.few is None else found.filter(listing__in=sorted(self.few))
        if letter and self.wanted.letter:
            found = found.filter(initial=self.wanted.letter)
        return found


def list_page(kind: str, wanted: ListFilters, language: str, start: int = 0) -> ListPage:
    """Return the page that begins with the listing of number `start`, or the first one. A fixed number of queries."""
    found = _matching(kind, wanted, language)
    places = found.places()
    begins = _position(kind, language, start)
    rows = list(_ordered(places.filter(_from(begins)))[: PAGE + 1])
    if begins is not None and not rows:
        begins, rows = None, list(_ordered(places)[: PAGE + 1])  # the listing is gone
    total, is_more = _total(found)
    page = ListPage(rows[:PAGE], _letters(found), total, is_more, is_first=begins is None)
    if begins is not None:
        before = _ordered(places.filter(_before(begins)), backwards=True).values_list("listing__number", flat=True)
        page.previous = next(reversed(before[:PAGE]), None)
        page.is_first = page.previous is None
    if len(rows) > PAGE:
        page.next = rows[PAGE].listing.number
    return page


def everything(kind: str, wanted: ListFilters, language: str) -> Iterator[Listing]:
    """Yield all listings that match, in alphabetical order; some hundred in memory at a time."""
    places = _matching(kind, wanted, language).places()
    begins: tuple[bytes, int] | None = None
    while rows := list(_ordered(places.filter(_after(begins)))[:CHUNK]):
        yield from (each.listing for each in rows)
        begins = bytes(rows[-1].sort_key), rows[-1].listing_id


def newest(kind: str, wanted: ListFilters, language: str, limit: int) -> list[Listing]:
    """Return the listings that match and were published last."""
    found = _matching(kind, wanted, language)
    rows = Listing.objects.filter(of=kind, state="published", archived_at=None, merged_into=None)
    if found.few is not None or found.wanted.letter:
        rows = rows.filter(pk__in=found.places().values("listing"))
    else:
        rows = rows.filter(*(_exists(what, values, "pk") for what, values in wanted.marks().items()))
    return list(rows.order_by("-number")[:limit])


def belonging(kind: str, numbers: Iterable[int], language: str, limit: int) -> list[Listing]:
    """Return the first listings that belong to an organization, by all numbers that it is known by. Two queries."""
    values = [str(each) for each in numbers]
    what = Mark.What.ORGANIZATION
    marked = Mark.objects.filter(of=kind, what=what, value__in=values)
    ids = set(marked.values_list("listing", flat=True)[: FEW + 1])
    places = Place.objects.filter(language=language)
    if len(ids) <= FEW:
        places = places.filter(listing__in=sorted(ids))
    else:
        places = places.filter(_exists(what, values, "listing"), of=kind)
    return [each.listing for each in _ordered(places)[:limit]]


def _matching(kind: str, wanted: ListFilters, language: str) -> _Matching:
    """Find out which filters leave few. A query for each filter that is set."""
    found = _Matching(kind, language, wanted)
    for what, values in wanted.marks().items():
        marked = Mark.objects.filter(of=kind, what=what, value__in=values)
        ids = list(marked.values_list("listing", flat=True)[: FEW + 1])
        if len(ids) <= FEW:
            found.few = set(ids) if found.few is None else found.few & set(ids)
        else:
            found.broad.append(_exists(what, values, "listing"))
    return found


def _exists(what: str, values: list[str], key: str) -> Exists:
    return Exists(Mark.objects.filter(listing=OuterRef(key), what=what, value__in=values))


def _ordered(places: QuerySet[Place], *, backwards: bool = False) -> QuerySet[Place]:
    order = ("-sort_key", "-listing_id") if backwards else ("sort_key", "listing_id")
    return places.select_related("listing").order_by(*order)


type _Position = tuple[bytes, int]


def _position(kind: str, language: str, number: int) -> _Position | None:
    """Return where a listing stands; nothing of one that stands nowhere."""
    if not number:
        return None
    place = Place.objects.filter(language=language, listing__of=kind, listing__number=number).first()
    return (bytes(place.sort_key), place.listing_id) if place else None


# The first condition alone is a range of the index; the second sets those with equal keys apart.


def _from(begins: _Position | None) -> Q:
    if begins is None:
        return Q()
    key, listing = begins
    return Q(sort_key__gte=key) & (Q(sort_key__gt=key) | Q(listing_id__gte=listing))


def _after(begins: _Position | None) -> Q:
    if begins is None:
        return Q()
    key, listing = begins
    return Q(sort_key__gte=key) & (Q(sort_key__gt=key) | Q(listing_id__gt=listing))


def _before(begins: _Position) -> Q:
    key, listing = begins
    return Q(sort_key__lte=key) & (Q(sort_key__lt=key) | Q(listing_id__lt=listing))


def _letters(found: _Matching) -> set[str]:
    """Return the letters under which something matches; where many listings match, under which anything stands."""
    if found.few is None:
        return occurring_letters(found.kind, found.language)
    return set(found.places(letter=False).values_list("initial", flat=True).order_by().distinct())


def _total(found: _Matching) -> tuple[int | None, bool]:
    if found.few is None and found.broad:
        # How many pass a broad filter is known as far as they were looked up; of several together it is not.
        alone = len(found.broad) == 1 and not found.wanted.letter
        return (FEW, True) if alone else (None, False)
    if found.few is not None and not found.broad and not found.wanted.letter:
        return len(found.few), False
    total = found.places()[: MOST_COUNTED + 1].count()
    return min(total, MOST_COUNTED), total > MOST_COUNTED
