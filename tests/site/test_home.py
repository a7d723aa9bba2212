"""The first page and the list of consultations: what is asked, what was said, what became of it."""

import datetime
import re

import pytest

from plenara.accounts.queries import installation_row
from plenara.consultations.models import Consultation
from plenara.contributions.models import Edition
from plenara.core import clock
from tests import world

pytestmark = pytest.mark.django_db


def words(html):
    """Return a page's words as they are read, in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<main")[2]).split())


def heading(html):
    return " ".join(re.sub(r"<[^>]+>", " ", re.search(r"<h1>(.*?)</h1>", html, re.S)[1]).split())


@pytest.fixture
def busy(consultation):
    """Another open consultation, which closes later and has more contributions."""
    closes = clock.now() + datetime.timedelta(days=40)
    made = world.consultation("digital-cooperation", title=world.six("Digital cooperation"), closes_at=closes)
    world.many(made.threads.first(), 12)
    return made


def test_the_open_consultation_with_most_contributions_leads(client, edition, busy):
    html = client.get("/en/").content.decode()
    assert heading(html) == "Digital cooperation (en)"
    assert "Other consultations Governing the Internet (en) Open · 9 days left · 1 contribution" in words(html)


def test_an_archive_leads_only_where_nothing_is_open(client, edition, busy):
    busy.closes_at = clock.now() - datetime.timedelta(days=1)
    busy.save()
    assert heading(client.get("/en/").content.decode()) == "Governing the Internet (en)"
    Consultation.objects.update(closes_at=clock.now() - datetime.timedelta(days=1))
    assert heading(client.get("/en/").content.decode()) == "Digital cooperation (en)"


def test_the_three_entries_have_the_numbers_of_the_consultation_that_leads(client, edition, busy):
    text = words(client.get("/en/").content.decode())
    assert "What was asked 2 questions" in text
    assert "What was said 12 contributions from 1 country" in text
    assert "Results 0 summaries" in text


def test_two_of_a_thing_are_its_dual_in_arabic_without_a_figure(client, edition, busy):
    text = words(client.get("/ar/").content.decode())
    assert "سؤالان" in text and "2 سؤال" not in text and "12 مساهمة" in text


def test_one_sentence_says_who_asks_and_why(client, consultation):
    it = installation_row()
    it.controller = {"en": "The secretariat"}
    it.save()
    said = "The organizers, \u2068The secretariat\u2069, ask everyone concerned before a decision is taken."
    assert said in client.get("/en/").content.decode()
    Consultation.objects.update(closes_at=clock.now() - datetime.timedelta(days=1))
    assert said.replace("ask ", "asked ") in client.get("/en/").content.decode()


def test_of_an_archive_that_came_in_nobody_is_said_to_ask(client, consultation):
    Consultation.objects.update(imported_at=clock.now())
    html = client.get("/en/").content.decode()
    assert "organizers" not in html
    assert "Two questions. (en)" in words(html)


def test_the_latest_summary_says_of_which_consultation_it_is_and_that_it_is_open(client, summary, busy):
    assert "Latest summary Summary 1: What was said Governing the Internet (en) · Open · published on" in words(
        client.get("/en/").content.decode()
    )


def test_what_was_published_last_says_in_which_consultation(client, edition, busy):
    text = words(client.get("/en/").content.decode())
    assert text.partition("Latest contributions")[2].count("· Mali · Digital cooperation (en) · Question 1") == 3


def test_what_was_published_last_is_found_by_its_date_whenever_it_was_imported(client, edition, busy):
    imported = Edition.objects.filter(consultation=busy)
    day = datetime.timedelta(days=1)
    imported.update(minted_at=clock.now() + day, published_at=edition.published_at - day)
    imported.filter(number=12).update(published_at=None)
    text = words(client.get("/en/").content.decode()).partition("Latest contributions")[2]
    first = text.index("Governing the Internet (en) · Question 1")
    assert first < text.index("Digital cooperation (en) · Question 1")
    assert text.count("Digital cooperation (en) · Question 1") == 2
    newest = client.get("/en/").context["newest"]
    assert [each.number for each in newest if each.consultation == busy] == [11, 10]


def test_a_list_says_of_each_consultation_its_phase_the_days_left_and_how_many_contributed(client, edition, busy):
    world.consultation(
        "to-come", title=world.six("To come"), opens_at=clock.now() + datetime.timedelta(days=3), intro={}
    )
    world.consultation("over", title=world.six("Over"), closes_at=clock.now() - datetime.timedelta(days=1))
    text = words(client.get("/en/consultations/").content.decode())
    assert "Governing the Internet (en) Two questions. (en) Open · 9 days left · 1 contribution ·" in text
    assert "Digital cooperation (en) Two questions. (en) Open · 39 days left · 12 contributions ·" in text
    assert "To come (en) Announced · opens " in text
    assert "Over (en) Two questions. (en) Closed · closed on " in text


def test_a_round_of_comments_on_a_round_of_comments_is_listed_with_the_first_consultation(client, consultation):
    one = world.consultation("one", title=world.six("Round one"), parent=consultation)
    world.consultation("two", title=world.six("Round two"), parent=one)
    text = words(client.get("/en/consultations/").content.decode())
    assert text.index("Governing the Internet") < text.index("Comments on drafts") < text.index("Round one")
    assert text.count("Comments on drafts") == 1
    assert text.index("Comments on drafts") < text.index("Round two")
