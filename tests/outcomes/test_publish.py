"""A version of an outcome: stages, permanent numbers, traces, and that nobody is left without a reason."""

import pytest

from plenara.core.refusals import InvalidInput, NotPermitted
from plenara.documents import actions as document_actions
from plenara.documents.models import PublishedParagraph
from plenara.outcomes import actions
from plenara.outcomes.models import Stage, Trace
from plenara.outcomes.queries.contributions import unanswered_by, unanswered_now
from tests import world
from tests.outcomes import making

pytestmark = pytest.mark.django_db


def test_a_zero_draft_has_sections_numbers_and_traces(version, outcome, edition, consultation):
    assert version.stage == Stage.ZERO_DRAFT
    assert version.edition.symbol == f"{consultation.symbol}/OUT/1"
    assert version.edition.address == "outcomes/wgig/report/"
    assert [each.slug for each in version.sections.all()] == ["definition", "policy-issues", "roles", "recommendations"]
    assert set(version.sections.first().title) == {"ar", "en", "es", "fr", "ru", "zh"}
    trace = Trace.objects.get(edition=version)
    assert (trace.contribution, trace.response, trace.paragraph.mark) == (edition.contribution, "taken_up", 1)
    assert trace.reason.text == making.REASON
    assert (version.figures["answered"], version.figures["left"]) == (1, 0)
    assert version.figures["groups"] == {"civil_society": [1, 1]}
    assert version.figures["threads"] == {f"{consultation.slug}/1": [1, 1]}
    assert making.fresh(outcome.body).is_public


def test_a_number_stays_with_its_paragraph_wherever_it_stands(
    version, outcome, drafter, chair, author, moderator, thread
):
    document_actions.reopen(actor=drafter, document=making.fresh(outcome.document))
    other = world.published(author, moderator, thread, "Another thing.")
    first = making.paragraph(drafter, outcome, "It comes first now.", cites=other)
    actions.move_paragraph(actor=drafter, paragraph=first, section=outcome.sections.get(number=1))
    document_actions.submit_for_review(actor=drafter, document=outcome.document)
    document_actions.approve(actor=chair, document=outcome.document)
    draft = actions.publish(actor=chair, outcome=outcome, stage=Stage.DRAFT)
    rows = PublishedParagraph.objects.filter(edition=draft.edition).order_by("number")
    assert list(rows.values_list("number", "mark")[:3]) == [(1, 5), (2, 1), (3, 2)]
    assert draft.draft == 1 and draft.edition.symbol.endswith("/OUT/1/Rev.1")


def test_a_statement_that_is_cited_leads_to_what_it_rests_on(outcome, drafter, chair, rapporteur, organizer, edition):
    from tests.summaries import making as summaries

    summary = summaries.summary(rapporteur, edition.consultation)
    statement = summaries.statement(rapporteur, summary.document)
    summaries.cited(rapporteur, statement, edition)
    for thread in edition.consultation.threads.exclude(pk=edition.thread_id):
        summaries.statement(rapporteur, summary.document, "Nobody has written.", kind="frame", thread=thread)
    published = summaries.published(rapporteur, organizer, summary)
    made = making.paragraph(drafter, outcome)
    cited = published.paragraphs.get(number=1)
    actions.refer(actor=drafter, paragraph=made, statement=cited, response="taken_up_in_part", reason="In part.")
    assert not unanswered_now(outcome).exists()
    version = making.published(drafter, chair, outcome)
    trace = Trace.objects.get(edition=version)
    assert (trace.contribution, trace.statement, trace.response) == (edition.contribution, cited, "taken_up_in_part")
    assert not unanswered_by(version).exists()


def test_a_final_text_answers_everybody_or_says_in_public_why_not(
    version, outcome, drafter, chair, author, moderator, thread
):
    late = world.published(author, moderator, thread, "Another thing.")
    assert list(unanswered_by(version)) == [late]
    with pytest.raises(InvalidInput) as refused:
        making.published(drafter, chair, outcome, Stage.FINAL)
    assert refused.value.code == "left"
    with pytest.raises(InvalidInput, match=r"in the language of the text too \(English\)") as refused:
        actions.publish(actor=chair, outcome=outcome, stage=Stage.FINAL, why_left={"fr": "Elle est venue trop tard."})
    assert refused.value.field == "why_left_en"
    making.fresh(outcome.document)
    final = actions.publish(
        actor=chair, outcome=outcome, stage=Stage.FINAL, why_left={"en": "It came after the group had met."}
    )
    assert (final.figures["answered"], final.figures["left"]) == (1, 1)
    assert final.why_left == {"en": "It came after the group had met."}


def test_versions_follow_one_another(outcome, paragraph, drafter, chair):
    with pytest.raises(InvalidInput):
        making.published(drafter, chair, outcome, Stage.DRAFT)


def test_who_does_not_lead_the_body_publishes_nothing(outcome, paragraph, drafter, member, chair):
    making.fill(drafter, outcome)
    document_actions.submit_for_review(actor=drafter, document=outcome.document)
    with pytest.raises(NotPermitted):
        document_actions.approve(actor=member, document=outcome.document)
    document_actions.approve(actor=chair, document=outcome.document)
    with pytest.raises(NotPermitted):
        actions.publish(actor=drafter, outcome=outcome, stage=Stage.ZERO_DRAFT)
