"""Rendering an address inside this process: no server, no socket, no middleware. Links out of the copy lead
to the original site.
"""

import io
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from html import escape, unescape
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.core.signals import request_finished
from django.db import close_old_connections
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import resolve
from django.utils import translation

from plenara.core.languages import NAMES, django_code
from plenara.core.views import PublicView, with_separators

_TAG = re.compile(r"<[a-zA-Z][^<>]*>")
_ADDRESS = re.compile(r'(?<=\s)(href|src|action)="([^"]*)"')
#: Schemes of addresses that are never on this site.
_FOREIGN = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//")


def rewritten(html: str, at: str, *, site: str, where: Callable[[str], str]) -> str:
    """Return a page with its links rewritten. `where` returns the address in the copy, if any, for a path."""

    def tag(match: re.Match[str]) -> str:
        text = match[0]
        name = text[1 : _end_of_name(text)].lower()
        if ' rel="external"' in text:
            return text  # it leads to the site on purpose
        if name == "form" and not re.search(r"\saction=", text):
            text = f'{text[:-1]} action="">'  # a form without an address posts to its own page
        return _ADDRESS.sub(lambda found: attribute(name, found), text)

    def attribute(name: str, match: re.Match[str]) -> str:
        address = unescape(match[2])
        is_form = match[1] == "action"
        if name == "a" and address.startswith(f"{site}/"):
            address = address.removeprefix(site)  # what is in the copy can be opened in it
        if _FOREIGN.match(address) or (address.startswith("#") and not is_form):
            return match[0]
        return f'{match[1]}="{escape(_leading(address, at, is_form, site, where))}"'

    return _TAG.sub(tag, html)


def _leading(address: str, at: str, is_form: bool, site: str, where: Callable[[str], str]) -> str:
    whole = urljoin(at, address)
    parts = urlsplit(whole)
    if not is_form and not parts.query and (target := where(parts.path)):
        if target == parts.path:
            return address  # relative as it was, or from the root
        return f"{target}#{parts.fragment}" if parts.fragment else target
    return f"{site}{whole}"


def _end_of_name(tag: str) -> int:
    return next(i for i, letter in enumerate(tag) if i and not letter.isalnum())


def addresses(html: str) -> Iterator[tuple[str, str]]:
    """Yield (element, address) of every link, picture and form of a page."""
    for tag in _TAG.findall(html):
        for match in _ADDRESS.finditer(tag):
            yield tag[1 : _end_of_name(tag)].lower(), unescape(match[2])


class NotPublic(Exception):
    """An address that has no public view."""


def request_for(path: str) -> HttpRequest:
    """Return a request for a path, as from a reader of the site."""
    site = urlsplit(settings.SITE_URL)
    port = site.port or (443 if site.scheme == "https" else 80)
    request = WSGIRequest(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "SCRIPT_NAME": "",
            "QUERY_STRING": "",
            "SERVER_NAME": site.hostname,
            "SERVER_PORT": str(port),
            "HTTP_HOST": site.netloc,
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.url_scheme": site.scheme,
            "wsgi.input": io.BytesIO(),
        }
    )
    request.is_public_page = True  # type: ignore[attr-defined]
    return request


def language_of(path: str) -> str:
    """Return the language that an address begins with; English where it has none."""
    code = path[1:].split("/", 1)[0]
    return code if code in NAMES else "en"


def in_language_of(path: str) -> AbstractContextManager:
    """Return a block in which the language of an address is the active one."""
    return translation.override(django_code(language_of(path)))


def respond(path: str) -> HttpResponseBase:
    """Return the response to a path, which may be a 404. Raises `NotPublic`."""
    request = request_for(path)
    with in_language_of(path):
        match = resolve(path)
        view = getattr(match.func, "view_class", None)
        if view is None or not issubclass(view, PublicView):
            raise NotPublic(f"{path} is not a public address.")
        request.resolver_match = match
        try:
            return match.func(request, *match.args, **match.kwargs)
        except Http404:
            return HttpResponse(status=404)


def pieces(answer: HttpResponseBase) -> Iterable[bytes]:
    """Return the bytes of a response."""
    if answer.streaming:
        return answer.streaming_content  # type: ignore[attr-defined]
    return [answer.content]  # type: ignore[attr-defined]


def finish(answer: HttpResponseBase) -> None:
    """Close only the file of a response.

    The end of a request would close the database's connection, and with it the snapshot.
    """
    request_finished.disconnect(close_old_connections)
    try:
        answer.close()
    finally:
        request_finished.connect(close_old_connections)


def page(path: str, template: str, context: dict) -> str:
    """Return a page that only the copy has, at a path."""
    with in_language_of(path):
        return with_separators(render_to_string(template, context, request_for(path)))
