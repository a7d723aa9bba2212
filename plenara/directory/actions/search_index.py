"""What is derived from a listing's details: its positions in the alphabets, its marks, its words."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import batched

from django.db.models import QuerySet

from plenara.core.languages import CODES, FALLBACK, current, in_language
from plenara.core.life_cycle import State
from plenara.directory import collation
from plenara.directory.actions import entries
from plenara.directory.actions.entries import Handler, register_kind
from plenara.directory.models import CACHE_TAG, Kind, Listing, Mark, Place
from plenara.directory.presenters.wording import kind_names
from plenara.directory.queries import lookup
from plenara.directory.queries.lookup import regions_of, texts_of
from plenara.search.actions import index
from plenara.search.entries import Content, Found, register

_BATCH = 200


def findable() -> QuerySet[Listing]:
    """Return the listings that can be found: those in the lists."""
    return Listing.objects.filter(state=State.PUBLISHED, archived_at=None, merged_into=None)


def index_listings(listing_ids: Iterable[int]) -> None:
    """Index these listings, or remove them from the index. In the transaction that changes them."""
    for some in batched(listing_ids, _BATCH):
        index.lock_rows(Listing, some)
        index_rows(list(Listing.objects.filter(pk__in=some).order_by("pk")))


def index_rows(rows: Sequence[Listing], *, are_new: bool = False) -> None:
    """Index loaded listings, or remove them from the index. `are_new`: the index has none of them."""
    gone: dict[str, list[int]] = {}
    for each in rows:
        if not each.is_listed and not are_new:
            gone.setdefault(each.of, []).append(each.pk)
    for kind, ids in gone.items():
        index.take_out(kind, ids)
    index.put((_content(each) for each in rows if each.is_listed), are_new=are_new)


class Listings:
    """One of the three kinds of listings."""

    def __init__(self, code: str, number: int):
        self.code, self.number = code, number

    @property
    def name(self) -> str:
        return str(Kind(self.code).label)

    @property
    def names(self) -> str:
        return kind_names()[self.code]

    def keep(self, object_ids: Iterable[int]) -> None:
        """`keep`."""
        index_listings(object_ids)

    def everything(self) -> Iterator[Content]:
        """Yield all that the index should have."""
        last = 0
        while rows := list(findable().filter(of=self.code, pk__gt=last).order_by("pk")[:_BATCH]):
            yield from map(_content, rows)
            last = rows[-1].pk

    def found(self, object_ids: Iterable[int]) -> dict[int, Found]:
        """Return listings as a list shows them. One query."""
        rows = findable().filter(of=self.code, pk__in=list(object_ids))
        return {each.pk: _found(each) for each in rows}


def _content(listing: Listing) -> Content:

    details = listing.details
    names = details.get("title" if listing.of == Kind.PROJECT else "name", {})
    titles = [names] if isinstance(names, str) else list(names.values())
    texts = texts_of(listing)
    marks = marks_of(listing)
    language = lookup.name_of(listing, FALLBACK[0]).language or in_language(texts, FALLBACK[0]).language
    results = details.get("results", {}).values()
    return Content(
        kind=listing.of,
        object_id=listing.pk,
        at=listing.published_at,
        language=language,
        title=" · ".join(dict.fromkeys(filter(None, [*titles, details.get("acronym", "")]))),
        text="\n\n".join([*texts.values(), *results, *filter(None, [details.get("affiliation_name")])]),
        filters={
            "group": marks["group"],
            "country": marks["country"],
            "language": languages_of(listing),
            "theme": marks["theme"],
        },
    )


def _found(listing: Listing) -> Found:
    name = lookup.name_of(listing)
    text = in_language(texts_of(listing))
    acronym = listing.details.get("acronym", "")
    return Found(
        url=lookup.path_of(listing.of, listing.number or 0),
        symbol=acronym,
        title=name.text,
        text=text.text,
        language=(text.language if text.text else name.language) or current(),
        at=listing.published_at,
    )


ORGANIZATION, PERSON, PROJECT = (
    Listings(Kind.ORGANIZATION, 6),
    Listings(Kind.PERSON, 7),
    Listings(Kind.PROJECT, 8),
)
for _search_kind in (ORGANIZATION, PERSON, PROJECT):
    register(_search_kind)


_What = Mark.What


def update(listing: Listing) -> None:
    """Update a listing's positions, marks and words in the index."""
    update_all([listing])


def update_all(listings: Iterable[Listing], *, are_new: bool = False) -> None:
    """Update many at a time: a fixed number of queries for some hundred. `are_new`: nothing exists for them yet."""
    rows = list(listings)
    if not are_new:
        ids = [each.pk for each in rows]
        _delete(Place.objects.filter(listing__in=ids))
        _delete(Mark.objects.filter(listing__in=ids))
    listed = [each for each in rows if each.is_listed]
    Place.objects.bulk_create((place for each in listed for place in _places(each)), batch_size=500)
    Mark.objects.bulk_create((mark for each in listed for mark in _marks(each)), batch_size=500)
    index_rows(rows, are_new=are_new)
    entries.update_related(rows, are_new=are_new)


def _delete(rows: QuerySet[Place] | QuerySet[Mark]) -> None:
    # They have no dependent rows, so nothing needs to be read before they are deleted.
    rows._raw_delete(rows.db)


def _places(listing: Listing) -> Iterable[Place]:
    keys: dict[tuple[str, str], tuple[bytes, str]] = {}
    for language in CODES:
        name = lookup.name_of(listing, language).text
        # English and French have the same order.
        order = "en" if language == "fr" else language
        if (name, order) not in keys:
            keys[name, order] = collation.sort_key(name, order), collation.initial(name, order)
        key, initial = keys[name, order]
        yield Place(listing=listing, of=listing.of, language=language, sort_key=key, initial=initial)


def _marks(listing: Listing) -> Iterable[Mark]:
    for what, values in marks_of(listing).items():
        for value in dict.fromkeys(values):
            yield Mark(listing=listing, of=listing.of, what=what, value=value)


def marks_of(listing: Listing) -> dict[str, list[str]]:
    """Return the marks by which a listing is found: the values of each kind."""
    details = listing.details
    countries = details.get("countries") or [details[key] for key in ("country",) if details.get(key)]
    affiliated = [details["affiliation"]] if details.get("affiliation") else []
    return {
        _What.THEME: list(details.get("themes", [])),
        _What.COUNTRY: countries,
        _What.REGION: [region for country in countries for region in regions_of(country)],
        _What.GROUP: [details["group"]] if details.get("group") else [],
        _What.LANGUAGE: languages_of(listing),
        _What.ORGANIZATION: [str(each) for each in (*affiliated, *details.get("organizations", []))],
        _What.STATE: [details["progress"]] if details.get("progress") else [],
    }


def languages_of(listing: Listing) -> list[str]:
    """Return the languages of a listing: a person's working languages, or those of its texts."""
    details = listing.details
    if listing.of == Kind.PERSON:
        return list(details.get("languages", []))
    texts = [details.get(key, {}) for key in ("name", "title", "description")]
    return list(dict.fromkeys(code for each in texts for code in each))


for _kind in Kind.values:
    register_kind(_kind, Handler(CACHE_TAG, update))
