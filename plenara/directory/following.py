"""What follows, in this package and above, when a listing has changed: duplicates, verifications, those who ask.

Packages above say here what they do when somebody comes to speak for an organization, or when two become one.
"""

from collections.abc import Callable, Iterable
from typing import Any

from plenara.core import audit, clock
from plenara.directory import duplicates
from plenara.directory.identifiers import host_of
from plenara.directory.models import EntryState, Kind, Listing, Representative, Verification

_on_representing: list[Callable[[Representative], None]] = []
_on_merging: list[Callable[[Listing, Listing], None]] = []


def on_representing[F: Callable[[Representative], None]](function: F) -> F:
    """Register what is done, in the same transaction, when somebody speaks for a verified organization from now on.

    Or again: after the organization was verified anew, or its names were changed.
    """
    if function not in _on_representing:
        _on_representing.append(function)
    return function


def on_merging[F: Callable[[Listing, Listing], None]](function: F) -> F:
    """Register what is done, in the same transaction, when one listing becomes a part of another."""
    if function not in _on_merging:
        _on_merging.append(function)
    return function


def represents(representative: Representative) -> None:
    """Tell the packages above that somebody speaks for an organization."""
    for function in _on_representing:
        function(representative)


def represented(organization: Listing) -> None:
    """Tell them of everybody who speaks for an organization."""
    for each in organization.representatives.filter(until=None, person__isnull=False):
        represents(each)


def merged(source: Listing, target: Listing) -> None:
    """Tell the packages above that one listing is a part of another now."""
    for function in _on_merging:
        function(source, target)


def follow_all(listings: Iterable[Listing], *, are_new: bool = False) -> None:
    """Let duplicates be found by the present names, and end what a changed site ends. Called when they are shown."""
    rows = list(listings)
    duplicates.keep_all(rows, are_new=are_new)
    if are_new:
        return  # nobody has verified what was brought in a moment ago
    for each in rows:
        if each.is_published and each.confirmed_at is None:
            each.confirmed_at = clock.now()
            each.save(update_fields=["confirmed_at"])
        if each.of == Kind.ORGANIZATION:
            hold_to_its_site(each)
            if each.is_listed:
                represented(each)


def hold_to_its_site(organization: Listing) -> None:
    """End a verification that was of another domain than the site's now, and those of who withdrew."""
    standing = organization.verifications.filter(ended_at=None)
    if organization.state != EntryState.WITHDRAWN:
        site = host_of(str(organization.details.get("site", "")))
        # What a moderator removed may come back as it was, with the site that it had.
        is_there = organization.state == EntryState.PUBLISHED
        standing = standing.exclude(domain="").exclude(domain=site) if is_there else standing.none()
    for each in standing:
        end(each, actor=None, why="site" if organization.is_published else "withdrawn")


def end(verification: Verification, *, actor: Any, why: str) -> None:
    """End a verification. What was marked under it stays marked; nothing new is."""
    verification.ended_at = clock.now()
    verification.save(update_fields=["ended_at"])
    audit.log("organization.verification_ended", actor=actor, about=verification.organization, why=why)
