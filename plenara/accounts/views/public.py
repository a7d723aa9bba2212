"""Views for readers: the installation's mark and colours. Their addresses name their content, so they never change."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.csp import CSP
from django.utils.decorators import method_decorator
from django.views.decorators.csp import csp_override

from plenara.accounts.models import Installation
from plenara.accounts.queries import installation, sheet_digest
from plenara.core import colours
from plenara.core.store import document
from plenara.core.views import PublicView

SANDBOX: dict[str, list[str] | str] = {"default-src": [CSP.NONE], "frame-ancestors": [CSP.NONE], "sandbox": ""}


class Permanent(PublicView):
    """The base of these views."""

    def make_cacheable(self, request: HttpRequest, response: HttpResponseBase) -> None:
        super().make_cacheable(request, response)
        del response["Content-Language"]
        response["Cache-Control"] = "public, max-age=31536000, immutable"


@method_decorator(csp_override(SANDBOX), name="dispatch")
class Mark(Permanent):
    """The picture before the installation's name."""

    def cache_tags(self) -> list[str]:
        return ["installation"]

    def get(self, request: HttpRequest, sha256: str, mark_type: str) -> HttpResponse:
        # The documents include unpublished files of others: only the mark is served here.
        if not Installation.objects.filter(mark=sha256, mark_type=mark_type).exists():
            raise Http404
        media_type = "image/svg+xml" if mark_type == "svg" else "image/png"
        try:
            response = HttpResponse(document(sha256).read_bytes(), content_type=media_type)
        except FileNotFoundError as error:
            raise Http404 from error
        response["ETag"] = f'"{sha256[:32]}"'
        return response


class Colours(Permanent):
    """A stylesheet with the installation's colours. Pages that were cached before a change still find the old one."""

    def cache_tags(self) -> list[str]:
        return ["installation"] if self.request.path == installation().sheet_url else []

    def get(self, request: HttpRequest, accent: str, header: str, name: str) -> HttpResponse:
        content = colours.sheet(accent, header)
        if name != sheet_digest(content):
            raise Http404
        return HttpResponse(content, content_type="text/css; charset=utf-8")
