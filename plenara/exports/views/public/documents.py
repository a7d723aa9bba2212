"""A summary or an outcome to print or to work on: its PDF and its Word document, created by a task."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control, patch_vary_headers

from plenara.core.languages import current, html_code
from plenara.core.views import open_to_all
from plenara.documents.actions import printed_files
from plenara.documents.actions.printed_files import Printer
from plenara.documents.kinds import kind_of
from plenara.documents.models import DocumentEdition, PublishedRendition
from plenara.documents.presenters import pdf
from plenara.exports import addresses
from plenara.exports.queries.record import consultation_or_404
from plenara.exports.views.base import MachineView, ask_again, send
from plenara.outcomes.presenters.paper import PRINTER as OUTCOMES
from plenara.outcomes.queries.versions import version_or_404
from plenara.summaries.kind import NAME
from plenara.summaries.printing.presenters.summaries import PRINTER as SUMMARIES

#: Seconds after which to retry a file that is being created: the worker looks every minute, and has other tasks.
AGAIN = 300


class Printed(MachineView):
    """The edition in force, in the reader's language; where that is missing, a redirect to the original.

    Nothing is created here. A missing or outdated file will be created, and the answer says so; on a machine that
    cannot create PDFs it says that.
    """

    template_name = "documents/print/not_yet.html"
    printer: Printer
    #: The address before the ending.
    stem = ""

    def page_of(self, edition: DocumentEdition, language: str | None = None) -> str:
        """Return the page of the document, in a language or in the active one."""
        kind = kind_of(edition.kind)
        return kind.url(edition.consultation.slug, edition.number, language, address=edition.address)

    def answer(self, request: HttpRequest, edition: DocumentEdition | None, ending: str) -> HttpResponseBase:
        """Return the file of an edition, or the page about its state."""
        if edition is None:
            raise Http404
        renditions = {each.language: each for each in edition.renditions.all() if each.in_force}
        if current() not in renditions:
            return self.lead(f"{self.page_of(edition, edition.source_language)}{self.stem}.{ending}")
        for _try in range(2):
            try:
                if response := self.file(request, edition, renditions[current()], ending):
                    return response
            except FileNotFoundError:
                continue  # a newer one has just replaced it
            break
        return self.not_yet(request, edition, ending)

    def file(
        self, request: HttpRequest, edition: DocumentEdition, rendition: PublishedRendition, ending: str
    ) -> HttpResponseBase | None:
        """Return the file, if there is one that may be served. Raises `FileNotFoundError`."""
        printed = self.printer.for_download(edition, rendition, ending)
        if printed is None:
            return None
        language = html_code(rendition.language)
        response = send(
            request,
            printed.path(ending),
            sha256=printed.files[ending].sha256,
            media_type=printed_files.FORMS[ending][0],
            name=f"{edition.symbol.replace('/', '-')}-{rendition.language}.{ending}",
            changed_at=printed.made_at,
        )
        page = addresses.site(self.page_of(edition))
        response["Content-Language"] = language
        response["Link"] = f'<{page}>; rel="describedby"; type="text/html"'
        response["X-Content-Type-Options"] = "nosniff"
        return response

    def lead(self, address: str) -> HttpResponse:
        """Return a redirect to the original: a file has one language."""
        response = HttpResponseRedirect(address)
        patch_cache_control(response, public=True, max_age=0, s_maxage=self.s_maxage)
        return open_to_all(response)

    def not_yet(self, request: HttpRequest, edition: DocumentEdition, ending: str) -> HttpResponse:
        """Return a page with the reason why there is no file, and a link to the text."""
        is_possible = ending != "pdf" or pdf.is_possible()
        context = {
            "consultation": edition.consultation,
            "name": kind_of(edition.kind).label(edition.number),
            "page": self.page_of(edition),
            "stem": self.stem,
            "is_possible": is_possible,
            "is_pdf": ending == "pdf",
            "minutes": AGAIN // 60,
        }
        response = self.page(request, context, status=503)
        patch_vary_headers(response, ["Accept-Language"])
        return open_to_all(ask_again(response, AGAIN if is_possible else 24 * 3600))


class PrintedSummary(Printed):
    """A summary as a file."""

    printer = SUMMARIES
    stem = "summary"

    def get(self, request: HttpRequest, slug: str, number: int, ending: str) -> HttpResponseBase:
        consultation = consultation_or_404(slug)
        found = DocumentEdition.objects.filter(consultation=consultation, kind=NAME, number=number, in_force=True)
        edition = found.select_related("consultation", "summary").prefetch_related("renditions").first()
        return self.answer(request, edition, ending)


class PrintedOutcome(Printed):
    """An outcome's version in force, as a file."""

    printer = OUTCOMES
    stem = "outcome"

    def get(self, request: HttpRequest, body: str, outcome: str, ending: str) -> HttpResponseBase:
        version = version_or_404(body, outcome).version
        found = DocumentEdition.objects.filter(pk=version.edition_id)
        edition = found.select_related("consultation", *OUTCOMES.related).prefetch_related("renditions").first()
        return self.answer(request, edition, ending)
