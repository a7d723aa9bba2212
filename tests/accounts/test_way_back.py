"""A person who signs in or up on the way to a page gets there: by a code, a wrong one, by the e-mail, by a passkey."""

import datetime
import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.utils.http import urlencode

from plenara.accounts import actions
from plenara.consultations.models import Consultation, State
from plenara.core import clock
from tests import world
from tests.accounts.conftest import NEW, ask_for_code, code_in, enter_code, sent, sign_up, whose
from tests.consultations.pages import text

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # where a page leads to; accounts are tested on both

QUESTION = "/en/contribute/internet-governance/1/"
WITH_NEXT = "?" + urlencode({"next": QUESTION})
SIGN_UP, SIGN_IN = f"/en/account/signup/{WITH_NEXT}", f"/en/account/login/{WITH_NEXT}"
CONFIRM, ENTER = "/en/account/confirm-email/", "/en/account/login/code/confirm/"


@pytest.fixture
def known(db):
    """Somebody who has an account."""
    return actions.register(name="Noor Haddad", email=NEW)


@pytest.fixture
def question(db):
    """The question to which somebody wants to contribute."""
    return world.consultation()


def link_in(letter):
    """Return the path of the link that an e-mail has."""
    return re.search(r"https?://[^/\s]+(/\S+)", letter.body).group(1)


def field_of(page, name):
    """Return the values of the hidden fields of this name."""
    return re.findall(rf'name="{name}" value="([^"]*)"', page.content.decode())


def test_contribute_leads_a_stranger_to_signing_up_which_also_signs_in(client, question):
    answer = client.get(QUESTION)
    assert answer.url == SIGN_UP.replace("%2F", "/")
    page = client.get(answer.url)
    assert field_of(page, "next") == [QUESTION, QUESTION]
    words = page.content.decode()
    assert words.index('name="name"') < words.index("Do you already have an account?") < words.index("Send me a code")
    assert f'href="{SIGN_IN}"' in words and "this page opens:" in words


def assert_names(page, question, label="Question 1"):
    """Assert that a page names the question that somebody comes back to."""
    words = text(page)
    assert page.status_code == 200
    assert (
        f"When you have finished here, this page opens: {label} · {question.threads.get(number=1).question['en']}"
        in words
    )


def test_each_page_on_the_way_names_the_question_and_what_is_answered(client, another_browser, question):
    assert_names(client.get(SIGN_UP), question)
    assert_names(client.get(SIGN_IN), question)
    sign_up(client, next=QUESTION)
    assert_names(client.get(CONFIRM), question)
    letter = sent()[-1]
    assert_names(another_browser.get(link_in(letter), follow=True), question)
    assert_names(client.post(CONFIRM, {"code": code_in(letter)}, follow=True), question)  # for whom they speak
    assert_names(client.get(f"/en/account/rules/{WITH_NEXT}"), question)
    reply = urlencode({"next": f"{QUESTION}reply/7/"})
    assert_names(another_browser.get(f"/en/account/signup/?{reply}"), question, "Reply to contribution 7")
    for wanted in ("/en/consultations/internet-governance/threads/1/", "/en/my/follow/internet-governance/1/"):
        assert_names(another_browser.get("/en/account/login/?" + urlencode({"next": wanted})), question)


def test_a_question_that_is_not_public_is_named_to_nobody(client, question):
    Consultation.objects.filter(pk=question.pk).update(stage=State.DRAFT)
    page = client.get(SIGN_UP)
    assert question.threads.get(number=1).question["en"] not in text(page)
    assert "the page that you asked for opens" in text(page)


@pytest.mark.parametrize(("ask", "where"), [(sign_up, "confirm-email/"), (ask_for_code, "login/code/confirm/")])
def test_whoever_changes_the_language_on_the_way_comes_back_in_that_language(client, known, question, ask, where):
    wanted = QUESTION.replace("/en/", "/fr/")
    assert set(field_of(client.get(f"/fr/account/signup/{WITH_NEXT}"), "next")) == {wanted}
    ask(client, email=NEW if ask is ask_for_code else "other@people.example", next=QUESTION)
    assert wanted in field_of(client.get(f"/fr/account/{where}{WITH_NEXT}"), "next")
    onward = client.post(f"/fr/account/{where}", {"code": code_in(sent()[-1]), "next": wanted})
    assert onward.url == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        "/en/events/propose/",
        "/en/events/propose/?consultation=internet-governance",
        "/en/organizations/propose/",
        "/en/people/propose/",
        "/en/projects/propose/",
        "/en/my/follow/internet-governance/",
        "/en/my/follow/internet-governance/1/",
    ],
)
def test_whoever_proposes_or_follows_something_signs_up_and_comes_to_that_page(
    client, another_browser, question, wanted
):
    answer = client.get(wanted)
    assert answer.url.startswith("/en/account/signup/?")
    assert set(field_of(client.get(answer.url), "next")) == {wanted}
    sign_up(client, next=wanted)
    letter = sent()[-1]
    assert set(field_of(another_browser.get(another_browser.get(link_in(letter)).url), "next")) == {wanted}
    onward = client.post(CONFIRM, {"code": code_in(letter)})
    assert onward.url == wanted
    page = client.get(onward.url)
    # The directory asks for a byline first, and leads on from there.
    assert page.status_code == 200 or page.url == "/en/my/byline/?" + urlencode({"next": wanted})


def test_a_part_of_a_draft_that_one_came_from_is_remembered_too(client, question):
    page = client.get(client.get(f"{QUESTION}?part=3").url)
    assert set(field_of(page, "next")) == {f"{QUESTION}?part=3"}
    sign_up(client, next=f"{QUESTION}?part=3")
    assert link_in(sent()[-1]) == f"{CONFIRM}?next={QUESTION}%3Fpart%3D3"


def test_the_code_for_signing_up_leads_on_though_the_page_is_opened_without_the_way(client, question):
    sign_up(client, next=QUESTION)
    assert QUESTION in field_of(client.get(CONFIRM), "next")
    assert client.post(CONFIRM, {"code": code_in(sent()[-1])}).url == QUESTION


def test_the_code_for_signing_in_leads_on_though_the_page_is_opened_without_the_way(client, known):
    ask_for_code(client, NEW, next=QUESTION)
    assert QUESTION in field_of(client.get(ENTER), "next")
    assert enter_code(client, code_in(sent()[-1])).url == QUESTION


def test_a_wrong_code_is_corrected_and_leads_on(client, known):
    ask_for_code(client, NEW, next=QUESTION)
    page = enter_code(client, "0000-0000")
    assert page.status_code == 422 and QUESTION in field_of(page, "next")
    assert enter_code(client, code_in(sent()[-1])).url == QUESTION


@pytest.mark.parametrize("ask", [sign_up, ask_for_code])
def test_after_five_wrong_codes_one_begins_again_and_the_way_is_still_known(client, ask):
    ask(client, email=NEW, next=QUESTION)
    where = CONFIRM if ask is sign_up else ENTER
    for _attempt in range(5):
        answer = client.post(where, {"code": "0000-0000"})
    assert answer.url.endswith(WITH_NEXT)
    page = client.get(answer.url)
    assert set(field_of(page, "next")) == {QUESTION}
    assert "There were too many wrong attempts" in page.content.decode()


@pytest.mark.parametrize("ask", [sign_up, ask_for_code])
@pytest.mark.parametrize("sends", [True, False])
def test_a_code_that_has_expired_says_so_and_the_way_is_still_known(client, ask, sends):
    ask(client, email=NEW, next=QUESTION)
    where = CONFIRM if ask is sign_up else ENTER
    with time_machine.travel(clock.now() + datetime.timedelta(minutes=16)):
        answer = client.post(where, {"code": "0000-0000"}) if sends else client.get(where)
        assert answer.url.endswith(WITH_NEXT)
        page = client.get(answer.url)
    assert set(field_of(page, "next")) == {QUESTION}
    assert "This code is not valid." in page.content.decode()


@pytest.mark.parametrize("ask", [sign_up, ask_for_code])
def test_the_link_of_the_e_mail_opened_in_another_browser_knows_the_way(client, another_browser, known, ask):
    ask(client, email="other@people.example" if ask is sign_up else NEW, next=QUESTION)
    answer = another_browser.get(link_in(sent()[-1]))
    assert answer.url.endswith(WITH_NEXT)
    page = another_browser.get(answer.url)
    assert set(field_of(page, "next")) == {QUESTION}
    assert "you asked for it in another browser" in page.content.decode()


def test_an_address_without_an_account_is_offered_one_by_e_mail_and_leads_on(client, another_browser):
    ask_for_code(client, NEW, next=QUESTION)
    letter = sent()[-1]
    assert letter.subject == "There is no account with this e-mail address"
    assert link_in(letter) == f"/en/account/signup/?next={QUESTION}"
    for browser in (client, another_browser):
        assert set(field_of(browser.get(link_in(letter)), "next")) == {QUESTION}
    sign_up(client, next=QUESTION)
    assert client.post(CONFIRM, {"code": code_in(sent()[-1])}).url == QUESTION


def test_who_signs_up_with_an_account_signs_in_by_the_link_of_the_e_mail(client, known):
    sign_up(client, next=QUESTION)
    letter = sent()[-1]
    assert letter.subject == "You already have an account"
    page = client.get(link_in(letter))
    assert page.status_code == 200 and set(field_of(page, "next")) == {QUESTION}
    ask_for_code(client, NEW, next=QUESTION)
    assert enter_code(client, code_in(sent()[-1])).url == QUESTION
    assert whose(client) == known.pk


def test_who_looks_at_the_page_for_signing_in_while_signing_up_may_still_enter_the_code(client):
    sign_up(client, next=QUESTION)
    assert client.get("/en/account/login/").status_code == 200
    assert client.post(CONFIRM, {"code": code_in(sent()[-1])}).url == QUESTION


@pytest.mark.parametrize(("ask", "where", "again"), [(sign_up, CONFIRM, SIGN_UP), (ask_for_code, ENTER, SIGN_IN)])
def test_start_again_leads_back_with_the_way(client, ask, where, again):
    ask(client, email=NEW, next=QUESTION)
    (back,) = [each for each in field_of(client.get(where), "next") if each != QUESTION]
    assert back == again
    answer = client.post("/en/account/logout/", {"next": back})
    assert set(field_of(client.get(answer.url), "next")) == {QUESTION}


def test_a_password_and_a_forgotten_one_lead_on(client, known):
    page = client.get(SIGN_IN).content.decode()
    assert f'href="/en/account/password/reset/{WITH_NEXT}"' in page
    client.post("/en/account/password/reset/", {"email": NEW, "next": QUESTION})
    answer = client.post("/en/account/password/reset/confirm/", {"code": code_in(sent()[-1])})
    answer = client.post(answer.url.partition("?")[0], {"password1": "seven lanterns by the quay"})
    assert answer.url == QUESTION


def test_the_passkey_that_is_asked_for_after_a_code_leads_on(client, known, question, monkeypatch):
    monkeypatch.setattr("allauth.mfa.webauthn.internal.auth.get_credentials", lambda user: [])
    Authenticator.objects.create(user=known, type="webauthn", data={"name": "Phone", "credential": {}})
    recovery_code = RecoveryCodes.activate(known).get_unused_codes()[0]
    ask_for_code(client, NEW, next=QUESTION)
    second = enter_code(client, code_in(sent()[-1])).url
    assert_names(client.get(second), question)
    assert field_of(client.get(second), "next") == [SIGN_IN]  # where "Start again" leads
    assert client.post(second, {"code": "0000-0000"}).status_code == 422
    assert client.post(second, {"code": recovery_code}).url == QUESTION


def test_a_passkey_alone_that_fails_leads_back_with_the_way(client):
    client.get("/en/account/2fa/passkeys/login/", headers={"Accept": "application/json"})
    answer = client.post("/en/account/2fa/passkeys/login/", {"credential": "{}", "next": QUESTION})
    assert answer.url == SIGN_IN


def test_the_header_of_a_public_page_leads_back_there(client, known):
    page = client.get("/en/account/login/", headers={"Referer": "http://testserver/en/about/how/"})
    assert set(field_of(page, "next")) == {"/en/about/how/"}


@pytest.mark.parametrize(
    "before",
    [
        "https://elsewhere.example/en/about/how/",
        "http://testserver.example/en/about/how/",
        "http://testserver/en/account/signup/",
        "http://testserver/en/nowhere/",
        "http://testserver//elsewhere.example/",
    ],
)
def test_no_other_page_before_is_a_way_back(client, before):
    assert field_of(client.get("/en/account/login/", headers={"Referer": before}), "next") == []


def test_the_way_is_forgotten_once_somebody_has_gone_it(client, known):
    ask_for_code(client, NEW, next=QUESTION)
    enter_code(client, code_in(sent()[-1]))
    client.post("/en/account/logout/")
    ask_for_code(client, NEW)
    assert enter_code(client, code_in(sent()[-1])).url == "/en/my/"


@pytest.mark.parametrize(
    "wanted",
    [
        "/en/search/?q=call+this+number+now",
        "/en/about/how/?x=send%20money",
        "/nowhere/call-me/",
        "https://elsewhere.example/",
    ],
)
def test_no_e_mail_takes_words_from_whoever_typed_the_address(client, known, wanted):
    ask_for_code(client, NEW, next=wanted)
    assert link_in(sent()[-1]) == ENTER
