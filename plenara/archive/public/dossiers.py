"""The dossier of a meeting as files: as a task made them, while everything that they show may be read."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from plenara.archive import addresses
from plenara.archive.files import send
from plenara.archive.other_form import MachineView
from plenara.core.languages import current, html_code
from plenara.outcomes.models import DossierFile
from plenara.outcomes.printing import making


class DossierFiles(MachineView):
    """PDF, Word document or folder, in the language of the address. Nothing is made here."""

    def get(self, request: HttpRequest, number: int, ending: str) -> HttpResponseBase:
        found = DossierFile.objects.filter(
            dossier__event__number=number, dossier__published_at__isnull=False, language=current(),
            made_at__isnull=False,
        )  # fmt: skip
        it = found.select_related("dossier__event").first()
        if it is None or not it.dossier.event.is_published or it.made_at is None:
            raise Http404
        kept = making.offered(it).get(ending)
        if kept is None:
            raise Http404
        path, sha256 = kept
        try:
            response = send(
                request,
                path,
                sha256=sha256,
                media_type=making.FORMS[ending],
                name=f"dossier-{number}-{it.language}.{ending}",
                changed_at=it.made_at,
            )
        except FileNotFoundError as error:
            raise Http404 from error
        page = addresses.site(f"/{current()}/events/{number}/dossier/")
        response["Content-Language"] = html_code(it.language)
        response["Link"] = f'<{page}>; rel="describedby"; type="text/html"'
        response["X-Content-Type-Options"] = "nosniff"
        return response
