"""How often somebody may do a thing in an hour."""

import datetime

import pytest
from django.test import RequestFactory

from plenara.accounts import actions, limits
from plenara.accounts.models import Person, Visit
from plenara.core import clock
from tests.accounts.conftest import NEW, ask_for_code, code_in, sent, sign_up
from tests.accounts.test_erase_at_once import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(db):
    person = actions.register(name="Noor Haddad", email=NEW)
    person.set_password("seven lanterns by the quay")
    person.save()
    return person


def test_an_address_gets_ten_e_mails_an_hour_and_then_a_sentence(client, known, noon):
    for _time in range(10):
        assert ask_for_code(client, NEW).status_code == 302
        client.post("/en/account/logout/")
    answer = ask_for_code(client, NEW)
    assert answer.status_code == 429
    assert "Try again after 13:00 UTC." in answer.content.decode()
    assert f'value="{NEW}"' in answer.content.decode()
    assert len(sent()) == 10
    with clock.at(noon + datetime.timedelta(hours=1)):
        assert ask_for_code(client, NEW).status_code == 302


def test_another_address_is_not_held_up_by_it(client, known, noon):
    for _time in range(11):
        ask_for_code(client, NEW)
        client.post("/en/account/logout/")
    assert ask_for_code(client, "other@people.example").status_code == 302


def test_an_office_of_two_hundred_signs_up_in_an_hour_and_the_next_gets_a_sentence(client, noon, monkeypatch):
    monkeypatch.setitem(limits.AN_HOUR, "sign_up", {"ip": 5, "address": 10})
    for number in range(5):
        assert sign_up(client, f"colleague{number}@people.example").status_code == 302
        client.post("/en/account/logout/")
    answer = sign_up(client, "colleague6@people.example")
    assert answer.status_code == 429
    assert 'value="Noor Haddad"' in answer.content.decode()
    assert Person.objects.count() == 5
    # Another office is not delayed.
    assert (
        client.post(
            "/en/account/signup/",
            {"name": "Ana", "email": "ana@people.example", "accepts": "on", "website": ""},
            REMOTE_ADDR="192.0.2.8",
        ).status_code
        == 302
    )


def test_the_limit_for_an_office_is_two_hundred():
    assert limits.AN_HOUR["sign_up"]["ip"] == limits.AN_HOUR["mail"]["ip"] == 200


def test_wrong_passwords_are_limited_by_address_and_right_ones_are_not(client, another_browser, known, noon):
    right = {"login": NEW, "password": "seven lanterns by the quay"}
    for _time in range(12):
        assert client.post("/en/account/login/", right).status_code == 302
        client.post("/en/account/logout/")
    for _time in range(10):
        assert client.post("/en/account/login/", {"login": NEW, "password": "wrong"}).status_code == 422
    assert client.post("/en/account/login/", right).status_code == 429
    # A code by mail is another way in, which nobody else can close.
    assert ask_for_code(another_browser, NEW).status_code == 302


def test_wrong_codes_end_an_attempt_so_that_guessing_costs_e_mails(client, known):
    for _time in range(4):
        ask_for_code(client, NEW)
        for _guess in range(5):
            answer = client.post("/en/account/login/code/confirm/", {"code": "1111-1111"})
        assert answer.url == "/en/account/login/code/"
    assert (
        client.post("/en/account/login/code/confirm/", {"code": code_in(sent()[-1])}).url == "/en/account/login/code/"
    )


def test_recovery_codes_are_limited_by_person(known, noon):
    for _time in range(10):
        limits.spend("code", person=known)
    with pytest.raises(limits.TooMany):
        limits.spend("code", person=known)


def test_nothing_stored_shows_who_it_was(client, known):
    ask_for_code(client, NEW)
    client.post("/en/account/login/", {"login": NEW, "password": "wrong"})
    kept = str(list(Visit.objects.values()))
    assert Visit.objects.count() >= 3
    assert NEW not in kept
    assert "127.0.0.1" not in kept


def test_what_is_refused_is_not_counted_further(noon, monkeypatch):
    monkeypatch.setitem(limits.AN_HOUR, "mail", {"ip": 5, "address": 1})
    limits.spend("mail", ip="192.0.2.1", address="a@people.example")
    for _time in range(9):
        with pytest.raises(limits.TooMany):
            limits.spend("mail", ip="192.0.2.1", address="a@people.example")
    limits.spend("mail", ip="192.0.2.1", address="b@people.example")


@pytest.mark.parametrize(
    ("trusted", "forwarded", "connection_from", "who"),
    [
        (0, "", "192.0.2.7", "192.0.2.7"),
        (0, "198.51.100.1", "192.0.2.7", "192.0.2.7"),  # anybody may write the header
        (1, "198.51.100.1", "10.0.0.1", "198.51.100.1"),
        (1, "1.2.3.4, 198.51.100.1", "10.0.0.1", "198.51.100.1"),  # what comes before it was invented
        (2, "1.2.3.4, 198.51.100.1, 10.0.0.2", "10.0.0.1", "198.51.100.1"),
        (2, "198.51.100.1", "10.0.0.1", "198.51.100.1"),  # fewer than there are proxies
        (1, "", "10.0.0.1", "10.0.0.1"),
        (1, "rubbish", "10.0.0.1", ""),
        (0, "", "", ""),
        (0, "", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        (0, "", "::ffff:192.0.2.7", "192.0.2.7"),
    ],
)
def test_where_a_request_comes_from(settings, trusted, forwarded, connection_from, who):
    settings.TRUSTED_PROXIES = trusted
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    assert limits.ip_of(RequestFactory().get("/", REMOTE_ADDR=connection_from, **headers)) == who


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("already", [0, 4])
def test_many_at_once_get_no_more_than_the_limit(monkeypatch, already):
    monkeypatch.setitem(limits.AN_HOUR, "mail", {"ip": 200, "address": 10})
    for _time in range(already):
        limits.spend("mail", ip="192.0.2.1", address=NEW)
    raised = at_once(*(lambda: limits.spend("mail", ip="192.0.2.1", address=NEW),) * 24)
    assert {type(each) for each in raised} == {type(None), limits.TooMany}
    assert raised.count(None) == 10 - already
    assert sorted(Visit.objects.values_list("count", flat=True)) == [10, 10]
