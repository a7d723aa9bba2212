"""Submitting a contribution."""

import datetime
import traceback

import pytest
from django.db import connection

from plenara.contributions.actions import save_draft, submit
from plenara.contributions.models import Contribution, Edition, Version
from plenara.core import clock
from plenara.core.models import AuditEntry, BackgroundTask
from plenara.core.refusals import InvalidInput, NotPermitted
from tests import world

pytestmark = pytest.mark.django_db


def test_a_submitted_contribution_is_pending_and_nothing_of_it_is_public(participant, thread):
    contribution = world.submitted(participant, thread)
    assert contribution.state == "pending"
    assert contribution.number is None and contribution.symbol is None and contribution.public_id is None
    assert not Edition.objects.exists()


def test_submitting_records_one_act_with_ids_and_no_words(participant, thread):
    contribution = world.submitted(participant, thread)
    act = AuditEntry.objects.get(verb="contribution.submitted")
    assert (act.actor_id, act.about_id) == (participant.pk, str(contribution.pk))
    assert world.WORDS not in str(act.details)


def test_a_receipt_is_queued_in_the_same_transaction(participant, thread):
    version = world.submitted(participant, thread).versions.get()
    assert BackgroundTask.objects.get(task="contributions.send_receipt").arguments == {"version_id": version.pk}


def test_the_rows_of_a_submission_are_saved_by_way_of_seven_modules(participant, thread):
    """Whoever follows the form to every row that it saves opens its view and these."""
    words = {"text": world.WORDS, "language": "en"}
    save_draft(actor=participant, thread=thread, key="one-form", **words)
    modules = set()

    def note(execute, sql, *more):
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            modules.update(frame.f_globals["__name__"] for frame, _line in traceback.walk_stack(None))
        return execute(sql, *more)

    with connection.execute_wrapper(note):
        submit(actor=participant, thread=thread, key="one-form", **words)
    modules -= {"plenara.core.prepared"}  # in the place of Django's `save`
    assert {name.removeprefix("plenara.") for name in modules if name.startswith("plenara.")} == {
        "contributions.actions.submission",
        "contributions.models.submissions",
        "consultations.actions.follows",
        "core.audit",
        "core.tasks",
        "core.transaction",
        "moderation.actions.review_queue",
    }


def test_the_byline_is_frozen_when_submitted(participant, thread):
    version = world.submitted(participant, thread).versions.get()
    participant.name, participant.country = "Another Name", "FR"
    participant.save()
    version.byline.refresh_from_db()
    assert (version.byline.name, version.byline.country) == ("Daniel Okafor", "NG")


def test_a_withheld_name_and_country_never_enter_the_byline(participant, thread):
    participant.withholds_name = participant.withholds_country = True
    byline = world.submitted(participant, thread).versions.get().byline
    assert (byline.name, byline.country, byline.withheld) == ("", "", True)


def test_an_organization_is_only_in_the_byline_of_a_person_who_speaks_for_it(thread):
    someone = world.person(capacity="individual", organization="Ilima Library Association")
    assert world.submitted(someone, thread).versions.get().byline.organization == ""


def test_the_same_form_sent_twice_is_taken_once(participant, thread):
    first = world.submitted(participant, thread, key="one-form")
    assert world.submitted(participant, thread, key="one-form") == first
    assert Contribution.objects.count() == Version.objects.count() == 1


def test_another_persons_form_is_refused(participant, author, thread):
    world.submitted(participant, thread, key="one-form")
    with pytest.raises(InvalidInput):
        world.submitted(author, thread, key="one-form")


def test_the_same_text_from_the_same_person_is_refused_in_a_sentence(participant, thread):
    world.submitted(participant, thread)
    with pytest.raises(InvalidInput, match="already submitted"):
        world.submitted(participant, thread)


def test_a_text_over_the_word_limit_is_refused_with_the_words_to_cut(participant, thread):
    with pytest.raises(InvalidInput, match="shorten it by 5 words"):
        world.submitted(participant, thread, "word " * 205)


def test_ten_thousand_words_are_refused_with_a_number(participant, thread):
    with pytest.raises(InvalidInput, match="10000 words"):
        world.submitted(participant, thread, "word " * 10_000)


@pytest.mark.parametrize("text", ["", "   ", "\x00\x01", "***", "> ", "\u202e\u202d"])
def test_a_text_that_says_nothing_is_refused(participant, thread, text):
    with pytest.raises(InvalidInput, match="Enter your contribution"):
        world.submitted(participant, thread, text)


def test_a_language_that_is_not_accepted_is_refused_and_the_accepted_ones_are_named(participant, thread):
    with pytest.raises(InvalidInput, match="English · French"):
        world.submitted(participant, thread, language="ru")


def test_control_characters_and_overrides_of_direction_are_taken_out(participant, thread):
    text = world.submitted(participant, thread, "A\x00 clear\u202e text\x07").versions.get().text.content
    assert text == "A clear text"


def test_a_person_without_a_byline_is_asked_for_it_first(thread):
    with pytest.raises(NotPermitted, match="stakeholder group"):
        world.submitted(world.person(stakeholder_group=""), thread)


def test_a_suspended_person_may_not_contribute(participant, thread):
    participant.suspended_at = clock.now()
    with pytest.raises(NotPermitted, match="suspended"):
        world.submitted(participant, thread)


def test_before_opening_nothing_is_taken(participant):
    later = world.consultation("later", opens_at=clock.now() + datetime.timedelta(days=1))
    with pytest.raises(NotPermitted, match="not open yet"):
        world.submitted(participant, later.threads.first())


@pytest.mark.parametrize(("minutes", "taken"), [(0, True), (14, True), (15, True), (16, False)])
def test_a_form_opened_before_closing_is_taken_for_fifteen_minutes(participant, thread, minutes, taken):
    closes_at = thread.consultation.closes_at
    with clock.at(closes_at + datetime.timedelta(minutes=minutes)):
        if taken:
            assert world.submitted(participant, thread, opened_at=closes_at - datetime.timedelta(hours=1))
        else:
            with pytest.raises(NotPermitted, match="closed"):
                world.submitted(participant, thread, opened_at=closes_at - datetime.timedelta(hours=1))


def test_a_form_opened_after_closing_is_refused_at_once(participant, thread):
    moment = thread.consultation.closes_at + datetime.timedelta(minutes=1)
    with clock.at(moment), pytest.raises(NotPermitted, match="closed"):
        world.submitted(participant, thread, opened_at=moment)


def test_thirty_texts_an_hour_are_the_most(participant, thread):
    for index in range(30):
        world.submitted(participant, thread, f"{world.WORDS} {index}")
    with pytest.raises(InvalidInput, match="in the last hour"):
        world.submitted(participant, thread, f"{world.WORDS} 31")


def test_a_reply_is_below_what_it_answers(participant, moderator, thread, edition):
    reply = world.published(participant, moderator, thread, "I agree.", in_reply_to=edition.contribution)
    assert (reply.in_reply_to, reply.root) == (edition.number, edition.number)
    second = world.published(participant, moderator, thread, "So do I.", in_reply_to=reply.contribution)
    assert (second.in_reply_to, second.root) == (reply.number, edition.number)


def test_a_reply_to_what_is_not_published_is_refused(participant, pending, thread):
    with pytest.raises(NotPermitted, match="not published"):
        world.submitted(participant, thread, in_reply_to=pending)


def test_a_reply_in_another_thread_is_refused(participant, edition, consultation):
    with pytest.raises(InvalidInput, match="under the same question"):
        submit(
            actor=participant,
            thread=consultation.threads.get(number=2),
            text="Yes.",
            language="en",
            in_reply_to=edition.contribution,
        )


def test_where_moderators_read_afterwards_it_appears_at_once(participant):
    open_view = world.consultation("open-view", moderation="after")
    contribution = world.submitted(participant, open_view.threads.first())
    assert contribution.editions.get().number == 1
