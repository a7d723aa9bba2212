"""Several at one appeal at once, in threads of their own: one decides, the others hear it."""

import datetime

import pytest

from plenara.contributions.actions import revise
from plenara.contributions.models import Contribution, Edition
from plenara.core import clock
from plenara.core.models import BackgroundTask
from plenara.core.refusals import ActionRefused, AlreadyDone
from plenara.moderation.actions import appeal, confirm_report, decide_appeal, report
from plenara.moderation.models import Appeal, Code, Decision, Item
from tests import world
from tests.consultations.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def returned(author, moderator, thread):
    """A contribution that was returned a minute ago."""
    with clock.at(clock.now() - datetime.timedelta(minutes=1)):
        return world.decided(world.submitted(author, thread), moderator, Code.RETURNED, reason="R3")


@pytest.fixture
def appealed(author, returned):
    return appeal(
        actor=author, kind="contribution", pk=returned.pk, decision_id=Decision.objects.get().pk, text="A quotation."
    )


def test_one_decides_and_the_others_hear_it(appealed, consultation):
    others = [world.grant(world.person(f"Moderator {n}"), consultation, "moderator") for n in range(4)]
    outcomes = ["upheld", "overruled", "upheld", "overruled"]
    results = at_once(
        *[
            lambda who=who, outcome=outcome: decide_appeal(
                actor=who, appeal_id=appealed.pk, outcome=outcome, answer="Because."
            )
            for who, outcome in zip(others, outcomes, strict=True)
        ]
    )
    assert sum(isinstance(result, AlreadyDone) for result in results) == 3
    appealed.refresh_from_db()
    assert Decision.objects.count() == (2 if appealed.status == "upheld" else 1)
    assert Edition.objects.count() == Decision.objects.count() - 1
    assert BackgroundTask.objects.filter(task="moderation.notify_of_appeal").count() == 1
    assert not Item.objects.exists()


def test_an_author_who_clicks_twice_appeals_once(author, returned):
    decision = Decision.objects.get().pk
    results = at_once(
        *[
            lambda: appeal(actor=author, kind="contribution", pk=returned.pk, decision_id=decision, text="A quotation.")
            for _time in range(4)
        ]
    )
    assert {result.pk for result in results} == {Appeal.objects.get().pk}
    assert Item.objects.count() == 1


def test_sent_again_while_it_is_decided_it_is_either_taken_back_or_published(author, appealed, other_moderator):
    contribution = Contribution.objects.get()
    results = at_once(
        lambda: decide_appeal(actor=other_moderator, appeal_id=appealed.pk, outcome="upheld", answer="Because."),
        lambda: revise(actor=author, contribution=contribution, text="Other words.", language="en"),
    )
    appealed.refresh_from_db()
    refusals = [result for result in results if isinstance(result, ActionRefused)]
    # Whoever is first: the text is sent again and waits, or it is published and the other words are a revision of it.
    assert appealed.status == ("withdrawn" if refusals else "upheld")
    assert list(Item.objects.values_list("why", flat=True)) == ["pending"]


def test_reports_that_are_confirmed_at_once_wait_as_one(edition):
    tokens = []
    for number in range(4):
        report(
            actor=None, kind="contribution", pk=edition.contribution_id, reason="R4", address=f"r{number}@far.example"
        )
        tokens.append(BackgroundTask.objects.filter(task="moderation.ask_reporter").latest("pk").arguments["token"])
    at_once(*[lambda token=token: confirm_report(token=token) for token in tokens])
    assert Item.objects.get().reports == 4
