"""Pages for what went wrong before a view was reached, or behind it."""

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views import defaults

from plenara.core.languages import address_code, current, html_code
from plenara.web import away
from plenara.web.resending import sent


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form was too old or came from elsewhere, and how to send it again without losing the text."""
    return render(request, "core/csrf.html", {"shown": sent(request).shown}, status=403)


def failed(request: HttpRequest) -> HttpResponse:
    """Say that we failed; or, where the database or the disk did so around a view, that it is away."""
    error = sys.exc_info()[1]
    if away.is_away(error):
        return away.answer(request, type(error).__name__)
    return _with_what_was_sent(request, "500.html", 500) or defaults.server_error(request)


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that a request is none; or, where a session could not be kept, that the database is away."""
    if away.is_away(exception):
        return away.answer(request, type(exception).__name__)
    return _with_what_was_sent(request, "400.html", 400) or defaults.bad_request(request, exception)


def _with_what_was_sent(request: HttpRequest, template: str, status: int) -> HttpResponse | None:
    """Return the page with the fields of the form that was sent; None where there was none, or nothing can be read."""
    if request.method != "POST" or (fields := sent(request)).is_empty:
        return None
    context = {"lang": address_code(current()), "html_lang": html_code(current()), "sent": fields}
    response = HttpResponse(render_to_string(template, context), status=status)
    response["Cache-Control"] = "no-store"
    return response
