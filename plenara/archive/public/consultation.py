"""A consultation: its questions, dates, who can take part, figures."""

from django.http import HttpRequest, HttpResponse

from plenara.archive.describing import describe_consultation
from plenara.archive.figures import figures_of
from plenara.archive.finding import consultation_or_404
from plenara.common.doors import PublicView
from plenara.common.vocabulary import licence_name, licence_url
from plenara.consultations import shown
from plenara.contributions.models import LISTED, Edition
from plenara.moderation.turnaround import hours, lately
from plenara.summaries.reading import latest_summaries


class ConsultationPage(PublicView):
    """One consultation."""

    template_name = "archive/consultation.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        consultation = consultation_or_404(slug)
        threads = list(consultation.threads.all())
        extensions = [shown.extension(each, consultation) for each in consultation.extensions.all()]
        newest = Edition.objects.filter(LISTED, consultation=consultation).order_by("-minted_at").first()
        description = describe_consultation(consultation)
        response = self.page(
            request,
            {
                "description": description,
                "consultation": consultation,
                "threads": threads,
                "figures": figures_of([each.pk for each in threads]),
                "steps": shown.steps(consultation),
                # How one that came in when it was over went is known by its dates alone.
                "told_elsewhere": consultation.imported_at is not None and not consultation.is_open,
                "closing": shown.closing(consultation),
                "opening": shown.opening(consultation),
                "time_left": shown.time_left(consultation),
                "mark": shown.mark(consultation),
                "lately": hours(lately(consultation)),
                "extensions": extensions,
                "languages_state": shown.languages(consultation, threads),
                "licence": licence_name(consultation.licence),
                "licence_url": licence_url(consultation.licence),
                "summaries": latest_summaries([consultation.pk]),
                "newest": newest,
                "nav_current": "consultations",
            },
        )
        response["Link"] = description.link_header
        return response
