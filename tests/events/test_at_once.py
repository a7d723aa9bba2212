"""Several people act on one event at once, in threads of their own: one is first, nothing is done twice."""

import pytest

from plenara.core.models import AuditEntry, BackgroundTask
from plenara.core.refusals import ActionRefused, AlreadyDone
from plenara.events import actions, validation
from plenara.events.models import Event, Occurrence
from plenara.events.validation.calendar_files import Row
from plenara.moderation.actions import decide
from plenara.moderation.models import Decision, Item
from tests import world
from tests.consultations.test_at_once import at_once, refused
from tests.events import making

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def owner():
    return world.person("Moussa Keita")


def approving(event, moderator):
    version = event.versions.get(state="pending").pk
    return lambda: decide(actor=moderator, kind="event", pk=event.pk, version_id=version, code="APPROVED")


def test_of_several_moderators_one_publishes_and_the_others_hear_it(owner):
    team = [making.curator(f"Moderator {n}") for n in range(4)]
    for number in range(1, 4):
        event = making.proposed(owner, making.details(title={"en": f"Meeting {number}"}))
        results = at_once(*[approving(event, each) for each in team])
        assert sum(isinstance(each, AlreadyDone) for each in results) == 3
        event.refresh_from_db()
        assert (event.state, event.number) == ("published", number)
        assert Decision.objects.count() == AuditEntry.objects.filter(verb="event.published").count() == number
        assert BackgroundTask.objects.filter(task="moderation.notify_author").count() == number
        assert Occurrence.objects.filter(event=event, is_shown=True).count() == 1
    assert not Item.objects.exists()


def test_events_that_are_published_together_get_a_number_each(owner):
    team = [making.curator(f"Moderator {n}") for n in range(4)]
    waiting = [making.proposed(owner, making.details(title={"en": f"Meeting {n}"})) for n in range(4)]
    assert not refused(at_once(*[approving(*pair) for pair in zip(waiting, team, strict=True)]))
    assert sorted(Event.objects.values_list("number", flat=True)) == [1, 2, 3, 4]


def test_withdrawn_while_it_is_published_it_is_in_no_calendar(owner):
    curator = making.curator()
    for number in range(3):
        event = making.proposed(owner, making.details(title={"en": f"Meeting {number}"}))
        at_once(approving(event, curator), lambda event=event: actions.withdraw(actor=owner, event=event))
        event.refresh_from_db()
        assert (event.state, event.details) == ("withdrawn", {})
        assert not Occurrence.objects.filter(event=event, is_shown=True, cancelled_at=None).exists()
        assert not event.versions.filter(state="pending").exists()
    assert not Item.objects.exists()


def test_cancelled_while_a_change_is_published_it_stays_cancelled(owner):
    curator = making.curator()
    event = making.published(owner, curator, making.series())
    actions.change(actor=owner, event=event, details=making.series(4), language="en")
    at_once(approving(event, curator), lambda: actions.cancel(actor=owner, event=event))
    for waiting in event.versions.filter(state="pending"):
        decide(actor=curator, kind="event", pk=event.pk, version_id=waiting.pk, code="APPROVED")
    event.refresh_from_db()
    assert event.cancelled_at and event.details["cancelled"]


def test_a_form_that_is_sent_several_times_at_once_proposes_once(owner):
    details = making.details()
    results = at_once(*[lambda: actions.propose(actor=owner, details=details, language="en", key="form")] * 4)
    assert {each.pk for each in results} == {Event.objects.get().pk}
    assert Item.objects.count() == 1
    assert AuditEntry.objects.filter(verb="event.proposed").count() == 1


def test_what_is_sent_at_once_passes_no_limit(owner):
    many = range(validation.MOST_OF_NEWCOMER + 3)
    results = at_once(
        *[
            lambda n=n: actions.propose(actor=owner, details=making.details(title={"en": f"N {n}"}), language="en")
            for n in many
        ]
    )
    assert [each.code for each in refused(results)] == ["too_many_wait"] * 3
    assert Event.objects.count() == validation.MOST_OF_NEWCOMER


def test_a_file_that_is_confirmed_twice_at_once_is_taken_once(owner):
    rows = [Row(f"{n}@x.example", making.details(title={"en": f"Read {n}"})) for n in range(3)]
    file = actions.upload(actor=owner, name="a.ics", sha256="0" * 64, rows=rows, language="en")
    results = at_once(*[lambda: actions.confirm(actor=owner, file=file, numbers=[1, 2, 3])] * 3)
    assert sorted(3 if each == 3 else 0 for each in results) == [0, 0, 3]
    assert all(isinstance(each, (int, ActionRefused)) for each in results)
    assert Event.objects.count() == Item.objects.count() == 3
