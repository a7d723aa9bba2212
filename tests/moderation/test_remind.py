"""Moderators are told what waits: late things at once, the rest in a digest at their own pace."""

import datetime

import pytest
from django.core import mail

from plenara.core import clock, tasks
from plenara.moderation.emails import enqueue_reminders
from plenara.moderation.models import Item, Preference
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.once]

WEDNESDAY_NOON = datetime.datetime(2026, 10, 14, 12, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def waits(author, thread):
    """Something that came on Wednesday at noon, with one working day promised."""
    with clock.at(WEDNESDAY_NOON):
        thread.consultation.opens_at = WEDNESDAY_NOON - datetime.timedelta(days=1)
        world.submitted(author, thread)
        tasks.run_all()
    mail.outbox.clear()


def look(**later):
    """Let the hour's tasks run some time after, and return whom letters went to, with their subjects."""
    with clock.at(WEDNESDAY_NOON + datetime.timedelta(**later)):
        enqueue_reminders()
        tasks.run_all()
    sent = [(email.to[0], email.subject) for email in mail.outbox]
    mail.outbox.clear()
    return sent


def set_to(person, **chosen):
    Preference.objects.update_or_create(person=person, defaults=chosen)


def test_when_half_the_promise_has_gone_each_moderator_gets_one_email(moderator, other_moderator):
    for person in (moderator, other_moderator):
        set_to(person, digest="never")
    assert look(hours=11) == []
    emails = look(hours=13)
    assert sorted(to for to, _subject in emails) == sorted([moderator.email, other_moderator.email])
    assert look(hours=15) == []  # once for each thing that waits


def test_a_weekend_is_no_waiting_time(moderator, author, thread):
    set_to(moderator, digest="never")
    Item.objects.update(since=datetime.datetime(2026, 10, 16, 20, tzinfo=datetime.UTC))  # Friday evening
    assert look(days=4, hours=20) == []  # Monday morning
    assert look(days=5, hours=4) != []


def test_the_digest_leaves_in_the_morning_of_a_working_day_and_once(moderator):
    set_to(moderator, notify_late=False)
    assert len(look(hours=1)) == 1
    assert look(hours=2) == []
    assert look(hours=14) == []  # at night
    assert len(look(hours=19)) == 1
    assert look(days=3) == []  # Saturday


def test_a_weekly_digest_leaves_once_a_week(moderator):
    set_to(moderator, notify_late=False, digest="weekly")
    assert [len(look(days=days)) for days in (0, 1, 2, 7)] == [1, 0, 0, 1]


def test_when_nothing_waits_nothing_is_sent(moderator):
    Item.objects.all().delete()
    assert look(hours=20) == []


def test_no_reminder_is_sent_about_what_is_on_hold_or_with_its_author(moderator):
    Item.objects.update(awaits_author=True)
    assert look(hours=20) == []
    Item.objects.update(awaits_author=False, held_until=WEDNESDAY_NOON + datetime.timedelta(days=9))
    assert look(hours=21) == []


def test_where_there_is_no_moderator_the_organizer_gets_the_reminders(organizer):
    assert [to for to, _subject in look(hours=20)] == [organizer.email] * 2


def test_no_reminder_is_sent_once_all_was_decided(moderator):
    set_to(moderator, digest="never")
    with clock.at(WEDNESDAY_NOON + datetime.timedelta(hours=20)):
        enqueue_reminders()
        tasks.run(tasks.take(limit=1)[0])
        Item.objects.all().delete()
        tasks.run_all()
    assert mail.outbox == []


def test_the_email_names_the_consultation_and_the_time_and_no_text(moderator):
    set_to(moderator, digest="never")
    with clock.at(WEDNESDAY_NOON + datetime.timedelta(hours=20)):
        enqueue_reminders()
        tasks.run_all()
    body = mail.outbox[0].body
    assert "Governing the Internet" in body
    assert "Longest wait: 20 of the promised 24 hours (only working days count)." in body
    assert world.WORDS not in body
    assert "/en/desk/moderation/preferences/" in body
