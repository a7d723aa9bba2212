"""What surrounds every request: its log line, its language, and a session that public pages never open."""

import logging
import time
from collections.abc import Callable

from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template.loader import render_to_string
from django.utils import translation

from plenara.common.languages import NAMES, address_code, django_code

log = logging.getLogger("plenara.requests")
type Handler = Callable[[HttpRequest], HttpResponse]


class RequestLog:
    """Writes one line a request: method, route, status, milliseconds. Nobody's address."""

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.monotonic()
        response = self.get_response(request)
        match = request.resolver_match
        log.info(
            "request",
            extra={
                "method": request.method,
                # The route, not the path: a path can hold a one-time token.
                "route": match.route if match else "",
                "status": response.status_code,
                "ms": round((time.monotonic() - began) * 1000),
            },
        )
        return response


class AddressLanguage:
    """Activates the language that the address begins with; elsewhere the one that the reader's browser prefers."""

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        code = request.path_info[1:].split("/", 1)[0]
        if code not in NAMES:
            code = address_code(translation.get_language_from_request(request))
        with translation.override(django_code(code)):
            request.LANGUAGE_CODE = django_code(code)
            return self.get_response(request)


class OnlyUtf8:
    """Refuses a form in another encoding. Django would refuse it too, but fail at its own page that says so."""

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_form = request.method == "POST" and request.content_type == "application/x-www-form-urlencoded"
        if is_form and (request.encoding or "utf-8").lower() != "utf-8":
            return HttpResponseBadRequest(render_to_string("400.html"))
        return self.get_response(request)


class LazySessions(SessionMiddleware):
    """Django's sessions, except that a public page neither varies by cookie nor sets one."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if getattr(request, "is_public_page", False):
            return response
        return super().process_response(request, response)
