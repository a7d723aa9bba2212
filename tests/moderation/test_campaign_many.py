"""A campaign of very many: decided in short moments, undone as one, and its letters hold up nobody's."""

import datetime
from importlib import import_module

import pytest

from plenara.contributions.actions import withdraw
from plenara.contributions.models import Edition
from plenara.core import clock, tasks
from plenara.core.models import BackgroundTask, Queue
from plenara.core.refusals import AlreadyDone
from plenara.moderation.actions import campaigns, decide_campaign, publish_campaign_now, take_out, undo_campaign
from plenara.moderation.models import Campaign, Code, Decision, Item
from tests import world
from tests.moderation.suggesting.test_notice import copies

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

LAST = 10**9
HALF_A_MINUTE = datetime.timedelta(seconds=31)


@pytest.fixture
def eight(thread, monkeypatch):
    """Eight that wait with the same words, while two are decided at once."""
    monkeypatch.setattr(campaigns, "AT_ONCE", 2)
    monkeypatch.setattr(campaigns, "FEW", 1)
    monkeypatch.setattr(campaigns, "MOMENT", 3600)
    return copies(thread, 8)


def decide(who, code=Code.REJECTED, **more):
    reason = {} if code == Code.APPROVED else {"reason": "R5"}
    return decide_campaign(actor=who, campaign=Campaign.objects.get(), code=code, until=LAST, **reason, **more)


def shown(thread):
    """Return the numbers that a list shows, and under which number each of the others appears."""
    rows = Edition.objects.filter(thread=thread, in_force=True).order_by("number")
    return [each.number for each in rows if each.campaign_of is None], {
        each.number: each.campaign_of for each in rows if each.campaign_of
    }


def go_on():
    BackgroundTask.objects.exclude(task="moderation.decide_campaign").update(done_at=clock.now())
    tasks.run_all()


def test_what_can_be_undone_is_decided_on_the_rest_only_when_that_time_is_over(eight, moderator):
    outcome = decide(moderator)
    assert (len(outcome.decisions), outcome.later) == (2, 6)
    go_on()
    assert Decision.objects.count() == 2
    with clock.at(clock.now() + HALF_A_MINUTE):
        go_on()
    assert (Decision.objects.count(), Item.objects.count()) == (8, 0)


def test_an_approval_goes_on_at_once(eight, moderator):
    decide(moderator, Code.APPROVED)
    go_on()
    assert Decision.objects.count() == 8


def test_an_approval_that_can_be_undone_is_published_when_that_time_is_over(eight, moderator, thread):
    outcome = decide(moderator, Code.APPROVED, can_undo=True)
    assert (len(outcome.decisions), outcome.later) == (2, 6)
    tasks.run_all()
    assert (Edition.objects.count(), Decision.objects.count()) == (0, 2)
    assert not BackgroundTask.objects.filter(task="moderation.notify_author").exists()
    with clock.at(clock.now() + HALF_A_MINUTE):
        tasks.run_all()
    assert Decision.objects.count() == 8
    assert shown(thread) == ([1], dict.fromkeys(range(2, 9), 1))
    assert BackgroundTask.objects.filter(task="moderation.notify_author", queue=Queue.BULK).count() == 8
    assert not Item.objects.exists()


def test_an_approval_is_undone_for_all_until_then_also_if_the_first_was_withdrawn(eight, moderator):
    decide(moderator, Code.APPROVED, can_undo=True)
    withdraw(actor=eight[0].author, contribution=eight[0])
    assert len(undo_campaign(actor=moderator, campaign=Campaign.objects.get())) == 1
    with clock.at(clock.now() + HALF_A_MINUTE):
        tasks.run_all()
    assert not Edition.objects.exists()
    assert Item.objects.filter(campaign=Campaign.objects.get(), claimed_by=None).count() == 7


@pytest.mark.parametrize("moment", [3600, -1])
def test_what_was_approved_is_published_at_once_with_the_rest(eight, moderator, thread, monkeypatch, moment):
    module = import_module("plenara.moderation.actions.undo")  # the package's `undo` is the function
    monkeypatch.setattr(module, "FEW", 1)
    monkeypatch.setattr(module, "MOMENT", moment)
    decide(moderator, Code.APPROVED, can_undo=True)
    assert len(publish_campaign_now(actor=moderator, campaign=Campaign.objects.get())) == 2
    assert Edition.objects.count() == (2 if moment > 0 else 1)
    with pytest.raises(AlreadyDone):
        undo_campaign(actor=moderator, campaign=Campaign.objects.get())
    tasks.run_all()
    assert shown(thread) == ([1], dict.fromkeys(range(2, 9), 1))
    assert not Item.objects.exists()


def test_nobody_publishes_at_once_what_another_approved_and_nothing_is_published_twice(
    eight, moderator, other_moderator
):
    decide(moderator, Code.APPROVED, can_undo=True)
    campaign = Campaign.objects.get()
    with pytest.raises(AlreadyDone, match="nothing to publish"):
        publish_campaign_now(actor=other_moderator, campaign=campaign)
    publish_campaign_now(actor=moderator, campaign=campaign)
    with pytest.raises(AlreadyDone, match="nothing to publish"):
        publish_campaign_now(actor=moderator, campaign=campaign)
    assert Edition.objects.count() == 2


def test_an_approved_one_that_is_taken_out_is_listed_by_itself(eight, moderator, thread):
    some = list(Item.objects.order_by("object_id").values_list("pk", flat=True)[:2])
    decide(moderator, Code.APPROVED, chosen=some, can_undo=True)
    take_out(actor=moderator, campaign=Campaign.objects.get(), pk=eight[1].pk)
    with clock.at(clock.now() + HALF_A_MINUTE):
        tasks.run_all()
    assert shown(thread) == ([1, 2], {})


def test_what_was_published_alone_joins_what_is_approved_after_it(eight, moderator, thread):
    world.decided(eight[5], moderator)
    world.decided(eight[6], moderator)
    some = list(Item.objects.order_by("object_id").values_list("pk", flat=True)[:2])
    decide(moderator, Code.APPROVED, chosen=some, can_undo=True)
    with clock.at(clock.now() + HALF_A_MINUTE):
        tasks.run_all()
    assert shown(thread) == ([1], {2: 1, 3: 1, 4: 1})


def test_it_is_undone_as_one_and_nothing_more_is_decided(eight, moderator):
    decide(moderator)
    assert len(undo_campaign(actor=moderator, campaign=Campaign.objects.get())) == 2
    with clock.at(clock.now() + HALF_A_MINUTE):
        go_on()
    assert Decision.objects.filter(undone_at=None).count() == 0
    assert Item.objects.filter(campaign=Campaign.objects.get(), claimed_by=None).count() == 8
    assert not BackgroundTask.objects.filter(task="moderation.notify_author").exists()


def test_what_was_undone_can_be_decided_otherwise(eight, moderator):
    decide(moderator)
    undo_campaign(actor=moderator, campaign=Campaign.objects.get())
    decide(moderator, Code.APPROVED)
    go_on()
    assert set(Decision.objects.filter(undone_at=None).values_list("code", flat=True)) == {Code.APPROVED}
    assert not Item.objects.exists()


def test_after_half_a_minute_it_is_too_late(eight, moderator):
    decide(moderator)
    with clock.at(clock.now() + HALF_A_MINUTE), pytest.raises(AlreadyDone, match="can no longer undo"):
        undo_campaign(actor=moderator, campaign=Campaign.objects.get())


def test_nobody_undoes_what_another_decided(eight, moderator, other_moderator):
    decide(moderator)
    with pytest.raises(AlreadyDone):
        undo_campaign(actor=other_moderator, campaign=Campaign.objects.get())
    assert Decision.objects.filter(undone_at=None).count() == 2


def test_the_page_undoes_it_for_all(eight, moderator, sign_in):
    client, address = sign_in(moderator), f"/en/desk/moderation/campaigns/{Campaign.objects.get().pk}/"
    posted = {"code": "REJECTED", "reason": "R5", "which": "all", "until": LAST}
    page = client.post(address, posted, follow=True).content.decode()
    assert "6 more contributions will be decided on in the next few minutes." in page
    assert "2 contributions were decided on in the last half minute." in page
    undone = client.post(address, {"undo": ""}, follow=True).content.decode()
    assert "2 contributions are back in the queue. No one will be notified." in undone
    assert "Undo the decision for all" not in undone


def test_the_page_publishes_what_was_approved_after_half_a_minute_or_at_once(eight, moderator, sign_in):
    client, address = sign_in(moderator), f"/en/desk/moderation/campaigns/{Campaign.objects.get().pk}/"
    posted = {"code": "APPROVED", "which": "all", "until": LAST}
    page = client.post(address, posted, follow=True).content.decode()
    assert "2 contributions were approved." in page
    assert "What you approved will be published in 30 seconds." in page
    assert (
        "2 contributions are back in the queue. No one will be notified."
        in client.post(address, {"undo": ""}, follow=True).content.decode()
    )
    client.post(address, posted)
    page = client.post(address, {"publish_now": ""}, follow=True).content.decode()
    assert "2 contributions were published. Each author will get an e-mail." in page
    assert "Undo the decision for all" not in page
    assert Edition.objects.count() == 2
    assert "nothing to publish" in client.post(address, {"publish_now": ""}, follow=True).content.decode()


def test_the_chosen_alone_are_decided_in_portions(eight, moderator):
    some = list(Item.objects.order_by("object_id").values_list("pk", flat=True)[3:8])
    outcome = decide(moderator, Code.APPROVED, chosen=some)
    assert (len(outcome.decisions), outcome.later, outcome.left) == (2, 3, 0)
    go_on()
    assert (Decision.objects.count(), Item.objects.count()) == (5, 3)


def test_what_came_after_the_page_was_made_is_not_decided_by_tasks_either(eight, moderator):
    until = Item.objects.order_by("pk")[5].pk
    decide_campaign(actor=moderator, campaign=Campaign.objects.get(), code=Code.APPROVED, until=until)
    go_on()
    assert Item.objects.count() == 2


def test_what_was_withdrawn_in_the_meantime_is_passed_over(eight, moderator):
    decide(moderator, Code.APPROVED)
    withdraw(actor=eight[3].author, contribution=eight[3])
    go_on()
    assert (Decision.objects.count(), Item.objects.count()) == (7, 0)


def test_a_moment_that_is_over_ends_a_portion_when_a_few_are_decided(eight, moderator, monkeypatch):
    monkeypatch.setattr(campaigns, "AT_ONCE", 8)
    monkeypatch.setattr(campaigns, "FEW", 3)
    monkeypatch.setattr(campaigns, "MOMENT", -1)
    assert len(decide(moderator, Code.APPROVED).decisions) == 3
    go_on()
    assert not Item.objects.exists()


def test_the_emails_of_many_go_after_those_of_others_and_of_a_few_in_turn(eight, moderator, monkeypatch):
    decide(moderator, Code.APPROVED)
    emails = BackgroundTask.objects.filter(task="moderation.notify_author")
    assert set(emails.values_list("queue", flat=True)) == {Queue.BULK}
    emails.delete()
    monkeypatch.setattr(campaigns, "FEW", 20)
    monkeypatch.setattr(campaigns, "AT_ONCE", 20)
    with clock.at(clock.now() + HALF_A_MINUTE):
        decide(moderator, Code.APPROVED)
    assert set(emails.all().values_list("queue", flat=True)) == {Queue.DEFAULT}
