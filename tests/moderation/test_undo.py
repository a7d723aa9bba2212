"""Undoing one's own return, move or rejection within half a minute."""

import datetime

import pytest

from plenara.accounts.models import Person
from plenara.contributions.actions import revise, withdraw
from plenara.contributions.models import Edition
from plenara.core import clock, tasks
from plenara.core.models import AuditEntry, BackgroundTask
from plenara.core.refusals import AlreadyDone, NotPermitted
from plenara.moderation.actions import publish_now, undo
from plenara.moderation.models import UNDO_TIME, Campaign, CampaignMember, Code, Decision, Item, Suggestion
from tests import world

pytestmark = pytest.mark.django_db


def decision_on(contribution, moderator, code, **more):
    world.decided(contribution, moderator, code, **more)
    return Decision.objects.latest("pk")


def test_what_was_rejected_waits_again_in_its_place_and_no_email_leaves(moderator, pending, noon):
    since = Item.objects.get().since
    decision = decision_on(pending, moderator, Code.REJECTED, reason="R5")
    assert not Item.objects.exists()
    undo(actor=moderator, decision=decision)
    pending.refresh_from_db()
    item = Item.objects.get()
    assert (pending.state, item.since, item.claimed_by) == ("pending", since, moderator)
    with clock.at(noon + datetime.timedelta(hours=1)):
        tasks.run_all()
    assert not BackgroundTask.objects.filter(task="moderation.notify_author").exists()


def test_what_was_moved_goes_back_to_its_question_and_answers_what_it_answered(
    moderator, edition, author, consultation
):
    other = consultation.threads.get(number=2)
    reply = world.submitted(author, edition.thread, "A reply.", in_reply_to=edition.contribution)
    undo(actor=moderator, decision=decision_on(reply, moderator, Code.MOVED, thread=other))
    reply.refresh_from_db()
    assert (reply.thread, reply.in_reply_to, reply.moved_from) == (edition.thread, edition.contribution, None)
    assert Edition.objects.count() == 1


def test_after_an_undone_decision_another_can_be_taken(moderator, pending):
    undo(actor=moderator, decision=decision_on(pending, moderator, Code.RETURNED, reason="R3"))
    assert not Item.objects.get().was_returned
    world.decided(pending, moderator)
    assert [d.symbol for d in Decision.objects.filter(undone_at=None)] == ["D/2"]


def test_after_half_a_minute_it_stands(moderator, pending, noon):
    decision = decision_on(pending, moderator, Code.REJECTED, reason="R5")
    with clock.at(noon + datetime.timedelta(seconds=30)), pytest.raises(NotPermitted, match="can no longer undo"):
        undo(actor=moderator, decision=decision)


def test_once_a_worker_has_taken_the_email_the_decision_is_final(moderator, pending):
    decision = decision_on(pending, moderator, Code.REJECTED, reason="R5")
    BackgroundTask.objects.filter(task="moderation.notify_author").update(lease_until=clock.now())
    with pytest.raises(AlreadyDone, match="can no longer undo"):
        undo(actor=moderator, decision=decision)


def test_only_a_person_who_decided_can_undo_it(moderator, other_moderator, pending):
    decision = decision_on(pending, moderator, Code.REJECTED, reason="R5")
    with pytest.raises(NotPermitted, match="Only the person who took this decision"):
        undo(actor=other_moderator, decision=decision)


def test_an_approval_is_not_undone_but_removed(moderator, pending):
    decision = decision_on(pending, moderator, Code.APPROVED)
    with pytest.raises(NotPermitted, match="remove"):
        undo(actor=moderator, decision=decision)


def test_an_approval_that_is_not_published_yet_is_undone(moderator, pending, noon):
    decision = decision_on(pending, moderator, Code.APPROVED, can_undo=True)
    assert not Item.objects.exists()
    undo(actor=moderator, decision=decision)
    pending.refresh_from_db()
    assert (pending.state, pending.number, Item.objects.get().claimed_by) == ("pending", None, moderator)
    with clock.at(noon + UNDO_TIME):
        tasks.run_all()
    assert not Edition.objects.exists()


def test_the_author_is_notified_of_an_approval_once_it_is_published(moderator, pending, noon):
    decision = decision_on(pending, moderator, Code.APPROVED, can_undo=True)
    tasks.run_all()
    assert not Edition.objects.exists()
    assert not BackgroundTask.objects.filter(task="moderation.notify_author").exists()
    with clock.at(noon + UNDO_TIME):
        tasks.run_all()
        assert Edition.objects.get().published_at == noon + UNDO_TIME
        with pytest.raises(NotPermitted, match="being published"):
            undo(actor=moderator, decision=decision)
    assert BackgroundTask.objects.filter(key=f"decision-{decision.pk}").exists()


def test_an_approved_text_that_is_corrected_in_the_meantime_is_read_again(moderator, author, pending, noon):
    decision = decision_on(pending, moderator, Code.APPROVED, can_undo=True)
    revise(actor=author, contribution=pending, text="Better words.", language="en")
    with pytest.raises(AlreadyDone, match="its state has changed"):
        publish_now(actor=moderator, decision=decision)
    with clock.at(noon + UNDO_TIME):
        tasks.run_all()
    assert not Edition.objects.exists()
    assert Item.objects.get().version_id == pending.versions.latest("number").pk


def test_only_an_approval_is_published_at_once_and_only_by_the_person_who_took_it(
    moderator, other_moderator, pending, consultation
):
    moved = decision_on(pending, moderator, Code.MOVED, thread=other_question(consultation))
    with pytest.raises(NotPermitted, match="Only approved texts"):
        publish_now(actor=moderator, decision=moved)
    undo(actor=moderator, decision=moved)
    approved = decision_on(pending, moderator, Code.APPROVED, can_undo=True)
    with pytest.raises(NotPermitted):
        publish_now(actor=other_moderator, decision=approved)


def other_question(consultation):
    return consultation.threads.get(number=2)


def test_what_is_moved_and_published_there_can_be_undone_until_then(moderator, pending, consultation, noon):
    decision = decision_on(pending, moderator, Code.MOVED, thread=other_question(consultation))
    assert not BackgroundTask.objects.filter(task="moderation.notify_author").exists()
    undo(actor=moderator, decision=decision)
    with clock.at(noon + UNDO_TIME):
        tasks.run_all()
    pending.refresh_from_db()
    assert (pending.state, pending.thread.number, Edition.objects.exists()) == ("pending", 1, False)


def test_of_a_published_contribution_the_revision_waits_again_and_the_published_text_stays(moderator, author, edition):
    thing = edition.contribution
    version = revise(actor=author, contribution=thing, text="Better words.", language="en")
    undo(actor=moderator, decision=decision_on(thing, moderator, Code.REJECTED, reason="R1"))
    version.refresh_from_db()
    thing.refresh_from_db()
    assert (version.state, thing.state) == ("pending", "published")
    assert Item.objects.get(why="pending").is_revision
    assert world.decided(thing, moderator).editions.get(in_force=True).symbol.endswith("/Rev.1")


def test_what_its_author_has_withdrawn_in_the_meantime_stays_withdrawn(moderator, author, pending):
    decision = decision_on(pending, moderator, Code.RETURNED, reason="R1")
    withdraw(actor=author, contribution=pending)
    with pytest.raises(NotPermitted, match="Withdrawn by its author"):
        undo(actor=moderator, decision=decision)
    pending.refresh_from_db()
    assert (pending.state, Item.objects.exists()) == ("withdrawn", False)


def test_a_moved_text_that_is_withdrawn_in_the_meantime_is_not_published(
    moderator, author, pending, consultation, noon
):
    decision = decision_on(pending, moderator, Code.MOVED, thread=other_question(consultation))
    withdraw(actor=author, contribution=pending)
    with pytest.raises(NotPermitted):
        undo(actor=moderator, decision=decision)
    with clock.at(noon + UNDO_TIME):
        tasks.run_all()
    assert not Edition.objects.exists()


def test_what_its_author_has_sent_again_in_the_meantime_is_not_undone(moderator, author, pending):
    decision = decision_on(pending, moderator, Code.RETURNED, reason="R1")
    revise(actor=author, contribution=pending, text="Better words.", language="en")
    with pytest.raises(AlreadyDone, match="has changed"):
        undo(actor=moderator, decision=decision)
    assert pending.versions.filter(state="pending").get().number == 2


def test_what_another_has_decided_on_where_it_was_moved_is_not_undone(
    moderator, other_moderator, pending, consultation
):
    decision = decision_on(pending, moderator, Code.MOVED, thread=other_question(consultation), publish_there=False)
    world.decided(pending, other_moderator)
    with pytest.raises(AlreadyDone, match="has changed"):
        undo(actor=moderator, decision=decision)
    assert Edition.objects.get().thread.number == 2


def test_undone_twice_it_is_undone_once(moderator, pending):
    decision = decision_on(pending, moderator, Code.REJECTED, reason="R5")
    undo(actor=moderator, decision=decision)
    with pytest.raises(NotPermitted, match="already been undone"):
        undo(actor=moderator, decision=decision)
    assert AuditEntry.objects.filter(verb="moderation.undone").count() == 1


def test_a_former_moderator_undoes_nothing(moderator, pending):
    decision = decision_on(pending, moderator, Code.REJECTED, reason="R5")
    moderator.roles.all().delete()
    with pytest.raises(NotPermitted, match="Only moderators"):
        undo(actor=Person.objects.get(pk=moderator.pk), decision=decision)


def test_the_row_comes_back_with_what_was_noticed_and_its_campaign(moderator, pending, consultation):
    campaign = Campaign.objects.create(consultation=consultation, first_id=pending.pk)
    CampaignMember.objects.create(campaign=campaign, object_id=pending.pk, shared=100)
    version = pending.versions.get().pk
    Suggestion.objects.create(object_id=pending.pk, version_id=version, what="same", details={"campaign": campaign.pk})
    undo(actor=moderator, decision=decision_on(pending, moderator, Code.REJECTED, reason="R5"))
    item = Item.objects.get()
    assert (item.is_flagged, item.campaign) == (True, campaign)


def test_after_closing_it_can_be_undone(moderator, pending, consultation):
    with clock.at(consultation.closes_at + datetime.timedelta(days=60)):
        undo(actor=moderator, decision=decision_on(pending, moderator, Code.REJECTED, reason="R5"))
    assert Item.objects.exists()
