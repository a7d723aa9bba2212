"""The first page, and the list of consultations."""

from collections.abc import Sequence

from django.db.models import Case, DateTimeField, F, IntegerField, OuterRef, Subquery, Value, When
from django.http import HttpRequest, HttpResponse

from plenara.archive.finding import public_consultations
from plenara.common import clock
from plenara.common.doors import PublicView
from plenara.consultations import shown
from plenara.consultations.models import Consultation, State, Thread
from plenara.contributions.models import LISTED, Edition
from plenara.events import reading as events
from plenara.events.calendar import Filters
from plenara.insights.figures import figures_of
from plenara.outcomes.listing import latest_outcome
from plenara.summaries.reading import latest_summaries

#: Consultations on the first page and in the list: the newest; the rest is found by search and sitemap.
MOST = 100
#: Contributions that were published last, and lines of the calendar, on the first page.
NEWEST = 3
NEXT = 4


def by_openness() -> list[Consultation]:
    """Return the public consultations: open ones first (soonest to close), then announced, then the others, newest."""
    now = clock.now()
    clocked = [State.ANNOUNCED, State.OPEN, State.CLOSED]
    rank = Case(
        When(stage__in=clocked, opens_at__lte=now, closes_at__gt=now, then=Value(0)),
        When(stage__in=clocked, opens_at__gt=now, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    soonest = Case(When(rank=0, then=F("closes_at")), When(rank=1, then=F("opens_at")), output_field=DateTimeField())
    ranked = public_consultations().annotate(rank=rank).annotate(soonest=soonest)
    return list(
        ranked.order_by("rank", F("soonest").asc(nulls_last=True), F("opens_at").desc(nulls_last=True), "pk")[:MOST]
    )


def newest_of(consultations: Sequence[Consultation]) -> list[Edition]:
    """Return the contributions that were published last, whatever their consultation. Two queries."""
    own = Edition.objects.filter(LISTED, status=Edition.Status.PUBLISHED, consultation=OuterRef("pk"))
    # By each consultation's index: the newest of all would be looked for among all.
    last = own.order_by("-minted_at", "-number").values("pk")
    keys = [Subquery(last[at : at + 1]) for at in range(NEWEST)]
    rows = Consultation.objects.filter(pk__in=[each.pk for each in consultations]).values_list(*keys)
    found = Edition.objects.filter(pk__in=[key for row in rows for key in row if key is not None])
    return list(found.select_related("text", "byline", "thread", "consultation").order_by("-minted_at", "-pk")[:NEWEST])


class Home(PublicView):
    """What is open, the latest summary, what was published last, the next events."""

    template_name = "archive/home.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        consultations = by_openness()
        chief = next((each for each in consultations if each.is_open), consultations[0] if consultations else None)
        threads = list(Thread.objects.filter(consultation=chief))
        summary = next(iter(latest_summaries([each.pk for each in consultations], limit=1)), None)
        return self.page(
            request,
            {
                "consultation": chief,
                "closing": shown.closing(chief) if chief else None,
                "time_left": shown.time_left(chief) if chief else "",
                "mark": shown.mark(chief) if chief else "",
                "threads": threads,
                "figures": figures_of([each.pk for each in threads]),
                "others": [(each, shown.mark(each), shown.closing(each)) for each in consultations if each != chief][
                    :8
                ],
                "summary": summary,
                "outcome": latest_outcome(),
                "newest": newest_of(consultations),
                "next_events": events.next_lines(Filters(), NEXT),
            },
        )


class Consultations(PublicView):
    """Every public consultation."""

    template_name = "archive/consultations.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        found = [(each, shown.mark(each), shown.opening(each), shown.closing(each)) for each in by_openness()]
        return self.page(request, {"consultations": found, "nav_current": "consultations"})
