"""Signing up: name and address, the rules accepted, the address proved by a code."""

import datetime

import pytest
from allauth.account.models import EmailAddress

from plenara.accounts import actions
from plenara.accounts.actions import registration
from plenara.accounts.models import Person
from plenara.core import clock
from plenara.core.models import AuditEntry, BackgroundTask
from tests.accounts.conftest import NEW, ask_for_code, code_in, enter_code, join, sent, sign_up, whose

pytestmark = pytest.mark.django_db


def test_the_code_that_was_mailed_verifies_the_address_and_signs_in(client):
    answer = sign_up(client)
    assert (answer.status_code, answer.url) == (302, "/en/account/confirm-email/")
    assert not EmailAddress.objects.filter(verified=True).exists()
    answer = client.post(answer.url, {"code": code_in(sent()[-1])})
    assert (answer.status_code, answer.url) == (302, "/en/my/")
    assert whose(client) == Person.objects.get(email=NEW).pk
    assert EmailAddress.objects.get(email=NEW).verified


def test_version_and_time_of_the_accepted_rules_are_kept(client, noon):
    sign_up(client)
    person = Person.objects.get(email=NEW)
    assert (person.rules_version, person.rules_accepted_at) == ("1", noon)
    assert AuditEntry.objects.get(verb="person.signed_up").details == {"rules_version": "1"}


@pytest.mark.once
@pytest.mark.parametrize("language", ["ar", "en", "es", "fr", "ru", "zh"])
def test_e_mails_come_in_the_language_of_the_page(client, language):
    join(client, language=language)
    assert Person.objects.get(email=NEW).language == language
    assert sent()[-1].extra_headers["Content-Language"] == ("zh-Hans" if language == "zh" else language)


def test_without_accepting_the_rules_nobody_signs_up(client):
    answer = sign_up(client, accepts="")
    assert answer.status_code == 422
    assert "Accept the rules" in answer.content.decode()
    assert 'value="Noor Haddad"' in answer.content.decode()
    assert not Person.objects.exists()


def test_the_page_links_rules_licence_and_privacy(client):
    page = client.get("/fr/account/signup/").content.decode()
    assert all(f'href="/fr/about/{each}/"' in page for each in ("rules", "licence", "privacy"))


def test_a_wrong_code_is_named_and_five_end_the_attempt(client):
    sign_up(client)
    for _attempt in range(4):
        answer = client.post("/en/account/confirm-email/", {"code": "0000-0000"})
        assert answer.status_code == 422
        assert "not the code that we sent" in answer.content.decode()
    assert client.post("/en/account/confirm-email/", {"code": "0000-0000"}).url == "/en/account/login/"
    assert whose(client) is None


def test_a_code_may_be_typed_without_hyphen_and_in_arabic_digits(client):
    sign_up(client)
    code = code_in(sent()[-1]).replace("-", "").translate({ord(str(n)): "٠١٢٣٤٥٦٧٨٩"[n] for n in range(10)})
    assert client.post("/en/account/confirm-email/", {"code": f" {code} "}).status_code == 302
    assert whose(client)


def test_who_fills_in_the_hidden_field_sees_the_usual_page_but_is_kept_nowhere(client):
    answer = sign_up(client, website="https://spam.example")
    assert (answer.status_code, answer.url) == (302, "/en/account/confirm-email/")
    assert client.get(answer.url).status_code == 200
    assert not Person.objects.exists()
    assert not BackgroundTask.objects.exists()


def test_who_never_entered_the_code_may_sign_up_again(client, another_browser):
    sign_up(client, name="Someone else")
    assert join(another_browser).status_code == 302
    assert Person.objects.get(email=NEW).name == "Noor Haddad"
    assert [letter.subject.split(":")[0] for letter in sent()] == ["Your code to sign up"] * 2


def test_an_unverified_address_can_also_be_proved_by_signing_in(client, another_browser):
    sign_up(client)
    ask_for_code(another_browser, NEW)
    enter_code(another_browser, code_in(sent()[-1]))
    assert whose(another_browser)
    assert EmailAddress.objects.get(email=NEW).verified


def test_a_known_address_is_not_signed_up_twice_and_its_owner_is_sent_an_email(client, participant):
    sign_up(client, participant.email)
    assert Person.objects.filter(email=participant.email).count() == 1
    (letter,) = sent()
    assert letter.subject == "You already have an account"
    assert "/en/account/login/" in letter.body


def test_upper_case_makes_no_second_account(client, participant):
    sign_up(client, participant.email.upper())
    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "\u200b\u200b",
        "...",
        "\u202e",
        "x" * 121,
        "see https://spam.example",
        "www.spam.example",
        "me@people.example",
    ],
)
def test_a_name_must_be_one(client, name):
    assert sign_up(client, name=name).status_code == 422
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Noor\t Haddad ", "Noor Haddad"),
        ("Noor\r\nBcc: all", "Noor Bcc: all"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("O’Brien; DROP TABLE", "O’Brien; DROP TABLE"),
        ("سمير\u202e حداد", "سمير حداد"),
        ("王\x07伟", "王伟"),
    ],
)
def test_a_name_is_cleaned_and_kept_as_words(client, typed, kept):
    sign_up(client, name=typed)
    assert Person.objects.get().name == kept


@pytest.mark.parametrize(
    "email",
    [
        "",
        "noor",
        "noor@",
        "@people.example",
        "noor@people",
        "noor @people.example",
        '"noor haddad"@people.example',
        '"a\\"b"@people.example',
        "noor@people.example\r\nBcc: all@people.example",
        "noor@people.example,all@people.example",
        "noor@people.example\x00",
        "<noor@people.example>",
        "n" * 250 + "@people.example",
    ],
)
def test_an_address_must_be_one_and_no_header_gets_in_with_it(client, email):
    answer = sign_up(client, email=email)
    assert answer.status_code == 422
    assert not Person.objects.exists()
    assert sent() == []


def test_two_sign_ups_with_one_address_at_once_make_one_person(client, another_browser, monkeypatch):
    sign_up(client)
    # The second looked before the first had written: it finds out from the database.
    for module in (actions, registration):
        monkeypatch.setattr(module, "unverified", lambda email: Person.objects.none())
    monkeypatch.setattr("allauth.account.internal.flows.manage_email.assess_unique_email", lambda *a, **k: True)
    answer = sign_up(another_browser)
    assert (answer.status_code, answer.url) == (302, "/en/account/confirm-email/")
    assert Person.objects.count() == 1


def test_a_code_is_void_after_fifteen_minutes_and_no_e_mail_brings_it_later(client, noon):
    sign_up(client)
    with clock.at(noon + datetime.timedelta(minutes=16)):
        assert sent() == []


def test_who_is_signed_in_is_led_past_the_form(client):
    join(client)
    assert client.get("/en/account/signup/").url == "/en/my/"


def test_who_mistyped_the_address_sends_the_form_again(client):
    sign_up(client, "nor@people.example")
    sign_up(client)
    assert NEW in client.get("/en/account/confirm-email/").content.decode()
    client.post("/en/account/confirm-email/", {"code": code_in(sent()[-1])})
    assert whose(client) == Person.objects.get(email=NEW).pk


def test_after_signing_up_one_comes_where_one_was_going(client):
    answer = sign_up(client, next="/en/about/how/")
    answer = client.post("/en/account/confirm-email/", {"code": code_in(sent()[-1])})
    assert answer.url == "/en/about/how/"


@pytest.mark.once
@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_nobody_is_led_to_another_site(client, elsewhere):
    sign_up(client, next=elsewhere)
    assert client.post("/en/account/confirm-email/", {"code": code_in(sent()[-1])}).url == "/en/my/"
