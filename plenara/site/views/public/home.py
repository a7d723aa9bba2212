"""The first page, and the list of consultations."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import Case, DateTimeField, F, IntegerField, OuterRef, Subquery, Value, When
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from plenara.accounts.queries import installation
from plenara.consultations.models import Consultation, State, Thread
from plenara.consultations.presenters import wording
from plenara.contributions.models import LISTED, Edition
from plenara.core import clock
from plenara.core.views import PublicView
from plenara.events.presenters import calendar_pages as events
from plenara.events.queries.calendar import Filters
from plenara.exports.queries.record import public_consultations
from plenara.insights.queries.figures import figures_of, totals_of
from plenara.outcomes.presenters.outcomes import body_name
from plenara.outcomes.queries.bodies import latest_outcome, outcomes_of
from plenara.outcomes.queries.versions import public_bodies
from plenara.summaries.queries.record import latest_summaries, summaries_in_force

#: The most consultations on the first page and in the list, the newest; search and sitemap have the rest.
MOST = 100
#: The most new contributions, and lines of the calendar, on the first page.
NEWEST = 3
NEXT = 4
#: The most other consultations that the first page names.
OTHERS = 8


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
        ranked.order_by("rank", F("soonest").asc(nulls_last=True), F("opens_at").desc(nulls_last=True), "slug")[:MOST]
    )


def newest_of(consultations: Sequence[Consultation]) -> list[Edition]:
    """Return the contributions that were published last, of all consultations. Two queries."""
    own = Edition.objects.filter(LISTED, status=Edition.Status.PUBLISHED, consultation=OuterRef("pk"))
    # By each consultation's index: the newest of all would need a scan of all.
    last = own.order_by("-minted_at", "-number").values("pk")
    keys = [Subquery(last[at : at + 1]) for at in range(NEWEST)]
    rows = Consultation.objects.filter(pk__in=[each.pk for each in consultations]).values_list(*keys)
    found = Edition.objects.filter(pk__in=[key for row in rows for key in row if key is not None])
    # By the time of publication: imported contributions were all recorded here on one day.
    latest = found.order_by(F("published_at").desc(nulls_last=True), "-number", "symbol")
    return list(latest.select_related("text", "byline", "thread", "consultation")[:NEWEST])


class Listed(NamedTuple):
    """A consultation as a list shows it."""

    consultation: Consultation
    contributions: int

    @property
    def mark(self) -> str:
        return wording.mark(self.consultation)

    @property
    def time_left(self) -> str:
        return wording.time_left(self.consultation)

    @property
    def opening(self) -> wording.LocalMoment | None:
        return wording.opening(self.consultation)

    @property
    def closing(self) -> wording.LocalMoment | None:
        return wording.closing(self.consultation)


class Family(NamedTuple):
    """A consultation, and the rounds of comments on its drafts."""

    chief: Listed
    rounds: list[Listed]

    @property
    def has_open(self) -> bool:
        return any(each.consultation.is_open for each in (self.chief, *self.rounds))


def families() -> list[Family]:
    """Return the public consultations, each with its rounds of comments, in the order of `by_openness`. Two queries."""
    found = by_openness()
    totals = totals_of([each.pk for each in found])
    parents = {each.pk: each.parent_id for each in found}
    made: dict[int, tuple[list[Listed], list[Listed]]] = {}
    for each in found:
        chief = each.pk
        while (parent := parents[chief]) in parents:
            chief = parent
        chiefs, rounds = made.setdefault(chief, ([], []))
        (chiefs if chief == each.pk else rounds).append(Listed(each, totals[each.pk]))
    return [Family(chief, rounds) for (chief,), rounds in made.values()]


def leading(found: Sequence[Family]) -> Family | None:
    """Return the first family of the home page: the one with most contributions, an open one before others."""
    return max(found, key=lambda each: (each.has_open, each.chief.contributions), default=None)


def asked_by(consultation: Consultation) -> str:
    """Return one sentence on who asks and why; "" for an archive without its body. Two queries."""
    body = public_bodies().filter(consultation=consultation).order_by("published_at", "slug").first()
    asks = consultation.state in {State.ANNOUNCED, State.OPEN}
    if body:
        name = wording.isolated_words(body_name(body))
        if asks:
            sentence = _(
                "%(name)s writes the outcome. Before this body decides what to say, it asks everyone concerned."
            )
        else:
            sentence = _(
                "%(name)s writes the outcome. Before this body decided what to say, it asked everyone concerned."
            )
        return sentence % {"name": name}
    if consultation.imported_at:
        return ""
    ours = installation()
    name = f"\u2068{ours.controller or ours.name}\u2069"
    if asks:
        return _("The organizers, %(name)s, ask everyone concerned before a decision is taken.") % {"name": name}
    return _("The organizers, %(name)s, asked everyone concerned before a decision is taken.") % {"name": name}


class Home(PublicView):
    """The home page: one consultation with its questions, contributions and results; and other news."""

    template_name = "site/home.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        found = families()
        lead = leading(found)
        everything = [one.consultation for each in found for one in (each.chief, *each.rounds)]
        return self.page(
            request,
            {
                **(self.entries(lead) if lead else {}),
                "others": [one for each in found if each is not lead for one in (each.chief, *each.rounds)][:OTHERS],
                "summary": next(iter(latest_summaries([each.pk for each in everything], limit=1)), None),
                "outcome": latest_outcome(),
                "newest": newest_of(everything),
                "next_events": events.next_lines(Filters(), NEXT),
            },
        )

    def entries(self, lead: Family) -> dict[str, object]:
        """Return the three entries, with the numbers of one consultation: asked, said, became."""
        chief = lead.chief.consultation
        threads = list(Thread.objects.filter(consultation=chief))
        return {
            "consultation": chief,
            "base": wording.address(chief),
            "asked_by": asked_by(chief),
            "closing": lead.chief.closing,
            "time_left": lead.chief.time_left,
            "mark": lead.chief.mark,
            "threads": threads,
            "figures": figures_of([each.pk for each in threads]),
            "summaries": summaries_in_force([chief.pk]).count(),
            "result": next(iter(outcomes_of([chief.pk], limit=1)), None),
            "rounds": lead.rounds,
        }


class Consultations(PublicView):
    """Every public consultation."""

    template_name = "site/consultations.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(request, {"families": families(), "nav_current": "consultations"})
