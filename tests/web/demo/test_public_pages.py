"""Every public page of the demo answers, in six languages, and none is heavier than 14,336 bytes of gzip HTML."""

import gzip
import re
from collections import Counter
from html import unescape

import pytest
from django.urls import resolve
from django.utils import translation

from plenara.common.languages import NAMES, django_code
from plenara.contributions.models import Edition

pytestmark = pytest.mark.once  # the pages are the same; that the demo builds is tested on both

MOST_BYTES = 14_336
PRIVATE = ("account", "my", "desk", "contribute")
#: What ends the address of a form that is open to all: it has a cookie, and is nothing to read.
FORMS = (
    "correct/",
    "/report/",
    "/propose/",
)


#: Where the calendar, the directory and the themes are: with their filters there are more addresses than pages.
COMMUNITY = ("events/", "organizations/", "people/", "projects/", "themes/", "search/")


def links(html, lang):
    """Return the public addresses in this language that a page leads to."""
    for found in re.findall(r'href="([^"#]+)', html):
        path = unescape(found)
        is_private = not path.startswith(f"/{lang}/") or path.split("/")[2] in PRIVATE
        if not is_private and not path.partition("?")[0].endswith(FORMS):
            yield path


def walk(client, lang, most):
    """Follow every public link from the first page, at most so many of a kind; yield (path, kind, answer)."""
    waiting, seen, kinds = [f"/{lang}/"], set(), Counter()
    while waiting:
        path = waiting.pop(0)
        with translation.override(django_code(lang)):
            kind = resolve(path.partition("?")[0]).route
        if path in seen or kinds[kind] >= most(kind):
            continue
        seen.add(path)
        kinds[kind] += 1
        answer = client.get(path)
        yield path, kind, answer
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            waiting += links(answer.content.decode(), lang)


def is_a_file(kind):
    return "." in kind.rstrip("/").rsplit("/", 1)[-1]


def is_one_of_many(kind):
    """Whether pages of a kind have the same frame: single contributions, and what lists and their filters lead to."""
    return "/contributions/" in kind or kind.partition("/")[2].startswith(COMMUNITY)


@pytest.mark.parametrize("lang", NAMES)
def test_every_page_answers_and_is_light(demo, client, lang):
    # Every page in English, of the community's so many of a kind; in the others some of each that has the same frame.
    def most(kind):
        if is_a_file(kind):
            return 4
        if is_one_of_many(kind):
            return 4 if lang != "en" else 12 if "/contributions/" not in kind else 10_000
        return 10_000

    weights, kinds = {}, set()
    for path, kind, answer in walk(client, lang, most):
        # Files to print are made by the worker of a demo that runs.
        expected = {200, 410} if "/contributions/" in path else {503} if path.endswith((".pdf", ".docx")) else {200}
        assert answer.status_code in expected, path
        assert not answer.cookies, path
        kinds.add(kind.partition("/")[2])
        if answer["Content-Type"].startswith("text/html"):
            weights[path] = len(gzip.compress(answer.content, 6, mtime=0))
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
    } <= kinds
    assert {path: weight for path, weight in weights.items() if weight > MOST_BYTES} == {}


@pytest.mark.parametrize("lang", NAMES)
def test_tombstones_say_so_in_each_language(demo, client, lang):
    gone = Edition.objects.exclude(status="published").select_related("consultation")
    for edition in gone:
        path = f"/{lang}/consultations/{edition.consultation.slug}/contributions/{edition.number}/"
        answer = client.get(path)
        assert answer.status_code == 410
        assert edition.symbol in answer.content.decode()
