"""A view for readers: the figures of a consultation."""

from django.http import HttpRequest, HttpResponse

from plenara.core.views import PublicView
from plenara.insights import presenters
from plenara.insights.presenters import describe_figures
from plenara.summaries.views.public.lists import base_of, consultation_or_404


class FiguresPage(PublicView):
    """Contributions by day, question, stakeholder group, country, language and channel."""

    template_name = "insights/figures.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        consultation = consultation_or_404(slug)
        whole = presenters.whole_of(list(consultation.threads.all()))
        tables = presenters.tables(whole)
        description = describe_figures(consultation)
        response = self.page(
            request,
            {
                "description": description,
                "consultation": consultation,
                "base": base_of(consultation),
                "whole": whole,
                "tables": [(table, [(row, presenters.share(row, whole)) for row in table.shown]) for table in tables],
                "days": whole.dated[: presenters.DAYS],
                "drawing": presenters.drawing(whole.series),
                "drawing_title": presenters.title_of(whole.series),
                "nav_current": "consultations",
            },
        )
        response["Link"] = description.link_header
        return response
