"""Publication, withdrawal and restoration of entries; and updates after a listing has changed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import F

from plenara.accounts.models import Person
from plenara.core import audit, clock, life_cycle
from plenara.core.cache_tags import invalidate
from plenara.core.life_cycle import OfKind, State
from plenara.core.refusals import require
from plenara.core.rows import Json
from plenara.core.transaction import lock_row
from plenara.directory.models import Counter, Entry, EntryVersion, Kind, Listing, NameKey, Representative, Verification
from plenara.directory.queries.duplicates import keys_of
from plenara.directory.validation import host_of


@dataclass(frozen=True)
class Handler[E: Entry]:
    """The callbacks of a kind of entry after a change of its public details."""

    cache_tag: str
    #: Update everything that is derived from `details`: called after each change, and after their removal.
    show: Callable[[E], None]


#: Listings, and events, whose package is above this one and cannot be imported.
_handlers: dict[str, Handler] = {}


def register_kind(kind: str, handler: Handler) -> None:
    """Register a kind of entry. For use when its package starts."""
    _handlers[kind] = handler


def publish(version: EntryVersion, *, actor: Person | None) -> OfKind:
    """Publish a version's details: with a new number if it is the first, otherwise in place of the earlier ones."""
    entry = version.thing = lock_row(version.thing)
    require(life_cycle.allows(entry, "publish"))
    if entry.number is None:
        entry.number = _next_number(entry.kind)
    was_public = entry.is_published
    entry.revision = entry.revision + 1 if was_public else entry.revision
    entry.details = version.details
    entry.published_at = entry.published_at or clock.now()
    life_cycle.set_published(version, actor=actor, version=version.pk)
    changed(entry, something_goes=was_public)
    return entry


def changed(entry: Entry, *, something_goes: bool = True, later: set[str] | None = None) -> None:
    """Update what is derived from an entry's details, and invalidate its pages.

    A caller that changes several entries passes `later`, which collects their cache tags: they are invalidated at the
    end, in one order.
    """
    entry.changed_at = clock.now()
    entry.save(update_fields=["changed_at", "details", "revision"])
    handler = _handlers[entry.kind]
    handler.show(entry)
    if later is None:
        invalidate(handler.cache_tag, nothing_withdrawn=not something_goes)
    else:
        later.add(handler.cache_tag)


def take_down[E: Entry](entry: E, state: str, *, reason: str, later: set[str] | None = None) -> E:
    """Replace an entry by a notice, and end its pending review. Its details go; number and address stay.

    `later`: as in `changed`.
    """
    was_public = entry.is_published
    entry.details = {}
    life_cycle.take_down(entry, state, reason=reason)
    if was_public:
        changed(entry, later=later)
    return entry


def restore[E: Entry](entry: E) -> E:
    """Restore a removed entry, from the version that was in force."""
    entry.details = life_cycle.version_in_force(entry).details
    life_cycle.set_state(entry, State.PUBLISHED)
    changed(entry, something_goes=False)
    return entry


def send(entry: Entry, details: Json, *, language: str, key: str | None = None) -> EntryVersion:
    """Save a new pending version of an entry. An older pending version is withdrawn."""
    life_cycle.end_pending(entry)
    last = entry.versions.order_by("number").last()
    version = entry.versions.create(number=last.number + 1 if last else 1, details=details, language=language, key=key)
    life_cycle.review_queue.add(entry, version)
    return version  # type: ignore[no-any-return]


def import_entry[E: Entry](entries: Sequence[E], show: Callable[[list[E]], None]) -> None:
    """Import entries of one kind that another installation published, some hundred at a time, under their numbers.

    They have no owner and were decided on there. `show` does for the public ones what the handler does for one, and may
    assume that nothing is derived from them yet. The caller reserves their numbers (`reserve_numbers`).
    """
    if not entries:
        return
    model = type(entries[0])
    created = model._default_manager.bulk_create(entries)
    # An entry that was merged into another has no details of its own here.
    public = [each for each in created if each.is_published and each.details]
    versions = model.versions.rel.related_model  # type: ignore[attr-defined]
    versions._default_manager.bulk_create(
        versions(
            **{model.versions.rel.field.name: each},  # type: ignore[attr-defined]
            number=1,
            details=each.details,
            language=_language_of(each.details),
            submitted_at=each.published_at,
            state=State.PUBLISHED,
        )
        for each in public
    )
    show(public)


def reserve_numbers(kind: str, last: int) -> None:
    """Make the numbers of a kind continue after `last`, unless they are higher already."""
    Counter.objects.get_or_create(kind=kind)
    Counter.objects.filter(kind=kind, last__lt=last).update(last=last)


def cache_tag_of(kind: str) -> str:
    """Return the cache tag of a kind's pages."""
    return _handlers[kind].cache_tag


def _language_of(details: Json) -> str:
    """Return one of the six languages in which an entry has texts."""
    names = details.get("title") or details.get("name")
    texts = [names, details.get("about"), details.get("description")]
    return next((code for each in texts if isinstance(each, dict) for code in each), "en")


def _next_number(kind: str) -> int:
    Counter.objects.get_or_create(kind=kind)
    Counter.objects.filter(kind=kind).update(last=F("last") + 1)
    return Counter.objects.get(kind=kind).last


#: `contributions` registers what becomes of bylines: it is above and cannot be imported.
_on_representing: list[Callable[[Representative], None]] = []
_on_merging: list[Callable[[Listing, Listing], None]] = []


def on_representing[F: Callable[[Representative], None]](function: F) -> F:
    """Register a function that is called, in the same transaction, for a new representative of a verified organization.

    Or again: after a new verification of the organization, or a change of its names.
    """
    if function not in _on_representing:
        _on_representing.append(function)
    return function


def on_merging[F: Callable[[Listing, Listing], None]](function: F) -> F:
    """Register a function that is called, in the same transaction, when one listing is merged into another."""
    if function not in _on_merging:
        _on_merging.append(function)
    return function


def represents(representative: Representative) -> None:
    """Call the registered functions for a new representative."""
    for function in _on_representing:
        function(representative)


def represented(organization: Listing) -> None:
    """Call the registered functions for everybody who represents an organization."""
    for each in organization.representatives.filter(until=None, person__isnull=False):
        represents(each)


def merged(source: Listing, target: Listing) -> None:
    """Call the registered functions for a merger."""
    for function in _on_merging:
        function(source, target)


def update_related(listings: Iterable[Listing], *, are_new: bool = False) -> None:
    """Update the keys for duplicates, and check changed sites. Called when listings are published or change."""
    rows = list(listings)
    save_keys(rows, are_new=are_new)
    if are_new:
        return  # nobody has verified what was just imported
    for each in rows:
        if each.is_published and each.confirmed_at is None:
            each.confirmed_at = clock.now()
            each.save(update_fields=["confirmed_at"])
        if each.of == Kind.ORGANIZATION:
            check_site(each)
            if each.is_listed:
                represented(each)


def check_site(organization: Listing) -> None:
    """End verifications of another domain than the site's present one, and those of withdrawn organizations."""
    verifications = organization.verifications.filter(ended_at=None)
    if organization.state != State.WITHDRAWN:
        site = host_of(str(organization.details.get("site", "")))
        # A removed organization may be restored with the site that it had.
        is_there = organization.state == State.PUBLISHED
        verifications = verifications.exclude(domain="").exclude(domain=site) if is_there else verifications.none()
    for each in verifications:
        end_verification_of(each, actor=None, why="site" if organization.is_published else "withdrawn")


def end_verification_of(verification: Verification, *, actor: Person | None, why: str) -> None:
    """End a verification. Marks that were given under it stay; no new ones are given."""
    verification.ended_at = clock.now()
    verification.save(update_fields=["ended_at"])
    audit.log("organization.verification_ended", actor=actor, about=verification.organization, why=why)


def save_keys(listings: Iterable[Listing], *, are_new: bool = False) -> None:
    """Save the keys of the listings' present names; unpublished and merged listings have none.

    Three queries for some hundred; one where `are_new` says that they have no keys yet.
    """
    rows = {each.pk: each for each in listings}
    current = {(pk, key) for pk, each in rows.items() if _is_in_force(each) for key in keys_of(each.of, each.details)}
    if not are_new:
        found = NameKey.objects.filter(listing__in=rows).values_list("pk", "listing_id", "key")
        there = {(listing, key): pk for pk, listing, key in found}
        over = [pk for pair, pk in there.items() if pair not in current]
        if over:
            NameKey.objects.filter(pk__in=over).delete()
        current -= there.keys()
    NameKey.objects.bulk_create(
        (NameKey(listing_id=pk, of=rows[pk].of, key=key) for pk, key in sorted(current)), batch_size=1000
    )


def _is_in_force(listing: Listing) -> bool:
    return listing.is_published and listing.merged_into_id is None
