"""Announcing: a draft becomes public, and the clock takes over."""

import pytest

from plenara.consultations import actions, permissions, validation
from plenara.consultations.models import Consultation, State
from plenara.consultations.presenters import desk
from plenara.core import clock
from plenara.core.cache_tags import revision
from plenara.core.models import AuditEntry, BackgroundTask
from plenara.core.refusals import AlreadyDone, InvalidInput
from plenara.core.tasks import run_all

pytestmark = pytest.mark.django_db


def what_is_missing(consultation):
    consultation = Consultation.objects.get(pk=consultation.pk)
    return [str(answer.sentence) for answer in validation.complete(consultation, list(consultation.threads.all()))]


def test_an_announced_consultation_is_public_and_turns_the_lists(founder, draft, participant):
    assert not permissions.may_see(participant, draft)
    announced = actions.announce(actor=founder, consultation=draft)
    assert announced.state == State.ANNOUNCED
    assert announced.announced_at
    assert permissions.may_see(participant, announced)
    assert (revision(draft.cache_tag), revision("consultations")) == (1, 1)


def test_it_is_refused_while_something_needed_is_missing(founder, draft):
    draft.threads.filter(number=2).update(question={"en": "Who repairs cable 2?"})
    with pytest.raises(InvalidInput, match="missing"):
        actions.announce(actor=founder, consultation=draft)
    assert what_is_missing(draft) == ["Question 2 in French."]
    assert Consultation.objects.get(pk=draft.pk).stage == State.DRAFT


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"title": {"fr": "Des câbles"}}, ["The title in English."]),
        ({"opens_at": None}, ["The opening date."]),
        ({"closes_at": None}, ["The closing date."]),
        ({"languages": []}, ["The languages for contributions."]),
    ],
)
def test_each_thing_that_is_needed_is_named(draft, change, missing):
    Consultation.objects.filter(pk=draft.pk).update(**change)
    assert what_is_missing(draft) == missing


def test_without_a_question_nothing_is_announced(draft):
    draft.threads.all().delete()
    assert what_is_missing(draft) == ["At least one question."]


def test_languages_that_are_not_accepted_are_no_hindrance(draft):
    assert "ru" not in draft.languages
    assert what_is_missing(draft) == []


def test_an_opening_that_has_passed_is_refused(founder, draft):
    with (
        clock.at(draft.opens_at),
        pytest.raises(InvalidInput, match=r"The opening date has passed. Choose a later date."),
    ):
        actions.announce(actor=founder, consultation=draft)
    with clock.at(draft.opens_at):
        assert [str(answer.sentence) for answer in desk.missing_for_announcement(draft)] == [
            "The opening date has passed. Choose a later date."
        ]


def test_a_double_click_announces_once(founder, draft):
    actions.announce(actor=founder, consultation=draft)
    with pytest.raises(AlreadyDone):
        actions.announce(actor=founder, consultation=draft)
    assert AuditEntry.objects.filter(verb="consultation.announced").count() == 1


def test_opening_and_closing_turn_the_pages_when_they_come(founder, draft):
    actions.announce(actor=founder, consultation=draft)
    run_all()
    assert revision(draft.cache_tag) == 1
    with clock.at(draft.opens_at):
        run_all()
        assert (revision(draft.cache_tag), revision("consultations")) == (2, 2)
    with clock.at(draft.closes_at):
        run_all()
        assert revision(draft.cache_tag) == 3
    assert list(AuditEntry.objects.filter(actor_id=None).order_by("pk").values_list("verb", flat=True)) == [
        "consultation.opened",
        "consultation.closed",
    ]


def test_a_turn_run_twice_is_recorded_once(founder, draft):
    actions.announce(actor=founder, consultation=draft)
    with clock.at(draft.opens_at):
        run_all()
        BackgroundTask.objects.filter(key__contains=":opens_at:").update(
            done_at=None,
            arguments={"consultation_id": draft.pk, "turn": "opens_at", "at": draft.opens_at.isoformat()},
        )
        assert run_all() == 1
    assert AuditEntry.objects.filter(verb="consultation.opened").count() == 1


def test_a_turn_whose_moment_was_moved_does_nothing(founder, draft):
    actions.announce(actor=founder, consultation=draft)
    first = draft.opens_at
    from tests.consultations.conftest import days

    actions.edit(actor=founder, consultation=draft, opens_at=days(9))
    before = revision(draft.cache_tag)
    with clock.at(first):
        run_all()
    assert revision(draft.cache_tag) == before
    assert not AuditEntry.objects.filter(verb="consultation.opened").exists()
