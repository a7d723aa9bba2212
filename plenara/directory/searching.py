"""What can be found of the directory: each listing that is in its lists, by its names in every language."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import batched

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.core.languages import FALLBACK, current, in_language
from plenara.directory import reading
from plenara.directory.models import EntryState, Kind, Listing
from plenara.search import actions
from plenara.search.entries import Content
from plenara.search.kinds import Found, register

_BATCH = 200


def findable() -> QuerySet[Listing]:
    """Return the listings that can be found: those that stand in the lists."""
    return Listing.objects.filter(state=EntryState.PUBLISHED, archived_at=None, merged_into=None)


def keep(listing_ids: Iterable[int]) -> None:
    """Let these listings be found as they are now, or no more. In the transaction that changes them."""
    for some in batched(listing_ids, _BATCH):
        actions.hold(Listing, some)
        keep_rows(list(Listing.objects.filter(pk__in=some).order_by("pk")))


def keep_rows(rows: Sequence[Listing], *, are_new: bool = False) -> None:
    """Let listings that the caller holds be found as they are, or no more. `are_new`: the index has none of them."""
    gone: dict[str, list[int]] = {}
    for each in rows:
        if not each.is_listed and not are_new:
            gone.setdefault(each.of, []).append(each.pk)
    for kind, ids in gone.items():
        actions.take_out(kind, ids)
    actions.put((_content(each) for each in rows if each.is_listed), are_new=are_new)


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
        keep(object_ids)

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


def kind_names() -> dict[str, str]:
    """Return what several of each kind are called, in the active language."""
    return {
        Kind.ORGANIZATION: _("Organizations"),
        Kind.PERSON: pgettext("listings", "People"),
        Kind.PROJECT: _("Projects"),
    }


def texts_of(listing: Listing) -> dict[str, str]:
    """Return what a listing says of itself, by language."""
    return dict(listing.details.get("about" if listing.of == Kind.PERSON else "description", {}))


def _content(listing: Listing) -> Content:
    from plenara.directory.showing import languages_of, marks_of

    details = listing.details
    names = details.get("title" if listing.of == Kind.PROJECT else "name", {})
    titles = [names] if isinstance(names, str) else list(names.values())
    said = texts_of(listing)
    marks = marks_of(listing)
    language = reading.name_of(listing, FALLBACK[0]).language or in_language(said, FALLBACK[0]).language
    results = details.get("results", {}).values()
    return Content(
        kind=listing.of,
        object_id=listing.pk,
        at=listing.published_at,
        language=language,
        title=" · ".join(dict.fromkeys(filter(None, [*titles, details.get("acronym", "")]))),
        text="\n\n".join([*said.values(), *results, *filter(None, [details.get("affiliation_name")])]),
        filters={
            "group": marks["group"],
            "country": marks["country"],
            "language": languages_of(listing),
            "theme": marks["theme"],
        },
    )


def _found(listing: Listing) -> Found:
    name = reading.name_of(listing)
    text = in_language(texts_of(listing))
    acronym = listing.details.get("acronym", "")
    return Found(
        url=reading.path_of(listing.of, listing.number or 0),
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
for _kind in (ORGANIZATION, PERSON, PROJECT):
    register(_kind)
