"""The groups of a summary, as its pages and its drafts read them. Nothing here loads the encoder or a vector."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet

from plenara.contributions.models import Edition
from plenara.core.vocabulary import StakeholderGroup
from plenara.summaries.coverage import editions_of
from plenara.summaries.models import Group, Member, Summary

#: Sentences that stand for a group where it is shown, and the first of it among which they are chosen.
TYPICAL, NEAR = 3, 12


@dataclass(frozen=True)
class MemberView:
    """A sentence of a group, exactly as it stands in its contribution, which is published and in force."""

    id: int
    edition_id: int
    contribution_id: int
    number: int  # of the contribution
    place: int  # of the sentence in it, from 1
    words: str
    language: str
    stakeholder_group: str
    thread: int  # its number
    rank: int  # 1: the most typical of its group
    by_person: bool  # a person put it here
    campaign: int  # number under which the same words stand once; its own where they are its alone

    @property
    def choice(self) -> int:
        """Its place among the sentences that the page for citing offers, which counts from 0."""
        return self.place - 1


@dataclass(frozen=True)
class GroupView:
    """A group with its sentences, the most typical first, and who holds it. Contributions count once."""

    id: int
    number: int
    name: str  # blank: a person gave it none
    by_person: bool  # a person made or changed it; else it is as the machine made it
    is_rest: bool  # what is like nothing else
    is_set_aside: bool
    stamp: int
    members: list[MemberView]
    #: Contributions of the period by stakeholder group, the largest first; those of a campaign each count.
    by_stakeholder_group: list[tuple[str, int]]

    @cached_property
    def contributions(self) -> int:
        """How many contributions hold it."""
        return sum(count for _group, count in self.by_stakeholder_group)

    @cached_property
    def languages(self) -> list[str]:
        """The languages of its sentences, that of the most contributions first."""
        counts = Counter({each.contribution_id: each.language for each in self.members}.values())
        return sorted(counts, key=lambda code: (-counts[code], code))

    @cached_property
    def typical(self) -> list[MemberView]:
        """Its most typical sentences, of different contributions and, where there are, groups and languages."""
        return typical(self.members)


def typical(members: Sequence[MemberView], most: int = TYPICAL) -> list[MemberView]:
    """Return the first of some ranked sentences, then the next that add a stakeholder group or a language.

    No contribution stands for a group twice, unless it is its only one. Sentences far down do not stand for a group
    only because somebody else said them.
    """
    near, chosen = list(members[:NEAR]), list[MemberView]()
    while near and len(chosen) < most:
        groups = {each.stakeholder_group for each in chosen}
        languages = {each.language for each in chosen}
        best = max(
            near,
            key=lambda each: (
                (each.stakeholder_group not in groups) + (each.language not in languages),
                -each.rank,
            ),
        )
        chosen.append(best)
        near = [each for each in near if each.campaign != best.campaign]
    return sorted(chosen, key=lambda each: each.rank)


def groups_of(summary: Summary) -> list[GroupView]:
    """Return a summary's groups by their number, what is not grouped last; none before they are made. Three queries.

    Sentences of contributions that were withdrawn, removed, erased or revised meanwhile are not there.
    """
    groups = list(Group.objects.filter(grouping__summary=summary))
    if not groups:
        return []
    members: dict[int, list[MemberView]] = {}
    for group_id, each in members_of(Member.objects.filter(group__grouping__summary=summary)):
        members.setdefault(group_id, []).append(each)
    followers = followers_of(summary)
    views = [_view(each, members.get(each.pk, []), followers) for each in groups]
    return sorted(views, key=lambda each: (each.is_rest, each.number, each.id))


def standing_members(members: QuerySet[Member]) -> QuerySet[Member]:
    """Return those whose contribution is published, with the edition in force."""
    return members.filter(edition__in_force=True, edition__status=Edition.Status.PUBLISHED).exclude(words="")


def members_of(members: QuerySet[Member]) -> Iterable[tuple[int, MemberView]]:
    """Yield (group id, member) of those that stand, by rank. One query."""
    rows = (
        standing_members(members)
        .order_by("group_id", "rank", "edition__number", "place")
        .values_list(
            "group_id",
            "pk",
            "edition_id",
            "edition__contribution_id",
            "edition__number",
            "place",
            "words",
            "edition__language",
            "edition__stakeholder_group",
            "edition__thread__number",
            "rank",
            "by_person",
            "edition__campaign_of",
        )
    )
    for group_id, pk, edition, contribution, number, place, words, language, held_by, thread, rank, hand, under in rows:
        campaign = under or number
        yield (
            group_id,
            MemberView(
                pk, edition, contribution, number, place, words, language, held_by, thread, rank, hand, campaign
            ),
        )


def followers_of(summary: Summary) -> dict[int, list[tuple[int, str]]]:
    """Return (contribution id, stakeholder group) of the period's campaigns, by the number they stand under. One query.

    The one they stand under is not among them.
    """
    found: dict[int, list[tuple[int, str]]] = {}
    period = editions_of(summary.consultation, summary.period_from, summary.period_to)
    rows = period.filter(campaign_of__isnull=False).order_by("number")
    for under, contribution, group in rows.values_list("campaign_of", "contribution_id", "stakeholder_group"):
        found.setdefault(under or 0, []).append((contribution, group))
    return found


def _view(group: Group, members: list[MemberView], followers: dict[int, list[tuple[int, str]]]) -> GroupView:
    return GroupView(
        id=group.pk,
        number=group.number,
        name=group.name,
        by_person=group.by_person,
        is_rest=group.is_rest,
        is_set_aside=group.is_set_aside,
        stamp=group.stamp,
        members=members,
        by_stakeholder_group=make_up(
            {each.campaign: (each.contribution_id, each.stakeholder_group) for each in members}, followers
        ),
    )


def make_up(
    contributions: dict[int, tuple[int, str]], followers: dict[int, list[tuple[int, str]]]
) -> list[tuple[str, int]]:
    """Return how many contributions of each stakeholder group hold something, the largest first.

    `contributions` are those whose sentences are there, as (id, stakeholder group) by the number they stand under.
    """
    held = dict(contributions.values())
    for number in contributions:
        held |= dict(followers.get(number, []))
    counts, order = Counter(held.values()), list(StakeholderGroup.values)
    return sorted(
        counts.items(), key=lambda each: (-each[1], order.index(each[0]) if each[0] in order else len(order), each[0])
    )
