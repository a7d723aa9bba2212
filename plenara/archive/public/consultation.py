"""A consultation: its questions, dates, who can take part, figures."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from plenara.archive import addresses
from plenara.archive.describing import describe_consultation
from plenara.archive.finding import consultation_or_404
from plenara.consultations import shown
from plenara.consultations.models import Consultation, State
from plenara.contributions.models import LISTED, Edition
from plenara.contributions.parts import about
from plenara.core.views import PublicView
from plenara.core.vocabulary import licence_name, licence_url
from plenara.events import reading as events
from plenara.insights.figures import figures_of
from plenara.moderation.turnaround import hours, lately
from plenara.outcomes.listing import outcomes_of
from plenara.summaries.reading import latest_summaries
from plenara.themes.reading import named

#: Outcomes that a consultation's page lists, the newest first.
OUTCOMES = 10


class ConsultationPage(PublicView):
    """One consultation."""

    template_name = "archive/consultation.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        consultation = consultation_or_404(slug)
        context = page_of(consultation)
        response = self.page(request, context)
        response["Link"] = context["description"].link_header
        return response


def page_of(consultation: Consultation) -> dict[str, Any]:
    """Return what the page of a consultation shows."""
    threads = list(consultation.threads.all())
    called = {each.code: each for each in named(code for thread in threads for code in thread.themes)}
    for thread in threads:
        thread.named_themes = [called[code] for code in thread.themes if code in called]  # type: ignore[attr-defined]
    extensions = [shown.extension(each, consultation) for each in consultation.extensions.all()]
    newest = Edition.objects.filter(LISTED, consultation=consultation).order_by("-minted_at", "-number").first()
    description = describe_consultation(consultation)
    coming, held = events.of_consultation(consultation)
    return {
        "description": description,
        "consultation": consultation,
        "threads": threads,
        "draft": about(consultation),
        "figures": figures_of([each.pk for each in threads]),
        "steps": shown.steps(consultation),
        # How one that came in when it was over went is known by its dates alone.
        "told_elsewhere": consultation.imported_at is not None and not consultation.is_open,
        "is_over": consultation.state not in {State.ANNOUNCED, State.OPEN},
        "closing": shown.closing(consultation),
        "opening": shown.opening(consultation),
        "time_left": shown.time_left(consultation),
        "mark": shown.mark(consultation),
        "lately": hours(lately(consultation)),
        "extensions": extensions,
        "languages_state": shown.languages(consultation, threads),
        "permanent": addresses.of_symbol(consultation.symbol),
        "here": shown.address(consultation),
        "licence": licence_name(consultation.licence),
        "licence_url": licence_url(consultation.licence),
        "summaries": latest_summaries([consultation.pk]),
        "outcomes": outcomes_of([consultation.pk], limit=OUTCOMES),
        "newest": newest,
        "coming": coming,
        "held": held,
        "nav_current": "consultations",
    }
