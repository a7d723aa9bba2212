"""Middleware of every request: its log line, its language, the methods of its address, a session that public
pages never open."""

import logging
import time
from collections.abc import Callable

from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template.loader import render_to_string
from django.utils import translation
from django.views.generic import View

from plenara.core.languages import NAMES, address_code, django_code
from plenara.core.views import open_to_all

log = logging.getLogger("plenara.requests")
type Handler = Callable[[HttpRequest], HttpResponse]


class RequestLog:
    """Writes one line for each request: method, route, status, milliseconds. No IP address."""

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
    """Activates the language in the address, or the one that the reader's browser prefers."""

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
    """Refuses a form in another encoding. Django would refuse it too, but fail at its own error page."""

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_form = request.method == "POST" and request.content_type == "application/x-www-form-urlencoded"
        if is_form and (request.encoding or "utf-8").lower() != "utf-8":
            return HttpResponseBadRequest(render_to_string("400.html"))
        return self.get_response(request)


class Methods:
    """Answers OPTIONS at every address with the methods that it takes (RFC 9110, 9.3.7), for anyone.

    It does not run the view, which may require a person: a preflight carries no cookie (Fetch, 4.8).
    """

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # A script of another site follows a redirect to an address with a slash only if it may read the redirect.
        if response.status_code == 301 and request.path.startswith("/api/"):
            open_to_all(response)
        return response

    def process_view(self, request: HttpRequest, view: object, *_arguments: object) -> HttpResponse | None:
        """Return the response to OPTIONS; None for any other method."""
        if request.method != "OPTIONS":
            return None
        view_class = getattr(view, "view_class", None)
        response = HttpResponse(status=204)
        response["Allow"] = ", ".join(_methods_of(view_class))
        if getattr(view_class, "is_open_to_scripts", False):
            open_to_all(response)
            response["Access-Control-Allow-Methods"] = response["Allow"]
            response["Access-Control-Allow-Headers"] = "*"
        return response


def _methods_of(view_class: type[View] | None) -> list[str]:
    """Return the methods that a view takes, with those that Django adds."""
    if view_class is None:  # a function: one of allauth's
        return ["GET", "HEAD", "POST", "OPTIONS"]
    names = [name for name in view_class.http_method_names if hasattr(view_class, "get" if name == "head" else name)]
    return [name.upper() for name in dict.fromkeys([*names, "options"])]


class LazySessions(SessionMiddleware):
    """Django's sessions, except that a public page neither varies by cookie nor sets one."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if getattr(request, "is_public_page", False):
            return response
        return super().process_response(request, response)
