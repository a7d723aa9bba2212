"""The members of a body, and outcomes as lists show them."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from plenara.accounts.queries import lists_workers
from plenara.core import clock
from plenara.core.languages import Localized
from plenara.core.prepared import prepared
from plenara.outcomes import permissions
from plenara.outcomes.models import Body, Member, Outcome, OutcomeEdition
from plenara.outcomes.presenters.outcomes import stage_of, title_of
from plenara.outcomes.queries.versions import public_versions, url_of

#: By date of publication, if known: all rows of an import were created at one moment.
NEWEST_FIRST = (F("edition__published_at").desc(nulls_last=True), "-edition__minted_at", "-pk")


@dataclass(frozen=True)
class ListedOutcome:
    """The version in force of an outcome in a list, in the reader's language."""

    version: OutcomeEdition
    title: Localized
    stage: str  # "Draft 2"
    symbol: str
    url: str
    path: str  # below the language
    published_at: datetime.datetime | None
    answered: int
    left: int
    languages: list[str]  # those in which it can be read

    @property
    def contributions(self) -> int:
        return self.answered + self.left


def versions_in_force() -> QuerySet[OutcomeEdition]:
    """Return the versions in force, newest first."""
    found = public_versions().filter(edition__in_force=True)
    return found.prefetch_related("edition__renditions").order_by(*NEWEST_FIRST)


def outcomes_of(consultations: Iterable[int], limit: int | None = None, *, own: bool = False) -> list[ListedOutcome]:
    """Return the newest outcomes that answer some consultations, or whose body has its home in one of them.

    `own`: only the latter.
    """
    return [listed_outcome(each) for each in _newest(limit, own)(list(consultations))]


@cache
def _newest(limit: int | None, own: bool) -> Callable[[list[int]], QuerySet[OutcomeEdition]]:
    @prepared
    def found(consultations: list[int]) -> QuerySet[OutcomeEdition]:
        theirs = Q(outcome__body__consultation__in=consultations)
        if not own:
            theirs |= Q(outcome__in=Outcome.objects.filter(consultations__in=consultations).values("pk"))
        return versions_in_force().filter(theirs)[: limit or None]

    return found


def latest_outcome() -> ListedOutcome | None:
    """Return the outcome with the latest version."""
    return next((listed_outcome(each) for each in versions_in_force()[:1]), None)


def outcomes_of_bodies(bodies: Iterable[int]) -> dict[int, list[ListedOutcome]]:
    """Return the outcomes of bodies, by body."""
    found: dict[int, list[ListedOutcome]] = {}
    for each in versions_in_force().filter(outcome__body__in=list(bodies)):
        found.setdefault(each.outcome.body_id, []).append(listed_outcome(each))
    return found


def listed_outcome(version: OutcomeEdition) -> ListedOutcome:
    """Return a version for a list. Its edition's renditions are prefetched."""
    edition = version.edition
    renditions = {each.language: each for each in edition.renditions.all() if each.in_force}
    url = url_of(version)
    return ListedOutcome(
        version=version,
        title=title_of(renditions, edition.source_language),
        stage=stage_of(version),
        symbol=edition.symbol,
        url=url,
        path=url.split("/", 2)[2],
        published_at=edition.published_at,
        answered=version.figures.get("answered", 0),
        left=version.figures.get("left", 0),
        languages=sorted(renditions),
    )


@dataclass(frozen=True)
class ListedMember:
    """A member with their place, and whether they are a present one."""

    member: Member
    place: int  # from 1
    is_present: bool
    is_coming: bool  # from a future day

    @property
    def part(self) -> str:
        return str(Member.Part(self.member.part).label)


def listed_members(body: Body) -> list[ListedMember]:
    """Return the members in their order, including former ones."""
    now = permissions.today()
    return [
        ListedMember(
            each,
            place,
            each.until is None or each.until >= now,
            each.since is not None and each.since > now,
        )
        for place, each in enumerate(body.members.select_related("person"), 1)
    ]


@lists_workers
def present_members() -> QuerySet[Member, int]:
    """Return the ids of the present members of any body (`permissions.is_member_somewhere`)."""
    now = permissions.today()
    found = Member.objects.filter(Q(since=None) | Q(since__lte=now), Q(until=None) | Q(until__gte=now))
    return found.exclude(person=None).values_list("person_id", flat=True)  # type: ignore[return-value]


#: Members on a body's own page, and on a page of all members.
FEW_MEMBERS, MEMBERS_PAGE = 40, 100


def members_in_order(body: Body) -> QuerySet[Member]:
    """Return the members, former ones last, each with `is_former`."""
    is_former = Case(
        When(Q(until__isnull=False, until__lt=clock.now().date()), then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )
    found = Member.objects.filter(body=body).annotate(is_former=is_former)
    return found.order_by("is_former", "position", "pk")
