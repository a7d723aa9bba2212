"""Doors for machines that watch the installation."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control

from plenara.common.doors import PublicView


class Health(PublicView):
    """Answers 200 when the database does."""

    def make_cacheable(self, request: HttpRequest, response: HttpResponseBase) -> None:
        """Let nobody keep the answer: it is true of this moment alone."""
        patch_cache_control(response, no_store=True)

    def get(self, request: HttpRequest) -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")
