"""Extending: a later closing, in public, with a reason, mailed to participants."""

import pytest
from django.core import mail

from plenara.consultations import actions, emails
from plenara.consultations.actions.lifecycle import turn
from plenara.consultations.models import Consultation, Extension, State
from plenara.core import clock
from plenara.core.cache_tags import revision
from plenara.core.models import AuditEntry, BackgroundTask
from plenara.core.refusals import AlreadyDone, InvalidInput
from plenara.core.tasks import run_all
from tests import world
from tests.consultations.conftest import days

pytestmark = pytest.mark.django_db
REASON = {"en": "Two public holidays fell into the last week.", "fr": "Deux jours fériés."}


def extend(who, consultation, closes_at=None, reason=None):
    return actions.extend(
        actor=who,
        consultation=consultation,
        closes_at=closes_at or days(40),
        reason=REASON if reason is None else reason,
    )


def test_a_closed_consultation_opens_again(organizer, consultation, in_state):
    in_state(consultation, State.CLOSED)
    was = consultation.closes_at
    extension = extend(organizer, consultation)
    assert Consultation.objects.get(pk=consultation.pk).state == State.OPEN
    assert (extension.closed_at, extension.reason) == (was, REASON)
    assert (revision(consultation.cache_tag), revision("consultations")) == (1, 1)


def test_an_import_whose_stage_was_decided_opens_again(organizer, consultation):
    Consultation.objects.filter(pk=consultation.pk).update(stage=State.CLOSED, opens_at=None, closes_at=days(-9))
    extend(organizer, consultation)
    assert Consultation.objects.get(pk=consultation.pk).state == State.OPEN


def test_the_act_holds_languages_and_not_the_reason(organizer, consultation):
    extend(organizer, consultation)
    act = AuditEntry.objects.get(verb="consultation.extended")
    assert act.details["languages"] == ["en", "fr"]
    assert "holidays" not in str(act.details)


def test_a_double_click_extends_once_and_writes_once(organizer, consultation, participant):
    until = days(40)
    extend(organizer, consultation, until)
    with pytest.raises(AlreadyDone):
        extend(organizer, consultation, until)
    run_all()
    assert Extension.objects.count() == 1
    assert len(mail.outbox) == 1  # the organizer, who has a role


@pytest.mark.parametrize("days_on", [-3, 5])
def test_a_closing_that_is_past_or_not_later_is_refused(organizer, consultation, days_on):
    with pytest.raises(InvalidInput) as refused:
        extend(organizer, consultation, days(days_on))
    assert refused.value.field == "closes_at"


@pytest.mark.parametrize("reason", [{}, {"en": "  "}, {"en": "…"}, {"en": "word " * 10_000}, {"xx": "why"}])
def test_a_reason_is_needed_and_has_a_limit(organizer, consultation, reason):
    with pytest.raises(InvalidInput) as refused:
        extend(organizer, consultation, reason=reason)
    assert refused.value.field.startswith("reason_")


def test_a_consultation_without_a_closing_cannot_be_extended(organizer, consultation):
    Consultation.objects.filter(pk=consultation.pk).update(closes_at=None)
    with pytest.raises(InvalidInput, match="no closing"):
        extend(organizer, consultation)


def test_each_participant_gets_one_e_mail_in_their_language(
    organizer, consultation, moderator, author, participant, thread
):
    world.submitted(author, thread, "One.")
    world.submitted(author, thread, "Two.")
    mail.outbox.clear()
    BackgroundTask.objects.all().delete()
    extend(organizer, consultation)
    run_all()
    to = {letter.to[0]: letter for letter in mail.outbox}
    assert set(to) == {organizer.email, moderator.email, author.email}  # participant has contributed nothing
    letter = to[author.email]
    assert "Deux jours fériés." in letter.body
    assert "(Zurich), soit" in letter.body
    assert "UTC" in letter.subject
    assert f"/fr/consultations/{consultation.slug}/" in letter.body
    assert "Two public holidays" in to[moderator.email].body


def test_e_mails_are_queued_in_batches_and_each_once(organizer, consultation, monkeypatch):
    monkeypatch.setattr(emails, "PARTICIPANTS_BATCH", 2)
    for number in range(5):
        world.grant(world.person(f"Moderator {number}"), consultation, "moderator")
    extend(organizer, consultation)
    run_all()
    run_all()
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(
        consultation.roles.values_list("person__email", flat=True)
    )


def test_who_is_suspended_gets_no_e_mail(organizer, consultation, moderator):
    moderator.suspended_at = clock.now()
    moderator.save()
    extend(organizer, consultation)
    run_all()
    assert [letter.to for letter in mail.outbox] == [[organizer.email]]


def test_an_extension_that_another_has_overtaken_is_not_mailed(organizer, consultation):
    extend(organizer, consultation, days(40))
    extend(organizer, consultation, days(50))
    run_all()
    assert len(mail.outbox) == 1


def test_the_earlier_closing_does_not_turn_the_pages(organizer, consultation):
    first = consultation.closes_at
    extend(organizer, consultation)
    before = revision(consultation.cache_tag)
    turn.call(consultation_id=consultation.pk, turn="closes_at", at=first.isoformat())
    assert revision(consultation.cache_tag) == before
