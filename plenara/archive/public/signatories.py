"""Who submitted a text that a campaign brought: all of them, some hundred a page."""

from django.http import Http404, HttpRequest, HttpResponse

from plenara.archive.finding import consultation_or_404, edition_or_404
from plenara.archive.tombstones import tombstone
from plenara.consultations import shown
from plenara.contributions import campaigns
from plenara.contributions.organizations.reading import tell
from plenara.core.views import PublicView


class SignatoriesPage(PublicView):
    """A page of those who submitted the words of a contribution that leads a campaign."""

    template_name = "archive/signatories.html"

    def get(self, request: HttpRequest, slug: str, number: int, page: int = 1) -> HttpResponse:
        consultation = consultation_or_404(slug)
        edition = edition_or_404(consultation, number, None)
        if edition.is_gone:
            return tombstone(request, edition)
        found, count = campaigns.signatories(edition, max(page, 1))
        if not found or page < 1:
            raise Http404
        tell([edition, *found])
        return self.page(
            request,
            {
                "consultation": consultation,
                "edition": edition,
                "signatories": found,
                "total": count + 1,
                "number": page,
                "last": -(-count // campaigns.PAGE),
                "base": shown.address(consultation),
                "nav_current": "consultations",
            },
        )
