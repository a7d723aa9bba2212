"""Marks on editions that were signed for a verified organization by one of its representatives: appended, not written
into the byline, and kept when the representation or the verification ends.
"""

from plenara.contributions import tasks
from plenara.contributions.models import Byline, Dispute, Edition, OrganizationMark
from plenara.contributions.organizations.naming import is_named
from plenara.core import audit, clock
from plenara.core.cache_tags import invalidate
from plenara.core.vocabulary import Capacity
from plenara.directory import verified
from plenara.directory.actions.merging import have_one_domain
from plenara.directory.following import on_merging, on_representing
from plenara.directory.models import CACHE_TAG, EntryState, Kind, Listing, Representative, Verification

#: Editions that are marked in one transaction.
BATCH = 200


def mark(edition: Edition, author_id: int | None) -> list[OrganizationMark]:
    """Mark an edition that is being published, where its author represents an organization that its byline names."""
    made = _marked(edition, author_id)
    if made:
        invalidate(CACHE_TAG, nothing_goes=True)
    return made


def marks_for(byline: Byline | None, author_id: int | None) -> list[tuple[Listing, Verification]]:
    """Return the verified organizations that a byline names and its author represents, each with its verification."""
    if author_id is None or byline is None or byline.capacity != Capacity.ORGANIZATION:
        return []
    acting = Representative.objects.filter(
        person=author_id, until=None, organization__state=EntryState.PUBLISHED, organization__merged_into=None
    ).select_related("organization")
    named = [each.organization for each in acting if is_named(byline, each.organization)]
    standing = verified.standing(each.pk for each in named)
    return [(each, standing[each.pk]) for each in named if each.pk in standing]


def _marked(edition: Edition, author_id: int | None) -> list[OrganizationMark]:
    made = []
    for organization, verification in marks_for(edition.byline, author_id):
        found, is_new = OrganizationMark.objects.get_or_create(
            edition=edition, organization=organization, defaults={"verification": verification}
        )
        if is_new:
            made.append(found)
            audit.log(
                "edition.marked", actor=None, about=edition, consultation=edition.consultation,
                organization=organization.number,
            )  # fmt: skip
    return made


def mark_published(representative: Representative, after: int = 0) -> int:
    """Mark what a representative has published since they are one; return the last edition that was looked at.

    A batch at a time, in the order of the rows; 0 where nothing is left. A second run marks nothing twice.
    """
    found = Edition.objects.filter(
        contribution__author=representative.person_id,
        status=Edition.Status.PUBLISHED,
        minted_at__gte=representative.since,
        pk__gt=after,
    )
    rows = list(found.select_related("byline", "consultation").order_by("pk")[:BATCH])
    cache_tags = {each.consultation.cache_tag for each in rows if _marked(each, representative.person_id)}
    # The directory's last, as where a decision publishes: two writers never wait for each other.
    for cache_tag in [*sorted(cache_tags), *([CACHE_TAG] if cache_tags else [])]:
        invalidate(cache_tag, nothing_goes=True)
    return rows[-1].pk if len(rows) == BATCH else 0


@on_representing
def enqueue_marks(representative: Representative) -> None:
    """Enqueue the marks of what is published already, once for each change that may bring some."""
    verification = verified.standing([representative.organization_id]).get(representative.organization_id)
    if verification is None or representative.person_id is None:
        return
    revision = representative.organization.revision
    tasks.mark_organization.using(key=f"mark-{representative.pk}-{verification.pk}-{revision}").enqueue(
        representative_id=representative.pk
    )


@on_merging
def follow(source: Listing, target: Listing) -> None:
    """Let disputes of an organization be those of the one that it became a part of; its marks too, if of one domain.

    Else they stay where they were given, and are shown no more.
    """
    if source.of != Kind.ORGANIZATION:
        return
    # One order for the cache tags of both: two who merge never wait for each other.
    for cache_tag in _cache_tags(source, target):
        invalidate(cache_tag, nothing_goes=True)
    if have_one_domain(source, target):
        _move_marks(source, target)
    pending = Dispute.objects.filter(organization=target, status=Dispute.Status.PENDING).values("edition")
    twice = Dispute.objects.filter(organization=source, status=Dispute.Status.PENDING, edition__in=pending)
    twice.update(status=Dispute.Status.WITHDRAWN, decided_at=clock.now())
    Dispute.objects.filter(organization=source).update(organization=target)


def _move_marks(source: Listing, target: Listing) -> None:
    both = OrganizationMark.objects.filter(organization=target).values("edition")
    OrganizationMark.objects.filter(organization=source, edition__in=both).delete()
    OrganizationMark.objects.filter(organization=source).update(organization=target)


def _cache_tags(*organizations: Listing) -> list[str]:
    """Return the cache tags of the consultations in which something is said of organizations' bylines."""
    marked = OrganizationMark.objects.filter(organization__in=organizations).values("edition__consultation")
    disputed = Dispute.objects.filter(organization__in=organizations).values("edition__consultation")
    ids = {row["edition__consultation"] for row in (*marked.distinct(), *disputed.distinct())}
    return sorted(f"consultation:{pk}" for pk in ids)
