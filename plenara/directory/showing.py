"""What is made of a listing's details when they change: its place in each alphabet, its marks, its words in the index.

In the transaction that publishes or takes down. What is in no list any more (gone, archived, merged) has none of them.
"""

from collections.abc import Iterable

from django.db.models import QuerySet

from plenara.core.languages import CODES
from plenara.directory import collation, following, reading, searching
from plenara.directory.entries import Handler, register
from plenara.directory.models import CACHE_TAG, Kind, Listing, Mark, Place
from plenara.directory.regions import regions_of

_What = Mark.What


def show(listing: Listing) -> None:
    """Bring a listing's places, marks and words in the index up to date."""
    show_all([listing])


def show_all(listings: Iterable[Listing], *, are_new: bool = False) -> None:
    """`show` many at a time: a fixed number of queries for some hundred. `are_new`: nothing was made of them yet."""
    rows = list(listings)
    if not are_new:
        ids = [each.pk for each in rows]
        _delete(Place.objects.filter(listing__in=ids))
        _delete(Mark.objects.filter(listing__in=ids))
    listed = [each for each in rows if each.is_listed]
    Place.objects.bulk_create((place for each in listed for place in _places(each)), batch_size=500)
    Mark.objects.bulk_create((mark for each in listed for mark in _marks(each)), batch_size=500)
    searching.keep_rows(rows, are_new=are_new)
    following.follow_all(rows, are_new=are_new)


def _delete(rows: QuerySet[Place] | QuerySet[Mark]) -> None:
    # Nothing hangs on them, so nothing needs to be read before they go.
    rows._raw_delete(rows.db)


def _places(listing: Listing) -> Iterable[Place]:
    keys: dict[tuple[str, str], tuple[bytes, str]] = {}
    for language in CODES:
        name = reading.name_of(listing, language).text
        # English and French have one order.
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
    """Return by what a listing is found: the values of each kind of mark."""
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
    """Return the languages of a listing: those that a person works in, or in which it tells of itself."""
    details = listing.details
    if listing.of == Kind.PERSON:
        return list(details.get("languages", []))
    texts = [details.get(key, {}) for key in ("name", "title", "description")]
    return list(dict.fromkeys(code for each in texts for code in each))


for _kind in Kind.values:
    register(_kind, Handler(CACHE_TAG, show))
