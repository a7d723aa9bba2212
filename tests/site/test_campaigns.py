"""A campaign as readers see it: the text once, with all who submitted it; each has a page, and all are in the data."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara.contributions.actions import withdraw
from plenara.contributions.models import Edition
from plenara.contributions.queries import campaigns
from plenara.moderation.actions import decide_campaign
from plenara.moderation.models import Campaign
from tests import world
from tests.moderation.suggesting.test_notice import LETTER, copies

pytestmark = pytest.mark.django_db

HERE = "/en/consultations/internet-governance/"


@pytest.fixture
def campaign(thread, moderator):
    """Four contributions of one campaign, published as one."""
    contributions = copies(thread, 4)
    decide_campaign(actor=moderator, campaign=Campaign.objects.get(), code="APPROVED", until=10**9)
    return contributions


def test_a_thread_shows_the_text_once_with_all_who_submitted_it(campaign, client):
    html = client.get(f"{HERE}threads/1/").content.decode()
    assert html.count("keep the network open to everyone") == 1
    assert "4 participants submitted this text." in html
    assert "Civil society 4" in html
    for number in (2, 3, 4):
        assert f'contributions/{number}/"' in html
    assert "4 contributions, oldest first" in html  # each counts


def test_words_that_differ_a_little_are_not_called_the_same(campaign, client, moderator, thread):
    from tests.moderation.suggesting.test_notice import look

    world.submitted(world.person("Other"), thread, LETTER.replace("in public", "in the open"))
    look()
    decide_campaign(actor=moderator, campaign=Campaign.objects.get(), code="APPROVED", until=10**9)
    assert (
        "5 participants submitted this text or one that is nearly the same."
        in client.get(f"{HERE}threads/1/").content.decode()
    )


def test_each_has_a_page_that_leads_to_the_first(campaign, client):
    html = client.get(f"{HERE}contributions/3/").content.decode()
    assert "keep the network open to everyone" in html
    assert (
        "This contribution is part of a campaign: other people submitted the same or nearly the same words." in html
        and f'href="{HERE}contributions/1/"' in html
    )
    assert "4 participants submitted this text." in client.get(f"{HERE}contributions/1/").content.decode()


def test_many_who_submitted_it_have_pages_of_their_own(campaign, client, monkeypatch):
    monkeypatch.setattr(campaigns, "NAMED", 2)
    monkeypatch.setattr(campaigns, "PAGE", 2)
    thread = client.get(f"{HERE}threads/1/").content.decode()
    assert "Civil society 4" in thread and "Show all 4 participants" in thread
    first = client.get(f"{HERE}contributions/1/signatories/").content.decode()
    assert "Page 1 of 2" in first and "Person 0" in first and "Person 2" in first and "Person 3" not in first
    assert "Person 3" in client.get(f"{HERE}contributions/1/signatories/2/").content.decode()
    for missing in ("1/signatories/3/", "1/signatories/0/", f"1/signatories/{'9' * 30}/", "2/signatories/"):
        assert client.get(f"{HERE}contributions/{missing}").status_code == 404


@pytest.mark.once
@pytest.mark.once
def test_a_thread_takes_one_query_more_at_most_and_none_for_a_larger_campaign(campaign, client, thread):
    def queries():
        client.get(f"{HERE}threads/1/")
        with CaptureQueriesContext(connection) as captured:
            client.get(f"{HERE}threads/1/")
        return len(captured)

    few = queries()
    world.many(thread, 30, answers=False)
    Edition.objects.filter(thread=thread, number__gt=4).update(campaign_of=1)
    assert queries() == few


def test_data_and_downloads_list_all_of_them(campaign, client):
    data = json.loads(client.get(f"{HERE}threads/1/data.json").getvalue())
    assert [each.get("campaign") for each in data["contributions"]] == [None, 1, 1, 1]
    text = client.get(f"{HERE}threads/1/raw.txt").getvalue().decode()
    assert text.count("keep the network open to everyone") == 4


def test_news_are_the_first_alone_and_the_archive_pages_have_all(campaign, client, consultation):
    from plenara.exports.presenters import feeds
    from plenara.exports.queries.record import Scope

    consultation.refresh_from_db()
    consultation.last_number = 50
    found = feeds.latest(Scope(consultation))
    assert len(found) == 1
    assert len(feeds.of_block(Scope(consultation), 1)) == 4


def test_when_the_first_is_withdrawn_the_next_one_shows_the_words(campaign, client):
    withdraw(actor=campaign[0].author, contribution=campaign[0])
    html = client.get(f"{HERE}threads/1/").content.decode()
    assert "3 participants submitted this text." in html
    assert 'id="c2"' in html and 'id="c1"' not in html


def test_a_summary_that_cites_one_covers_all(campaign, rapporteur, consultation):
    from plenara.documents.actions import add_paragraph, cite
    from plenara.summaries.actions.summaries import create
    from plenara.summaries.queries.coverage import coverage

    summary = create(
        actor=rapporteur,
        consultation=consultation,
        period_from=consultation.opens_at,
        period_to=consultation.closes_at,
        source_language="en",
    )
    paragraph = add_paragraph(actor=rapporteur, document=summary.document, kind="proposal", text="Keep it open.")
    words = "We ask the working group to keep the network open to everyone."
    cite(actor=rapporteur, paragraph=paragraph, edition=campaign[2].editions.get(), words=words)
    assert (coverage(summary).cited, coverage(summary).all) == (4, 4)
