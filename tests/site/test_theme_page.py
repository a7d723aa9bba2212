"""The page of a theme, its feed and its calendar: everything on it, honestly counted, in a fixed number of queries."""

import datetime

import icalendar
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import etree

from plenara.consultations.actions.threads import mark_themes
from plenara.core import clock
from plenara.core.languages import CODES
from plenara.moderation.actions import decide_campaign
from plenara.site.queries import overviews as themed_pages
from plenara.themes import actions
from plenara.themes.models import Theme
from tests import answers, world
from tests.directory import listed
from tests.events import entered
from tests.summaries import making

pytestmark = pytest.mark.django_db


def body(answer):
    return answers.body(answer).decode()


HEALTH = "/en/themes/C7-e-health/"
WIDE = "/en/themes/C7/"


@pytest.fixture
def themes(db):
    actions.install_wsis()


def themed(thread, *codes):
    thread.themes = list(codes)
    thread.save()
    mark_themes([thread])


@pytest.fixture
def full(themes, thread, author, moderator, rapporteur, organizer, consultation):
    """One of everything on e-health."""
    themed(thread, "C7-e-health")
    edition = world.published(author, moderator, thread, f"Clinics need the network. {world.WORDS}")
    summary = making.summary(rapporteur, consultation)
    nothing = "Nothing was contributed to question 2."
    making.statement(rapporteur, summary.document, nothing, kind="frame", heading="Scope")
    making.statement_of(rapporteur, summary, edition, thread=thread)
    making.published(rapporteur, organizer, summary)
    coming = f"{clock.now() + datetime.timedelta(days=9):%Y-%m-%d}"
    entered.event("Workshop on clinics", themes=["C7-e-health"], dates=entered.days(coming))
    listed.organization("Clinics Online", themes=["C7-e-health"])
    listed.person(name="Lena Brandt", themes=["C7-e-health"])
    listed.project("Village nurses", themes=["C7-e-health", "C2"])


SAID = ["Question 1? (en)", "Clinics need the network.", "Summary 1", "Workshop on clinics", "Clinics Online",
        "Lena Brandt", "Village nurses"]  # fmt: skip


def test_everything_on_a_theme_and_on_what_it_includes_stands_on_its_page(client, full):
    for path in (HEALTH, WIDE):
        _has_everything(body(client.get(path)))


def _has_everything(page):
    assert [each for each in SAID if each not in page] == []
    for count in ("1 question", "1 contribution", "1 summary", "1 event", "1 organization", "1 person", "1 project"):
        assert count in page, count


def test_its_parts_are_listed_once_beside_it(client, full):
    page = body(client.get(HEALTH))
    for part in ("questions", "contributions", "summaries", "events", "organization", "person", "project"):
        assert page.count(f'href="#{part}"') == 1, part


def test_the_page_of_another_theme_has_nothing_of_it(client, full):
    page = body(client.get("/en/themes/C9/"))
    assert [each for each in SAID if each in page] == []
    assert "No text or entry has this theme yet." in page


def test_the_links_lead_to_the_full_lists_which_include_what_is_narrower(client, full):
    for path, said in (
        ("/en/search/?kind=contribution&theme=C7", "Clinics need the network."),
        ("/en/search/?kind=statement&theme=C7", "Statement"),
        ("/en/events/?theme=C7", "Workshop on clinics"),
        ("/en/organizations/?theme=C7", "Clinics Online"),
        ("/en/people/?theme=C7", "Lena Brandt"),
        ("/en/projects/?theme=C7", "Village nurses"),
    ):
        assert said in body(client.get(path)), path


@pytest.mark.once
def test_a_page_takes_the_same_queries_however_much_is_on_the_theme(client, full, author, moderator, thread):
    client.get(WIDE)
    with CaptureQueriesContext(connection) as few:
        client.get(WIDE)
    for at in range(9):
        world.published(author, moderator, thread, f"Clinic {at} needs the network.")
        listed.organization(f"Clinic {at}", themes=["C7-e-health"])
        listed.person(name=f"Nurse {at}", themes=["C7"])
        listed.project(f"Project {at}", themes=["C7-e-learning"])
        coming = f"{clock.now() + datetime.timedelta(days=at + 1):%Y-%m-%d}"
        entered.event(f"Meeting {at}", themes=["C7-e-health", "C7"], dates=entered.days(coming))
    with CaptureQueriesContext(connection) as many:
        page = body(client.get(WIDE))
    assert len(many) <= len(few), "\n".join(each["sql"][:150] for each in many)
    assert len(few) <= 50
    for count in ("10 contributions", "10 events", "10 organizations", "10 people", "10 projects"):
        assert count in page, count


def test_contributions_of_a_campaign_count_as_on_the_page_of_their_question(client, themes, moderator, thread):
    themed(thread, "C4")
    campaign = world.campaign(thread, 4)
    decide_campaign(actor=moderator, campaign=campaign, code="APPROVED", until=10**9)
    page = body(client.get("/en/themes/C4/"))
    assert "<b>4</b> contributions" in page
    assert '<h2 id="contributions">4 contributions</h2>' in page


def test_an_event_with_several_themes_of_a_family_stands_and_counts_once(client, themes):
    coming = f"{clock.now() + datetime.timedelta(days=9):%Y-%m-%d}"
    entered.event("On both", themes=["C7", "C7-e-health", "C7-e-learning"], dates=entered.days(coming))
    page = body(client.get(WIDE))
    assert page.count("On both</a>") == 1 and "1 event" in page


def test_more_events_than_are_counted_are_said_to_be_more(client, themes, monkeypatch):
    monkeypatch.setattr(themed_pages, "MOST_COUNTED", 1)
    for name in ("One", "Two"):
        entered.event(name, themes=["C7-e-health"])
    page = body(client.get(WIDE))
    assert "More than 1 events" in page


def test_what_is_over_is_shown_where_nothing_is_coming(client, themes):
    entered.event("Long ago", themes=["C4"], dates=entered.days("2020-03-02T09:00"))
    page = body(client.get("/en/themes/C4/"))
    assert "There are no upcoming events. The most recent events were:" in page and "Long ago" in page


def test_it_speaks_the_readers_language(client, full):
    theme = Theme.objects.get(code="C7-e-health")
    for language in CODES:
        page = body(client.get(f"/{language}/themes/C7-e-health/"))
        assert f"<h1>{theme.labels[language]}" in page.replace(f'<h1><span lang="{language}">', "<h1>")
        assert theme.definition[language] in page


def test_a_label_of_ours_is_said_to_be_one(client, themes):
    assert "The label in English is a translation made by this site." not in body(client.get("/en/themes/C5/"))
    Theme.objects.filter(code="C5").update(own_labels=["en"])
    assert "The label in English is a translation made by this site." in body(client.get("/en/themes/C5/"))


def test_a_retired_theme_leads_to_the_one_in_its_place_and_keeps_what_it_was_given(client, full, organizer):
    health, learning = (Theme.objects.get(code=f"C7-e-{name}") for name in ("health", "learning"))
    actions.retire(actor=organizer, theme=health, replaced_by=learning)
    answer = client.get(HEALTH)
    assert (answer.status_code, answer["Location"]) == (301, "/en/themes/C7-e-learning/")
    assert client.get(f"{HEALTH}feed.atom")["Location"] == "/en/themes/C7-e-learning/feed.atom"
    assert client.get(f"{HEALTH}calendar.ics")["Location"] == "/en/themes/C7-e-learning/calendar.ics"
    page = body(client.get("/en/themes/C7-e-learning/"))
    assert [each for each in SAID if each not in page] == []


def test_a_retired_theme_without_another_in_its_place_says_so(client, full, organizer):
    actions.retire(actor=organizer, theme=Theme.objects.get(code="C7-e-health"))
    page = body(client.get(HEALTH))
    assert "This theme has been retired and is no longer assigned." in page and "Clinics Online" in page


def test_a_theme_that_never_was_is_not_there(client, themes):
    for path in ("/en/themes/C99/", "/en/themes/C99/feed.atom", "/en/themes/C99/calendar.ics", "/themes/C99",
                 "/themes/C99.ttl", "/en/themes/%3Cscript%3E/", "/en/themes/c5/"):  # fmt: skip
        assert client.get(path).status_code == 404, path


def test_nothing_that_is_not_public_is_counted_or_shown(client, themes, author, moderator, thread):
    hidden = world.consultation("hidden", stage="draft")
    themed(hidden.threads.get(number=1), "C4")
    themed(thread, "C4")
    world.submitted(author, thread, "It waits.")
    listed.taken_down(listed.organization("Gone", themes=["C4"]))
    entered.gone(entered.event("Gone too", themes=["C4"]))
    page = body(client.get("/en/themes/C4/"))
    assert "1 question" in page and "/hidden/" not in page
    for said in ("It waits.", "Gone", "contribution</h2>"):
        assert said not in page, said


def test_the_feed_lists_every_kind_once_and_is_answered_with_304(client, full):
    answer = client.get(f"{WIDE}feed.atom")
    feed = etree.fromstring(answer.content if not answer.streaming else b"".join(answer))
    names = {"a": "http://www.w3.org/2005/Atom"}
    ids = feed.xpath("//a:entry/a:id/text()", namespaces=names)
    assert len(ids) == len(set(ids)) >= 5
    titles = " ".join(feed.xpath("//a:entry/a:title/text()", namespaces=names))
    for said in ("Clinics need", "Workshop on clinics", "Clinics Online", "Lena Brandt", "Village nurses"):
        assert said in titles, said
    assert client.get(f"{WIDE}feed.atom", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    listed.project("Another", themes=["C7"])
    assert client.get(f"{WIDE}feed.atom", headers={"If-None-Match": answer["ETag"]}).status_code == 200


def test_the_calendar_has_the_events_of_what_the_theme_includes(client, full):
    entered.event("Elsewhere", themes=["C2"])
    answer = client.get(f"{WIDE}calendar.ics")
    calendar = icalendar.Calendar.from_ical(b"".join(answer))
    assert [str(each["SUMMARY"]) for each in calendar.walk("VEVENT")] == ["Workshop on clinics"]
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert client.get(f"{WIDE}calendar.ics", headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_the_page_says_where_its_other_forms_are(client, full):
    answer = client.get(HEALTH)
    page = body(answer)
    for form in ("feed.atom", "calendar.ics", "/themes/C7-e-health.ttl", "/themes/C7-e-health.jsonld"):
        assert form in page
    assert '/themes/C7-e-health>; rel="cite-as"' in answer["Link"]


def test_contributions_are_found_by_a_theme_that_their_question_was_given_later(client, themes, edition, organizer):
    from plenara.consultations.actions import edit_thread
    from plenara.contributions.actions.search_index import index_thread

    thread = edition.thread
    changed = edit_thread(
        actor=organizer, thread=thread, question=thread.question, guidance=thread.guidance, themes=["C5"]
    )
    assert changed.themes == ["C5"]
    index_thread.call(thread_id=thread.pk)
    assert "1 contribution" in body(client.get("/en/themes/C5/"))
    edit_thread(actor=organizer, thread=changed, question=thread.question, guidance=thread.guidance, themes=[])
    index_thread.call(thread_id=thread.pk)
    assert "No text or entry has this theme yet." in body(client.get("/en/themes/C5/"))
