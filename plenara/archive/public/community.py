"""Calendar, directory and themes as one file to download."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from plenara.archive import addresses
from plenara.archive.community import SLUG, exports
from plenara.archive.exports.standing import Made
from plenara.archive.files import send
from plenara.archive.other_form import LanguageFree, ask_again, open_to_all
from plenara.core import clock
from plenara.core.views import PublicView


class CommunityExport(LanguageFree):
    """The community bundle; or, where there is none that may be served, when there will be one."""

    template_name = "archive/community/not_made_yet.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        if not exports.is_there():
            raise Http404
        for _try in range(2):
            found = exports.for_download()
            if found is None:
                break
            try:
                response = self.answer(request, found)
            except FileNotFoundError:
                continue  # a newer one took its place since we looked
            response["Link"] = self.link()
            return response
        return self.not_yet(request)

    def answer(self, request: HttpRequest, found: Made) -> HttpResponseBase:
        """Return the file. Raises `FileNotFoundError`."""
        return send(
            request,
            found.path(exports.NAME),
            sha256=found.files[exports.NAME].sha256,
            media_type=exports.MEDIA_TYPE,
            name=found.download_name(exports.NAME),
            changed_at=found.record.changed_at,
        )

    def link(self) -> str:
        """Return what goes with it: its checksum for a program."""
        return f'<{addresses.export(SLUG, f"{exports.NAME}.sha256")}>; rel="describedby"; type="text/plain"'

    def not_yet(self, request: HttpRequest) -> HttpResponse:
        """Return a page that says when the file is there."""
        expected = exports.expected_at()
        response = self.page(request, {"expected": expected}, status=503)
        patch_vary_headers(response, ["Accept-Language"])
        return open_to_all(ask_again(response, max(int((expected - clock.now()).total_seconds()), 60)))


class CommunityChecksum(CommunityExport):
    """The checksum of the file, as `sha256sum --check` reads it."""

    def answer(self, request: HttpRequest, found: Made) -> HttpResponse:
        called = found.download_name(exports.NAME)
        line = f"{found.files[exports.NAME].sha256}  {called}\n"
        response = HttpResponse(line, content_type="text/plain; charset=utf-8")
        response["Content-Disposition"] = f'inline; filename="{called}.sha256"'
        return open_to_all(response)

    def link(self) -> str:
        return f'<{addresses.export(SLUG, exports.NAME)}>; rel="describes"'


class CommunityDownloads(PublicView):
    """What can be downloaded of calendar, directory and themes. Made by tasks; here it is said what there is."""

    template_name = "archive/community/downloads_page.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        stands, found = exports.record(), exports.made()
        may_be_served = found is not None and found.record.gone == stands.gone
        return self.page(
            request,
            {
                "is_there": exports.is_there(),
                "stands": stands,
                "found": found if may_be_served else None,
                "file": found.files[exports.NAME] if found and may_be_served else None,
                "file_name": found.download_name(exports.NAME) if found else "",
                "is_withheld": found is not None and not may_be_served,
                "expected": exports.expected_at() if not may_be_served else None,
                "nav_current": "calendar",
            },
        )
