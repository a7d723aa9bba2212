"""Every public page of the demo answers, and none is heavier than 14,336 bytes of gzip HTML, in any language."""

import gzip
import itertools
import re
from collections import Counter, defaultdict, deque
from html import unescape

import pytest
from django.urls import resolve
from django.utils import translation

from plenara.contributions.models import Edition
from plenara.core.languages import NAMES, django_code

pytestmark = pytest.mark.once  # the pages are the same; that the demo builds is tested on both

MOST_BYTES = 14_336
PRIVATE = ("account", "my", "desk", "contribute")
#: What ends the address of a form that is open to all: it has a cookie, and is nothing to read.
FORMS = ("/propose/",)


#: Where the calendar, the directory and the themes are: with their filters there are more addresses than pages.
COMMUNITY = ("events/", "organizations/", "people/", "projects/", "themes/", "search/")


def links(html, lang):
    """Return the public addresses in this language that a page leads to."""
    for found in re.findall(r'href="([^"#]+)', html):
        path = unescape(found)
        is_private = not path.startswith(f"/{lang}/") or path.split("/")[2] in PRIVATE
        if not is_private and not path.partition("?")[0].endswith(FORMS):
            yield path


def kind_of(path):
    """Return the route that a path leads to."""
    with translation.override(django_code(path.split("/")[1])):
        return resolve(path.partition("?")[0]).route


def walk(read, lang, most):
    """Follow every public link from the first page, at most so many of a kind; yield (path, kind, answer)."""
    waiting, seen, kinds = deque([f"/{lang}/"]), set(), Counter()
    while waiting:
        path = waiting.popleft()
        if path in seen:
            continue
        seen.add(path)
        kind = kind_of(path)
        if kinds[kind] >= most(kind):
            continue
        kinds[kind] += 1
        answer = read(path)
        yield path, kind, answer
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            waiting.extend(links(answer.content.decode(), lang))


def is_a_file(kind):
    return "." in kind.rstrip("/").rsplit("/", 1)[-1]


def is_one_of_many(kind):
    """Whether pages of a kind have the same frame: single contributions, and what lists and their filters lead to."""
    return "/contributions/" in kind or kind.partition("/")[2].startswith(COMMUNITY)


def weight_of(path, answer):
    """Return how heavy the page at a path is, or 0 for a file, having seen that it answers as it should."""
    # Files to print are made by the worker of a demo that runs.
    expected = {200, 410} if "/contributions/" in path else {503} if path.endswith((".pdf", ".docx")) else {200}
    assert answer.status_code in expected, path
    assert not answer.cookies, path
    is_page = answer["Content-Type"].startswith("text/html")
    return len(gzip.compress(answer.content, 6, mtime=0)) if is_page else 0


def most(kind):
    """Return how many pages of a kind are asked for in English: all, but of those that have the same frame."""
    if is_a_file(kind):
        return 4
    if "/from/" in kind or "/rev/" in kind:
        return 12
    return 12 if is_one_of_many(kind) and "/contributions/" not in kind else 10_000


def test_every_page_answers_and_is_light_in_whatever_language(read):
    """Every page is walked in English; in the others the heaviest of each kind, which is the one in question."""
    weights, of_kind = {}, defaultdict(list)
    for path, kind, answer in walk(read, "en", most):
        weights[path] = weight_of(path, answer)
        of_kind[kind.partition("/")[2]].append(path)
    for kind, paths in of_kind.items():
        heaviest = max(paths, key=weights.get).removeprefix("/en")
        for lang in ["ar"] if is_a_file(kind) else NAMES.keys() - {"en"}:
            path = f"/{lang}{heaviest}"
            weights[path] = weight_of(path, read(path))
    assert {path: weight for path, weight in weights.items() if weight > MOST_BYTES} == {}
    assert {
        "",
        "about/<slug:page>/",
        "consultations/",
        "consultations/<slug:slug>/",
        "consultations/<slug:slug>/threads/<int:number>/",
        "consultations/<slug:slug>/threads/<int:number>/from/<int:start>/",
        "consultations/<slug:slug>/contributions/<int:number>/",
        "consultations/<slug:slug>/contributions/<int:number>/rev/<int:rev>/",
        "consultations/<slug:slug>/summaries/<int:number>/",
        "events/",
        "events/<int:number>/",
        "organizations/",
        "organizations/<int:number>/",
        "people/<int:number>/",
        "projects/<int:number>/",
    } <= of_kind.keys()


def test_tombstones_say_so_in_each_language(read):
    gone = Edition.objects.exclude(status="published").select_related("consultation")
    for lang, edition in itertools.product(NAMES, gone):
        path = f"/{lang}/consultations/{edition.consultation.slug}/contributions/{edition.number}/"
        answer = read(path)
        assert answer.status_code == 410
        assert edition.symbol in answer.content.decode()
