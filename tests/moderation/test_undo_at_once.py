"""Undoing while somebody else acts, in threads of their own: one of them was first, and the other hears it."""

import pytest
from django.core import mail

from plenara.contributions.actions import withdraw
from plenara.contributions.models import Edition, Version
from plenara.core import clock, tasks
from plenara.core.models import AuditEntry, BackgroundTask
from plenara.core.refusals import ActionRefused
from plenara.core.transaction import write_lock
from plenara.moderation.actions import consent, decline, propose_redaction, publish_now, undo
from plenara.moderation.models import Code, Decision, Item
from tests import world
from tests.consultations.test_at_once import at_once, refused

pytestmark = pytest.mark.django_db(transaction=True)


def work():
    """Take what is due and do it, as a worker does."""
    taken = tasks.take()
    with write_lock():  # SQLite in memory has no patience with who marks a task as done meanwhile
        return [tasks.run(one) for one in taken]


@pytest.fixture
def rejected(moderator, pending):
    """A rejection whose letter a worker may take now."""
    world.decided(pending, moderator, Code.REJECTED, reason="R5")
    BackgroundTask.objects.filter(task="moderation.notify_author").update(due_at=clock.now())
    return Decision.objects.get()


def test_two_clicks_undo_once(moderator, rejected):
    results = at_once(*[lambda: undo(actor=moderator, decision=rejected)] * 4)
    assert len(refused(results)) == 3
    assert AuditEntry.objects.filter(verb="moderation.undone").count() == 1
    assert Item.objects.count() == 1


def test_a_worker_and_an_undo_never_both_win(moderator, rejected):
    results = at_once(lambda: undo(actor=moderator, decision=rejected), work, work)
    was_undone = not isinstance(results[0], ActionRefused)
    emails = [each for each in mail.outbox if "n’a pas été publiée" in each.body or "not published" in each.subject]
    tasks = BackgroundTask.objects.filter(key=f"decision-{rejected.pk}")
    assert tasks.filter(done_at__isnull=False).exists() != was_undone
    assert Item.objects.exists() == was_undone
    assert not (was_undone and emails)


def test_a_worker_that_publishes_a_move_and_an_undo_never_both_win(moderator, pending, consultation):
    world.decided(pending, moderator, Code.MOVED, thread=consultation.threads.get(number=2))
    BackgroundTask.objects.filter(task="moderation.publish_moved").update(due_at=clock.now())
    decision = Decision.objects.get()
    results = at_once(work, lambda: undo(actor=moderator, decision=decision))
    was_undone = not isinstance(results[1], ActionRefused)
    assert Edition.objects.exists() != was_undone
    assert Item.objects.filter(why="pending").exists() == was_undone


def test_of_a_worker_an_undo_and_a_publication_at_once_one_is_first(moderator, pending):
    world.decided(pending, moderator, Code.APPROVED, can_undo=True)
    BackgroundTask.objects.filter(task="moderation.publish_approved").update(due_at=clock.now())
    decision = Decision.objects.get()
    results = at_once(
        work,
        lambda: undo(actor=moderator, decision=decision),
        lambda: publish_now(actor=moderator, decision=decision),
    )
    was_undone = not isinstance(results[1], ActionRefused)
    assert Edition.objects.count() == (0 if was_undone else 1)
    assert Item.objects.filter(why="pending").exists() == was_undone


def test_an_author_who_withdraws_and_an_undo_leave_one_state(moderator, author, pending):
    world.decided(pending, moderator, Code.RETURNED, reason="R1")
    decision = Decision.objects.get()
    at_once(lambda: withdraw(actor=author, contribution=pending), lambda: undo(actor=moderator, decision=decision))
    pending.refresh_from_db()
    assert pending.state == "withdrawn"
    assert not Item.objects.exists()
    assert not Version.objects.filter(state="pending").exists()


def test_an_author_who_answers_both_ways_at_once_is_taken_at_one_word(moderator, author, pending):
    version = pending.versions.get()
    asked = propose_redaction(
        actor=moderator,
        kind="contribution",
        pk=pending.pk,
        version_id=version.pk,
        text="Documents should reach us.",
        reason="R7",
    )
    where = {"actor": author, "kind": "contribution", "pk": pending.pk, "redaction_id": asked.pk}
    results = at_once(lambda: consent(**where), lambda: decline(**where), lambda: consent(**where))
    assert len(refused(results)) == 2
    asked.refresh_from_db()
    assert (asked.consented_at is None) != (asked.declined_at is None)
    assert Edition.objects.exists() == (asked.consented_at is not None)
