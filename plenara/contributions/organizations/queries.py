"""The status of a byline on pages: the organization confirms it, or disputes it. One query a page.

An edition that was not prefetched queries by itself (`Edition.speaks_for`), so no page can leave the mark out.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from plenara.contributions.models import Byline, Dispute, Edition, OrganizationMark
from plenara.contributions.organizations.permissions import is_named
from plenara.core.life_cycle import State
from plenara.core.prepared import prepared
from plenara.core.rows import Json
from plenara.core.vocabulary import Capacity
from plenara.directory.models import Listing, Representative, Verification
from plenara.directory.queries import lookup

_COLUMNS = (
    "pk",
    "organization_marks__organization_id",
    "organization_marks__organization__number",
    "organization_marks__organization__merged_into_id",
    "organization_marks__verification__method",
    "organization_marks__verification__at",
    "disputes__organization_id",
    "disputes__status",
)
_PUBLIC_STATUSES = (Dispute.Status.PENDING, Dispute.Status.UPHELD)


@dataclass
class BylineStatus:
    """The status of one edition's byline."""

    number: int | None = None  # of the organization whose mark it is
    method: str = ""
    verified_at: datetime.datetime | None = None
    #: A pending dispute, and an upheld one: that is shown for good.
    is_disputed: bool = False
    is_upheld: bool = False


def attach_byline_statuses(editions: Iterable[Edition]) -> None:
    """Set the status of each edition that speaks for an organization (`speaks_for`). One query, for any number.

    Editions come with their bylines; the same one may come several times.
    """
    there: dict[int, list[Edition]] = {}
    for each in editions:
        if each.pk:
            each.speaks_for = BylineStatus(is_upheld=True) if _is_disowned(each) else None
            there.setdefault(each.pk, []).append(each)
    if not there:
        return
    rows_by_edition: dict[int, list[Json]] = {}
    for row in _marks_and_disputes(list(there)):
        rows_by_edition.setdefault(row["pk"], []).append(row)
    for pk, found in rows_by_edition.items():
        for each in filter(_speaks_for_one, there[pk]):
            each.speaks_for = _byline_status(found, is_upheld=_is_disowned(each))


@prepared
def _marks_and_disputes(editions: list[int]) -> QuerySet[Edition, Json]:
    rows = Edition.objects.filter(pk__in=editions).filter(
        Q(organization_marks__isnull=False) | Q(disputes__status__in=_PUBLIC_STATUSES)
    )
    return rows.order_by("pk", "organization_marks__pk", "disputes__pk").values(*_COLUMNS)


def byline_status_of(edition: Edition) -> BylineStatus | None:
    """Return the status of one edition's byline; nothing where there is none. One query, or none.

    For an unpublished edition, the status that it would have. Two queries at most.
    """
    if not _speaks_for_one(edition):
        return None
    if not edition.pk:
        marks = marks_for(edition.byline, edition.written_by)
        return BylineStatus(marks[-1][0].number, marks[-1][1].method, marks[-1][1].at) if marks else None
    attach_byline_statuses([edition])
    return edition.speaks_for


def marks_for(byline: Byline | None, author_id: int | None) -> list[tuple[Listing, Verification]]:
    """Return the verified organizations that a byline names and its author represents, each with its verification."""
    if author_id is None or byline is None or byline.capacity != Capacity.ORGANIZATION:
        return []
    acting = Representative.objects.filter(
        person=author_id, until=None, organization__state=State.PUBLISHED, organization__merged_into=None
    ).select_related("organization")
    named = [each.organization for each in acting if is_named(byline, each.organization)]
    verifications = lookup.current_verifications(each.pk for each in named)
    return [(each, verifications[each.pk]) for each in named if each.pk in verifications]


def is_marked() -> Exists:
    """Return the condition that a verified organization signed an edition, for lists that read nothing else of it."""
    upheld = Dispute.objects.filter(
        edition=OuterRef("edition"), organization=OuterRef("organization"), status=Dispute.Status.UPHELD
    )
    marks = OrganizationMark.objects.filter(edition=OuterRef("pk"), organization__merged_into=None)
    return Exists(marks.exclude(Exists(upheld)))


#: Related rows of a dispute on pages.
CONTEXT = (
    *("edition__consultation", "edition__thread", "edition__byline", "edition__contribution"),
    *("organization", "person"),
)


def disputes_with_context() -> QuerySet[Dispute]:
    """Return disputes with the related rows for pages."""
    return Dispute.objects.select_related(*CONTEXT)


def is_verified(edition: Edition) -> bool:
    """Return whether the organization in an edition's byline is verified: here, or at the source of its archive."""
    if edition.byline is None or not _speaks_for_one(edition):
        return False
    if edition.byline.organization_verified:
        return True
    marked: bool | None = getattr(edition, "is_marked", None)  # where a list prefetched it
    return bool(edition.speaks_for and edition.speaks_for.number) if marked is None else marked


def for_organization(byline: Byline, name: str, *, verified: bool = False) -> str:
    """Return whom the byline speaks for, and whether it is verified, in the active language."""
    is_so = verified or byline.organization_verified
    sentence = _("for %(organization)s, verified") if is_so else _("for %(organization)s (not verified)")
    return sentence % {"organization": name}


def _speaks_for_one(edition: Edition) -> bool:
    byline = edition.byline
    return not edition.is_gone and byline is not None and byline.capacity == Capacity.ORGANIZATION


def _is_disowned(edition: Edition) -> bool:
    """Return whether an archive has the information that it does not speak for the organization."""
    return _speaks_for_one(edition) and edition.byline is not None and edition.byline.is_disowned


def _byline_status(rows: list[Json], *, is_upheld: bool) -> BylineStatus:
    status = BylineStatus()
    upheld = {row["disputes__organization_id"] for row in rows if row["disputes__status"] == Dispute.Status.UPHELD}
    status.is_upheld = is_upheld or bool(upheld)
    status.is_disputed = any(row["disputes__status"] == Dispute.Status.PENDING for row in rows)
    for row in rows:
        organization = row["organization_marks__organization_id"]
        is_merged = row["organization_marks__organization__merged_into_id"]
        if organization and organization not in upheld and not is_merged:
            status.number = row["organization_marks__organization__number"]
            status.method = row["organization_marks__verification__method"]
            status.verified_at = row["organization_marks__verification__at"]
            break
    return status
