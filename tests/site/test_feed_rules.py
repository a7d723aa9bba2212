"""Every feed passes the rules of the feed validator, in every language, whatever is in it."""

import pytest
from django.conf import settings

from plenara.contributions.actions import withdraw
from plenara.contributions.models import Edition, Paper
from plenara.core.languages import CODES
from tests import world
from tests.answers import HERE, THREAD, body, give_paper
from tests.feed_rules import errors
from tests.summaries import making

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # the form of feeds: test_feeds.py asks for them on both

FEEDS = [
    "/en/feed.atom",
    f"{HERE}feed.atom",
    f"{HERE}feed/1.atom",
    f"{HERE}feed.atom?group=civil_society",
    f"{HERE}feed/1.atom?language=fr",
    f"{HERE}summaries/feed.atom",
    f"{THREAD}feed.atom",
    f"{THREAD}feed/1.atom",
    f"{THREAD}feed.atom?channel=web",
]


def errors_of(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return [f"{address}: {each}" for each in errors(body(answer), settings.SITE_URL + address, answer["Content-Type"])]


@pytest.fixture
def everything(consultation, edition, reply, author, moderator, rapporteur, organizer, thread):
    """A record with something of every kind that a feed can have."""
    give_paper(reply)
    world.published(author, moderator, consultation.threads.get(number=2), "See [there](/x), [here](y) or <b>.")
    gone = world.published(author, moderator, thread, "To be withdrawn.")
    it = making.summary(rapporteur, consultation)
    making.statement_of(rapporteur, it, edition)
    making.published(rapporteur, organizer, it)
    withdraw(actor=author, contribution=gone.contribution)
    world.many(thread, 120)


def test_every_feed_passes_in_every_language(client, everything):
    assert [
        error for code in CODES for each in FEEDS for error in errors_of(client, each.replace("/en/", f"/{code}/"))
    ] == []


def test_a_feed_of_hostile_texts_passes(client, hostile):
    paper = Paper.objects.create(sha256="0" * 64, name='"><script>', size=7, media_type="text/html<script>")
    Edition.objects.update(paper=paper)
    assert [error for path in ("feed.atom", "feed/1.atom") for error in errors_of(client, f"{THREAD}{path}")] == []


def test_a_feed_without_entries_passes(client, consultation):
    assert [error for each in FEEDS if "/1.atom" not in each for error in errors_of(client, each)] == []


def test_the_rules_see_what_is_wrong():
    wrong = b"""<feed xmlns="http://www.w3.org/2005/Atom"><id>x</id><title/><updated>yesterday</updated>
    <entry><id>tag:x.example,2026:1</id><title>t</title><updated>2026-01-01T00:00:00Z</updated>
    <link href="/relative"/><content type="html">&lt;b>&lt;/p></content></entry></feed>"""
    found = errors(wrong, "https://x.example/feed.atom", "text/xml")
    for each in ("media type", "no language", "id 'x'", "feed without one title", "updated 'yesterday'", "self is"):
        assert any(each in error for error in found), each
    for each in ("no author", "link /relative", "tag b", "end of p", "no alternate"):
        assert any(each in error for error in found), each
