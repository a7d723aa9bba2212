"""Views for machines that watch the installation."""

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control

from plenara.core.views import PublicView
from plenara.operations.environment import LOOPBACK
from plenara.operations.presenters import state


class Health(PublicView):
    """Answers 200 when the database does."""

    def make_cacheable(self, request: HttpRequest, response: HttpResponseBase) -> None:
        """Prevent caching: the response is true only now."""
        patch_cache_control(response, no_store=True)

    def get(self, request: HttpRequest) -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


class Metrics(PublicView):
    """Metrics for Prometheus. Only clients on this machine, without a proxy, get them."""

    def make_cacheable(self, request: HttpRequest, response: HttpResponseBase) -> None:
        """Prevent caching: the response is true only now."""
        patch_cache_control(response, no_store=True)

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.META.get("REMOTE_ADDR") not in LOOPBACK or "HTTP_X_FORWARDED_FOR" in request.META:
            raise Http404
        # The front adds its own lines before ours: they must not be compressed.
        request.META.pop("HTTP_ACCEPT_ENCODING", None)
        return HttpResponse(state.text(), content_type=state.CONTENT_TYPE)
