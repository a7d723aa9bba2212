"""What rests until a day: for moderators alone, and never for good."""

import datetime

import pytest

from plenara.core import clock
from plenara.core.models import AuditEntry
from plenara.core.refusals import InvalidInput, NotPermitted
from plenara.moderation.actions import claim, hold, release_hold
from plenara.moderation.models import Item
from plenara.moderation.queries import queue
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

DAY = datetime.timedelta(days=1)


@pytest.fixture
def item(pending):
    return Item.objects.get()


def fresh(item):
    return Item.objects.select_related("consultation").get(pk=item.pk)


def tomorrow(noon):
    return (noon + DAY).date()


def rests(who, item, until, reason="We ask the law office."):
    return hold(actor=who, item=item, reason=reason, until=until)


def test_it_rests_until_the_day_begins_where_the_consultation_is(moderator, item, noon):
    rests(moderator, item, tomorrow(noon))
    assert fresh(item).held_until == datetime.datetime(2026, 10, 14, 22, tzinfo=datetime.UTC)  # midnight in Zurich
    assert fresh(item).held_day == tomorrow(noon)
    assert fresh(item).is_held
    with clock.at(fresh(item).held_until):
        assert not fresh(item).is_held


def test_what_rests_has_its_own_part_of_the_queue_and_comes_back_by_itself(moderator, item, noon):
    rests(moderator, item, tomorrow(noon))
    assert (queue.count(moderator), queue.next_after(moderator)) == (0, None)
    assert [row.item for row in queue.page(moderator, tab="held").rows] == [item]
    with clock.at(noon + DAY):
        assert queue.count(moderator) == 1
        assert not queue.page(moderator, tab="held").rows


def test_holding_gives_the_claim_back_and_records_the_day_but_not_the_reason(moderator, item, noon):
    claim(actor=moderator, item=item)
    rests(moderator, item, tomorrow(noon))
    assert not fresh(item).is_claimed
    assert AuditEntry.objects.get(verb="moderation.held").details == {"until": "2026-10-15"}


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        (None, "tomorrow or a later day"),
        (0, "tomorrow or a later day"),
        (-1, "tomorrow or a later day"),
        (61, "within the next 60 days"),
    ],
)
def test_the_day_lies_ahead_and_not_too_far(moderator, item, noon, days, sentence):
    until = None if days is None else noon.date() + days * DAY
    with pytest.raises(InvalidInput, match=sentence):
        rests(moderator, item, until)
    assert not fresh(item).held_until


def test_sixty_days_are_allowed_by_the_consultations_calendar(moderator, item):
    late = datetime.datetime(2026, 10, 14, 23, 30, tzinfo=datetime.UTC)  # the 15th in Zurich
    with clock.at(late):
        with pytest.raises(InvalidInput, match="tomorrow or a later day"):
            rests(moderator, item, datetime.date(2026, 10, 15))
        rests(moderator, item, datetime.date(2026, 12, 14))
    assert fresh(item).is_held


@pytest.mark.parametrize(
    ("reason", "sentence"), [("  ", "Give the reason for the hold"), ("x" * 501, "501 characters")]
)
def test_the_reason_is_there_and_short(moderator, item, noon, reason, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        rests(moderator, item, tomorrow(noon), reason)


def test_nobody_lets_rest_their_own_or_what_another_has_open(moderator, other_moderator, thread, item, noon):
    own = Item.objects.get(object_id=world.submitted(moderator, thread, "Mine.").pk)
    with pytest.raises(NotPermitted):
        rests(moderator, own, tomorrow(noon))
    claim(actor=other_moderator, item=item)
    with pytest.raises(InvalidInput, match="Jean Moreau has this text open"):
        rests(moderator, item, tomorrow(noon))


def test_another_moderator_ends_it(moderator, other_moderator, item, noon):
    rests(moderator, item, tomorrow(noon))
    release_hold(actor=other_moderator, item=item)
    release_hold(actor=other_moderator, item=item)  # a double click
    assert queue.count(moderator) == 1
    assert fresh(item).held_reason == ""
    assert AuditEntry.objects.filter(verb="moderation.hold_released").count() == 1


def test_what_rests_can_be_decided_on(sign_in, moderator, other_moderator, item, pending, noon):
    rests(moderator, item, tomorrow(noon), "We ask <the> law office.")
    page = sign_in(other_moderator).get(f"/en/desk/moderation/contribution/{pending.pk}/").content.decode()
    assert "until 15 October 2026:" in page
    assert "We ask &lt;the&gt; law office." in page
    assert 'name="decide"' in page
    assert world.decided(pending, other_moderator).state == "published"


def test_its_author_never_reads_why(sign_in, moderator, author, item, pending, noon):
    rests(moderator, item, tomorrow(noon))
    assert "law office" not in sign_in(author).get(f"/en/my/contributions/{pending.pk}/").content.decode()


def test_the_page_keeps_what_was_typed_and_says_what_to_mend(sign_in, moderator, item, noon):
    client = sign_in(moderator)
    url = f"/en/desk/moderation/items/{item.pk}/hold/"
    assert 'min="2026-10-15"' in client.get(url).content.decode()
    answer = client.post(url, {"reason": "We ask the law office.", "until": "2027-10-15"})
    assert answer.status_code == 422
    assert "Choose a day within the next 60 days." in answer.content.decode()
    assert "We ask the law office." in answer.content.decode()
    assert client.post(url, {"reason": "x", "until": "soon"}).status_code == 422
    answer = client.post(url, {"reason": "We ask the law office.", "until": "2026-10-20"}, follow=True)
    assert "The text is on hold until 20 October 2026." in answer.content.decode()
    held = client.get("/en/desk/moderation/?tab=held").content.decode()
    assert "On hold (1)" in held
    assert "We ask the law office." in held
    answer = client.post(url, {"end": ""}, follow=True)
    assert "The text is back in the queue." in answer.content.decode()
