"""Letters and statements are entered by the secretariat, wait for a second person, and stand in the record."""

import datetime
import threading

import pytest
from django.db import connection

from plenara.contributions.actions import correct, take_back
from plenara.contributions.models import Contribution, Edition, Tally
from plenara.core import clock
from plenara.core.life_cycle import State
from plenara.core.models import AuditEntry, BackgroundTask
from plenara.core.refusals import InvalidInput, NotPermitted
from plenara.moderation.actions import decide, remove, restore, undo
from plenara.moderation.models import Code, Decision, Item
from tests import world
from tests.contributions.entered import LETTER, STATEMENT, entered

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(noon):
    """Letters have dates: the day stands still."""


@pytest.fixture
def letter(consultation, moderator):
    return entered(moderator, consultation)


def test_a_letter_waits_in_the_queue_and_nothing_of_it_is_public(letter, moderator):
    assert (letter.state, letter.author, letter.entered_by, letter.channel) == ("pending", None, moderator, "letter")
    assert (letter.occasion, letter.consent) == ("Ref. A/12", "By letter of 5 October 2026.")
    version = letter.versions.get()
    assert (version.language, version.byline.name, version.byline.organization) == (
        "fr",
        "Awa Traoré",
        "Union des riverains",
    )
    assert f"{version.submitted_at:%Y-%m-%d}" == "2026-10-05"
    item = Item.objects.get()
    assert (item.version_id, item.entered_by, item.author) == (version.pk, moderator, None)
    assert item.since == letter.created_at, "the promise begins when it was entered, not when it was written"
    assert not Edition.objects.exists()
    assert AuditEntry.objects.filter(verb="contribution.entered", actor_id=moderator.pk).count() == 1
    assert not BackgroundTask.objects.filter(task="contributions.send_receipt").exists()


def test_a_second_person_approves_it_and_no_letter_goes_to_anybody(letter, moderator, other_moderator):
    with pytest.raises(NotPermitted, match="You entered this text yourself"):
        world.decided(letter, moderator)
    world.decided(letter, other_moderator)
    edition = Edition.objects.get()
    assert (edition.channel, edition.byline.name, edition.language) == ("letter", "Awa Traoré", "fr")
    assert Tally.objects.get(channel="letter").count == 1
    from plenara.moderation.emails import notify_author

    notify_author.call(decision_id=Decision.objects.get().pk)  # has nobody to tell, and fails at nothing


def test_it_is_pending_for_a_second_person_without_premoderation(letter, consultation, moderator):
    consultation.moderation = "after"
    consultation.save()
    statement = entered(moderator, consultation, "another", STATEMENT)
    assert statement.state == State.PENDING
    assert not Edition.objects.exists()


def test_a_name_that_is_withheld_goes_nowhere(consultation, moderator):
    byline = entered(moderator, consultation, name_withheld="yes").versions.get().byline
    assert (byline.name, byline.withheld) == ("", True)


def test_a_form_sent_twice_is_entered_once(letter, consultation, moderator, other_moderator):
    assert entered(moderator, consultation) == letter
    with pytest.raises(
        InvalidInput, match=r"This form was opened with another account. Open the form again from the list."
    ):
        entered(other_moderator, consultation)
    assert Contribution.objects.count() == 1


def test_the_same_letter_is_not_entered_twice(letter, consultation, other_moderator):
    with pytest.raises(InvalidInput, match="already been entered"):
        entered(other_moderator, consultation, "another")


def test_what_is_wrong_is_reported_at_its_field(consultation, moderator, edition):
    for field, value, sentence in (
        ("question", "7", "Enter one of these numbers: 1, 2"),
        ("channel", "fax", "letter, meeting"),
        ("date", "14/03/2026", "year, month and day"),
        ("date", "2026-10-15", "in the future"),
        ("language", "ar", "English"),
        ("text", " \n", "Enter the text"),
        ("text", "a" * 100_001, "The limit is"),
        ("name", "", "withhold"),
        ("name", "awa@people.example", "without an e-mail"),
        ("stakeholder_group", "pirates", "civil_society"),
        ("organization", "", "Enter the organization"),
        ("country", "Mali", "is not a country code"),
        ("in_reply_to", "99", "no published contribution"),
        ("consent", "", "agreed"),
        ("occasion", "o" * 301, "300"),
    ):
        with pytest.raises(InvalidInput, match=sentence) as refused:
            entered(moderator, consultation, **{field: value})
        assert refused.value.field == field
    with pytest.raises(InvalidInput, match="Enter the name of the meeting"):
        entered(moderator, consultation, channel="meeting", occasion="")
    with pytest.raises(InvalidInput, match="under the same question"):
        entered(moderator, consultation, question="2", in_reply_to=str(edition.number))
    assert entered(moderator, consultation, in_reply_to=str(edition.number)).in_reply_to == edition.contribution


def test_a_letter_may_be_longer_than_what_is_written_here(consultation, moderator):
    assert entered(moderator, consultation, text="word " * 900).versions.get()


def test_only_a_person_who_moderates_there_enters(
    consultation, participant, rapporteur, moderator_elsewhere, organizer
):
    for somebody in (participant, rapporteur, moderator_elsewhere):
        with pytest.raises(NotPermitted):
            entered(somebody, consultation)
    assert entered(organizer, consultation)


def test_what_came_in_time_is_entered_until_seven_days_after_the_closing(consultation, moderator):
    closed = consultation.closes_at
    with clock.at(closed + datetime.timedelta(days=6)):
        last_day = f"{closed.astimezone(consultation.zone):%Y-%m-%d}"
        assert entered(moderator, consultation, "in time", date=last_day)
        too_late = f"{closed + datetime.timedelta(days=2):%Y-%m-%d}"
        with pytest.raises(InvalidInput, match="after the consultation closed"):
            entered(moderator, consultation, "late", date=too_late)
    with clock.at(closed + datetime.timedelta(days=8)), pytest.raises(NotPermitted, match="7 days"):
        entered(moderator, consultation, "too late")
    with (
        clock.at(consultation.opens_at - datetime.timedelta(days=1)),
        pytest.raises(NotPermitted, match="not open yet"),
    ):
        entered(moderator, consultation, "too early")


def test_what_was_returned_is_corrected_by_the_person_who_entered_it(letter, moderator, other_moderator, organizer):
    returned = world.decided(letter, other_moderator, Code.RETURNED, reason="R1")
    with pytest.raises(NotPermitted, match="Only the person who entered this text"):
        correct(actor=other_moderator, contribution=returned, values=LETTER)
    mended = LETTER | {"text": "Nos membres vivent loin.", "occasion": "Ref. A/13"}
    version = correct(actor=organizer, contribution=returned, values=mended)
    assert correct(actor=organizer, contribution=returned, values=mended) == version, "a double click"
    letter.refresh_from_db()
    assert (version.number, letter.state, letter.occasion) == (2, "pending", "Ref. A/13")
    assert Item.objects.get().version_id == version.pk
    with pytest.raises(NotPermitted, match="You entered this text yourself"):
        world.decided(letter, organizer)
    assert world.decided(letter, moderator).state == "published", "who did not correct it is a second person now"


def test_a_correction_waits_from_when_it_came(letter, moderator, other_moderator, noon):
    returned = world.decided(letter, other_moderator, Code.RETURNED, reason="R1")
    later = noon + datetime.timedelta(days=2)
    with clock.at(later):
        correct(actor=moderator, contribution=returned, values=LETTER | {"text": "Autrement."})
    assert Item.objects.get().since == later


def test_it_is_taken_back_before_and_after_publication(letter, consultation, moderator, other_moderator):
    with pytest.raises(NotPermitted, match="Only the person who entered this text"):
        take_back(actor=other_moderator, contribution=letter)
    assert take_back(actor=moderator, contribution=letter).state == "withdrawn"
    assert take_back(actor=moderator, contribution=letter).state == "withdrawn", "a double click"
    assert not Item.objects.exists()
    statement = world.decided(entered(moderator, consultation, "another", STATEMENT), other_moderator)
    take_back(actor=moderator, contribution=statement)
    assert (Edition.objects.get().status, Edition.objects.get().text) == ("withdrawn", None)
    assert Tally.objects.get(channel="meeting").count == 0


def test_every_decision_goes_through_without_an_author(letter, other_moderator, organizer, thread, consultation):
    version = letter.versions.get()
    decision = decide(
        actor=other_moderator, kind="contribution", pk=letter.pk, version_id=version.pk, code=Code.RETURNED, reason="R1"
    )
    undo(actor=other_moderator, decision=decision)
    decision = decide(
        actor=other_moderator,
        kind="contribution",
        pk=letter.pk,
        version_id=version.pk,
        code=Code.MOVED,
        thread=consultation.threads.get(number=2),
        publish_there=False,
    )
    published = world.decided(letter, other_moderator)
    assert published.thread.number == 2
    remove(actor=other_moderator, kind="contribution", pk=letter.pk, reason="R3")
    restore(actor=other_moderator, kind="contribution", pk=letter.pk)
    assert Edition.objects.get().channel == "letter"


@pytest.mark.django_db(transaction=True)
def test_two_at_once_enter_one_letter_once(consultation, moderator, noon):
    made, ready = [], threading.Barrier(2)

    def send():
        ready.wait()
        try:
            with clock.at(noon):  # a thread begins with the clock on the wall
                made.append(entered(moderator, consultation).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _index in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(made) == 2 and len(set(made)) == 1
    assert Item.objects.count() == 1
