"""What the desk shows of groups: a fixed number of queries, whatever their size."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from plenara.core.models import BackgroundTask
from plenara.documents.models import Citation
from plenara.summaries.coverage import editions_of
from plenara.summaries.models import Group, Grouping, Member, Summary
from plenara.summaries.understanding.groups import (
    NEAR,
    MemberView,
    followers_of,
    make_up,
    members_of,
    standing_members,
    typical,
)


@dataclass(frozen=True)
class GroupRow:
    """A group as a list shows it. `cited` and `contributions` count contributions, those of a campaign each."""

    group: Group
    sentences: int
    by_stakeholder_group: list[tuple[str, int]]
    languages: list[tuple[str, int]]  # sentences by language, the most first
    cited: int  # contributions that a statement of the summary cites, of those whose sentences are here
    typical: list[MemberView]

    @property
    def contributions(self) -> int:
        return sum(count for _group, count in self.by_stakeholder_group)


def rows_of(summary: Summary) -> list[GroupRow]:
    """Return a summary's groups by number, those set aside after the others, what is not grouped last. Six queries."""
    groups = list(Group.objects.filter(grouping__summary=summary))
    rows = _rows(groups, summary, Member.objects.filter(group__grouping__summary=summary))
    return sorted(rows, key=lambda row: (row.group.is_rest, row.group.is_set_aside, row.group.number, row.group.pk))


def row_of(group: Group, summary: Summary) -> GroupRow:
    """Return one group as a list shows it. Five queries."""
    return _rows([group], summary, Member.objects.filter(group=group))[0]


def _rows(groups: list[Group], summary: Summary, members: QuerySet[Member]) -> list[GroupRow]:
    standing = standing_members(members)
    near: dict[int, list[MemberView]] = {}
    for group_id, each in members_of(standing.filter(rank__lte=NEAR)):
        near.setdefault(group_id, []).append(each)
    held = _held(summary, standing)
    languages: dict[int, dict[str, int]] = {}
    counted = standing.order_by().values_list("group_id", "edition__language").annotate(count=Count("pk"))
    for group_id, language, count in counted:
        languages.setdefault(group_id, {})[language] = count
    cited = _cited(summary, standing)
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


def _held(summary: Summary, standing: Any) -> dict[int, list[tuple[str, int]]]:
    """Return by group how many contributions of each stakeholder group hold it. Two queries."""
    followers = followers_of(summary)
    rows = standing.order_by("edition__number").values_list(
        "group_id",
        "edition__contribution_id",
        "edition__number",
        "edition__campaign_of",
        "edition__stakeholder_group",
    )
    texts: dict[int, dict[int, tuple[int, str]]] = {}
    for group_id, contribution, number, under, stakeholder_group in rows.distinct():
        texts.setdefault(group_id, {})[under or number] = (contribution, stakeholder_group)
    return {group_id: make_up(found, followers) for group_id, found in texts.items()}


def _cited(summary: Summary, standing: Any) -> dict[int, int]:
    """Return by group how many contributions with a sentence in it are cited. One query."""
    cited = Citation.objects.filter(paragraph__document_id=summary.document_id).values("edition__contribution_id")
    rows = standing.filter(edition__contribution_id__in=cited).order_by().values_list("group_id")
    return dict(rows.annotate(count=Count("edition__contribution_id", distinct=True)))


@dataclass(frozen=True)
class Sentence:
    """A sentence of a group's page, with its edition and byline, and whether its contribution is cited."""

    member: Member
    is_cited: bool

    @property
    def choice(self) -> int:
        """Its place among the sentences that the page for citing offers, which counts from 0."""
        return self.member.place - 1


def sentences_of(group: Group, summary: Summary, page: int, size: int) -> tuple[list[Sentence], int]:
    """Return a page of a group's sentences, the most typical first, and how many there are. Three queries."""
    standing = standing_members(Member.objects.filter(group=group))
    total = standing.count()
    begin = (page - 1) * size
    found = standing.select_related("edition__byline", "edition__thread").order_by("rank", "edition__number", "place")
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
    """How far the machine is with a period."""

    grouping: Grouping | None
    contributions: int  # of the period
    missing: int  # texts of the period with no sentence in any group
    is_stuck: bool  # its task was given up

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
    """Return how far the groups of a summary are. Four queries."""
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
    """Say whether what a run enqueues was given up, so that it does not go on by itself. One query."""
    queued = BackgroundTask.objects.filter(key__startswith=f"groups-{grouping.pk}-{grouping.run}-")
    told = queued.aggregate(last=Max("pk"), failed=Count("pk", filter=Q(failed_at__isnull=False)))
    return not told["last"] or bool(told["failed"])


def other_groups(group: Group) -> list[Group]:
    """Return the groups of the same summary, without this one, by number. One query."""
    return list(Group.objects.filter(grouping_id=group.grouping_id).exclude(pk=group.pk))


def openings(groups: list[Group]) -> dict[int, str]:
    """Return the first words of groups without a name: their most typical sentence. One query."""
    unnamed = [each.pk for each in groups if not each.name and not each.is_rest]
    standing = standing_members(Member.objects.filter(group__in=unnamed))
    found: dict[int, str] = {}
    for group_id, words in standing.filter(rank__lte=5).order_by("group_id", "rank").values_list("group_id", "words"):
        found.setdefault(group_id, words)
    return found
