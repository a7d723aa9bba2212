"""The page on a form without a valid token: what somebody wrote is there under the labels of their form."""

import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.once]

FORM = {"text": "Cables.", "title": "On cables", "language": "en", "seal": "a:b:c", "preview": ""}


@pytest.fixture
def page(participant, thread):
    client = Client(enforce_csrf_checks=True)
    client.force_login(participant)
    return lambda address, form: client.post(address, form)


def test_what_was_typed_is_shown_with_its_label_and_nothing_else(page, thread):
    answer = page(f"/en/contribute/{thread.consultation.slug}/1/", FORM)
    html = answer.content.decode()
    assert answer.status_code == 403
    assert [(each.label, each.value) for each in answer.context["shown"]] == [
        ("Your contribution", "Cables."),
        ("Title", "On cables"),
    ]
    assert "a:b:c" not in html
    assert ">Your contribution</label>" in html and "Cables." in html


def test_a_field_of_no_form_has_a_plain_label_in_the_language_of_the_page(page):
    html = page("/fr/contribute/nowhere/1/", {"some_field": "Two words"}).content.decode()
    assert "some" not in html
    assert ">Ce que vous avez écrit</label>" in html and "Two words" in html


def test_no_password_and_no_token_is_shown(page):
    sent = {"password": "a secret of mine", "csrfmiddlewaretoken": "a stale token"}
    html = page("/en/account/login/", sent).content.decode()
    assert "a secret of mine" not in html and "a stale token" not in html


def test_the_web_address_of_a_meeting_is_given_back_with_its_label():
    fields = {"place": "", "country": "CH", "online": "https://meet.example/room", "languages_more": ""}
    page = Client(enforce_csrf_checks=True).post("/en/events/propose/", fields).content.decode()
    assert "Link to take part online" in page
    assert ">\nhttps://meet.example/room</textarea>" in page
