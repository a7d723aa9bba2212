"""The groups of a summary, as its pages and its drafts read them. Nothing here loads the encoder or a vector."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Max, Q, QuerySet

from plenara.contributions.models import Edition
from plenara.core.models import BackgroundTask
from plenara.core.vocabulary import StakeholderGroup
from plenara.documents.models import Citation
from plenara.summaries.models import Group, Grouping, Member, Summary
from plenara.summaries.queries.coverage import editions_of

#: Sentences shown for a group, and the first ones among which they are chosen.
TYPICAL, NEAR = 3, 12


@dataclass(frozen=True)
class MemberView:
    """A sentence of a group, exactly as in its contribution, which is published and in force."""

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
    campaign: int  # of the first contribution with the same words; else its own

    @property
    def choice(self) -> int:
        """Its place among the sentences on the page for citing, counted from 0."""
        return self.place - 1


@dataclass(frozen=True)
class GroupView:
    """A group with its sentences, the most typical first, and its stakeholder groups. Contributions count once."""

    id: int
    number: int
    name: str  # blank: not named by a person
    by_person: bool  # made or changed by a person, else by the machine
    is_rest: bool  # the ungrouped sentences
    is_set_aside: bool
    stamp: int
    members: list[MemberView]
    #: Contributions of the period by stakeholder group, the largest first; those of a campaign each count.
    by_stakeholder_group: list[tuple[str, int]]

    @cached_property
    def contributions(self) -> int:
        """The number of its contributions."""
        return sum(count for _group, count in self.by_stakeholder_group)

    @cached_property
    def languages(self) -> list[str]:
        """The languages of its sentences, those of the most contributions first."""
        counts = Counter({each.contribution_id: each.language for each in self.members}.values())
        return sorted(counts, key=lambda code: (-counts[code], code))

    @cached_property
    def typical(self) -> list[MemberView]:
        """Its most typical sentences, of different contributions and, if possible, groups and languages."""
        return typical(self.members)


def typical(members: Sequence[MemberView], most: int = TYPICAL) -> list[MemberView]:
    """Return the first of some ranked sentences, then the next that add a stakeholder group or a language.

    No contribution represents a group twice, unless it is its only one. Sentences of low rank are not chosen only
    because they add a group.
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
    """Return a summary's groups by their number, ungrouped sentences last; none before they are made. Three queries.

    Without sentences of contributions that were withdrawn, removed, erased or revised in the meantime.
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


def members_in_force(members: QuerySet[Member]) -> QuerySet[Member]:
    """Return those whose contribution is published, with the edition in force."""
    return members.filter(edition__in_force=True, edition__status=Edition.Status.PUBLISHED).exclude(words="")


def members_of(members: QuerySet[Member]) -> Iterable[tuple[int, MemberView]]:
    """Yield (group id, member) of members in force, by rank. One query."""
    rows = (
        members_in_force(members)
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
    """Return (contribution id, stakeholder group) of the period's campaigns by the number of their first contribution.

    The first one is not included. One query.
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
        by_stakeholder_group=composition(
            {each.campaign: (each.contribution_id, each.stakeholder_group) for each in members}, followers
        ),
    )


def composition(
    contributions: dict[int, tuple[int, str]], followers: dict[int, list[tuple[int, str]]]
) -> list[tuple[str, int]]:
    """Return how many contributions of each stakeholder group are given, the largest first.

    `contributions` are those with sentences, as (id, stakeholder group) by number.
    """
    held = dict(contributions.values())
    for number in contributions:
        held |= dict(followers.get(number, []))
    counts, order = Counter(held.values()), list(StakeholderGroup.values)
    return sorted(
        counts.items(), key=lambda each: (-each[1], order.index(each[0]) if each[0] in order else len(order), each[0])
    )


#: The kind of the vectors in the search index: editions of contributions.
VECTOR_KIND = "edition"


@dataclass(frozen=True)
class GroupRow:
    """A group as a list shows it. `cited` and `contributions` count contributions, those of a campaign each."""

    group: Group
    sentences: int
    by_stakeholder_group: list[tuple[str, int]]
    languages: list[tuple[str, int]]  # sentences by language, the most first
    cited: int  # those of its contributions that a statement of the summary cites
    typical: list[MemberView]

    @property
    def contributions(self) -> int:
        return sum(count for _group, count in self.by_stakeholder_group)


def rows_of(summary: Summary) -> list[GroupRow]:
    """Return a summary's groups by number, then those set aside, ungrouped sentences last. Six queries."""
    groups = list(Group.objects.filter(grouping__summary=summary))
    rows = _rows(groups, summary, Member.objects.filter(group__grouping__summary=summary))
    return sorted(rows, key=lambda row: (row.group.is_rest, row.group.is_set_aside, row.group.number, row.group.pk))


def row_of(group: Group, summary: Summary) -> GroupRow:
    """Return one group as a list shows it. Five queries."""
    return _rows([group], summary, Member.objects.filter(group=group))[0]


def _rows(groups: list[Group], summary: Summary, members: QuerySet[Member]) -> list[GroupRow]:
    in_force = members_in_force(members)
    near: dict[int, list[MemberView]] = {}
    for group_id, each in members_of(in_force.filter(rank__lte=NEAR)):
        near.setdefault(group_id, []).append(each)
    held = _holders(summary, in_force)
    languages: dict[int, dict[str, int]] = {}
    counted = in_force.order_by().values_list("group_id", "edition__language").annotate(count=Count("pk"))
    for group_id, language, count in counted:
        languages.setdefault(group_id, {})[language] = count
    cited = _cited(summary, in_force)
    return [
        GroupRow(
            group=each,
            sentences=sum(languages.get(each.pk, {}).values()),
            by_stakeholder_group=held.get(each.pk, []),
            languages=sorted(languages.get(each.pk, {}).items(), key=lambda pair: (-pair[1], pair[0])),
            cited=cited.get(each.pk, 0),
            typical=typical(near.get(each.pk, [])),
        )
        for each in groups
    ]


def _holders(summary: Summary, members: QuerySet) -> dict[int, list[tuple[str, int]]]:
    """Return by group how many contributions of each stakeholder group it has. Two queries."""
    followers = followers_of(summary)
    rows = members.order_by("edition__number").values_list(
        "group_id",
        "edition__contribution_id",
        "edition__number",
        "edition__campaign_of",
        "edition__stakeholder_group",
    )
    texts: dict[int, dict[int, tuple[int, str]]] = {}
    for group_id, contribution, number, under, stakeholder_group in rows.distinct():
        texts.setdefault(group_id, {})[under or number] = (contribution, stakeholder_group)
    return {group_id: composition(found, followers) for group_id, found in texts.items()}


def _cited(summary: Summary, members: QuerySet) -> dict[int, int]:
    """Return by group how many contributions with a sentence in it are cited. One query."""
    cited = Citation.objects.filter(paragraph__document_id=summary.document_id).values("edition__contribution_id")
    rows = members.filter(edition__contribution_id__in=cited).order_by().values_list("group_id")
    return dict(rows.annotate(count=Count("edition__contribution_id", distinct=True)))


@dataclass(frozen=True)
class Sentence:
    """A sentence of a group's page, with its edition and byline, and whether its contribution is cited."""

    member: Member
    is_cited: bool

    @property
    def choice(self) -> int:
        """Its place among the sentences on the page for citing, counted from 0."""
        return self.member.place - 1


def sentences_of(group: Group, summary: Summary, page: int, size: int) -> tuple[list[Sentence], int]:
    """Return a page of a group's sentences, the most typical first, and how many there are. Three queries."""
    in_force = members_in_force(Member.objects.filter(group=group))
    total = in_force.count()
    begin = (page - 1) * size
    found = in_force.select_related("edition__byline", "edition__thread").order_by("rank", "edition__number", "place")
    members = list(found[begin : begin + size]) if begin < total else []
    contributions = {each.edition.contribution_id for each in members}
    cited = set(
        Citation.objects.filter(
            paragraph__document_id=summary.document_id, edition__contribution_id__in=contributions
        ).values_list("edition__contribution_id", flat=True)
    )
    return [Sentence(each, each.edition.contribution_id in cited) for each in members], total


@dataclass(frozen=True)
class Progress:
    """The machine's progress with a period."""

    grouping: Grouping | None
    contributions: int  # of the period
    missing: int  # texts of the period with no sentence in any group
    is_stuck: bool  # its task has failed

    @property
    def state(self) -> str:
        """`none`, `running`, `joining` (all is read), `paused`, `stuck` or `made`."""
        it = self.grouping
        if it is None:
            return "none"
        if not it.is_running:
            return "made" if it.made_at else "none"
        if it.paused_at:
            return "paused"
        if self.is_stuck:
            return "stuck"
        return "joining" if it.wanted and it.done >= it.wanted else "running"


def progress_of(summary: Summary) -> Progress:
    """Return the progress of a summary's groups. Four queries."""
    grouping = Grouping.objects.filter(summary=summary).select_related("asked_by").first()
    period = editions_of(summary.consultation, summary.period_from, summary.period_to)
    grouped = Member.objects.filter(group__grouping__summary=summary).values("edition_id")
    counts = period.aggregate(
        all=Count("pk", distinct=True),
        missing=Count("pk", distinct=True, filter=Q(campaign_of=None) & ~Q(pk__in=grouped)),
    )
    return Progress(
        grouping,
        contributions=counts["all"],
        missing=counts["missing"] if grouping and grouping.made_at else 0,
        is_stuck=bool(grouping and grouping.is_running and is_stuck(grouping)),
    )


def is_stuck(grouping: Grouping) -> bool:
    """Return whether a task of the run has failed, so that it does not continue by itself. One query."""
    queued = BackgroundTask.objects.filter(key__startswith=f"groups-{grouping.pk}-{grouping.run}-")
    counts = queued.aggregate(last=Max("pk"), failed=Count("pk", filter=Q(failed_at__isnull=False)))
    return not counts["last"] or bool(counts["failed"])


def other_groups(group: Group) -> list[Group]:
    """Return the groups of the same summary, without this one, by number. One query."""
    return list(Group.objects.filter(grouping_id=group.grouping_id).exclude(pk=group.pk))


def openings(groups: list[Group]) -> dict[int, str]:
    """Return the first words of groups without a name: their most typical sentence. One query."""
    unnamed = [each.pk for each in groups if not each.name and not each.is_rest]
    in_force = members_in_force(Member.objects.filter(group__in=unnamed))
    found: dict[int, str] = {}
    for group_id, words in in_force.filter(rank__lte=5).order_by("group_id", "rank").values_list("group_id", "words"):
        found.setdefault(group_id, words)
    return found
