"""Files to keep: the exports of a consultation, the papers that go with contributions."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from plenara.archive import addresses, told
from plenara.archive.exports import CSV, FILES, scheduling, standing
from plenara.archive.exports.standing import Made
from plenara.archive.files import send
from plenara.archive.finding import consultation_or_404, edition_or_404
from plenara.archive.formats.dictionary import METADATA
from plenara.archive.other_form import LanguageFree, MachineView, ask_again, open_to_all
from plenara.archive.tombstones import tombstone
from plenara.consultations.models import Consultation
from plenara.contributions.papers import file_of
from plenara.core import clock
from plenara.core.text import clean_line
from plenara.core.vocabulary import licence_url


class Export(LanguageFree):
    """A file of a consultation's record; or, where there is none that may be served, when there will be one."""

    template_name = "archive/not_made_yet.html"

    def get(self, request: HttpRequest, slug: str, name: str) -> HttpResponseBase:
        consultation = consultation_or_404(slug)
        for _try in range(2):
            found = standing.for_download(consultation)
            if found is None:
                break
            try:
                response = self.answer(request, consultation, found, name)
            except FileNotFoundError:
                continue  # a newer one took its place since we looked
            response["Link"] = ", ".join(self.links(consultation, name))
            return response
        return self.not_yet(request, consultation)

    def answer(self, request: HttpRequest, consultation: Consultation, found: Made, name: str) -> HttpResponseBase:
        """Return the file. Raises `FileNotFoundError`."""
        return send(
            request,
            found.path(name),
            sha256=found.files[name].sha256,
            media_type=FILES[name],
            name=found.download_name(name),
            changed_at=found.record.changed_at,
        )

    def links(self, consultation: Consultation, name: str) -> list[str]:
        """Return what goes with the file: its checksum for a program, what describes it, its page, its licence."""
        links = [
            f'<{addresses.export(consultation.slug, f"{name}.sha256")}>; rel="describedby"; type="text/plain"',
            f'<{addresses.of_symbol(consultation.symbol)}>; rel="collection"',
        ]
        if name == CSV:
            metadata = addresses.export(consultation.slug, METADATA)
            links.append(f'<{metadata}>; rel="describedby"; type="{FILES[METADATA]}"')
        if licence := licence_url(consultation.licence):
            links.append(f'<{licence}>; rel="license"')
        return links

    def not_yet(self, request: HttpRequest, consultation: Consultation) -> HttpResponse:
        """Return a page that says when the file is there."""
        expected = scheduling.expected_at(consultation)
        response = self.page(request, {"consultation": consultation, "expected": expected}, status=503)
        patch_vary_headers(response, ["Accept-Language"])
        return open_to_all(ask_again(response, max(int((expected - clock.now()).total_seconds()), 60)))


class ExportChecksum(Export):
    """The checksum of such a file, as `sha256sum --check` reads it."""

    def answer(self, request: HttpRequest, consultation: Consultation, found: Made, name: str) -> HttpResponse:
        called = found.download_name(name)
        line = f"{found.files[name].sha256}  {called}\n"
        response = HttpResponse(line, content_type="text/plain; charset=utf-8")
        response["Content-Disposition"] = f'inline; filename="{called}.sha256"'
        return open_to_all(response)

    def links(self, consultation: Consultation, name: str) -> list[str]:
        """Return the file that it is of."""
        return [f'<{addresses.export(consultation.slug, name)}>; rel="describes"']


class Document(MachineView):
    """The paper that goes with a contribution, of the edition in force or, with `rev`, of one edition for good.

    Somebody else's file, so no browser opens it here: it is kept as a file, and what opens it all the same can do
    nothing.
    """

    def get(
        self, request: HttpRequest, slug: str, number: int, ending: str, rev: int | None = None
    ) -> HttpResponseBase:
        consultation = consultation_or_404(slug)
        edition = edition_or_404(consultation, number, rev)
        if edition.is_gone:
            return tombstone(request, edition)
        paper = edition.paper
        if paper is None or told.paper_name(paper) != f"document.{ending}" or not told.is_told(edition):
            raise Http404
        try:
            response = send(
                request,
                file_of(paper),
                sha256=paper.sha256,
                media_type=told.media_type(paper),
                name=clean_line(paper.name),
                changed_at=told.published_at(edition),
            )
        except FileNotFoundError as error:
            raise Http404 from error
        page = addresses.contribution(slug, number) if rev is None else addresses.edition(slug, number, rev)
        response["Content-Language"] = edition.language
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response["X-Content-Type-Options"] = "nosniff"
        response["Link"] = f'<{page}>; rel="describedby"; type="text/html"'
        return response
