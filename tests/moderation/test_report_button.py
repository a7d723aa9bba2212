"""The button of a public page leads to the form for a report, without a script or a cookie; the form has a token."""

import datetime
import re

import pytest
from django.test import Client

from plenara.core import clock
from plenara.moderation.models import Item, Report
from tests.events import making

pytestmark = [pytest.mark.django_db, pytest.mark.once]

THREAD = "/en/consultations/internet-governance/threads/1/"
CONTRIBUTION = "/en/consultations/internet-governance/contributions/1/"


@pytest.fixture
def browser():
    """A browser whose requests are checked for tokens, as on a site that runs."""
    return Client(enforce_csrf_checks=True)


def pressed(browser, page):
    """Press the button of a page, and return the address that it leads to."""
    html = browser.get(page).content.decode()
    action, form = re.search(r'<form[^>]* action="([^"]*report/start/)"[^>]*>(.*?)</form>', html, re.DOTALL).groups()
    assert "<button" in form and "csrfmiddlewaretoken" not in form
    assert not browser.cookies or "sessionid" in browser.cookies
    answer = browser.post(action if action.startswith("/") else f"{page}{action}")
    assert answer.status_code == 302
    return answer["Location"]


def token_in(page):
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())[1]


@pytest.mark.parametrize("page", [THREAD, CONTRIBUTION])
def test_a_reader_without_an_account_comes_to_the_form_and_sends_it(browser, edition, page):
    address = pressed(browser, page)
    assert address == f"{CONTRIBUTION}report/"
    form = {"reason": "R4", "text": "The second line.", "address": "reader@elsewhere.example"}
    sent = browser.post(address, form | {"csrfmiddlewaretoken": token_in(browser.get(address))})
    assert sent.status_code == 200
    assert (Report.objects.get().text, Item.objects.count()) == ("The second line.", 0)


def test_an_event_has_the_button_too(browser, author):
    making.published(author, making.curator())
    assert pressed(browser, "/en/events/1/") == "/en/events/1/report/"
    assert browser.get("/en/events/1/report/").status_code == 200


def test_a_person_who_is_signed_in_sends_it_after_the_consultation_has_closed(browser, edition, participant):
    with clock.at(edition.consultation.closes_at + datetime.timedelta(days=3)):
        browser.force_login(participant)
        assert not edition.consultation.is_open
        address = pressed(browser, CONTRIBUTION)
        token = token_in(browser.get(address))
        assert browser.post(address, {"reason": "R4", "text": "", "csrfmiddlewaretoken": token}).status_code == 200
    assert Item.objects.get().reports == 1


def test_the_form_without_a_token_is_refused_and_shows_what_was_typed(browser, edition, participant):
    browser.force_login(participant)
    refused = browser.post(f"{CONTRIBUTION}report/", {"reason": "R4", "text": "What I have typed."})
    assert refused.status_code == 403
    assert "What I have typed." in refused.content.decode()
    assert not Report.objects.exists()


def test_the_button_sends_nothing_whatever_is_posted_to_its_address(browser, edition, participant):
    browser.force_login(participant)
    answer = browser.post(f"{CONTRIBUTION}report/start/", {"reason": "R4", "text": "By another site."})
    assert (answer.status_code, answer["Location"]) == (302, f"{CONTRIBUTION}report/")
    assert not Report.objects.exists()


def test_its_address_cannot_be_followed_as_a_link(browser, edition):
    assert browser.get(f"{CONTRIBUTION}report/start/").status_code == 405
