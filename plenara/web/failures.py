"""Pages for what went wrong before a view was reached, or behind it."""

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import defaults

from plenara.web import away

#: Fields of ours that nobody has typed.
_MARKS = frozenset({"key", "next", "seal", "stamp"})


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form was too old or came from elsewhere, and how to send it again without losing the text."""
    fields = {name: value for name, value in request.POST.items() if name not in _MARKS}
    return render(request, "common/csrf.html", {"fields": fields}, status=403)


def failed(request: HttpRequest) -> HttpResponse:
    """Say that we failed; or, where the database or the disk did so around a view, that it is away."""
    error = sys.exc_info()[1]
    if away.is_away(error):
        return away.answer(request, type(error).__name__)
    return defaults.server_error(request)


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that a request is none; or, where a session could not be kept, that the database is away."""
    if away.is_away(exception):
        return away.answer(request, type(exception).__name__)
    return defaults.bad_request(request, exception)
