"""Signing in by a code, by a password; signing out."""

import pytest
from allauth.account.models import EmailAddress

from plenara.accounts import actions
from plenara.accounts.models import Installation
from tests import world
from tests.accounts.conftest import NEW, ask_for_code, code_in, enter_code, sent, sign_up, whose

pytestmark = pytest.mark.django_db
PASSWORD = "seven lanterns by the quay"


@pytest.fixture
def known(db):
    """A person who may sign in, and has no password."""
    return actions.register(name="Noor Haddad", email=NEW)


@pytest.fixture
def with_password(known):
    known.set_password(PASSWORD)
    known.save()
    return known


def try_password(client, password, email=NEW):
    return client.post("/en/account/login/", {"login": email, "password": password})


def test_a_mailed_code_signs_in(client, known):
    answer = ask_for_code(client, NEW)
    assert (answer.status_code, answer.url) == (302, "/en/account/login/code/confirm/")
    answer = enter_code(client, code_in(sent()[-1]))
    assert (answer.status_code, answer.url) == (302, "/en/my/")
    assert whose(client) == known.pk


def test_the_code_works_once_and_in_the_browser_that_asked(client, another_browser, known):
    ask_for_code(client, NEW)
    code = code_in(sent()[-1])
    assert enter_code(another_browser, code).url == "/en/account/login/code/"
    enter_code(client, code)
    client.post("/en/account/logout/")
    assert enter_code(client, code).url == "/en/account/login/code/"
    assert whose(client) is None


def test_the_first_way_on_the_page_is_the_code(client):
    page = client.get("/en/account/login/").content.decode()
    assert page.index("Send me a code") < page.index("Sign in with a password") < page.index("Use a passkey")


@pytest.mark.parametrize("typed", ["", "known", "known@people", '"known"@people.example'])
def test_an_invalid_address_is_answered_with_an_example(client, typed):
    page = client.post("/en/account/login/", {"email": typed, "login": typed}).content.decode()
    assert "Enter an e-mail address such as name@example.org." in page and "valid email" not in page


def test_the_page_works_without_script(client):
    page = client.get("/en/account/login/").content.decode()
    assert 'action="/en/account/login/code/"' in page
    assert 'action="/en/account/login/"' in page
    # The one button that needs a script is not there without.
    assert '<span data-passkey hidden><button class="second" id="passkey_login">' in page


def test_a_password_signs_in(client, with_password):
    assert try_password(client, PASSWORD).url == "/en/my/"
    assert whose(client) == with_password.pk


def test_a_wrong_password_is_named_and_the_address_stays_typed(client, with_password):
    answer = try_password(client, "mistyped")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "The e-mail address or password is wrong. Check both, or ask for a code instead." in page
    assert page.count(f'value="{NEW}"') == 2  # in both ways, so that one may take the other
    assert "<details open>" in page
    assert "mistyped" not in page


def test_after_signing_in_one_comes_where_one_was_going(client, known):
    page = client.get("/en/account/login/?next=/en/about/how/").content.decode()
    assert page.count('name="next" value="/en/about/how/"') == 3
    ask_for_code(client, NEW, next="/en/about/how/")
    assert enter_code(client, code_in(sent()[-1]), next="/en/about/how/").url == "/en/about/how/"


def test_an_account_that_is_closed_does_not_sign_in(client, with_password):
    with_password.is_active = False
    with_password.save()
    assert try_password(client, PASSWORD).url == "/en/account/inactive/"
    assert client.get("/en/account/inactive/").status_code == 200
    assert whose(client) is None


def test_signing_out_is_asked_once_more(client, known, sign_in):
    sign_in(known)
    assert client.get("/en/account/logout/").status_code == 200
    assert whose(client)
    assert client.post("/en/account/logout/").url == "/en/"
    assert whose(client) is None


def test_somebody_who_pressed_start_again_may_ask_for_another_code(client, known):
    ask_for_code(client, NEW)
    assert client.get("/en/account/login/").url == "/en/account/login/code/confirm/"
    client.post("/en/account/logout/", {"next": "/en/account/login/"})
    assert client.get("/en/account/login/").status_code == 200


def test_who_mistyped_the_address_sends_the_form_again_and_is_not_held_to_the_first(client, known):
    ask_for_code(client, "nor@people.example")
    ask_for_code(client, NEW)
    assert NEW in client.get("/en/account/login/code/confirm/").content.decode()
    enter_code(client, code_in(sent()[-1]))
    assert whose(client) == known.pk


def test_a_password_may_be_used_while_a_code_is_on_its_way(client, with_password):
    ask_for_code(client, NEW)
    assert try_password(client, PASSWORD).url == "/en/my/"


def test_the_account_page_leads_to_signing_in_or_to_the_address(client, known, sign_in):
    assert client.get("/en/account/").url == "/en/account/login/"
    sign_in(known)
    assert client.get("/en/account/").url == "/en/account/email/"


def test_the_first_organizer_is_led_to_set_up_the_installation(client):
    organizer = world.person("Wei Zhang", is_organizer=True)
    ask_for_code(client, organizer.email, next="/en/about/how/")
    answer = enter_code(client, code_in(sent()[-1]), next="/en/about/how/")
    assert answer.url == "/en/desk/installation/?next=%2Fen%2Fabout%2Fhow%2F"


def test_once_it_is_set_up_organizers_are_not(client):
    organizer = actions.register(name="Wei Zhang", email=NEW, is_organizer=True)
    Installation.objects.update_or_create(pk=1, defaults={"is_set_up": True})
    ask_for_code(client, organizer.email)
    assert enter_code(client, code_in(sent()[-1])).url == "/en/my/"


def test_a_session_gets_a_new_key_at_sign_in(client, known):
    ask_for_code(client, NEW)
    before = client.session.session_key
    enter_code(client, code_in(sent()[-1]))
    assert client.session.session_key != before


def test_who_set_a_password_gets_an_e_mail_that_says_so(client, known, sign_in):
    sign_in(known)
    assert client.post("/en/account/password/set/", {"password1": PASSWORD}).url == "/en/my/settings/"
    known.refresh_from_db()
    assert known.check_password(PASSWORD)
    assert sent()[-1].subject == "A password has been set"
    assert client.get("/en/my/").status_code == 200  # still signed in


@pytest.mark.parametrize("password", ["short", "password1234", "123456789012", "noor@people.example"])
def test_a_password_that_is_easily_guessed_is_not_taken(client, known, sign_in, password):
    sign_in(known)
    assert client.post("/en/account/password/set/", {"password1": password}).status_code == 422
    known.refresh_from_db()
    assert not known.has_usable_password()


def test_changing_the_password_asks_for_the_present_one(client, with_password, sign_in):
    sign_in(with_password)
    answer = client.post("/en/account/password/change/", {"oldpassword": "wrong", "password1": "nine boats upstream"})
    assert answer.status_code == 422
    answer = client.post("/en/account/password/change/", {"oldpassword": PASSWORD, "password1": "nine boats upstream"})
    assert answer.url == "/en/my/settings/"
    with_password.refresh_from_db()
    assert with_password.check_password("nine boats upstream")


def test_a_forgotten_password_is_set_again_by_a_code_and_signs_in(client, with_password):
    answer = client.post("/en/account/password/reset/", {"email": NEW})
    assert answer.url == "/en/account/password/reset/confirm/"
    answer = client.post(answer.url, {"code": code_in(sent()[-1])})
    assert answer.url == "/en/account/password/reset/complete/"
    assert client.get(answer.url).status_code == 200
    assert client.post(answer.url, {"password1": "short"}).status_code == 422
    assert client.post(answer.url, {"password1": "nine boats upstream"}).url == "/en/my/"
    assert whose(client) == with_password.pk
    assert sent()[-1].subject == "Your password has been reset"


def test_changing_the_address_needs_the_code_that_went_to_the_new_one(client, known, sign_in):
    sign_in(known)
    answer = client.post("/en/account/email/", {"action_add": "1", "email": "noor@new.example"})
    assert answer.url == "/en/account/confirm-email/"
    known.refresh_from_db()
    assert known.email == NEW  # until it is proved
    letter = sent()[-1]
    assert letter.to == ["noor@new.example"]
    assert "changing your address" in letter.body
    assert client.get(answer.url).status_code == 200
    assert client.post(answer.url, {"code": code_in(letter)}).url == "/en/my/settings/"
    known.refresh_from_db()
    assert known.email == "noor@new.example"
    assert [each.email for each in EmailAddress.objects.filter(user=known)] == ["noor@new.example"]
    assert sent()[-1].to == [NEW]  # the old address is notified
    assert "noor@new.example" not in sent()[-1].body


def test_another_persons_address_cannot_be_taken_and_only_its_mailbox_says_so(client, known, sign_in):
    other = world.person("Ana Prieto")
    sign_in(known)
    assert client.post("/en/account/email/", {"action_add": "1", "email": other.email}).status_code == 302
    answer = client.post("/en/account/confirm-email/", {"code": code_in(sent()[-1])})
    assert answer.status_code == 422
    assert "cannot be used" in answer.content.decode()


def test_who_claimed_an_address_and_never_proved_it_gives_way_to_who_does(client, another_browser, known, sign_in):
    sign_up(another_browser, "noor@new.example", name="Someone else")
    sign_in(known)
    client.post("/en/account/email/", {"action_add": "1", "email": "noor@new.example"})
    client.post("/en/account/confirm-email/", {"code": code_in(sent()[-1])})
    known.refresh_from_db()
    assert known.email == "noor@new.example"


def test_before_the_address_is_changed_who_has_a_password_enters_it_again(client, with_password, sign_in):
    sign_in(with_password)
    answer = client.get("/en/account/email/")
    assert answer.url == "/en/account/reauthenticate/?next=%2Fen%2Faccount%2Femail%2F"
    assert client.post(answer.url, {"password": "wrong", "next": "/en/account/email/"}).status_code == 422
    assert client.post(answer.url, {"password": PASSWORD, "next": "/en/account/email/"}).url == "/en/account/email/"
    assert client.get("/en/account/email/").status_code == 200


def test_what_was_sent_is_kept_while_one_confirms_and_no_ip_address_with_it(client, with_password, sign_in):
    sign_in(with_password)
    answer = client.post(
        "/en/account/email/",
        {"action_add": "1", "email": "noor@new.example"},
        REMOTE_ADDR="192.0.2.7",
        headers={"User-Agent": "Lynx/2.9"},
    )
    assert answer.url.startswith("/en/account/reauthenticate/")
    kept = str(dict(client.session))
    assert "noor%40new.example" in kept
    assert "192.0.2.7" not in kept
    assert "Lynx" not in kept
    answer = client.post(answer.url, {"password": PASSWORD})
    assert answer.url == "/en/account/confirm-email/"
    assert sent()[-1].to == ["noor@new.example"]
