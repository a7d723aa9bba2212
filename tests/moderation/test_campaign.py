"""Deciding on a campaign as one, and what becomes of it."""

import pytest

from plenara.consultations.models import Role
from plenara.contributions.actions import revise, withdraw
from plenara.contributions.models import Edition, Tally
from plenara.core import clock, tasks
from plenara.core.models import BackgroundTask
from plenara.core.refusals import AlreadyDone, InvalidInput, NotPermitted
from plenara.moderation.actions import campaigns, decide_campaign, remove, restore, take_out
from plenara.moderation.models import Campaign, CampaignMember, Code, Decision, Item
from tests import world
from tests.made_once import made_once
from tests.moderation.suggesting.test_notice import LETTER, copies, look

pytestmark = pytest.mark.django_db

LAST = 10**9


def approve(who, **more):
    return decide_campaign(actor=who, campaign=Campaign.objects.get(), **{"code": Code.APPROVED, "until": LAST, **more})


def shown(thread):
    """Return the numbers that a list shows, and under which number each of the others stands."""
    rows = Edition.objects.filter(thread=thread, in_force=True).order_by("number")
    return [each.number for each in rows if each.campaign_of is None], {
        each.number: each.campaign_of for each in rows if each.campaign_of
    }


@pytest.fixture
@made_once
def five(thread):
    """Five that wait with the same words."""
    return copies(thread, 5)


def test_each_gets_a_number_a_decision_and_an_email_of_their_own(five, moderator, thread):
    outcome = approve(moderator)
    assert [each.number for each in outcome.decisions] == [1, 2, 3, 4, 5]
    assert (outcome.later, outcome.left) == (0, 0)
    assert BackgroundTask.objects.filter(task="moderation.notify_author").count() == 5
    assert shown(thread) == ([1], {2: 1, 3: 1, 4: 1, 5: 1})
    assert not Item.objects.exists()
    assert sum(Tally.objects.values_list("count", flat=True)) == 5


def test_the_emails_of_a_rejection_say_why(five, moderator):
    approve(moderator, code=Code.REJECTED, reason="R5", sentence="Once is enough.", sentence_language="en")
    assert set(Decision.objects.values_list("code", "reason", "sentence")) == {("REJECTED", "R5", "Once is enough.")}
    assert not Edition.objects.exists()


def test_only_what_was_chosen_is_decided(five, moderator, thread):
    some = list(Item.objects.order_by("object_id").values_list("pk", flat=True)[1:3])
    outcome = approve(moderator, chosen=some)
    assert len(outcome.decisions) == 2
    assert shown(thread) == ([1], {2: 1})
    approve(moderator)
    assert shown(thread) == ([1], {2: 1, 3: 1, 4: 1, 5: 1})


def test_what_came_after_the_page_was_made_is_not_decided(five, moderator):
    last = Item.objects.order_by("pk").last().pk
    later = world.submitted(world.person("Later"), five[0].thread, LETTER)
    look()
    approve(moderator, until=last)
    assert list(Item.objects.values_list("object_id", flat=True)) == [later.pk]


def test_those_that_were_published_alone_join(five, moderator, thread):
    world.decided(five[2], moderator)
    approve(moderator)
    assert shown(thread) == ([1], {2: 1, 3: 1, 4: 1, 5: 1})
    assert five[2].editions.get().number == 1


def test_a_moderator_s_own_text_is_left_to_another(moderator, other_moderator, thread):
    own = world.submitted(world.grant(moderator, thread.consultation, "rapporteur"), thread, LETTER)
    copies(thread, 3)
    outcome = approve(moderator)
    assert (len(outcome.decisions), outcome.left) == (3, 1)
    assert Item.objects.get().object_id == own.pk
    assert len(approve(other_moderator).decisions) == 1


def test_what_another_moderator_has_open_is_left_with_them(five, moderator, other_moderator):
    Item.objects.filter(object_id=five[3].pk).update(
        claimed_by=other_moderator, claimed_until=clock.now() + clock.datetime.timedelta(minutes=9)
    )
    outcome = approve(moderator)
    assert (len(outcome.decisions), outcome.left) == (4, 1)
    assert Item.objects.get().object_id == five[3].pk


def test_a_returned_campaign_needs_a_reason(five, moderator):
    with pytest.raises(InvalidInput, match="Choose the reason"):
        approve(moderator, code=Code.RETURNED)
    assert Item.objects.count() == 5


@pytest.mark.parametrize("code", ["", "MOVED", "REMOVED"])
def test_what_cannot_be_decided_on_many_is_refused(code, five, moderator):
    with pytest.raises(InvalidInput, match="Choose a decision"):
        approve(moderator, code=code)


def test_choosing_nothing_is_reported(five, moderator):
    with pytest.raises(InvalidInput, match="Choose the contributions"):
        approve(moderator, chosen=[])


def test_a_second_click_decides_nothing_twice(five, moderator):
    approve(moderator)
    with pytest.raises(AlreadyDone):
        approve(moderator)
    assert Decision.objects.count() == 5


def test_no_stranger_and_no_author_decides(five, moderator_elsewhere, participant):
    for who in (moderator_elsewhere, participant):
        with pytest.raises(NotPermitted):
            approve(who)


@pytest.fixture
def at_once(monkeypatch):
    monkeypatch.setattr(campaigns, "AT_ONCE", 2)


def go_on():
    BackgroundTask.objects.exclude(task="moderation.decide_campaign").update(done_at=clock.now())
    tasks.run_all()


def test_a_large_one_is_decided_in_portions(five, moderator, at_once, thread):
    outcome = approve(moderator)
    assert (len(outcome.decisions), outcome.later) == (2, 3)
    assert Item.objects.count() == 3
    go_on()
    assert not Item.objects.exists()
    assert [each.number for each in Decision.objects.all()] == [1, 2, 3, 4, 5]
    assert shown(thread) == ([1], {2: 1, 3: 1, 4: 1, 5: 1})


def test_a_task_that_runs_twice_decides_nothing_twice(five, moderator, at_once):
    approve(moderator)
    queued = BackgroundTask.objects.get(task="moderation.decide_campaign")
    arguments = queued.arguments
    for _twice in range(2):
        campaigns.go_on(**arguments)
    go_on()
    assert Decision.objects.count() == 5
    assert BackgroundTask.objects.filter(task="moderation.notify_author").count() == 5


def test_a_kill_in_the_middle_leaves_whole_acts_and_the_task_goes_on(five, moderator, at_once, monkeypatch):
    approve(moderator)
    right, calls = campaigns.decide, []

    def killed(**more):
        calls.append(more)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return right(**more)

    queued = BackgroundTask.objects.get(task="moderation.decide_campaign")
    monkeypatch.setattr(campaigns, "decide", killed)
    with pytest.raises(KeyboardInterrupt):
        campaigns.go_on(**queued.arguments)
    assert (Decision.objects.count(), Item.objects.count()) == (2, 3)
    monkeypatch.setattr(campaigns, "decide", right)
    go_on()
    assert (Decision.objects.count(), Item.objects.count()) == (5, 0)


def test_whoever_lost_the_role_in_the_meantime_decides_no_further(five, moderator, at_once):
    approve(moderator)
    Role.objects.filter(person=moderator).delete()
    go_on()
    assert Item.objects.count() == 3
    assert BackgroundTask.objects.get(task="moderation.decide_campaign").failed_at


def test_what_was_taken_out_is_decided_by_itself_and_not_put_back(five, moderator, thread):
    take_out(actor=moderator, campaign=Campaign.objects.get(), pk=five[1].pk)
    assert Item.objects.get(object_id=five[1].pk).campaign is None
    world.decided(five[1], moderator, "RETURNED_FOR_REVISION", reason="R1")
    revise(actor=five[1].author, contribution=five[1], text=f"{LETTER} Thank you.", language="en")
    look()
    assert Item.objects.get(object_id=five[1].pk).campaign is None
    assert CampaignMember.objects.get(object_id=five[1].pk).taken_out_at
    with pytest.raises(AlreadyDone):
        take_out(actor=moderator, campaign=Campaign.objects.get(), pk=five[1].pk)


def test_taking_out_locks_in_the_order_of_deciding_so_that_neither_waits_for_the_other(five, moderator, monkeypatch):
    locked, alone, order = campaigns.lock_thing, campaigns.suggestions.lock_likeness, []
    monkeypatch.setattr(campaigns, "lock_thing", lambda *row: (order.append("a contribution"), locked(*row))[1])
    monkeypatch.setattr(
        campaigns.suggestions, "lock_likeness", lambda pk: (order.append("the comparison"), alone(pk))[1]
    )
    take_out(actor=moderator, campaign=Campaign.objects.get(), pk=five[1].pk)
    assert order == ["the comparison", "a contribution"]


def test_when_the_first_is_taken_out_the_next_one_leads(five, moderator, thread):
    approve(moderator)
    take_out(actor=moderator, campaign=Campaign.objects.get(), pk=five[0].pk)
    assert shown(thread) == ([1, 2], {3: 2, 4: 2, 5: 2})
    assert Campaign.objects.get().first_id == five[1].pk


def test_when_the_lead_is_withdrawn_the_next_one_leads_and_the_first_has_a_notice_on_its_page(
    five, moderator, thread, client
):
    approve(moderator)
    withdraw(actor=five[0].author, contribution=five[0])
    assert shown(thread) == ([2], {1: 2, 3: 2, 4: 2, 5: 2})
    assert sum(Tally.objects.values_list("count", flat=True)) == 4
    assert client.get(f"/en/consultations/{thread.consultation.slug}/contributions/1/").status_code == 410


def test_a_removed_lead_that_comes_back_is_under_the_new_one(five, moderator, thread):
    approve(moderator)
    remove(actor=moderator, kind="contribution", pk=five[0].pk, reason="R1")
    restore(actor=moderator, kind="contribution", pk=five[0].pk)
    assert shown(thread) == ([2], {1: 2, 3: 2, 4: 2, 5: 2})


def test_a_lead_with_other_words_is_listed_by_itself(five, moderator, thread):
    approve(moderator)
    revise(actor=five[0].author, contribution=five[0], text="I have changed my mind about all of it.", language="en")
    look()
    world.decided(five[0], moderator)
    assert shown(thread) == ([1, 2], {3: 2, 4: 2, 5: 2})


def test_one_that_comes_later_joins_those_that_are_published(five, moderator, thread):
    approve(moderator)
    world.submitted(world.person("Later"), thread, LETTER.replace("We ask", "We kindly ask"))
    look()
    assert CampaignMember.objects.order_by("pk").last().shared >= 90
    approve(moderator)
    assert shown(thread) == ([1], {2: 1, 3: 1, 4: 1, 5: 1, 6: 1})


def test_the_page_shows_the_text_once_and_decides_on_all(five, moderator, sign_in):
    client = sign_in(moderator)
    address = f"/en/desk/moderation/campaigns/{Campaign.objects.get().pk}/"
    page = client.get(address)
    html = page.content.decode()
    assert html.count("to keep the network open to everyone") == 1
    assert "5 contributions with nearly the same text" in html
    email = client.post(address, {"code": "REJECTED", "reason": "R5", "which": "all", "until": LAST, "preview": ""})
    assert "What the first author will read" in email.content.decode()
    assert Item.objects.count() == 5
    refused = client.post(address, {"code": "REJECTED", "which": "all", "until": LAST, "sentence": "Once is enough."})
    assert refused.status_code == 422
    assert "Once is enough." in refused.content.decode()
    answer = client.post(address, {"code": "APPROVED", "which": "all", "until": LAST}, follow=True)
    html = answer.content.decode()
    assert "5 contributions were approved." in html
    assert "0 are waiting for a decision" not in html
    assert html.count("approved, not yet published") == 5
    assert not Edition.objects.exists()


def test_the_page_shows_on_demand_how_one_differs(thread, moderator, sign_in):
    copies(thread, 3)
    other = world.submitted(world.person("Other"), thread, LETTER.replace("in public", "in the open"))
    look()
    address = f"/en/desk/moderation/campaigns/{Campaign.objects.get().pk}/"
    html = sign_in(moderator).get(f"{address}?compare={other.pk}").content.decode()
    assert "Differences from the first contribution (94% of the text is the same)" in html
    assert "<ins>" in html and "the open<span" in html


def test_a_member_is_taken_out_on_the_page(five, moderator, sign_in):
    address = f"/en/desk/moderation/campaigns/{Campaign.objects.get().pk}/"
    answer = sign_in(moderator).post(address, {"take_out": five[4].pk}, follow=True)
    assert "removed from the campaign" in answer.content.decode()
    assert Item.objects.get(object_id=five[4].pk).campaign is None


def test_a_number_that_no_row_has_is_answered_with_a_sentence(five, moderator, sign_in):
    address, huge = f"/en/desk/moderation/campaigns/{Campaign.objects.get().pk}/", "9" * 5000
    for sent in ({"take_out": huge}, {"item": huge, "code": "APPROVED", "which": "some", "until": 1}):
        assert sign_in(moderator).post(address, sent).status_code in {302, 422}
    assert Item.objects.count() == 5


def test_the_page_takes_the_same_queries_for_five_and_for_forty(five, moderator, sign_in, thread):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, address = sign_in(moderator), f"/en/desk/moderation/campaigns/{Campaign.objects.get().pk}/"

    def queries():
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    few = queries()
    for n in range(35):
        world.submitted(world.person(f"More {n}"), thread, LETTER)
    look()
    assert queries() == few


def test_what_a_machine_noticed_is_beside_the_text_and_is_marked_in_it(thread, moderator, sign_in, author):
    text = "Write to [me](mailto:aminata@reseau.org) or aminata@reseau.org <b>now</b>."
    contribution = world.submitted(author, thread, text)
    look()
    html = sign_in(moderator).get(f"/en/desk/moderation/contribution/{contribution.pk}/").content.decode()
    assert "The machine decides nothing. A moderator decides." in html
    assert '<mark>aminata@reseau.org</mark><sup><a class="cited-in" href="#noticed">1</a></sup>' in html
    assert 'href="mailto:aminata@reseau.org"' in html
    assert "<b>now</b>" not in html
