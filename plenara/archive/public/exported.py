"""What can be downloaded of a consultation: each file with what it is for, its checksum, and how to cite it."""

from django.http import HttpRequest, HttpResponse

from plenara.archive import addresses
from plenara.archive.describing import describe_downloads
from plenara.archive.exports import BUNDLE
from plenara.archive.exports.shown import shown
from plenara.archive.finding import consultation_or_404
from plenara.archive.formats import dictionary
from plenara.consultations import shown as consultations
from plenara.core.views import PublicView
from plenara.core.vocabulary import licence_name, licence_url


class Downloads(PublicView):
    """The files of a consultation's record. They are made by tasks; here it is said what there is."""

    template_name = "archive/downloads.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        consultation = consultation_or_404(slug)
        found = shown(consultation)
        files = found.files(slug)
        description = describe_downloads(consultation, found)
        response = self.page(
            request,
            {
                "description": description,
                "consultation": consultation,
                "base": consultations.address(consultation),
                "found": found,
                "files": files,
                "bundle_name": found.made.download_name(BUNDLE) if found.made else f"{slug}-{BUNDLE}",
                "columns": dictionary.COLUMNS,
                "licence": licence_name(consultation.licence),
                "licence_url": licence_url(consultation.licence),
                "permalink": addresses.of_symbol(consultation.symbol),
                "nav_current": "consultations",
            },
        )
        response["Link"] = description.link_header
        return response
