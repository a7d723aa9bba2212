"""Pending work at the desk for people who write, approve and translate summaries."""

import datetime

import pytest

from plenara.consultations.presenters.desk import Urgency
from plenara.core import clock
from plenara.core.templatetags.plenara import date_in_words
from plenara.documents import actions as document_actions
from plenara.summaries.actions import summaries
from plenara.summaries.queries.todo import summaries_pending
from tests import world
from tests.summaries import making

pytestmark = pytest.mark.django_db


def sentences(person, consultation):
    return [task.sentence for task in summaries_pending(person, [consultation])]


def test_each_role_sees_what_it_can_do(rapporteur, organizer, translator, moderator, consultation, summary, statement):
    everybody = (rapporteur, organizer, translator, moderator)
    assert [sentences(person, consultation) for person in everybody] == [[], [], [], []]
    document_actions.submit_for_review(actor=rapporteur, document=summary.document)
    assert sentences(organizer, consultation) == ["A summary in preparation is waiting for approval."]
    document_actions.send_back(actor=organizer, document=summary.document, note="Mend it.")
    assert sentences(rapporteur, consultation) == ["A summary in preparation has been sent back to its writers."]
    document_actions.submit_for_review(actor=rapporteur, document=summary.document)
    document_actions.approve(actor=organizer, document=summary.document)
    assert sentences(rapporteur, consultation) == ["A summary in preparation has been approved and can be published."]
    due = date_in_words(making.fresh(summary).translations_due_at)
    waits = f"is waiting to be translated, due by {due} (Arabic)."
    assert sentences(translator, consultation) == [f"A summary in preparation {waits}"]
    summaries.publish(actor=rapporteur, summary=summary)
    assert sentences(rapporteur, consultation) == []
    assert sentences(translator, consultation) == [f"Summary 1 {waits}"]
    making.reviewed(translator, rapporteur, summary.document, "ar")
    assert sentences(translator, consultation) == []


def test_a_late_translation_comes_first_and_one_without_a_date_names_none(translator, consultation, published, summary):
    for due, urgency, words in (
        (-1, Urgency.NOW, "was due by "),
        (1, Urgency.SOON, "is waiting to be translated, due by "),
        (None, Urgency.SOON, "is waiting to be translated (Arabic)."),
    ):
        summary.translations_due_at = due and clock.now() + datetime.timedelta(days=due)
        summary.save()
        (task,) = summaries_pending(translator, [consultation])
        assert task.urgency == urgency
        assert words in task.sentence


def test_another_translators_draft_will_need_a_review(
    rapporteur, organizer, translator, consultation, published, summary
):
    other = world.grant(world.person("Samir"), consultation, "translator", "ar")
    making.translated(translator, summary.document, "ar")
    assert sentences(other, consultation) == ["Summary 1 has been translated and is waiting for a review (Arabic)."]
    assert "is waiting for a review (Arabic)." in sentences(rapporteur, consultation)[0]
    assert sentences(translator, consultation) == []  # it is somebody else's work
    document_actions.reopen(actor=rapporteur, document=summary.document)
    assert sentences(other, consultation) == []


def test_links_lead_where_it_is_done(rapporteur, organizer, translator, consultation, published, sign_in):
    task = summaries_pending(translator, [consultation])[0]
    assert sign_in(translator).get(task.url).status_code == 200


def test_three_queries_whatever_the_number(organizer, rapporteur, consultation, edition, django_assert_max_num_queries):
    for _ in range(4):
        summary = making.summary(rapporteur, consultation)
        making.statement_of(rapporteur, summary, edition)
        document_actions.submit_for_review(actor=rapporteur, document=summary.document)
    organizer = making.fresh(organizer)
    with django_assert_max_num_queries(3):
        assert len(summaries_pending(organizer, [consultation])) == 4
