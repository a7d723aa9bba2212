"""Deciding on what waits."""

import pytest

from plenara.contributions.models import Contribution, Edition
from plenara.core import clock, tasks
from plenara.core.models import AuditEntry, BackgroundTask
from plenara.core.refusals import AlreadyDone, InvalidInput, NotPermitted
from plenara.moderation.actions import decide
from plenara.moderation.models import UNDO_TIME, Code, Decision
from tests import world

pytestmark = pytest.mark.django_db


def one_decision(who, contribution, code=Code.APPROVED, **more):
    version = contribution.versions.latest("number")
    return decide(actor=who, kind="contribution", pk=contribution.pk, version_id=version.pk, code=code, **more)


def test_approving_mints_number_symbol_and_edition(moderator, pending, consultation):
    edition = world.decided(pending, moderator).editions.get()
    assert edition.number == 1
    assert edition.symbol == f"{consultation.symbol}/Q1/1"
    assert edition.text.content == world.WORDS


def test_numbers_count_in_the_consultation_and_not_in_the_thread(author, moderator, consultation):
    first, second = consultation.threads.all()
    assert world.published(author, moderator, first, "One.").number == 1
    assert world.published(author, moderator, second, "Two.").number == 2


def test_two_moderators_cannot_decide_twice_and_the_second_hears_who_was_first(moderator, other_moderator, pending):
    one_decision(moderator, pending)
    with pytest.raises(AlreadyDone, match=r"Ana Prieto .* Approved \(D/1\)"):
        one_decision(other_moderator, pending, Code.REJECTED, reason="R1")
    assert Decision.objects.count() == Edition.objects.count() == 1


def test_a_double_click_decides_once_and_notifies_the_author_once(moderator, pending):
    one_decision(moderator, pending)
    with pytest.raises(AlreadyDone):
        one_decision(moderator, pending)
    assert BackgroundTask.objects.filter(task="moderation.notify_author").count() == 1


def test_returning_needs_a_reason(moderator, pending):
    with pytest.raises(InvalidInput, match="Choose the reason"):
        one_decision(moderator, pending, Code.RETURNED)
    assert not Decision.objects.exists()


def test_a_returned_text_is_not_public_and_can_come_back(moderator, pending, author):
    from plenara.contributions.actions import revise

    one_decision(moderator, pending, Code.RETURNED, reason="R3", sentence="The first sentence is about a person.")
    pending.refresh_from_db()
    assert pending.state == "returned"
    assert not Edition.objects.exists()
    revise(actor=author, contribution=pending, text="Better words.", language="en")
    pending.refresh_from_db()
    assert pending.state == "pending"
    assert world.decided(pending, moderator).editions.get().text.content == "Better words."


def test_rejecting_leaves_a_stub_and_no_edition(moderator, pending):
    decision = one_decision(moderator, pending, Code.REJECTED, reason="R5")
    pending.refresh_from_db()
    assert (pending.state, pending.reason, pending.number) == ("rejected", "R5", None)
    assert decision.ground == "INCOMPATIBLE_CONTENT"
    assert not Edition.objects.exists()


def test_moving_publishes_under_the_other_question(moderator, pending, consultation):
    other = consultation.threads.get(number=2)
    one_decision(moderator, pending, Code.MOVED, thread=other)
    assert not Edition.objects.exists()  # it can still be undone
    with clock.at(clock.now() + UNDO_TIME):
        tasks.run_all()
    edition = Edition.objects.get()
    assert edition.thread == other
    assert edition.symbol.endswith("/Q2/1")
    assert Contribution.objects.get().moved_from == 1


def test_moving_without_publishing_leaves_it_waiting_there(moderator, pending, consultation):
    one_decision(moderator, pending, Code.MOVED, thread=consultation.threads.get(number=2), publish_there=False)
    pending.refresh_from_db()
    assert (pending.state, pending.thread.number) == ("pending", 2)


def test_moving_to_another_consultation_is_refused(moderator, pending, elsewhere):
    with pytest.raises(InvalidInput, match="Choose another question"):
        one_decision(moderator, pending, Code.MOVED, thread=elsewhere.threads.first())


def test_nobody_decides_on_their_own_contribution(moderator, thread):
    own = world.submitted(moderator, thread)
    with pytest.raises(NotPermitted, match="You wrote this text yourself"):
        one_decision(moderator, own)


@pytest.mark.parametrize(
    "who", ["outsider", "participant", "author", "moderator_elsewhere", "rapporteur", "translator", "operator"]
)
def test_nobody_but_moderators_and_organizers_decides(who, request, pending):
    with pytest.raises(NotPermitted):
        one_decision(request.getfixturevalue(who), pending)


def test_an_organizer_may_decide_and_the_decision_says_in_which_role(organizer, pending):
    assert one_decision(organizer, pending).role == "organizer"


def test_a_decision_is_recorded_with_codes_and_no_words(moderator, pending):
    one_decision(moderator, pending, Code.RETURNED, reason="R3", sentence="Private words to the author.")
    act = AuditEntry.objects.get(verb="moderation.decided")
    assert act.details["code"] == "RETURNED_FOR_REVISION"
    assert "Private words" not in str(act.details)


def test_what_was_withdrawn_in_the_meantime_is_not_decided(moderator, pending, author):
    from plenara.contributions.actions import withdraw

    version = pending.versions.get()
    withdraw(actor=author, contribution=pending)
    with pytest.raises(AlreadyDone, match="has withdrawn the text"):
        decide(actor=moderator, kind="contribution", pk=pending.pk, version_id=version.pk, code=Code.APPROVED)
