"""Pages that other sites show in a frame, and how clients of oEmbed (version 1.0, https://oembed.com) find them."""

import gzip
import html
import re

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import resolve

from tests.answers import HERE, THREAD

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # pages; what they ask is asked on both by test_odd_requests.py

EMBEDDED = [f"{HERE}embed/", f"{THREAD}embed/", f"{HERE}summaries/1/embed/", "/en/events/embed/"]
WHOLE = [HERE, THREAD, f"{HERE}summaries/1/", "/en/events/"]
FRAME = re.compile(r'<iframe src="([^"]+)" title="([^"]*)" width="(\d+)" height="(\d+)" loading="lazy"></iframe>')


def oembed(client, path, status=200, **asked):
    answer = client.get("/oembed", {"url": f"{settings.SITE_URL}{path}", **asked})
    assert answer.status_code == status
    return answer.json() if status == 200 else answer


@pytest.mark.parametrize("path", EMBEDDED)
def test_it_may_be_framed_sets_no_cookie_and_weighs_less_than_15_kb_with_its_stylesheet(client, summary, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer
    assert not answer.cookies
    assert "public" in answer["Cache-Control"]
    sheets = re.findall(r'<link rel="stylesheet" href="/static/([^"]+)"', answer.content.decode())
    with open(finders.find(*sheets), "rb") as sheet:
        assert len(gzip.compress(answer.content)) + len(gzip.compress(sheet.read())) <= 15_000
    assert b"<script" not in answer.content


@pytest.mark.parametrize("path", WHOLE)
def test_the_whole_page_refuses_frames_and_offers_the_code_and_the_oembed_address(client, summary, path):
    answer = client.get(path)
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
    page = answer.content.decode()
    if path not in {HERE, "/en/events/"}:  # its code is on the consultation's page
        assert f'href="{HERE}#embed"' in page
        page = client.get(HERE).content.decode()
    codes = [html.unescape(each) for each in re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)]
    assert f"{settings.SITE_URL}{path}embed/" in [FRAME.fullmatch(each)[1] for each in codes]
    if path in {HERE, "/en/events/"}:  # others have no room in their heads
        assert f'type="application/json+oembed" href="{settings.SITE_URL}/oembed?url=' in page
    found = re.search(r'<([^>]+)>; rel="alternate"; type="application/json\+oembed"', answer["Link"])[1]
    assert client.get(found.removeprefix(settings.SITE_URL)).json()["type"] == "rich"


def test_a_summary_shows_its_statements_and_leads_to_the_words_that_they_cite(client, summary):
    page = client.get(f"{HERE}summaries/1/embed/").content.decode()
    assert f'href="{settings.SITE_URL}{HERE}summaries/1/#s1"' in page
    assert "Open the summary" in page


def test_a_long_summary_is_cut_and_says_that_there_is_more(client, summary, monkeypatch):
    monkeypatch.setattr("plenara.site.views.public.embedding.CHARACTERS", 1)
    first = summary.paragraphs.prefetch_related("texts").get(number=1)
    texts, first.pk, first.number = list(first.texts.all()), None, 2
    first.save()
    for text in texts:
        text.pk, text.paragraph = None, first
        text.save()
    page = client.get(f"{HERE}summaries/1/embed/").content.decode()
    assert page.count("<li>") == 1
    assert "Read the rest of the summary" in page


def test_an_empty_calendar_and_a_question_without_contributions_say_so(client, consultation):
    assert "0</b> contributions" in client.get(f"{THREAD}embed/").content.decode()
    client.get("/en/events/embed/")
    consultation.stage = "archived"
    consultation.opens_at = consultation.closes_at = None
    consultation.save()
    assert "There are no upcoming events." in client.get("/en/events/embed/").content.decode()


def test_what_is_not_public_is_not_embedded_either(client, consultation):
    consultation.stage = "draft"
    consultation.save()
    for path in EMBEDDED[:3]:
        answer = client.get(path)
        assert answer.status_code == 404
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
        oembed(client, path.removesuffix("embed/"), status=404)


@pytest.mark.parametrize("path", WHOLE)
def test_oembed_says_how_to_embed_each_of_them(client, summary, path):
    found = oembed(client, path)
    assert found["version"] == "1.0"
    assert found["title"]
    src, title, width, height = FRAME.fullmatch(found["html"]).groups()
    assert src == f"{settings.SITE_URL}{path}embed/"
    assert (int(width), int(height)) == (found["width"], found["height"])
    assert html.unescape(title) == found["title"]
    assert resolve(src.removeprefix(settings.SITE_URL)).url_name.startswith("embed_")


def test_oembed_keeps_to_the_size_that_the_client_asks_for(client, consultation):
    found = oembed(client, HERE, maxwidth="320", maxheight="9999")
    assert (found["width"], found["height"]) == (320, 420)
    assert oembed(client, HERE, maxwidth="-1", maxheight="wide")["width"] == 600


def test_oembed_takes_a_further_page_of_a_thread_and_an_edition_of_a_summary_for_the_whole(client, summary):
    assert f"{THREAD}embed/" in oembed(client, f"{THREAD}from/1/")["html"]
    assert f"{HERE}summaries/1/embed/" in oembed(client, f"{HERE}summaries/1/rev/0/")["html"]


def test_oembed_answers_in_the_language_of_the_address(client, consultation):
    assert oembed(client, "/fr/events/")["title"] == "Calendrier"


def test_oembed_has_no_xml(client, consultation):
    oembed(client, HERE, status=501, format="xml")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://evil.example/en/events/",
        f"{settings.SITE_URL}.evil.example/en/events/",
        f"{settings.SITE_URL}@evil.example/en/events/",
        f"{settings.SITE_URL}/en/my/",
        f"{settings.SITE_URL}/en/consultations/nothing/",
        f"{settings.SITE_URL}/en/consultations/internet-governance/threads/99/",
        f"{settings.SITE_URL}/en/consultations/internet-governance/threads/{'9' * 40}/",
        f'{settings.SITE_URL}/en/events/"><script>alert(1)</script>',
        f"{settings.SITE_URL}/en/events/\r\nSet-Cookie: a=b",
    ],
)
def test_oembed_knows_no_other_address(client, consultation, url):
    assert client.get("/oembed", {"url": url}).status_code == 404


def test_a_title_with_quotes_and_tags_stays_text_in_the_code_and_in_the_frame(client, consultation):
    hostile = '"><script>alert("x")</script>'
    consultation.title = {"en": hostile}
    consultation.save()
    assert "<script" not in client.get(f"{HERE}embed/").content.decode()
    code = oembed(client, HERE)["html"]
    assert html.unescape(FRAME.fullmatch(code)[2]) == hostile
    page = client.get(HERE).content.decode()
    copied = [html.unescape(each) for each in re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)]
    assert code in copied
