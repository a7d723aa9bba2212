"""Views for readers: the installation's mark."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control

from plenara.accounts.models import Installation
from plenara.core.store import document
from plenara.core.views import PublicView


class Mark(PublicView):
    """The picture before the installation's name. Its address names its content, so it never changes."""

    def get(self, request: HttpRequest, sha256: str) -> HttpResponse:
        # The documents include unpublished files of others: only the mark is served here.
        if not Installation.objects.filter(mark=sha256).exists():
            raise Http404
        try:
            response = HttpResponse(document(sha256).read_bytes(), content_type="image/png")
        except FileNotFoundError as error:
            raise Http404 from error
        response["ETag"] = f'"{sha256[:32]}"'
        return response

    def make_cacheable(self, request: HttpRequest, response: HttpResponseBase) -> None:
        patch_cache_control(response, public=True, max_age=31536000, immutable=True)
