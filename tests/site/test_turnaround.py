"""How soon it was decided: the figures, calculated again from the audit log, on the page and in its other forms."""

import datetime

import pytest

from plenara.core import clock
from plenara.moderation.models import Appeal, Code, Decision
from plenara.moderation.queries.register import Turn, hours_in_words, latest_turnaround, turnaround
from tests.answers import HERE

pytestmark = pytest.mark.django_db
PAGE = f"{HERE}decisions/turnaround/"


@pytest.mark.parametrize("moment", ["2026-10-18T23:59:59.999999+00:00", "2026-10-12T00:00:00+00:00"])
def test_a_week_begins_on_monday_at_midnight_of_utc(moment, consultation):
    at = datetime.datetime.fromisoformat(moment)
    Decision.objects.create(consultation=consultation, number=1, code=Code.REJECTED, at=at)
    assert list(turnaround(consultation).weeks) == [datetime.date(2026, 10, 12)]


def test_an_undone_decision_and_one_after_an_appeal_count_for_nothing(consultation):
    def decided(number, **more):
        known = {"consultation": consultation, "code": Code.APPROVED, "waited": 60, "version_id": number}
        return Decision.objects.create(number=number, **{**known, **more})

    first = decided(1)
    decided(2, undone_at=clock.now())
    decided(3, overrules=first)
    decided(4, version_id=None, waited=None)  # checked after publication
    found = turnaround(consultation)
    assert (found.overall.decided, found.overall.times) == (1, [60])
    assert found.after == {"APPROVED": 1}


def test_appeals_are_counted_by_what_became_of_them(client, consultation):
    for number, status in enumerate(["pending", "upheld", "overruled", "overruled", "withdrawn"], 1):
        decision = Decision.objects.create(consultation=consultation, number=number, code=Code.REJECTED)
        Appeal.objects.create(decision=decision, status=status)
    found = turnaround(consultation)
    assert (found.filed, found.appeals["overruled"], found.appeals["upheld"]) == (5, 2, 1)
    assert "Dismissed: the decision was not changed" in client.get(PAGE).content.decode()


def test_a_register_without_times_has_shares_and_no_hours(client, consultation):
    Decision.objects.create(consultation=consultation, number=1, code=Code.REJECTED, at=None, thread=1)
    html = client.get(PAGE).content.decode()
    assert "100%" in html and "half of the decisions were taken within this time" not in html and "<figure" not in html


@pytest.mark.parametrize(("minutes", "expected"), [(None, None), (0, 1), (1, 1), (60, 1), (61, 2), (2880, 48)])
def test_minutes_are_shown_as_hours_within_which_it_was_done(minutes, expected):
    assert hours_in_words(minutes) == expected


@pytest.mark.parametrize(("times", "middle", "most"), [([], None, None), ([5], 5, 5), ([1, 2], 1, 2)])
def test_a_few_times_have_their_ranks(times, middle, most):
    assert (Turn(times=times).median, Turn(times=times).ninetieth) == (middle, most)
    assert Turn(times=list(range(1, 11))).ninetieth == 9


def test_the_promise_is_held_against_the_latest_decisions_alone(consultation):
    Decision.objects.bulk_create(
        Decision(consultation=consultation, number=n, code=Code.APPROVED, waited=6000 if n <= 300 else 60)
        for n in range(1, 501)
    )
    assert latest_turnaround(consultation) == 60
    Decision.objects.filter(number__gt=4).delete()
    assert latest_turnaround(consultation) is None
