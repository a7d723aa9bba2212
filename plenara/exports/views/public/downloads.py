"""Files to download: the exports of a consultation and of the community, the papers of contributions, the dossiers of
meetings.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from plenara.bundles.format import COMMUNITY_SLUG
from plenara.consultations.models import Consultation
from plenara.contributions.queries.papers import file_of
from plenara.core import clock
from plenara.core.languages import current, html_code
from plenara.core.text import clean_line
from plenara.core.views import PublicView, open_to_all
from plenara.core.vocabulary import licence_url
from plenara.exports import actions, addresses
from plenara.exports.presenters import attribution
from plenara.exports.presenters.dictionary import METADATA
from plenara.exports.queries import files
from plenara.exports.queries.files import CSV, FILES, Made
from plenara.exports.queries.record import consultation_or_404, edition_or_404
from plenara.exports.views.base import LanguageFree, MachineView, ask_again, send, tombstone
from plenara.outcomes.actions import printed_files
from plenara.outcomes.models import DossierFile


class CommunityExport(LanguageFree):
    """The community bundle; or, where there is none that may be served, its expected time."""

    template_name = "exports/community/not_made_yet.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        if not actions.has_community():
            raise Http404
        for _try in range(2):
            found = actions.community_for_download()
            if found is None:
                break
            try:
                response = self.answer(request, found)
            except FileNotFoundError:
                continue  # a newer one has just replaced it
            response["Link"] = self.link()
            return response
        return self.not_yet(request)

    def answer(self, request: HttpRequest, found: Made) -> HttpResponseBase:
        """Return the file. Raises `FileNotFoundError`."""
        return send(
            request,
            found.path(actions.COMMUNITY_NAME),
            sha256=found.files[actions.COMMUNITY_NAME].sha256,
            media_type=actions.COMMUNITY_MEDIA_TYPE,
            name=found.download_name(actions.COMMUNITY_NAME),
            changed_at=found.record.changed_at,
        )

    def link(self) -> str:
        """Return the `Link` header: its checksum for a program."""
        checksum = addresses.export(COMMUNITY_SLUG, f"{actions.COMMUNITY_NAME}.sha256")
        return f'<{checksum}>; rel="describedby"; type="text/plain"'

    def not_yet(self, request: HttpRequest) -> HttpResponse:
        """Return a page with the expected time of the file."""
        expected = actions.community_expected_at()
        response = self.page(request, {"expected": expected}, status=503)
        patch_vary_headers(response, ["Accept-Language"])
        return open_to_all(ask_again(response, max(int((expected - clock.now()).total_seconds()), 60)))


class CommunityChecksum(CommunityExport):
    """The checksum of the file, as `sha256sum --check` reads it."""

    def answer(self, request: HttpRequest, found: Made) -> HttpResponse:
        name_on_disk = found.download_name(actions.COMMUNITY_NAME)
        line = f"{found.files[actions.COMMUNITY_NAME].sha256}  {name_on_disk}\n"
        response = HttpResponse(line, content_type="text/plain; charset=utf-8")
        response["Content-Disposition"] = f'inline; filename="{name_on_disk}.sha256"'
        return open_to_all(response)

    def link(self) -> str:
        return f'<{addresses.export(COMMUNITY_SLUG, actions.COMMUNITY_NAME)}>; rel="describes"'


class CommunityDownloads(PublicView):
    """The downloads of calendar, directory and themes. Tasks create them; the page shows which exist."""

    template_name = "exports/community/downloads_page.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        record, found = actions.community_record(), actions.made_community()
        may_be_served = found is not None and found.record.gone == record.gone
        return self.page(
            request,
            {
                "is_there": actions.has_community(),
                "stands": record,
                "found": found if may_be_served else None,
                "file": found.files[actions.COMMUNITY_NAME] if found and may_be_served else None,
                "file_name": found.download_name(actions.COMMUNITY_NAME) if found else "",
                "is_withheld": found is not None and not may_be_served,
                "expected": actions.community_expected_at() if not may_be_served else None,
                "nav_current": "calendar",
            },
        )


class DossierFiles(MachineView):
    """PDF, Word document or folder, in the language of the address. Nothing is created here."""

    def get(self, request: HttpRequest, number: int, ending: str) -> HttpResponseBase:
        found = DossierFile.objects.filter(
            dossier__event__number=number, dossier__published_at__isnull=False, language=current(),
            made_at__isnull=False,
        )  # fmt: skip
        it = found.select_related("dossier__event").first()
        if it is None or not it.dossier.event.is_published or it.made_at is None:
            raise Http404
        offered = printed_files.offered(it).get(ending)
        if offered is None:
            raise Http404
        path, sha256 = offered
        try:
            response = send(
                request,
                path,
                sha256=sha256,
                media_type=printed_files.FORMS[ending],
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


class Export(LanguageFree):
    """A file of a consultation's record; or, where there is none that may be served, its expected time."""

    template_name = "exports/not_made_yet.html"

    def get(self, request: HttpRequest, slug: str, name: str) -> HttpResponseBase:
        consultation = consultation_or_404(slug)
        for _try in range(2):
            found = files.for_download(consultation)
            if found is None:
                break
            try:
                response = self.answer(request, consultation, found, name)
            except FileNotFoundError:
                continue  # a newer one has just replaced it
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
        """Return the links of the file: its checksum for a program, its description, its page, its licence."""
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
        """Return a page with the expected time of the file."""
        expected = actions.expected_at(consultation)
        response = self.page(request, {"consultation": consultation, "expected": expected}, status=503)
        patch_vary_headers(response, ["Accept-Language"])
        return open_to_all(ask_again(response, max(int((expected - clock.now()).total_seconds()), 60)))


class ExportChecksum(Export):
    """The checksum of such a file, as `sha256sum --check` reads it."""

    def answer(self, request: HttpRequest, consultation: Consultation, found: Made, name: str) -> HttpResponse:
        name_on_disk = found.download_name(name)
        line = f"{found.files[name].sha256}  {name_on_disk}\n"
        response = HttpResponse(line, content_type="text/plain; charset=utf-8")
        response["Content-Disposition"] = f'inline; filename="{name_on_disk}.sha256"'
        return open_to_all(response)

    def links(self, consultation: Consultation, name: str) -> list[str]:
        """Return the link to its file."""
        return [f'<{addresses.export(consultation.slug, name)}>; rel="describes"']


class Document(MachineView):
    """The paper of a contribution, of the edition in force or, with `rev`, of one edition for good.

    Another person's file, so browsers do not display it here: it is a download, and it is sandboxed if they do.
    """

    def get(
        self, request: HttpRequest, slug: str, number: int, ending: str, rev: int | None = None
    ) -> HttpResponseBase:
        consultation = consultation_or_404(slug)
        edition = edition_or_404(consultation, number, rev)
        if edition.is_gone:
            return tombstone(request, edition)
        paper = edition.paper
        if paper is None or attribution.paper_name(paper) != f"document.{ending}" or not attribution.has_words(edition):
            raise Http404
        try:
            response = send(
                request,
                file_of(paper),
                sha256=paper.sha256,
                media_type=attribution.media_type(paper),
                name=clean_line(paper.name),
                changed_at=attribution.published_at(edition),
            )
        except FileNotFoundError as error:
            raise Http404 from error
        page = addresses.contribution(slug, number) if rev is None else addresses.edition(slug, number, rev)
        response["Content-Language"] = edition.language
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response["X-Content-Type-Options"] = "nosniff"
        response["Link"] = f'<{page}>; rel="describedby"; type="text/html"'
        return response
