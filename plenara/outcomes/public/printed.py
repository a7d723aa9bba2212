"""The version of an outcome that is in force, as plain text: for a terminal, an archive or a screen reader."""

from django.http import HttpRequest, HttpResponse

from plenara.core.languages import current, html_code
from plenara.core.views import PublicView
from plenara.documents.models import DocumentEdition
from plenara.documents.printing import plain
from plenara.outcomes.places import version_or_404
from plenara.outcomes.printing.files import PRINTER
from plenara.outcomes.printing.showing import outcome_paper


class OutcomeText(PublicView):
    """An outcome as plain text, with each citation, its treatment and its reason."""

    def get(self, request: HttpRequest, body: str, outcome: str) -> HttpResponse:
        version = version_or_404(body, outcome).version
        found = DocumentEdition.objects.select_related("consultation", *PRINTER.related).prefetch_related("renditions")
        edition = found.get(pk=version.edition_id)
        languages = {each.language for each in edition.renditions.all() if each.in_force}
        language = current() if current() in languages else edition.source_language
        text = plain.as_text(outcome_paper(edition, current()))
        response = HttpResponse(text.encode(errors="replace"), content_type=plain.MEDIA_TYPE)
        response["Content-Language"] = html_code(language)
        name = f"{edition.symbol.replace('/', '-')}-{language}.txt"
        response["Content-Disposition"] = f'inline; filename="{name}"'
        return response
