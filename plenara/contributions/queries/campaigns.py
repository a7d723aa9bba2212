"""A campaign in the record: the same text from several people, shown once with all who submitted it.

The first of them leads, and is listed; the editions of the others have its number. Each keeps its own number, symbol
and page, and counts.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from plenara.contributions.models import Edition
from plenara.core.prepared import prepared
from plenara.core.vocabulary import StakeholderGroup

#: Signatories listed in a thread, and on a page of them.
NAMED, PAGE = 50, 200


@dataclass
class Campaign:
    """The people who submitted the words of an edition besides its author: how many by group, and the first of them."""

    lead: Edition
    groups: Counter[str] = field(default_factory=Counter)
    first: list[Edition] = field(default_factory=list)
    is_exact: bool = True  # the texts of those listed are identical

    @property
    def total(self) -> int:
        return sum(self.groups.values()) + 1

    @property
    def is_more(self) -> bool:
        """Whether there are more of them than are listed."""
        return self.total > len(self.first) + 1

    @property
    def by_group(self) -> list[tuple[str, int]]:
        """Return (group, count) with its author, the largest first."""
        counts = self.groups + Counter([self.lead.stakeholder_group])
        order = list(StakeholderGroup.values)
        return sorted(counts.items(), key=lambda each: (-each[1], order.index(each[0]) if each[0] in order else 99))


def followers(consultation_id: int, numbers: Iterable[int]) -> QuerySet[Edition]:
    """Return the published editions that are listed under these contributions."""
    return Edition.objects.filter(
        consultation_id=consultation_id,
        campaign_of__in=list(numbers),
        in_force=True,
        status=Edition.Status.PUBLISHED,
    )


def campaigns_of(consultation_id: int, editions: Sequence[Edition]) -> dict[int, Campaign]:
    """Return the campaigns that these editions lead, by their number. One query."""
    leads = {each.number: each for each in editions if each.number and not each.is_gone}
    if not leads:
        return {}
    campaigns: dict[int, Campaign] = {}
    for row in _first_followers(consultation_id, list(leads)):
        assert row.campaign_of
        campaign = campaigns.setdefault(row.campaign_of, Campaign(leads[row.campaign_of]))
        if row.group_place == 1:  # type: ignore[attr-defined]
            campaign.groups[row.stakeholder_group] = row.group_size  # type: ignore[attr-defined]
        if row.place <= NAMED:  # type: ignore[attr-defined]
            campaign.first.append(row)
            own = campaign.lead.text
            campaign.is_exact = campaign.is_exact and bool(own) and row.sha256 == own.sha256  # type: ignore[attr-defined, union-attr]
    return campaigns


@prepared
def _first_followers(consultation: int, numbers: list[int]) -> QuerySet[Edition]:
    """Return the first of each campaign, and the first of each group in it, which knows the number of all in it."""
    place = Window(RowNumber(), partition_by=F("campaign_of"), order_by=F("number").asc())
    in_group = [F("campaign_of"), F("stakeholder_group")]
    group_place = Window(RowNumber(), partition_by=in_group, order_by=F("number").asc())
    # Counted from the last: the first of a group then has the number of all.
    group_size = Window(RowNumber(), partition_by=in_group, order_by=F("number").desc())
    found = followers(consultation, numbers).annotate(
        place=place, group_place=group_place, group_size=group_size, sha256=F("text__sha256")
    )
    found = found.filter(Q(place__lte=NAMED) | Q(group_place=1))
    return found.select_related("byline").order_by("campaign_of", "place")


def signatories(lead: Edition, page: int) -> tuple[list[Edition], int]:
    """Return a page of the other people who submitted the words of an edition, and their number. Two queries."""
    found = followers(lead.consultation_id, [lead.number]).select_related("byline").order_by("number")
    count = found.count()
    # A page beyond the last is empty: no database is asked for a number that it cannot represent.
    return list(found[(page - 1) * PAGE : page * PAGE]) if (page - 1) * PAGE < count else [], count


def named_in(campaigns: dict[int, Campaign]) -> list[Edition]:
    """Return the editions that campaigns list besides their leads."""
    return [each for campaign in campaigns.values() for each in campaign.first]


def lead_of(contributions: QuerySet) -> Edition | None:
    """Return the edition that leads these contributions (ids): the first published one, whichever led before."""
    found = Edition.objects.filter(contribution_id__in=contributions, in_force=True, status=Edition.Status.PUBLISHED)
    return found.order_by("number").first()
