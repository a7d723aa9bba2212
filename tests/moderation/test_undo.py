"""Undoing one's own return, move or rejection within half a minute."""

import datetime

import pytest

from plenara.common import clock
from plenara.common.refusals import AlreadyDone, NotAllowed
from plenara.contributions.models import Edition
from plenara.ledger import errands
from plenara.ledger.models import Errand
from plenara.moderation.actions import undo
from plenara.moderation.models import Code, Decision, Item
from tests import world

pytestmark = pytest.mark.django_db


def decision_on(contribution, moderator, code, **more):
    world.decided(contribution, moderator, code, **more)
    return Decision.objects.latest("pk")


def test_what_was_rejected_waits_again_in_its_place_and_no_letter_leaves(moderator, pending, noon):
    since = Item.objects.get().since
    decision = decision_on(pending, moderator, Code.REJECTED, reason="R5")
    assert not Item.objects.exists()
    undo(actor=moderator, decision=decision)
    pending.refresh_from_db()
    item = Item.objects.get()
    assert (pending.state, item.since, item.claimed_by) == ("pending", since, moderator)
    with clock.at(noon + datetime.timedelta(hours=1)):
        errands.run_all()
    assert not Errand.objects.filter(kind="moderation.tell_author").exists()


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
    world.decided(pending, moderator)
    assert [d.symbol for d in Decision.objects.filter(undone_at=None)] == ["D/2"]


def test_after_half_a_minute_it_stands(moderator, pending, noon):
    decision = decision_on(pending, moderator, Code.REJECTED, reason="R5")
    with clock.at(noon + datetime.timedelta(seconds=30)), pytest.raises(NotAllowed, match="too late"):
        undo(actor=moderator, decision=decision)


def test_once_a_worker_has_taken_the_letter_it_stands(moderator, pending):
    decision = decision_on(pending, moderator, Code.REJECTED, reason="R5")
    Errand.objects.filter(kind="moderation.tell_author").update(lease_until=clock.now())
    with pytest.raises(AlreadyDone, match="too late"):
        undo(actor=moderator, decision=decision)


def test_only_who_decided_can_undo_it(moderator, other_moderator, pending):
    decision = decision_on(pending, moderator, Code.REJECTED, reason="R5")
    with pytest.raises(NotAllowed, match="Only who decided"):
        undo(actor=other_moderator, decision=decision)


def test_an_approval_is_not_undone_but_removed(moderator, pending):
    decision = decision_on(pending, moderator, Code.APPROVED)
    with pytest.raises(NotAllowed, match="removed"):
        undo(actor=moderator, decision=decision)
