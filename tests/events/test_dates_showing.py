"""The effects of a publication, a revision, a cancellation and a withdrawal on the lines of the calendar."""

import datetime

import pytest

from plenara.core import clock
from plenara.events.models import EventMark, Occurrence
from plenara.search.models import Entry
from tests import world
from tests.events import entered

pytestmark = pytest.mark.django_db


def lines(event):
    return [
        (each.number, each.sequence, bool(each.cancelled_at), each.is_shown)
        for each in Occurrence.objects.filter(event=event).order_by("number")
    ]


def marks(event):
    found = EventMark.objects.filter(occurrence__event=event).values_list("what", "value")
    return sorted(set(found))


def test_each_date_of_an_event_becomes_a_line_found_by_what_it_is_about():
    consultation = world.consultation("internet-governance")
    event = entered.event(
        dates=entered.days("2026-12-01T09:00", "2026-12-08T09:00"),
        themes=["C4", "C7"],
        languages=["fr", "bm"],
        country="ML",
        prepares=consultation.slug,
    )
    assert lines(event) == [(1, 0, False, True), (2, 0, False, True)]
    assert event.prepares == consultation and event.number == 1
    assert marks(event) == [
        ("consultation", "internet-governance"),
        ("country", "ML"),
        ("language", "bm"),
        ("language", "fr"),
        ("theme", "C4"),
        ("theme", "C7"),
    ]
    assert Entry.objects.filter(kind="event", object_id=event.pk).exists()


def test_only_the_date_that_moved_has_a_new_sequence():
    event = entered.event(dates=entered.days("2026-12-01T09:00", "2026-12-08T09:00"), country="ML")
    event = entered.revised(event, dates=entered.days("2026-12-01T09:00", "2026-12-09T09:00"))
    assert [each[1] for each in lines(event)] == [0, 1]
    assert EventMark.objects.get(occurrence__number=2, what="country").starts_at.day == 9


def test_a_new_title_raises_the_sequence_of_every_date():
    event = entered.event(dates=entered.days("2026-12-01T09:00", "2026-12-08T09:00"))
    assert [each[1] for each in lines(entered.revised(event, title={"en": "Another"}))] == [1, 1]


def test_the_same_details_again_change_nothing(noon):
    with clock.at(noon):
        event = entered.event()
    before = Occurrence.objects.get(event=event)
    with clock.at(noon + datetime.timedelta(hours=1)):
        entered.changed(event)
    after = Occurrence.objects.get(event=event)
    assert (before.sequence, before.changed_at) == (after.sequence, after.changed_at)


def test_what_is_cancelled_stays_and_its_sequence_grows_once(noon):
    event = entered.event(dates=entered.days("2026-12-01T09:00", "2026-12-08T09:00"), themes=["C4"])
    with clock.at(noon):
        event = entered.cancelled(event)
    with clock.at(noon + datetime.timedelta(hours=1)):
        event = entered.cancelled(event)
    assert lines(event) == [(1, 1, True, True), (2, 1, True, True)]
    assert set(Occurrence.objects.values_list("cancelled_at", flat=True)) == {noon}
    assert marks(event) == [("theme", "C4")]


def test_a_date_that_a_revision_leaves_out_is_cancelled_not_lost():
    event = entered.event(dates=entered.days("2026-12-01T09:00", "2026-12-08T09:00"))
    event = entered.revised(event, dates=entered.days("2026-12-01T09:00"))
    assert lines(event) == [(1, 0, False, True), (2, 1, True, True)]
    assert lines(entered.revised(event, title={"en": "Another"})) == [(1, 1, False, True), (2, 2, True, True)]


def test_what_is_withdrawn_is_in_no_calendar_and_no_index():
    event = entered.gone(entered.event(themes=["C4"]))
    assert lines(event) == [(1, 1, False, False)]
    assert not EventMark.objects.exists()
    assert not Entry.objects.filter(kind="event").exists()


def test_a_consultation_that_is_a_draft_is_not_shown():
    world.consultation("not-yet", stage="draft")
    assert entered.event(prepares="not-yet").prepares is None


def test_an_unknown_consultation_or_organization_is_nobodys():
    event = entered.event(prepares="never-was", organizer=99)
    assert (event.prepares, event.organizer) == (None, None)
