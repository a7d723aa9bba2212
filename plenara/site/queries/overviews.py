"""Overviews of a contribution, an organization, a theme and a person: similar contributions, contributions
for an organization, everything on a theme, news for a person.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from plenara.accounts.models import Person
from plenara.consultations import emails
from plenara.consultations.models import Follow, State, Thread
from plenara.contributions.actions.search_index import CONTRIBUTION, findable
from plenara.contributions.models import Edition
from plenara.contributions.models.record import Dispute, OrganizationMark
from plenara.core import clock
from plenara.core.languages import current
from plenara.core.life_cycle import State as ItemState
from plenara.core.prepared import prepared
from plenara.directory.models import Kind, Listing, Mark
from plenara.directory.presenters import display
from plenara.documents.kinds import kind_of
from plenara.documents.models import DocumentEdition, PublishedCitation
from plenara.events.models import EventMark
from plenara.events.presenters import calendar_pages
from plenara.events.queries import calendar
from plenara.events.queries.calendar import Filters
from plenara.exports.queries.record import public_consultations
from plenara.exports.queries.search import Results, Search, find_results
from plenara.insights.queries.figures import Figures, figures_of, total_in
from plenara.search.queries.similarity import related_to
from plenara.search.query import QueryRefused
from plenara.summaries.kind import NAME
from plenara.summaries.queries.record import ListedSummary, listed_summary

#: The most contributions that a page names.
MOST_RELATED = 5


def related(edition: Edition) -> list[Edition]:
    """Return the contributions nearest in meaning, without its parent and its replies. Two queries."""
    near = [object_id for object_id, _product in related_to(CONTRIBUTION.code, edition.pk)]
    there = {each.pk: each for each in _findable(near) if not _is_on_page(each, edition)}
    return [there[pk] for pk in near if pk in there][:MOST_RELATED]


@prepared
def _findable(editions: list[int]) -> QuerySet[Edition]:
    return findable().filter(pk__in=editions).select_related("byline", "consultation", "thread", "text")


def _is_on_page(one: Edition, edition: Edition) -> bool:
    if one.consultation_id != edition.consultation_id:
        return False
    return one.number in (edition.number, edition.in_reply_to) or one.in_reply_to == edition.number


#: Contributions on one page.
REPRESENTED_PAGE = 20


@dataclass
class Represented:
    """A page of contributions, the newest first, and the first keys of the pages before and after."""

    editions: list[Edition]
    next: int | None = None
    previous: int | None = None


def represented(
    organization_ids: Iterable[int], *, start: int | None = None, limit: int = REPRESENTED_PAGE
) -> Represented:
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


#: Of each kind so many are shown; a link leads to all.
FEW = 5
#: The most events that are counted: a broad theme may have them all.
MOST_COUNTED = 1000


@dataclass
class Themed:
    """Everything on a theme and on all that it includes."""

    threads: list[Thread]
    figures: Figures
    thread_count: int
    contributions: Results | None  # None if the index did not answer in time
    contribution_count: int  # counted as on the pages of the questions: a search finds a campaign's text once
    summaries: list[ListedSummary]
    summary_count: int
    coming: list[calendar_pages.Line]
    past: list[calendar_pages.Line]  # shown if no event is coming
    event_count: int
    events_are_more: bool  # than were counted
    listings: dict[str, list[display.Row]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether it is empty."""
        counted = (self.thread_count, self.contribution_count, self.summary_count, self.event_count)
        return not any((*counted, *self.counts.values()))


def on_theme(code: str, family: Sequence[str]) -> Themed:
    """Return everything on a theme; `family` are the codes that it includes, with its own. Some thirty queries."""
    threads = threads_of(family)
    first = list(
        threads.select_related("consultation").order_by("-consultation__opens_at", "consultation__slug", "number")[:FEW]
    )
    summaries = summaries_of(family)
    newest = summaries.select_related("summary", "consultation").prefetch_related("renditions")
    events = Filters(theme=code, themes=tuple(family))
    coming = calendar_pages.next_lines(events, FEW)
    past = [] if coming else calendar_pages.lines_of(calendar.lines(events, calendar.past(), limit=3)[0])
    marked = Mark.objects.filter(what=Mark.What.THEME, value__in=family)
    counts = dict(marked.values_list("of").annotate(n=Count("listing", distinct=True)).order_by())
    found = _events(family).order_by().values("occurrence__event").distinct()[: MOST_COUNTED + 1].count()
    return Themed(
        threads=first,
        figures=figures_of([each.pk for each in first]),
        thread_count=threads.count(),
        contributions=contributions_on(code),
        contribution_count=total_in(threads),
        summaries=[listed_summary(each) for each in newest.order_by("-minted_at", "-pk")[:FEW]],
        summary_count=summaries.count(),
        coming=coming,
        past=past,
        event_count=min(found, MOST_COUNTED),
        events_are_more=found > MOST_COUNTED,
        listings=_listings(marked),
        counts={kind: counts.get(kind, 0) for kind in Kind.values},
    )


def threads_of(family: Sequence[str]) -> QuerySet[Thread]:
    """Return the public questions of these themes."""
    found = Thread.objects.filter(consultation__in=public_consultations())
    return found.filter(theme_marks__theme__in=family).distinct()


def summaries_of(family: Sequence[str]) -> QuerySet[DocumentEdition]:
    """Return the summaries in force with a statement under a question of these themes."""
    found = DocumentEdition.objects.filter(kind=NAME, in_force=True, consultation__in=public_consultations())
    return found.filter(paragraphs__thread__in=threads_of(family).order_by().values("pk")).distinct()


def contributions_on(code: str) -> Results | None:
    """Return the newest contributions on a theme, and how many there are; None if it takes too long."""
    try:
        return find_results(Search(theme=code, kind="contribution"), limit=FEW)
    except QueryRefused:
        return None


def _events(family: Sequence[str]) -> QuerySet[EventMark]:
    return EventMark.objects.filter(what=EventMark.What.THEME, value__in=family)


def _listings(marked: QuerySet[Mark]) -> dict[str, list[display.Row]]:
    """Return the newest listings of each kind. Three queries, and those of their rows."""
    found: list[Listing] = []
    for kind in Kind.values:
        there = Listing.objects.filter(of=kind, state=ItemState.PUBLISHED, archived_at=None, merged_into=None)
        found += there.filter(pk__in=marked.filter(of=kind).values("listing")).order_by("-number")[:FEW]
    rows: dict[str, list[display.Row]] = {kind: [] for kind in Kind.values}
    for row in display.rows(found):
        rows[row.listing.of].append(row)
    return rows


#: The most lines of each kind that are shown and counted.
MOST_NEWS = emails.MOST_NEWS


@dataclass(frozen=True)
class New:
    """One piece of news, and its page."""

    words: str
    url: str


def news_after(person: Person, moment: datetime.datetime) -> list[New]:
    """Return replies to, citations of and responses to a person's contributions after a moment.

    Two queries, and four for each version of an outcome that responds to the person.
    """
    now = clock.now()
    found = _followed(person, Follow.What.REPLIES, moment, now)
    found += _cited(person, moment, now)
    found += _followed(person, Follow.What.TREATED, moment, now)
    return found


def _followed(person: Person, what: str, moment: datetime.datetime, now: datetime.datetime) -> list[New]:
    """Return the news of an e-mail about this, whether or not the person wants e-mails about it."""
    lines = emails.news_of(Follow(person=person, what=what, notified_until=moment), now)
    # The templates are those of e-mails: their text is escaped when the page is rendered.
    return [
        New(_first_line(render_to_string(each.template, {"line": each.context})), f"/{current()}/{each.path}")
        for each in lines[:MOST_NEWS]
    ]


def _first_line(text: str) -> str:
    return "".join(text.strip().splitlines()[:1])


def _cited(person: Person, moment: datetime.datetime, now: datetime.datetime) -> list[New]:
    """Return the statements of summaries that cite a person. One that a correction repeats is not new."""
    before = PublishedCitation.objects.filter(
        edition=OuterRef("edition"),
        paragraph__edition__document=OuterRef("paragraph__edition__document"),
        paragraph__edition__minted_at__lte=moment,
    )
    rows = (
        PublishedCitation.objects.filter(
            edition__contribution__author=person,
            paragraph__edition__in_force=True,
            paragraph__edition__kind=NAME,
            paragraph__edition__minted_at__gt=moment,
            paragraph__edition__minted_at__lte=now,
        )
        .exclude(Exists(before))
        .order_by("paragraph__edition__minted_at", "paragraph__number", "pk")
        .select_related("paragraph__edition__consultation", "edition")
    )
    kind, found = kind_of(NAME), {}
    for each in rows[:MOST_NEWS]:
        summary, number = each.paragraph.edition, each.paragraph.public_number
        place = {"place": kind.place(summary.number, number), "number": each.edition.number}
        url = f"{kind.url(summary.consultation.slug, summary.number, address=summary.address)}#s{number}"
        found[url, each.edition_id] = New(_("%(place)s: your contribution %(number)s") % place, url)
    return list(found.values())
