"""A page of the directory's lists: in the order of the reader's alphabet, by what is asked for.

No page counts or reads all that there is. Where few listings pass a filter, those are looked up and put in order; where
all filters are broad, the alphabet is followed until a page is full. Pages begin at a listing, never at an offset.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, QuerySet

from plenara.directory import occurring
from plenara.directory.models import Listing, Mark, Place
from plenara.directory.wanted import Wanted

PAGE = 30
#: Listings that a filter may leave so that they are looked up one by one.
FEW = 1_000
#: Up to here listings are counted; beyond, a page says that there are more.
MOST_COUNTED = 10_000
#: Listings in memory at a time, where all are told.
CHUNK = 200


@dataclass
class ListPage:
    """One page of a list."""

    places: list[Place]  # each with its listing
    letters: set[str]  # under which there is something
    total: int | None  # nothing where it is not counted
    is_more: bool = False  # there are more than `total`
    previous: int | None = None  # numbers of the listings with which the pages before and after begin
    next: int | None = None
    is_first: bool = True


@dataclass
class _Matching:
    """The places that match, and how they are found."""

    kind: str
    language: str
    wanted: Wanted
    few: set[int] | None = None  # the listings, where they are few; or what else holds of them
    broad: list[Exists] = field(default_factory=list)

    def places(self, *, letter: bool = True) -> QuerySet[Place]:
        found = Place.objects.filter(*self.broad, language=self.language)
        # With their kind too, a database might read all of that kind instead of looking up the few.
        found = found.filter(of=self.kind) if self.few is None else found.filter(listing__in=sorted(self.few))
        if letter and self.wanted.letter:
            found = found.filter(initial=self.wanted.letter)
        return found


def list_page(kind: str, wanted: Wanted, language: str, start: int = 0) -> ListPage:
    """Return the page that begins with the listing of number `start`, or the first one. A fixed number of queries."""
    found = _matching(kind, wanted, language)
    places = found.places()
    begins = _position(kind, language, start)
    rows = list(_ordered(places.filter(_from(begins)))[: PAGE + 1])
    if begins is not None and not rows:
        begins, rows = None, list(_ordered(places)[: PAGE + 1])  # nothing stands there any more
    total, is_more = _total(found)
    page = ListPage(rows[:PAGE], _letters(found), total, is_more, is_first=begins is None)
    if begins is not None:
        before = _ordered(places.filter(_before(begins)), backwards=True).values_list("listing__number", flat=True)
        page.previous = next(reversed(before[:PAGE]), None)
        page.is_first = page.previous is None
    if len(rows) > PAGE:
        page.next = rows[PAGE].listing.number
    return page


def everything(kind: str, wanted: Wanted, language: str) -> Iterator[Listing]:
    """Yield all listings that match, in the order of the alphabet; some hundred in memory at a time."""
    places = _matching(kind, wanted, language).places()
    begins: tuple[bytes, int] | None = None
    while rows := list(_ordered(places.filter(_after(begins)))[:CHUNK]):
        yield from (each.listing for each in rows)
        begins = bytes(rows[-1].sort_key), rows[-1].listing_id


def newest(kind: str, wanted: Wanted, language: str, limit: int) -> list[Listing]:
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


def _matching(kind: str, wanted: Wanted, language: str) -> _Matching:
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
        return occurring.letters(found.kind, found.language)
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
