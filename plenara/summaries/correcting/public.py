"""The view for readers: the requests for correction of a summary, each with what was answered."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from plenara.core.views import PublicView
from plenara.documents.models import DocumentEdition
from plenara.summaries.correcting import shown
from plenara.summaries.kind import NAME, SUMMARY
from plenara.summaries.places import base_of, consultation_or_404


class Corrections(PublicView):
    """The requests of a summary, oldest first, ten a page."""

    template_name = "summaries/correcting/public.html"

    def get(self, request: HttpRequest, slug: str, number: int, start: int = 1) -> HttpResponse:
        consultation = consultation_or_404(slug)
        found = DocumentEdition.objects.filter(consultation=consultation, kind=NAME, number=number, in_force=True)
        edition = get_object_or_404(found)
        page = shown.listing(edition.document_id, start)
        if start > 1 and not page.requests:
            raise Http404
        return self.page(
            request,
            {
                "consultation": consultation,
                "base": base_of(consultation),
                "edition": edition,
                "name": SUMMARY.label(number),
                "here": SUMMARY.url(slug, number),
                "listing": page,
                "start": start,
                "until": shown.asks_until(edition, consultation),
                "nav_current": "consultations",
            },
        )
