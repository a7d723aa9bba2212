"""How contributions came is a filter and a figure where there is more than one way, and a key of the bundle."""

import json

import pytest

from tests import world
from tests.contributions.entered import LETTER, STATEMENT, entered

pytestmark = pytest.mark.django_db

HERE = "/en/consultations/internet-governance/"
THREAD = f"{HERE}threads/1/"


@pytest.fixture
def three_ways(noon, consultation, moderator, other_moderator, edition):
    """One written here, one that came by letter, one said at a meeting."""
    letter = world.decided(entered(moderator, consultation), other_moderator)
    said = world.decided(entered(moderator, consultation, "another", STATEMENT), other_moderator)
    return edition, letter, said


def text_of(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_filters_by_channel_and_keeps_it_in_its_links(client, three_ways):
    text = text_of(client, f"{THREAD}?channel=letter&order=newest")
    assert 'id="c2"' in text and 'id="c1"' not in text and 'id="c3"' not in text
    assert "1 contribution, newest first" in text
    assert 'value="letter" selected' in text
    assert f'href="{THREAD}feed.atom?channel=letter"' in text and f'href="{THREAD}?channel=letter"' in text
    both = text_of(client, f"{THREAD}?channel=meeting&language=fr")
    assert "No contribution matches" in both


def test_what_is_no_channel_is_ignored(client, three_ways):
    text = text_of(client, f"{THREAD}?channel=fax%00")
    assert all(f'id="c{number}"' in text for number in (1, 2, 3))


def test_its_data_and_feed_take_the_same_filter(client, three_ways):
    data = json.loads(b"".join(client.get(f"{THREAD}data.json?channel=meeting")))
    assert data["filters"] == {"channel": "meeting"}
    assert [each["number"] for each in data["contributions"]] == [3]
    assert data["contributions"][0]["channel"] == "meeting"
    rows = b"".join(client.get(f"{HERE}data.csv?channel=letter")).decode()
    assert LETTER["text"] in rows and STATEMENT["text"] not in rows
    feed = b"".join(client.get(f"{THREAD}feed.atom?channel=letter")).decode()
    assert LETTER["title"] in feed and STATEMENT["text"] not in feed


def test_the_consultations_page_counts_by_channel(client, three_ways):
    text = text_of(client, HERE)
    assert "<dt>Letter</dt><dd>1</dd>" in text and "<dt>Web form</dt><dd>1</dd>" in text


def test_where_there_is_one_way_nothing_is_said_of_it(client, edition):
    assert "channel" not in text_of(client, THREAD)
    assert "Web form" not in text_of(client, HERE)
