"""Several at once, in threads of their own: a request is made, numbered and answered once, and nothing deadlocks."""

import pytest

from plenara.accounts.models import Person
from plenara.core.models import AuditEntry
from plenara.documents import actions as document_actions
from plenara.moderation.actions import decide, remove
from plenara.summaries.actions import summaries
from plenara.summaries.corrections import actions
from plenara.summaries.models import Correction, Summary
from tests.consultations.test_at_once import at_once, refused
from tests.summaries import making as summaries_made
from tests.summaries.corrections import making

pytestmark = pytest.mark.django_db(transaction=True)


def again(person):
    return Person.objects.get(pk=person.pk)


def test_one_form_sent_by_six_clicks_asks_once(participant, published):
    click = lambda: making.asked(again(participant), published, key="a-form")  # noqa: E731
    results = at_once(*[click] * 6)
    assert refused(results) == []
    assert Correction.objects.count() == 1


def test_requests_approved_at_once_get_numbers_of_their_own(participant, moderator, other_moderator, published):
    waiting = [making.asked(participant, published, f"Number {number}.") for number in range(4)]

    def approve(it, who):
        version = it.versions.get()
        return lambda: decide(actor=again(who), kind="correction", pk=it.pk, version_id=version.pk, code="APPROVED")

    at_once(*[approve(it, who) for it, who in zip(waiting, [moderator, other_moderator] * 2, strict=True)])
    assert sorted(Correction.objects.values_list("number", flat=True)) == [1, 2, 3, 4]


def test_of_many_who_answer_at_once_one_is_first_and_the_others_hear_it(
    organizer, second_organizer, other_rapporteur, correction
):
    def answer(who, verdict):
        return lambda: actions.answer(
            actor=again(who), correction=correction, verdict=verdict, reason=f"By {who.name}.", language="en"
        )

    results = at_once(
        answer(organizer, "upheld"), answer(second_organizer, "refused"), answer(other_rapporteur, "partly")
    )
    assert len(refused(results)) == 2
    assert AuditEntry.objects.filter(verb="correction.answered").count() == 1


def test_who_withdraws_while_it_is_decided_on_is_either_first_or_second(participant, moderator, asked):
    version = asked.versions.get()
    at_once(
        lambda: actions.withdraw(actor=again(participant), correction=asked),
        lambda: decide(actor=again(moderator), kind="correction", pk=asked.pk, version_id=version.pk, code="APPROVED"),
    )
    it = making.fresh(asked)
    assert it.state == "withdrawn"
    assert it.text == ""


def test_a_summary_is_published_while_what_it_puts_right_is_removed(
    rapporteur, organizer, moderator, participant, published
):
    it = making.published(participant, moderator, published, statement=None)
    making.answered(organizer, it)
    summary = Summary.objects.get()
    document_actions.submit_for_review(actor=rapporteur, document=summary.document)
    document_actions.approve(actor=organizer, document=summary.document)
    results = at_once(
        lambda: summaries.publish(
            actor=again(organizer), summary=Summary.objects.get(pk=summary.pk), is_correction=True
        ),
        lambda: remove(actor=again(moderator), kind="correction", pk=it.pk, reason="C4"),
    )
    assert refused(results) == []
    it = making.fresh(it)
    assert (it.state, it.text) == ("removed", "")
    assert it.corrected_by.is_correction


def test_two_summaries_are_corrected_and_requests_decided_on_all_at_once(
    rapporteur, organizer, moderator, participant, consultation, edition, published
):
    second = summaries_made.summary(rapporteur, consultation)
    summaries_made.statement_of(rapporteur, second, edition)
    other = summaries_made.published(rapporteur, organizer, second)
    asked = [making.asked(participant, where, f"In {where.symbol}") for where in (published, other)]

    def approve(it):
        version = it.versions.get()
        return lambda: decide(
            actor=again(moderator), kind="correction", pk=it.pk, version_id=version.pk, code="APPROVED"
        )

    results = at_once(*[approve(it) for it in asked])
    assert refused(results) == []
    assert list(Correction.objects.values_list("number", flat=True)) == [1, 1]  # each counts in its own summary
