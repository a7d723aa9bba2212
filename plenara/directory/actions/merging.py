"""Two entries for one thing become one. It cannot be undone: what one had is the other's from then on."""

from typing import Any

from django.utils.translation import gettext as _

from plenara.core import audit, clock, waiting
from plenara.core.cache_tags import invalidate
from plenara.core.refusals import AlreadyDone, Invalid, require
from plenara.core.transaction import writing
from plenara.directory import entries, following, rules
from plenara.directory.identifiers import host_of
from plenara.directory.models import EntryState, Kind, Listing, Representative


@writing
def merge(*, actor: Any, source: Listing, target: Listing) -> Listing:
    """Let one listing be a part of another: its address leads there for good.

    Who spoke for it speaks for the other where both have one domain. Else nobody does: an entry that merely looks like
    an organization's would lend its people that organization's name.

    Its own texts stay as they were, in its versions; its details are not added to the other's. Of two who merge at
    once, the second is refused. What names the one by its number finds the other (`reading.named`, `numbers_of`).
    """
    source, target = require_mergeable(actor, source, target)
    if source.merged_into_id == target.pk:
        return target  # a double click
    _stop_waiting(source)
    source.merged_into = target
    source.save(update_fields=["merged_into"])
    # What had become a part of it before leads on at once: no address leads to one that leads elsewhere.
    Listing.objects.filter(merged_into=source).update(merged_into=target)
    if target.owner_id is None and source.of != Kind.PERSON:
        target.owner = source.owner
        target.save(update_fields=["owner"])
    _representatives(source, target, are_one=have_one_domain(source, target))
    for verification in source.verifications.filter(ended_at=None):
        following.end(verification, actor=actor, why="merged")
    following.merged(source, target)
    audit.log("listing.merged", actor=actor, about=source, into=target.pk)
    entries.changed(source)
    entries.changed(target, something_goes=False)
    if source.of == Kind.ORGANIZATION:
        invalidate(entries.cache_tag_of("event"), nothing_goes=True)  # the calendar names organizers
    return target


def require_mergeable(actor: Any, source: Listing, target: Listing) -> tuple[Listing, Listing]:
    """Return both as they are now, held until the transaction ends. Raises where they cannot be merged."""
    require(rules.may_look_after(actor))
    held = {each.pk: each for each in Listing.objects.select_for_update().filter(
        pk__in=[source.pk, target.pk]).order_by("pk")}  # fmt: skip
    if source.pk == target.pk or len(held) < 2:
        raise Invalid(_("Choose another entry: one cannot become a part of itself."), "same", "target")
    source, target = held[source.pk], held[target.pk]
    if source.merged_into_id == target.pk:
        return source, target
    if source.merged_into_id or target.merged_into_id:
        raise AlreadyDone(_("One of the two was merged meanwhile. Look at both again."), "merged")
    if source.of != target.of:
        raise Invalid(_("Only entries of one kind can be merged."), "kind", "target")
    if {source.state, target.state} != {EntryState.PUBLISHED}:
        raise Invalid(_("Only entries that are published can be merged."), "wrong_state", "target")
    for each in (source, target):
        if rules.is_owner(actor, each):
            raise Invalid(_("You keep one of the two yourself. Another moderator decides on them."), "own")
    return source, target


def _stop_waiting(source: Listing) -> None:
    """Let no change of what is merged wait any more: its owner can send it for the other entry."""
    if source.versions.filter(state=EntryState.PENDING).update(state=EntryState.WITHDRAWN):
        waiting.leaves(source.kind, source)


def have_one_domain(source: Listing, target: Listing) -> bool:
    """Say whether the sites of two listings are of one domain, by which either is verified."""
    domain = host_of(str(source.details.get("site", "")))
    return bool(domain) and domain == host_of(str(target.details.get("site", "")))


def _representatives(source: Listing, target: Listing, *, are_one: bool) -> None:
    """End what was said for the one; where both are one, it is said for the other since then; by nobody twice."""
    there = set(Representative.objects.filter(organization=target, until=None).values_list("person_id", flat=True))
    acting = Representative.objects.filter(organization=source, until=None)
    for each in acting.exclude(person__in=there).exclude(person=None) if are_one else []:
        Representative.objects.create(
            organization=target, person_id=each.person_id, since=each.since, named_by_id=each.named_by_id
        )
    acting.update(until=clock.now())
