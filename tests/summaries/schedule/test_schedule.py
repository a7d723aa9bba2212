"""A schedule ends periods, sends reminders, and publishes periods without contributions."""

import datetime

import pytest

from plenara.consultations.actions.follows import follow
from plenara.consultations.models import Consultation
from plenara.consultations.presenters.desk import Urgency, pending_tasks
from plenara.core import clock
from plenara.core.refusals import ActionRefused, InvalidInput, NotPermitted
from plenara.core.tasks import run_all
from plenara.documents import actions as document_actions
from plenara.documents.models import DocumentEdition
from plenara.summaries.models import Schedule, Summary
from plenara.summaries.schedule.actions import cut, keep_time, set_schedule
from tests import world
from tests.summaries import making
from tests.summaries.answers import body

pytestmark = pytest.mark.django_db

DESK = "/en/desk/consultations/internet-governance/summaries/"
SET = {
    "is_on": True, "every": "two_weeks", "weekday": 5, "source_language": "en", "writing_days": 5,
    "translating_days": 3, "was": 0,
}  # fmt: skip
FRIDAY = datetime.datetime(2026, 10, 16, 21, 59, 59, tzinfo=datetime.UTC)  # its end in Zurich


@pytest.fixture
def schedule(noon, organizer, consultation):
    return set_schedule(actor=organizer, consultation=consultation, **SET)


@pytest.fixture
def later():
    """A function that runs the hourly check so many days after the period's end, and returns the e-mails."""

    def look(days, mailoutbox, hours=8):
        run_all()
        mailoutbox.clear()
        with clock.at(FRIDAY + datetime.timedelta(days=days, hours=hours)):
            keep_time.call()
            run_all()
        return sorted((email.to[0], email.subject) for email in mailoutbox)

    return look


def address(person):
    return person.email


def test_an_organizer_sets_when_summaries_are_due(schedule):
    assert schedule.next_at == FRIDAY
    assert schedule.stamp == 1


def test_others_cannot(noon, rapporteur, moderator, translator, participant, consultation):
    for person in (rapporteur, moderator, translator, participant):
        with pytest.raises(NotPermitted):
            set_schedule(actor=person, consultation=consultation, **SET)


@pytest.mark.parametrize(
    "wrong",
    [
        {"every": "day"},
        {"weekday": 8},
        {"weekday": 0},
        {"source_language": "de"},
        {"writing_days": 0},
        {"translating_days": 31},
    ],
)
def test_a_wrong_schedule_is_refused(wrong, noon, organizer, consultation):
    with pytest.raises(InvalidInput):
        set_schedule(actor=organizer, consultation=consultation, **SET | wrong)


def test_of_two_who_set_it_at_once_the_second_hears_it(schedule, organizer, consultation):
    with pytest.raises(ActionRefused):
        set_schedule(actor=organizer, consultation=consultation, **SET | {"every": "week"})
    changed = set_schedule(actor=organizer, consultation=consultation, **SET | {"every": "week", "was": 1})
    assert changed.every == "week"


def test_nothing_is_cut_before_its_time(schedule):
    assert cut(schedule.pk) is None


def test_a_period_is_cut_by_itself_and_the_rapporteur_hears_of_it(
    schedule, edition, rapporteur, later, mailoutbox, consultation
):
    emails = later(0, mailoutbox)
    summary = Summary.objects.get()
    assert (summary.period_from, summary.period_to) == (consultation.opens_at, FRIDAY)
    assert summary.document.state == "draft"
    assert summary.due_at == datetime.datetime(2026, 10, 23, 21, 59, 59, tzinfo=datetime.UTC)
    assert [to for to, _subject in emails] == [address(rapporteur)]
    schedule.refresh_from_db()
    assert schedule.next_at.astimezone(consultation.zone).date() == datetime.date(2026, 10, 30)
    assert later(0, mailoutbox) == []  # a second check does nothing
    assert Summary.objects.count() == 1


def test_the_next_period_begins_where_the_last_ended(schedule, author, moderator, thread, later, mailoutbox):
    Consultation.objects.update(closes_at=FRIDAY + datetime.timedelta(days=60))
    with clock.at(FRIDAY - datetime.timedelta(hours=1)):
        world.published(author, moderator, thread)
    later(0, mailoutbox)
    with clock.at(FRIDAY + datetime.timedelta(days=3)):
        world.published(author, moderator, thread, "Something new.")
    later(14, mailoutbox)
    first, second = Summary.objects.order_by("pk")
    assert second.period_from == first.period_to + datetime.timedelta(seconds=1)


@pytest.mark.once
def test_a_period_without_contributions_says_so_in_six_languages(
    schedule, organizer, participant, later, mailoutbox, client, consultation
):
    follow(actor=participant, what="summaries", consultation=consultation, pace="at_once")
    emails = later(0, mailoutbox)
    edition = DocumentEdition.objects.get()
    assert (edition.symbol, edition.in_force) == (f"{consultation.symbol}/SUM/1", True)
    assert edition.renditions.filter(in_force=True, outdated=0).count() == 6
    assert len(set(edition.renditions.values_list("texts__text", flat=True))) >= 1
    page = body(client.get("/en/consultations/internet-governance/summaries/1/"))
    assert "no contribution was published in the period from 4 October 2026 to 16 October 2026" in page
    assert "Published automatically, according to the schedule of this consultation. No one wrote this summary." in page
    assert [to for to, _subject in emails] == [address(participant)]
    later(0, mailoutbox)
    assert DocumentEdition.objects.count() == 1


def test_an_empty_period_leaves_the_next_number_to_the_next_summary(
    schedule, rapporteur, organizer, author, moderator, thread, later, mailoutbox
):
    later(0, mailoutbox)
    with clock.at(FRIDAY + datetime.timedelta(days=1)):
        edition = world.published(author, moderator, thread)
        summary = making.summary(rapporteur, thread.consultation)
        making.statement_of(rapporteur, summary, edition)
        assert making.published(rapporteur, organizer, summary).number == 2


def test_a_rapporteur_who_has_not_written_is_reminded_once_and_notified_once_when_it_is_late(
    schedule, edition, rapporteur, organizer, later, mailoutbox
):
    later(0, mailoutbox)
    assert later(4, mailoutbox) == []  # Wednesday
    assert [to for to, _subject in later(6, mailoutbox)] == [address(rapporteur)]  # Friday, the day before it ends
    assert later(6, mailoutbox, hours=9) == []
    late = later(8, mailoutbox)
    assert sorted(to for to, _subject in late) == sorted([address(rapporteur), address(organizer)])
    assert later(9, mailoutbox) == []


def test_what_was_sent_to_review_reminds_nobody(schedule, edition, rapporteur, organizer, later, mailoutbox):
    later(0, mailoutbox)
    summary = Summary.objects.get()
    with clock.at(FRIDAY + datetime.timedelta(days=2)):
        making.statement_of(rapporteur, summary, edition)
        document_actions.submit_for_review(actor=rapporteur, document=summary.document)
        run_all()
    assert later(8, mailoutbox) == []


def test_translators_are_reminded_until_their_language_is_there(
    schedule, edition, rapporteur, organizer, translator, later, mailoutbox
):
    later(0, mailoutbox)
    summary = Summary.objects.get()
    with clock.at(FRIDAY + datetime.timedelta(days=2, hours=12)):  # Monday
        making.statement_of(rapporteur, summary, edition)
        document_actions.submit_for_review(actor=rapporteur, document=summary.document)
        document_actions.approve(actor=organizer, document=summary.document)
        run_all()
    summary.refresh_from_db()
    assert summary.translations_due_at == datetime.datetime(2026, 10, 22, 21, 59, 59, tzinfo=datetime.UTC)
    assert [to for to, _subject in later(5, mailoutbox)] == [address(translator)]
    assert [to for to, _subject in later(7, mailoutbox)] == [address(translator)]
    assert later(8, mailoutbox) == []


def test_the_organizer_sees_what_is_late(schedule, edition, rapporteur, organizer, later, mailoutbox, consultation):
    later(0, mailoutbox)
    with clock.at(FRIDAY + datetime.timedelta(days=1)):
        assert [task.urgency for task in pending_tasks(rapporteur, [consultation]) if "is due by" in task.sentence] == [
            Urgency.SOON
        ]
        assert not [task for task in pending_tasks(organizer, [consultation]) if "due by" in task.sentence]
    with clock.at(FRIDAY + datetime.timedelta(days=8)):
        assert [task.urgency for task in pending_tasks(organizer, [consultation]) if "was due by" in task.sentence] == [
            Urgency.NOW
        ]


def test_the_last_period_covers_the_closing_and_then_it_ends(schedule, edition, consultation, later, mailoutbox):
    # It closes on 24 October: the period that ends on the 30th is the last.
    for days in (0, 14, 28, 42):
        later(days, mailoutbox)
    assert Summary.objects.count() == 2
    schedule.refresh_from_db()
    assert schedule.next_at is None


def test_a_schedule_that_is_off_cuts_nothing(schedule, organizer, consultation, later, mailoutbox):
    set_schedule(actor=organizer, consultation=consultation, **SET | {"is_on": False, "was": 1})
    assert later(30, mailoutbox) == []
    assert not Summary.objects.exists()


def test_two_workers_cut_once(schedule, edition):
    with clock.at(FRIDAY + datetime.timedelta(hours=1)):
        assert cut(schedule.pk) is not None
        assert cut(schedule.pk) is None


def test_it_is_set_at_the_desk_and_nothing_typed_is_lost(sign_in, organizer, rapporteur, consultation):
    client = sign_in(organizer)
    typed = {
        "is_on": "on",
        "every": "week",
        "weekday": "4",
        "source_language": "ar",
        "writing_days": "0",
        "translating_days": "7",
        "was": "0",
    }
    answer = client.post(f"{DESK}schedule/", typed)
    assert answer.status_code == 422
    assert 'value="7"' in body(answer)
    assert client.post(f"{DESK}schedule/", typed | {"writing_days": "4"}).status_code == 302
    assert client.post(f"{DESK}schedule/", typed | {"writing_days": "9"}).status_code == 409  # a stale form
    assert Schedule.objects.get().writing_days == 4
    assert "The next period ends on" in body(client.get(DESK))
    assert "<form method" not in body(sign_in(rapporteur).get(f"{DESK}schedule/")).split("<main")[1]
    assert client.post(f"{DESK}schedule/", typed).status_code == 403
