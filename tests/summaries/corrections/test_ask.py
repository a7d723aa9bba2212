"""Requesting the correction of a summary."""

import datetime

import pytest

from plenara.consultations.models import Consultation
from plenara.core import clock
from plenara.core.refusals import InvalidInput, NotPermitted
from plenara.core.tasks import run_all
from plenara.moderation.models import Item
from plenara.summaries.corrections import actions
from plenara.summaries.models import Correction
from tests import world
from tests.summaries.corrections import making

pytestmark = pytest.mark.django_db


def test_a_request_waits_for_a_moderator_in_the_same_queue_as_contributions(asked, author, thread):
    pending = world.submitted(author, thread, "Another text.")
    item = Item.objects.get(kind="correction")
    assert (item.object_id, item.language, item.thread) == (asked.pk, "en", None)
    assert Item.objects.filter(kind="contribution", object_id=pending.pk).exists()
    assert (asked.state, asked.number, asked.text, asked.name) == ("pending", None, "", "")


def test_it_may_be_in_any_of_the_six_languages_whatever_the_consultation_accepts(participant, published):
    made = making.asked(participant, published, "هذا ليس ما كُتب في المساهمة.", language="ar")
    assert made.versions.get().language == "ar"
    with pytest.raises(InvalidInput, match="Choose the language"):
        making.asked(participant, published, "Nein.", language="de")


def test_it_can_say_that_something_is_missing_and_from_which_contribution(participant, published, edition):
    made = making.asked(participant, published, statement=None, about=edition)
    assert (made.statement, made.about) == (None, edition)


def test_a_contribution_is_named_only_of_an_omission_and_stands_in_this_consultation(
    participant, moderator, published, edition, elsewhere, author
):
    with pytest.raises(InvalidInput, match="only if something is missing"):
        making.asked(participant, published, statement=1, about=edition)
    curator = world.grant(world.person("Kofi Mensah"), elsewhere, "moderator")
    other = world.published(author, curator, elsewhere.threads.get(number=1))
    with pytest.raises(InvalidInput, match="No published contribution has this number"):
        making.asked(participant, published, statement=None, about=other)


def test_there_must_be_such_a_statement(participant, published):
    with pytest.raises(InvalidInput, match="Choose the statement"):
        making.asked(participant, published, statement=9)


def test_it_takes_three_hundred_words(participant, published):
    making.asked(participant, published, "word " * 300)
    with pytest.raises(InvalidInput, match="shorten it by 1 word"):
        making.asked(participant, published, "word " * 301)
    with pytest.raises(InvalidInput, match="shorten it by 9700 words"):
        making.asked(participant, published, "word " * 10_000)
    with pytest.raises(InvalidInput, match="characters"):
        making.asked(participant, published, "w" * 5_001)
    with pytest.raises(InvalidInput, match="Write what should be corrected"):
        making.asked(participant, published, " … ")


def test_the_thirtieth_day_counts_in_full_by_the_consultations_own_clock(participant, consultation, published):
    # Zurich is two hours ahead of UTC until 25 October, one hour after.
    published.published_at = datetime.datetime(2026, 10, 1, 22, 30, tzinfo=datetime.UTC)  # 2 October there
    published.save()
    consultation.opens_at = published.published_at - datetime.timedelta(days=30)
    consultation.closes_at = published.published_at
    consultation.save()
    with clock.at(datetime.datetime(2026, 11, 1, 22, 59, tzinfo=datetime.UTC)):
        making.asked(participant, published)
    with (
        clock.at(datetime.datetime(2026, 11, 1, 23, 0, tzinfo=datetime.UTC)),
        pytest.raises(NotPermitted, match="30 days"),
    ):
        making.asked(participant, published, "Again.")


def test_a_consultation_that_is_closed_still_takes_them_and_an_archived_one_does_not(
    participant, consultation, published
):
    consultation.closes_at = clock.now() - datetime.timedelta(days=1)
    consultation.save()
    assert Consultation.objects.get().state == "closed"
    making.asked(participant, published)
    consultation.stage = "archived"
    consultation.save()
    with pytest.raises(NotPermitted, match="archived"):
        making.asked(participant, published, "Again.")


def test_only_the_edition_in_force_can_be_corrected(participant, published):
    published.in_force = False
    published.save()
    with pytest.raises(NotPermitted, match="later edition"):
        making.asked(participant, published)


def test_an_undated_summary_of_an_archive_takes_none(participant, published):
    published.published_at = None
    published.save()
    with pytest.raises(NotPermitted, match="archive"):
        making.asked(participant, published)


def test_who_is_suspended_or_has_no_byline_or_is_not_signed_in_cannot_ask(participant, outsider, published):
    with pytest.raises(NotPermitted):
        making.asked(outsider, published)
    participant.capacity = ""
    with pytest.raises(NotPermitted, match="stakeholder group"):
        making.asked(participant, published)
    participant.suspended_at = clock.now()
    with pytest.raises(NotPermitted, match="suspended"):
        making.asked(participant, published)


def test_a_form_sent_twice_asks_once_and_is_nobody_elses(participant, author, published):
    first = making.asked(participant, published, key="a-form")
    assert making.asked(participant, published, "Other words.", key="a-form") == first
    assert Correction.objects.count() == Item.objects.filter(kind="correction").count() == 1
    with pytest.raises(InvalidInput, match="another account"):
        making.asked(author, published, key="a-form")


def test_the_same_words_about_the_same_statement_are_asked_once(participant, published):
    making.asked(participant, published)
    with pytest.raises(InvalidInput, match="already submitted this request"):
        making.asked(participant, published)
    making.asked(participant, published, statement=None)


def test_ten_an_hour(participant, published):
    for number in range(10):
        making.asked(participant, published, f"Number {number}.")
    with pytest.raises(InvalidInput, match="10 requests in the last hour"):
        making.asked(participant, published, "One more.")
    with making.later(hours=1, seconds=1):
        making.asked(participant, published, "One more.")


def test_a_receipt_names_number_time_digest_and_text(asked, mailoutbox):
    run_all()
    email = next(each for each in mailoutbox if "receipt C" in each.subject)
    version = asked.versions.get()
    assert email.subject == f"We have received your request for correction (receipt C{version.pk})"
    assert version.text.sha256 in email.body
    assert making.WORDS in email.body
    assert f"/en/my/corrections/{asked.pk}/" in email.body


def test_a_name_with_a_line_break_breaks_no_header(published, mailoutbox):
    someone = world.person("Eve\nBcc: all@example.org")
    making.asked(someone, published, "Subject: hi\nBcc: all@example.org")
    run_all()
    assert all("\n" not in email.subject for email in mailoutbox)
    assert {address for email in mailoutbox for address in email.recipients()} >= {someone.email}
    assert "all@example.org" not in {address for email in mailoutbox for address in email.recipients()}


def test_withdrawn_before_publication_nothing_of_it_waits_or_is_public(participant, asked):
    actions.withdraw(actor=participant, correction=asked)
    actions.withdraw(actor=participant, correction=asked)  # a double click
    assert making.fresh(asked).state == "withdrawn"
    assert not Item.objects.filter(kind="correction").exists()
    assert not Correction.objects.filter(number__isnull=False).exists()


def test_nobody_else_withdraws_it(author, asked):
    with pytest.raises(NotPermitted, match="Only the person who made the request"):
        actions.withdraw(actor=author, correction=asked)


def test_withdrawn_after_publication_a_notice_stays_and_no_word_of_it(participant, correction):
    actions.withdraw(actor=participant, correction=correction)
    gone = making.fresh(correction)
    assert (gone.state, gone.number, gone.text, gone.name, gone.byline) == ("withdrawn", 1, "", "", None)
