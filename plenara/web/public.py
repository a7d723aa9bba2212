"""Doors for machines that watch the installation."""

from django.db import connection
from django.http import HttpRequest, HttpResponse

from plenara.common.doors import PublicView


class Health(PublicView):
    """Answers 200 when the database does."""

    s_maxage = 0

    def get(self, request: HttpRequest) -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")
