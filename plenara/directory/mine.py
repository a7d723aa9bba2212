"""A person's own entries of the directory, and whom they speak for, for their pages."""

from typing import Any

from plenara.directory import telling
from plenara.directory.models import EntryState, Listing, Representative

#: Entries on one page of one's own.
PAGE = 20


def of_person(person: Any, before: int = 0, most: int = PAGE) -> list[Listing]:
    """Return a person's entries, the newest first, each with its title and its last version: one more than `most`.

    Two queries.
    """
    found = Listing.objects.filter(owner=person).select_related("merged_into").prefetch_related("versions")
    found = found.order_by("-pk")
    if before:
        found = found.filter(pk__lt=before)
    listings = list(found[: most + 1])
    for each in listings:
        latest = list(each.versions.all())[-1]
        each.latest = latest.state  # type: ignore[attr-defined]
        each.title = telling.title_of(each.of, latest.details or each.details)  # type: ignore[attr-defined]
        each.waits_for_an_answer = (  # type: ignore[attr-defined]
            each.state == EntryState.PUBLISHED and each.merged_into_id is None and each.asked_at is not None
        )
    return listings


def represented_by(person: Any) -> list[Representative]:
    """Return for whom a person speaks now. One query."""
    found = Representative.objects.filter(person=person, until=None).select_related("organization")
    acting = list(found.order_by("since", "pk"))
    for each in acting:
        each.title = telling.title_of("organization", each.organization.details)  # type: ignore[attr-defined]
    return acting
