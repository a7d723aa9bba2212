"""What others ask of the directory: organizations by their numbers, as readers of a language call them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from plenara.core.languages import Localized, current, in_language
from plenara.directory.models import EntryState, Kind, Listing, Mark

#: Where the pages of each kind stand.
FOLDERS = {Kind.ORGANIZATION: "organizations", Kind.PERSON: "people", Kind.PROJECT: "projects"}
#: Names of organizations that a field offers.
MOST_OFFERED = 500


@dataclass(frozen=True)
class Named:
    """An organization of the directory as pages name it: with the language that its name is in."""

    name: str
    language: str
    url: str
    number: int
    acronym: str = ""


def path_of(of: str, number: int, language: str | None = None) -> str:
    """Return the address of a listing's page."""
    return f"/{language or current()}/{FOLDERS[Kind(of)]}/{number}/"


def named(numbers: Iterable[int], language: str | None = None) -> dict[int, Named]:
    """Return public organizations by the numbers that were asked for; merged ones as what they went into.

    One query; what is not public is not there.
    """
    asked = {int(each) for each in numbers}
    if not asked:
        return {}
    wanted = language or current()
    found = {each.number or 0: _now(each) for each in _public().filter(number__in=asked)}
    return {number: _named(each, wanted) for number, each in found.items() if each}


def organization(number: int) -> Listing | None:
    """Return a public organization by its number, or what it was merged into, if that is public. One query."""
    listing = _public().filter(number=number).first()
    return _now(listing) if listing else None


def numbers_of(listing: Listing) -> list[int]:
    """Return the numbers under which others may name a listing: its own, and those of what was merged into it."""
    return list(family(listing).values())


def family(listing: Listing) -> dict[int, int]:
    """Return a listing's key and number, and those of what was merged into it. One query."""
    merged = Listing.objects.filter(merged_into=listing, number__isnull=False).order_by("number")
    numbers = {pk: number or 0 for pk, number in merged.values_list("pk", "number")}
    return {listing.pk: listing.number or 0, **numbers}


def name_of(listing: Listing, language: str | None = None) -> Localized:
    """Return what a public listing is called, as far as it can be in a reader's language, and the language of that."""
    details = listing.details
    if listing.of == Kind.PERSON:
        return Localized(details.get("name", ""), "")
    return in_language(details.get("title" if listing.of == Kind.PROJECT else "name"), language)


def offered_names(country: str = "") -> list[str]:
    """Return names of listed organizations for a field, by the alphabet: those of a country, and the newest.

    At most `MOST_OFFERED`, however many there are. Two queries.
    """
    listed = Listing.objects.filter(
        of=Kind.ORGANIZATION, state=EntryState.PUBLISHED, archived_at=None, merged_into=None
    )
    there = Mark.objects.filter(of=Kind.ORGANIZATION, what=Mark.What.COUNTRY, value=country)
    near = list(listed.filter(pk__in=there.values("listing")).order_by("-number")[:MOST_OFFERED]) if country else []
    newest = listed.order_by("-number")[: MOST_OFFERED + len(near)]
    found = {each.pk: each for each in [*near, *newest]}
    return sorted({name_of(each).text for each in list(found.values())[:MOST_OFFERED]} - {""}, key=str.casefold)


def _public() -> QuerySet[Listing]:
    found = Listing.objects.filter(of=Kind.ORGANIZATION, state=EntryState.PUBLISHED)
    return found.select_related("merged_into")


def _now(listing: Listing) -> Listing | None:
    """Return where a public listing is now: itself, or what it went into, if that is public.

    One step leads there, however often it was merged: `merge` sees to it, and so does who reads a bundle.
    """
    now = listing.merged_into or listing
    return now if now.is_published else None


def _named(listing: Listing, language: str) -> Named:
    name = name_of(listing, language)
    number = listing.number or 0
    url = path_of(listing.of, number, language)
    return Named(name.text, name.language, url, number, listing.details.get("acronym", ""))
