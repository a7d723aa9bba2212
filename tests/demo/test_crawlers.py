"""Every page that public links lead a crawler to is cached. It obeys robots.txt, whatever a link's `rel` says."""

import re
import urllib.robotparser
from collections import Counter, deque
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils import translation

from plenara.core.languages import NAMES, django_code
from tests.answers import body

pytestmark = pytest.mark.once  # the pages are the same on both databases

#: Answers that are not in the page cache, by the beginning of their route, each with its reason.
EXCEPTIONS = {
    # Redirects by the reader's language or media type: any cache may store them by those headers. They render no page.
    "": 302,
    "c/": 302,
    "s/": 302,
    "themes/(?P<code>": 303,
    # Files that a background task made: sent from the disk, whole or in part. Before the task has run, 503.
    "exports/": 200,
    "LANG/consultations/<slug:slug>/summaries/<int:number>/summary.": 503,
    "LANG/outcomes/<slug:body>/<slug:outcome>/outcome.": 503,
    # The document that somebody uploaded: the same.
    "LANG/consultations/<slug:slug>/contributions/<int:number>/rev/<int:rev>/document.": 200,
    "LANG/consultations/<slug:slug>/contributions/<int:number>/document.": 200,
}
#: Addresses of one kind that are asked for in English, with parameters and without; in another language, one.
MOST = 2
_LINK = re.compile(r"<(?:a|area|iframe|link)\s[^>]*>")
_ADDRESS = re.compile(r'\s(?:href|src)="([^"]+)"')


def links(answer, path):
    """Yield the addresses on this site that an answer leads to, also by its headers."""
    found = [answer["Location"]] if "Location" in answer else []
    found += re.findall(r"<([^>]+)>;", answer.get("Link", ""))
    if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
        for tag in _LINK.findall(body(answer).decode()):
            found += map(unescape, _ADDRESS.findall(tag))
    for link in found:
        parts = urlsplit(urljoin(f"{settings.SITE_URL}{path}", link))
        if f"{parts.scheme}://{parts.netloc}" == settings.SITE_URL and not parts.path.startswith(settings.STATIC_URL):
            yield f"{parts.path}?{parts.query}" if parts.query else parts.path


def kind_of(path):
    """Return the route that an address leads to, and whether it has parameters."""
    first = path.split("/")[1]
    with translation.override(django_code(first) if first in NAMES else "en"):
        try:
            route = resolve(path.partition("?")[0]).route
        except Resolver404:
            route = path
    return re.sub(r"^(ar|en|es|fr|ru|zh)/", "LANG/", route.removeprefix("^")), "?" in path


def crawl(client):
    """Yield (path, route, answer) of what links lead a crawler to from the first page, without a cookie."""
    robots = urllib.robotparser.RobotFileParser()
    robots.parse(body(client.get("/robots.txt")).decode().splitlines())
    waiting = deque(["/robots.txt", "/sitemap.xml", "/"])
    seen, asked = set(waiting), Counter()
    while waiting:
        path = waiting.popleft()
        route, has_parameters = kind_of(path)
        kind = path.split("/")[1] if route.startswith("LANG/") else "", route, has_parameters
        if asked[kind] >= (MOST if kind[0] in {"", "en"} else 1):
            continue
        asked[kind] += 1
        client.cookies.clear()
        answer = client.get(path, headers={"x-plenara-front": "1"})
        yield path, route, answer
        for link in links(answer, path):
            if link not in seen and robots.can_fetch("*", link):
                seen.add(link)
                waiting.append(link)


def is_cached(answer):
    """Return whether the page cache stores an answer (`plenara.front.relay`)."""
    control = answer.get("Cache-Control", "")
    return (
        answer.status_code == 200
        and bool(answer.get("X-Plenara-Cache-Tags"))
        and "no-store" not in control
        and "private" not in control
        and not answer.cookies
        and answer.get("Vary", "").lower() in {"", "accept-encoding"}
    )


def test_whatever_public_links_lead_a_crawler_to_is_cached(demo, client):
    routes, strangers = set(), []
    for path, route, answer in crawl(client):
        routes.add(route)
        expected = [code for start, code in EXCEPTIONS.items() if route == start or (start and route.startswith(start))]
        if not is_cached(answer) and answer.status_code not in expected:
            strangers.append((path, answer.status_code, answer.get("Cache-Control", "")))
        if answer.status_code in expected:
            assert not answer.cookies and "private" not in answer.get("Cache-Control", ""), path
    assert not strangers, (len(routes), strangers)
    assert {"LANG/consultations/<slug:slug>/contributions/<int:number>/", "LANG/events/<int:number>/"} <= routes
    assert not [route for route in routes if "report/" in route or "propose" in route]
