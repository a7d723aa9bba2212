"""What the public says of the drafts of an outcome, as it comes to the desk: by paragraph, what is the same together.

Comments belong to the consultations as which versions were opened. One that names a paragraph comes to that paragraph,
whichever version it read, since a number stays for good; the others come to their section.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, QuerySet

from plenara.contributions.models import Edition
from plenara.moderation.models import CampaignMember
from plenara.outcomes.models import Opening, Outcome, SectionThread, Stand
from plenara.outcomes.unanswered import left_now

#: Of no section that still is, or of "What is missing?".
NOWHERE = 0


@dataclass(frozen=True)
class Light:
    """A comment without its words."""

    pk: int
    contribution: int
    consultation: int
    number: int
    campaign_of: int | None
    part: int | None
    section: int  # the working section's id, or `NOWHERE`
    is_left: bool  # nothing in the text as it is being written answers it


@dataclass
class Group:
    """Comments that are the same, or nearly: the first of them is read, one answer answers all."""

    lead: Light
    members: list[Light] = field(default_factory=list)

    @property
    def left(self) -> list[Light]:
        return [each for each in self.members if each.is_left]


@dataclass(frozen=True)
class Count:
    """How many comments there are, and how many without an answer."""

    all: int = 0
    left: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.all + other.all, self.left + other.left)


def comments_on(outcome: Outcome) -> QuerySet[Edition]:
    """Return the published comments on all drafts of an outcome, in force, by consultation and number."""
    children = Opening.objects.filter(outcome=outcome).values("consultation")
    found = Edition.objects.filter(consultation__in=children, in_force=True, status=Edition.Status.PUBLISHED)
    return found.order_by("consultation", "number")


def listed(outcome: Outcome, *, part: int | None = None) -> list[Light]:
    """Return the comments without their words, all or those on one paragraph. Two queries, whatever their number."""
    sections = dict(SectionThread.objects.filter(opening__outcome=outcome).values_list("thread", "section__origin"))
    found = comments_on(outcome) if part is None else comments_on(outcome).filter(part=part)
    is_left = Exists(left_now(outcome).filter(pk=OuterRef("pk")))
    columns = ("pk", "contribution", "consultation", "number", "campaign_of", "part", "thread", "is_left")
    return [
        Light(pk, contribution, consultation, number, campaign_of, on, sections.get(thread) or NOWHERE, left)
        for pk, contribution, consultation, number, campaign_of, on, thread, left in found.annotate(
            is_left=is_left
        ).values_list(*columns)
    ]


def count_on(outcome: Outcome, part: int | None) -> Count:
    """Return how many comments there are on a paragraph by its number for good. Two queries; of a new one none."""
    found = listed(outcome, part=part) if part else []
    return Count(len(found), sum(each.is_left for each in found))


def grouped(comments: Iterable[Light]) -> list[Group]:
    """Return comments with those together that moderation calls the same; what is unanswered first. One query."""
    comments = list(comments)
    told = CampaignMember.objects.filter(kind="contribution", taken_out_at=None).values_list("object_id", "campaign")
    campaigns = dict(told.filter(campaign__consultation__in={each.consultation for each in comments}))
    #: By what a comment is known in its group: the number under which lists show it, and its campaign.
    homes: dict[tuple[str, int, int], Group] = {}
    groups: list[Group] = []
    for each in comments:
        keys = [("number", each.consultation, each.campaign_of or each.number)]
        if each.contribution in campaigns:
            keys.append(("campaign", 0, campaigns[each.contribution]))
        home = next((homes[key] for key in keys if key in homes), None)
        if home is None:
            home = Group(each)
            groups.append(home)
        home.members.append(each)
        for key in keys:
            homes.setdefault(key, home)
    return sorted(groups, key=lambda group: not group.left)


@dataclass(frozen=True)
class Tables:
    """How many comments each paragraph has by its number for good, and each section on no paragraph that stands."""

    by_part: dict[int, Count]
    by_section: dict[int, Count]

    @property
    def whole(self) -> Count:
        return sum([*self.by_part.values(), *self.by_section.values()], Count())


def counted(outcome: Outcome) -> Tables:
    """Return the counts of all comments. Three queries."""
    standing = set(
        Stand.objects.filter(section__outcome=outcome, paragraph__mark__isnull=False).values_list(
            "paragraph__mark", flat=True
        )
    )
    present = set(outcome.sections.values_list("pk", flat=True))
    parts: dict[int, Counter[bool]] = defaultdict(Counter)
    sections: dict[int, Counter[bool]] = defaultdict(Counter)
    for each in listed(outcome):
        if each.part is not None and each.part in standing:
            parts[each.part][each.is_left] += 1
        else:
            sections[each.section if each.section in present else NOWHERE][each.is_left] += 1
    return Tables(_counts(parts), _counts(sections))


def _counts(found: dict[int, Counter[bool]]) -> dict[int, Count]:
    return {key: Count(counts.total(), counts[True]) for key, counts in found.items()}


def without_paragraph(outcome: Outcome, section: int) -> list[Light]:
    """Return the comments that came to a section and to no paragraph that stands; of `NOWHERE` the rest."""
    standing = set(
        Stand.objects.filter(section__outcome=outcome, paragraph__mark__isnull=False).values_list(
            "paragraph__mark", flat=True
        )
    )
    present = set(outcome.sections.values_list("pk", flat=True))
    return [
        each
        for each in listed(outcome)
        if each.part not in standing and (each.section if each.section in present else NOWHERE) == section
    ]
