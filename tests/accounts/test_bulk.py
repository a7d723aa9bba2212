"""Accounts made in bulk from one place: who is one of them, and that they delay nobody else."""

import datetime

import pytest

from plenara.accounts import actions, limits, queries
from plenara.core import clock
from plenara.core.models import BackgroundTask, Queue
from tests.accounts.conftest import NEW, ask_for_code, sign_up

pytestmark = pytest.mark.django_db


def joined(how_many, place="a" * 64, minutes=1.0):
    """Return people who signed up from one place, one after another."""
    start, made = clock.now(), []
    for n in range(how_many):
        with clock.at(start + datetime.timedelta(minutes=n * minutes)):
            made.append(
                actions.sign_up(name="Noor", email=f"{place[0]}{n}@people.example", language="en", joined_from=place)
            )
    return made


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(queries, "MANY_SIGN_UPS", 3)
    monkeypatch.setattr(queries, "BUSY_SIGN_UPS", 3)


def test_thirty_within_an_hour_are_in_bulk_and_twenty_nine_are_not():
    assert queries.MANY_SIGN_UPS == 30
    people = joined(29)
    assert not queries.came_in_bulk(people[0])
    with clock.at(clock.now() + datetime.timedelta(minutes=30)):
        last = actions.sign_up(name="Noor", email="last@people.example", language="en", joined_from="a" * 64)
    assert queries.came_in_bulk(people[0])
    assert queries.came_in_bulk(last)


def test_the_first_are_in_bulk_as_the_last_are(few):
    people = joined(3)
    assert all(queries.came_in_bulk(each) for each in people)


def test_those_of_another_place_are_not(few):
    joined(5)
    (other,) = joined(1, "b" * 64)
    assert not queries.came_in_bulk(other)


def test_as_many_over_a_day_are_not(few):
    people = joined(6, minutes=40)
    assert not any(queries.came_in_bulk(each) for each in people)


def test_who_came_before_the_others_is_not(few):
    (early,) = joined(1)
    with clock.at(clock.now() + datetime.timedelta(hours=3)):
        actions.sign_up(name="N", email="x@people.example", language="en", joined_from=early.joined_from)
        actions.sign_up(name="N", email="y@people.example", language="en", joined_from=early.joined_from)
        actions.sign_up(name="N", email="z@people.example", language="en", joined_from=early.joined_from)
    assert not queries.came_in_bulk(early)


def test_nothing_is_said_of_who_came_without_a_place_and_nothing_is_asked(few, django_assert_num_queries):
    person = actions.register(name="Noor", email=NEW)
    with django_assert_num_queries(0):
        assert not queries.came_in_bulk(person)
        assert not queries.came_in_bulk(None)


def test_a_code_goes_before_everything_else_that_is_queued(client):
    sign_up(client)
    assert BackgroundTask.objects.get(task="accounts.letter").queue == Queue.URGENT


def test_codes_of_a_place_with_many_sign_ups_go_after_those_of_others(client, few, noon):
    for n in range(4):
        sign_up(client, f"n{n}@people.example")
        client.post("/en/account/logout/")
    answer = client.post(
        "/en/account/signup/",
        {"name": "Ana", "email": "ana@people.example", "accepts": "on", "website": ""},
        REMOTE_ADDR="192.0.2.8",
    )
    assert answer.status_code == 302
    lanes = list(BackgroundTask.objects.filter(task="accounts.letter").order_by("pk").values_list("queue", flat=True))
    assert lanes == [Queue.URGENT, Queue.URGENT, Queue.DEFAULT, Queue.DEFAULT, Queue.URGENT]


def test_who_signs_in_from_a_place_that_has_signed_up_enough_gets_a_code(client, another_browser, noon, monkeypatch):
    monkeypatch.setitem(limits.AN_HOUR, "sign_up", {"ip": 3, "address": 10})
    monkeypatch.setitem(limits.AN_HOUR, "mail", {"ip": 3, "address": 10})
    for n in range(3):
        sign_up(client, f"n{n}@people.example")
        client.post("/en/account/logout/")
    assert sign_up(client, "n4@people.example").status_code == 429
    actions.register(name="Noor", email=NEW)
    assert ask_for_code(another_browser, NEW).status_code == 302


def test_a_known_and_an_unknown_address_are_answered_in_the_same_lane(client, another_browser):
    actions.register(name="Noor", email=NEW)
    ask_for_code(client, NEW)
    ask_for_code(another_browser, "nobody@people.example")
    assert set(BackgroundTask.objects.filter(task="accounts.letter").values_list("queue", flat=True)) == {Queue.URGENT}
