"""The desk's lists with any address and any amount of data."""

import pytest

from tests.answers import queries
from tests.events import entered
from tests.outcomes.pages import at, of

pytestmark = pytest.mark.django_db


def test_a_page_that_is_not_there_is_no_error(outcome, paragraph, drafter, sign_in):
    lists = ("", "contributions/", "statements/", "public-comments/", "history/")
    client, addresses = sign_in(drafter), [at(outcome.body, "meetings/"), *(of(outcome, tail) for tail in lists)]
    asked = [f"{each}?page={page}" for each in addresses for page in ("0", "-1", "7", "9" * 18, "9" * 30, "x", "٣")]
    answers = {address: client.get(address).status_code for address in asked}
    assert {address: status for address, status in answers.items() if status != 200} == {}


@pytest.mark.once
def test_the_events_to_choose_from_take_the_same_queries(body, drafter, consultation, sign_in):
    client, address = sign_in(drafter), at(body, "meetings/")
    entered.event("First meeting", prepares=consultation.slug)
    few = queries(client, address)
    for number in range(4):
        entered.event(f"Meeting {number}", prepares=consultation.slug)
    assert queries(client, address) == few
