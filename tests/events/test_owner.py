"""An owner changes, cancels and withdraws an event, and reports its outcome."""

import pytest

from plenara.core import clock
from plenara.core.life_cycle import TRANSITIONS, State
from plenara.core.refusals import InvalidInput, NotPermitted
from plenara.events import actions, permissions
from plenara.events.models import Event, Occurrence
from plenara.moderation.models import Code, Item
from tests import world
from tests.events import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator(noon):
    return making.curator()


@pytest.fixture
def published(participant, curator):
    return making.published(participant, curator, making.series(3))


def changed(event, **changes):
    """Return the details in force with changes, as a form sends them."""
    return {**event.details, **changes}


def test_a_change_is_pending_and_the_details_in_force_stay_in_the_meantime(participant, curator, published):
    actions.change(actor=participant, event=published, details=changed(published, place="Room XXI"), language="en")
    event = Event.objects.get()
    assert (event.state, event.details["place"]) == ("published", making.WORKSHOP["place"])
    assert Item.objects.get().is_revision
    event = making.decided(event, curator)
    assert (event.details["place"], event.number, event.revision) == ("Room XXI", 1, 1)


def test_a_later_change_takes_the_place_of_one_that_is_pending(participant, curator, published):
    for place in ("Room A", "Room B"):
        actions.change(actor=participant, event=published, details=changed(published, place=place), language="en")
    assert published.versions.filter(state="pending").count() == 1
    assert making.decided(published, curator).details["place"] == "Room B"


def test_a_change_that_changes_nothing_is_reported(participant, published):
    with pytest.raises(InvalidInput, match="You have not changed anything"):
        actions.change(actor=participant, event=published, details=published.details, language="en")


def test_the_same_form_of_a_change_twice_sends_it_once(participant, published):
    given = changed(published, place="Room XXI")
    for _twice in range(2):
        actions.change(actor=participant, event=published, details=given, language="en", key="k")
    assert published.versions.count() == 2


def test_what_was_returned_is_sent_again(participant, curator):
    event = making.decided(making.proposed(participant), curator, Code.RETURNED, reason="E3")
    assert event.state == "returned"
    actions.change(actor=participant, event=event, details=making.details(place="Room XXI"), language="en")
    event.refresh_from_db()
    assert event.state == "pending"
    assert making.decided(event, curator).details["place"] == "Room XXI"


def test_nobody_changes_the_event_of_another(author, published):
    for act in (
        lambda: actions.change(actor=author, event=published, details=making.details(), language="en"),
        lambda: actions.cancel(actor=author, event=published),
        lambda: actions.withdraw(actor=author, event=published),
        lambda: actions.report_outcome(actor=author, event=published, url="", text="It was good.", language="en"),
    ):
        with pytest.raises(NotPermitted):
            act()


def test_a_person_who_is_suspended_withdraws_and_does_nothing_else(participant, published):
    participant.suspended_at = clock.now()
    participant.save()
    assert not permissions.may_change(participant, published)
    assert not permissions.may_cancel(participant, published)
    assert actions.withdraw(actor=participant, event=published).state == "withdrawn"


def test_numbers_of_dates_stay_and_a_new_one_gets_the_next(participant, curator, published):
    dates = [published.details["dates"][2], {"start": "2026-12-05T09:00", "end": "2026-12-05T10:00"}]
    actions.change(actor=participant, event=published, details=changed(published, dates=dates), language="en")
    event = making.decided(published, curator)
    assert [(each["number"], each["start"][:10]) for each in event.details["dates"]] == [
        (4, "2026-12-05"),
        (3, "2026-12-15"),
    ]


def test_one_date_is_cancelled_at_once_and_stays_marked(participant, published):
    before = dict(Occurrence.objects.values_list("number", "sequence"))
    event = actions.cancel(actor=participant, event=published, date=2)
    assert event.state == "published" and event.cancelled_at is None
    lines = {each.number: each for each in Occurrence.objects.all()}
    assert lines[2].cancelled_at and lines[2].is_shown and lines[2].sequence == before[2] + 1
    assert not lines[1].cancelled_at and lines[1].sequence == before[1]


def test_cancelling_the_last_date_cancels_the_event(participant, published):
    for number in (1, 2, 3):
        actions.cancel(actor=participant, event=published, date=number)
    event = Event.objects.get()
    assert event.cancelled_at and event.details["cancelled"]


def test_cancelling_all_of_it_twice_is_once(participant, published):
    for _twice in range(2):
        event = actions.cancel(actor=participant, event=published)
    assert event.details["cancelled"] and event.versions.count() == 2
    assert all(each.cancelled_at and each.is_shown for each in Occurrence.objects.all())


def test_a_date_that_is_not_there_cannot_be_cancelled(participant, published):
    with pytest.raises(InvalidInput, match="does not have this date"):
        actions.cancel(actor=participant, event=published, date=9)


def test_what_is_pending_is_withdrawn_and_not_cancelled(participant, noon):
    event = making.proposed(participant)
    with pytest.raises(NotPermitted, match="Withdraw"):
        actions.cancel(actor=participant, event=event)


def test_a_pending_change_does_not_restore_what_was_cancelled_in_the_meantime(participant, curator, published):
    actions.change(actor=participant, event=published, details=changed(published, place="Room XXI"), language="en")
    actions.cancel(actor=participant, event=published, date=2)
    event = making.decided(published, curator)
    assert event.details["place"] == "Room XXI"
    assert [each.get("cancelled", False) for each in event.details["dates"]] == [False, True, False]


def test_a_later_change_does_not_bring_it_back_either(participant, curator, published):
    event = actions.cancel(actor=participant, event=published, date=2)
    kept = [each for each in event.details["dates"] if not each.get("cancelled")]
    actions.change(actor=participant, event=event, details=changed(event, dates=kept, place="XXI"), language="en")
    event = making.decided(event, curator)
    assert [(each["number"], each.get("cancelled", False)) for each in event.details["dates"]] == [
        (1, False),
        (2, True),
        (3, False),
    ] or sorted((each["number"], each.get("cancelled", False)) for each in event.details["dates"]) == [
        (1, False),
        (2, True),
        (3, False),
    ]


def test_what_was_removed_and_restored_is_still_cancelled(participant, curator, published):
    from plenara.moderation.actions import remove, restore

    actions.cancel(actor=participant, event=published)
    remove(actor=curator, kind="event", pk=published.pk, reason="E6")
    assert Event.objects.get().details == {}
    restore(actor=curator, kind="event", pk=published.pk)
    assert Event.objects.get().details["cancelled"]


def test_withdrawing_what_is_pending_leaves_nothing_in_the_queue(participant, noon):
    event = making.proposed(participant)
    for _twice in range(2):
        actions.withdraw(actor=participant, event=event)
    assert not Item.objects.exists()
    assert Event.objects.get().state == "withdrawn"


def test_withdrawing_what_is_published_takes_it_from_the_calendar(participant, published):
    actions.withdraw(actor=participant, event=published)
    event = Event.objects.get()
    assert (event.state, event.number, event.details) == ("withdrawn", 1, {})
    assert not Occurrence.objects.filter(is_shown=True).exists()


def test_an_outcome_is_reported_once_the_event_has_begun_and_is_pending_for_a_moderator(
    participant, curator, published
):
    with pytest.raises(NotPermitted, match="has started"):
        actions.report_outcome(actor=participant, event=published, url="", text="It was good.", language="en")
    with clock.at(clock.now().replace(month=12, day=2)):
        with pytest.raises(InvalidInput, match="Enter the web address of the report"):
            actions.report_outcome(actor=participant, event=published, url=" ", text=" ", language="en")
        with pytest.raises(InvalidInput, match="https://"):
            actions.report_outcome(actor=participant, event=published, url="http://a.example", text="", language="en")
        actions.report_outcome(
            actor=participant, event=published, url="https://a.example/report", text="Forty came.", language="en"
        )
        event = making.decided(published, curator)
    assert event.details["report"] == {"url": "https://a.example/report", "text": {"en": "Forty came."}}


ACTS = {
    "revise": lambda owner, event: actions.change(
        actor=owner, event=event, details=making.details(place="Elsewhere"), language="en"
    ),
    "send_again": lambda owner, event: actions.change(
        actor=owner, event=event, details=making.details(place="Elsewhere"), language="en"
    ),
    "withdraw": lambda owner, event: actions.withdraw(actor=owner, event=event),
}


def in_state(state, owner, curator):
    from plenara.moderation.actions import remove

    event = making.proposed(owner)
    match state:
        case State.PUBLISHED:
            return making.decided(event, curator)
        case State.RETURNED:
            return making.decided(event, curator, Code.RETURNED, reason="E3")
        case State.REJECTED:
            return making.decided(event, curator, Code.REJECTED, reason="E3")
        case State.WITHDRAWN:
            return actions.withdraw(actor=owner, event=event)
        case State.REMOVED:
            making.decided(event, curator)
            remove(actor=curator, kind="event", pk=event.pk, reason="E6")
            return Event.objects.get()
    return event


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("state", State)
def test_every_cell_of_the_table_of_states_works_or_refuses_with_a_sentence(state, act, participant, curator):
    event = in_state(state, participant, curator)
    assert event.state == state
    if state == State.WITHDRAWN and act == "withdraw":
        assert ACTS[act](participant, event).state == "withdrawn"  # a double click
        return
    is_allowed = act in TRANSITIONS[state]
    # The same form serves what is published and what was returned.
    is_allowed |= act in {"revise", "send_again"} and state in {State.PUBLISHED, State.RETURNED}
    if is_allowed:
        ACTS[act](participant, event)
        assert Event.objects.get().state == TRANSITIONS[state].get(act, Event.objects.get().state)
    else:
        with pytest.raises(NotPermitted) as refused:
            ACTS[act](participant, event)
        assert str(refused.value)


def test_an_event_stays_without_an_owner_when_the_account_goes(participant, curator, published):
    from plenara.accounts.personal_data.erasure import ErasureChoice, erase

    making.proposed(participant, making.details(title={"en": "Never published"}))
    erase(actor=participant, choice=ErasureChoice.PARTICIPANT)
    kept = Event.objects.get(number=1)
    assert kept.owner is None and kept.is_published and kept.details["title"]
    other = Event.objects.get(number=None)
    assert (other.owner, other.state) == (None, "withdrawn")
    assert other.versions.get().details == {}
    assert not Item.objects.exists()


def test_an_event_goes_with_the_account_where_that_is_wished(participant, curator, published):
    from plenara.accounts.personal_data.erasure import ErasureChoice, erase

    Event.objects.update(imported_from="participant@people.example")
    erase(actor=participant, choice=ErasureChoice.TOMBSTONES)
    event = Event.objects.get()
    assert (event.owner, event.state, event.details, event.imported_from) == (None, "withdrawn", {}, "")
    assert all(each.details == {} for each in event.versions.all())


def test_a_person_gets_all_that_is_stored_of_their_events(participant, published):
    from plenara.events import personal_data

    rows = list(personal_data.export_events(participant))
    assert [(each["event"], each["version"], each["state"]) for each in rows] == [(1, 1, "published")]
    assert rows[0]["details"]["place"] == making.WORKSHOP["place"]
    assert not list(personal_data.export_events(world.person()))


def test_details_of_what_was_rejected_long_ago_are_blanked(participant, curator):
    import datetime

    from plenara.events import personal_data

    event = making.decided(making.proposed(participant), curator, Code.REJECTED, reason="E3")
    assert personal_data.delete_expired()["events"] == 0
    with clock.at(clock.now() + datetime.timedelta(days=4000)):
        assert personal_data.delete_expired()["events"] == 1
    assert event.versions.get().details == {}
