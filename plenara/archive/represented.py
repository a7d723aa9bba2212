"""What was contributed for an organization by those who represent it: editions that carry its mark."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from plenara.consultations.models import State
from plenara.contributions.models import Edition
from plenara.contributions.models.organizations import Dispute, OrganizationMark

#: Contributions on one page.
PAGE = 20


@dataclass
class Represented:
    """Some contributions, the newest first, and where the pages before and after begin (keys of editions)."""

    editions: list[Edition]
    next: int | None = None
    previous: int | None = None


def represented(organization_ids: Iterable[int], *, start: int | None = None, limit: int = PAGE) -> Represented:
    """Return the contributions for an organization from edition `start` on, or the newest. Two queries at most."""
    found = _marks(list(organization_ids)).select_related(
        "edition__text", "edition__byline", "edition__thread", "edition__consultation", "edition__contribution"
    )
    rows = list((found.filter(edition__lte=start) if start else found).order_by("-edition")[: limit + 1])
    page = Represented([each.edition for each in rows[:limit]])
    if len(rows) > limit:
        page.next = rows[limit].edition_id
    if start:
        before = _marks(list(organization_ids)).filter(edition__gt=start).order_by("edition")
        keys = list(before.values_list("edition", flat=True)[:limit])
        page.previous = keys[-1] if keys else None
    return page


def _marks(organization_ids: list[int]) -> QuerySet[OrganizationMark]:
    """Return the marks that stand: of an edition that is shown, and that the organization did not disown."""
    upheld = Dispute.objects.filter(
        edition=OuterRef("edition"), organization=OuterRef("organization"), status=Dispute.Status.UPHELD
    )
    found = OrganizationMark.objects.filter(
        organization__in=organization_ids,
        organization__merged_into=None,
        edition__in_force=True,
        edition__status=Edition.Status.PUBLISHED,
        edition__text__erased_at=None,
    )
    return found.exclude(edition__consultation__stage=State.DRAFT).exclude(Exists(upheld))
