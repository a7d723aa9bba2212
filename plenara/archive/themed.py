"""What is on a theme, of every kind: how much of each there is, and the newest or next few."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, QuerySet

from plenara.archive.finding import public_consultations
from plenara.archive.searching.parameters import Search
from plenara.archive.searching.results import Results, find
from plenara.consultations.models import Thread
from plenara.directory import shown
from plenara.directory.models import EntryState, Kind, Listing, Mark
from plenara.documents.models import DocumentEdition
from plenara.events import calendar, reading
from plenara.events.calendar import Filters
from plenara.events.models import EventMark
from plenara.insights.figures import Figures, figures_of, total_in
from plenara.search.query import Refused
from plenara.summaries.kind import NAME
from plenara.summaries.reading import Listed, listed

#: Of each kind so many are shown; a link leads to all.
FEW = 5
#: So many events are counted.
MOST_COUNTED = 1000


@dataclass
class Themed:
    """What is on a theme and on all that it includes."""

    threads: list[Thread]
    figures: Figures
    thread_count: int
    contributions: Results | None  # nothing where the index could not answer in time
    contribution_count: int  # as on the pages of the questions: a search finds texts of a campaign once
    summaries: list[Listed]
    summary_count: int
    coming: list[reading.Line]
    past: list[reading.Line]  # shown where nothing is coming
    event_count: int
    events_are_more: bool  # than were counted
    listings: dict[str, list[shown.Row]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing yet."""
        counted = (self.thread_count, self.contribution_count, self.summary_count, self.event_count)
        return not any((*counted, *self.counts.values()))


def on(code: str, family: Sequence[str]) -> Themed:
    """Return what is on a theme; `family` are the codes that it includes, itself among them. Some thirty queries."""
    threads = threads_of(family)
    first = list(
        threads.select_related("consultation").order_by("-consultation__opens_at", "consultation__slug", "number")[:FEW]
    )
    summaries = summaries_of(family)
    newest = summaries.select_related("summary", "consultation").prefetch_related("renditions")
    events = Filters(theme=code, themes=tuple(family))
    coming = reading.next_lines(events, FEW)
    past = [] if coming else reading.told(calendar.lines(events, calendar.past(), limit=3)[0])
    marked = Mark.objects.filter(what=Mark.What.THEME, value__in=family)
    counts = dict(marked.values_list("of").annotate(n=Count("listing", distinct=True)).order_by())
    return Themed(
        threads=first,
        figures=figures_of([each.pk for each in first]),
        thread_count=threads.count(),
        contributions=contributions_on(code),
        contribution_count=total_in(threads),
        summaries=[listed(each) for each in newest.order_by("-minted_at", "-pk")[:FEW]],
        summary_count=summaries.count(),
        coming=coming,
        past=past,
        **_counted(family),
        listings=_listings(marked),
        counts={kind: counts.get(kind, 0) for kind in Kind.values},
    )


def threads_of(family: Sequence[str]) -> QuerySet[Thread]:
    """Return the public questions of these themes."""
    found = Thread.objects.filter(consultation__in=public_consultations())
    return found.filter(theme_marks__theme__in=family).distinct()


def summaries_of(family: Sequence[str]) -> QuerySet[DocumentEdition]:
    """Return the summaries in force that say something under a question of these themes."""
    found = DocumentEdition.objects.filter(kind=NAME, in_force=True, consultation__in=public_consultations())
    return found.filter(paragraphs__thread__in=threads_of(family).order_by().values("pk")).distinct()


def contributions_on(code: str) -> Results | None:
    """Return the newest contributions on a theme, and how many there are; nothing where it takes too long."""
    try:
        return find(Search(theme=code, kind="contribution"), limit=FEW)
    except Refused:
        return None


def _events(family: Sequence[str]) -> QuerySet[EventMark]:
    return EventMark.objects.filter(what=EventMark.What.THEME, value__in=family)


def _counted(family: Sequence[str]) -> dict[str, Any]:
    """Return how many events there are, up to as many as are counted: a theme of themes may have them all."""
    found = _events(family).order_by().values("occurrence__event").distinct()[: MOST_COUNTED + 1].count()
    return {"event_count": min(found, MOST_COUNTED), "events_are_more": found > MOST_COUNTED}


def _listings(marked: QuerySet[Mark]) -> dict[str, list[shown.Row]]:
    """Return the newest listings of each kind. Three queries, and what their rows take."""
    found: list[Listing] = []
    for kind in Kind.values:
        there = Listing.objects.filter(of=kind, state=EntryState.PUBLISHED, archived_at=None, merged_into=None)
        found += there.filter(pk__in=marked.filter(of=kind).values("listing")).order_by("-number")[:FEW]
    rows: dict[str, list[shown.Row]] = {kind: [] for kind in Kind.values}
    for row in shown.rows(found):
        rows[row.listing.of].append(row)
    return rows
