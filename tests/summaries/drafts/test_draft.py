"""A draft is made of sentences of contributions, once, in one transaction, for a person who may write."""

import pytest

from plenara.consultations.models import Role
from plenara.core.models import AuditEntry, BackgroundTask
from plenara.core.refusals import ActionRefused, AlreadyDone, InvalidInput, NotPermitted
from plenara.core.tasks import run_all
from plenara.core.text import contains_words
from plenara.documents import actions as document_actions
from plenara.documents.models import Citation, Kind, ParagraphText
from plenara.documents.validation.publication import errors_of
from plenara.summaries.actions import summaries as summary_actions
from plenara.summaries.drafts import actions as drafting_actions
from plenara.summaries.drafts.actions import ask_draft, discard_draft, make_draft
from plenara.summaries.models import Draft
from tests import world
from tests.summaries.drafts.conftest import COST, FRENCH, LATE, LATE_TOO

pytestmark = pytest.mark.django_db


def texts(summary):
    """Return (question, kind, words) of a summary's statements, in their order."""
    rows = ParagraphText.objects.filter(paragraph__document=summary.document, language="en").order_by(
        "paragraph__number"
    )
    return [
        (each.paragraph.thread.number if each.paragraph.thread else 0, each.paragraph.kind, each.text)
        for each in rows.select_related("paragraph__thread")
    ]


def test_every_statement_is_a_sentence_that_it_cites(drafted, summary, voices):
    draft = drafted()
    assert draft.state == "done" and draft.made == summary.document.paragraphs.count() == 3
    for paragraph in summary.document.paragraphs.exclude(kind=Kind.FRAME):
        cited = paragraph.citations.select_related("edition__text")
        source = document_actions.source_of(paragraph, summary.document)
        assert source.text in [each.words for each in cited]
        assert all(contains_words(each.edition.text.content, each.words) for each in cited)


def test_what_two_groups_say_in_the_same_words_is_one_statement_that_cites_both(drafted, summary, voices):
    drafted()
    both = [{each.words for each in paragraph.citations.all()} for paragraph in summary.document.paragraphs.all()]
    assert {LATE, LATE_TOO} in both


def test_it_begins_with_the_period_and_stands_under_the_questions(drafted, summary, voices):
    drafted()
    drafted_texts = texts(summary)
    assert drafted_texts[0][:2] == (0, "frame") and "4 contributions" in drafted_texts[0][2]
    assert [thread for thread, _kind, _text in drafted_texts] == sorted(
        thread for thread, _kind, _text in drafted_texts
    )
    assert (2, "concern", COST) in drafted_texts


def test_a_question_without_an_answer_is_mentioned_in_a_frame(drafted, summary, edition):
    drafted()
    assert [each[:2] for each in texts(summary) if each[1] == "frame"] == [(0, "frame"), (2, "frame")]


def test_a_period_without_contributions_says_only_that(drafted, summary):
    assert drafted().made == 3
    assert {kind for _thread, kind, _text in texts(summary)} == {"frame"}


@pytest.mark.parametrize("most", [1, 2, 3, 4, 5, 60])
def test_there_are_never_more_than_were_asked_for(most, drafted, summary, voices):
    assert drafted(most).made <= most
    assert summary.document.paragraphs.count() <= most


def test_each_stakeholder_group_is_cited_where_there_is_room(drafted, summary, voices):
    drafted(5)
    cited = Citation.objects.filter(paragraph__document=summary.document)
    assert set(cited.values_list("edition__stakeholder_group", flat=True)) == {
        "civil_society", "government", "technical_academic",
    }  # fmt: skip


def test_all_of_it_is_marked_as_a_machines(drafted, summary, voices):
    drafted()
    assert all(each.machine == "extract" and each.awaits_acceptance for each in summary.document.paragraphs.all())


def test_it_writes_in_the_language_of_the_summary_and_says_whose_view_it_left_out(drafted, summary, voices):
    draft = drafted()
    assert FRENCH not in {text for _thread, _kind, text in texts(summary)}
    assert draft.refused == [{"text": "", "reason": "other_language", "number": voices[2].number}]


def test_what_is_said_in_another_language_is_translated_where_a_machine_can(
    drafted, summary, voices, settings, machine
):
    settings.TRANSLATION = machine.translator()
    machine.translated = lambda text, _source, _target: f"In English: {text}"
    assert drafted().refused == []
    made = ParagraphText.objects.get(paragraph__document=summary.document, text__startswith="In English").paragraph
    assert made.machine == settings.TRANSLATION.name
    assert [each.words for each in made.citations.all()] == [FRENCH]


def test_nobodys_first_person_becomes_the_summarys(drafted, summary, moderator, consultation):
    thread = consultation.threads.get(number=1)
    spoken = ["We believe that ferries need a timetable.", "I think that ferries run too late.", "Ferries are loud."]
    for text in spoken:
        world.published(world.person(text), moderator, thread, text)
    draft = drafted()
    words = {text for _thread, kind, text in texts(summary) if kind != "frame"}
    assert words and not words & set(spoken[:2])
    assert {each["reason"] for each in draft.refused} <= {"first_person"}


def test_at_most_one_sentence_of_a_contribution_is_taken_unless_several_are_asked_for(
    drafted, summary, moderator, consultation
):
    thread = consultation.threads.get(number=1)
    text = "Ferries need a timetable. Harbours lack lights at night. Tickets cost too much for families."
    edition = world.published(world.person("Talker"), moderator, thread, text)
    drafted()
    assert Citation.objects.filter(edition=edition).count() == 1
    drafted()
    assert Citation.objects.filter(edition=edition).count() == 1  # nor by another request
    drafted(takes_several=True)
    assert Citation.objects.filter(edition=edition).count() > 1


def test_a_draft_is_discarded_whole_besides_what_a_person_accepted_or_wrote(drafted, summary, voices, rapporteur):
    written = document_actions.add_paragraph(actor=rapporteur, document=summary.document, kind="concern", text="Mine.")
    draft = drafted()
    kept = summary.document.paragraphs.exclude(pk=written.pk).first()
    was = document_actions.stamp(kept, document_actions.source_of(kept, summary.document))
    document_actions.accept_paragraph(actor=rapporteur, paragraph=kept, was=was)
    assert discard_draft(actor=rapporteur, draft=draft) == draft.made - 1
    left = summary.document.paragraphs.order_by("number")
    assert {each.pk for each in left} == {written.pk, kept.pk} and [each.number for each in left] == [1, 2]
    draft.refresh_from_db()
    assert draft.discarded_at
    assert discard_draft(actor=rapporteur, draft=draft) == 0  # a double click
    assert AuditEntry.objects.filter(verb="summary.draft_discarded").count() == 1


def test_only_a_rapporteur_discards_and_only_while_it_is_a_draft(drafted, summary, voices, rapporteur, organizer):
    draft = drafted()
    with pytest.raises(NotPermitted):
        discard_draft(actor=organizer, draft=draft)
    document_actions.submit_for_review(actor=rapporteur, document=summary.document)
    with pytest.raises(ActionRefused):
        discard_draft(actor=rapporteur, draft=draft)
    assert summary.document.paragraphs.count() == draft.made


def test_run_twice_it_adds_once(drafted, summary, voices):
    draft = drafted()
    before = texts(summary)
    make_draft.call(draft_id=draft.pk)
    Draft.objects.filter(pk=draft.pk).update(state="waiting")  # killed after its commit, before it was marked as done
    make_draft.call(draft_id=draft.pk)
    assert texts(summary) == before


def test_killed_in_the_middle_it_leaves_nothing_and_is_made_later(drafted, summary, voices, rapporteur, monkeypatch):
    cites = []

    def cite_once(**more):
        cites.append(more)
        if len(cites) == 3:
            raise KeyboardInterrupt
        return real(**more)

    real = document_actions.cite
    draft = ask_draft(actor=rapporteur, summary=summary, most=12)
    monkeypatch.setattr(drafting_actions.document_actions, "cite", cite_once)
    with pytest.raises(KeyboardInterrupt):
        make_draft.call(draft_id=draft.pk)
    assert not summary.document.paragraphs.exists()
    monkeypatch.undo()
    run_all()
    assert summary.document.paragraphs.count() == Draft.objects.get().made > 0


def test_a_second_draft_brings_only_what_is_not_cited_yet(drafted, summary, voices):
    drafted(2)
    before = set(texts(summary))
    drafted(12)
    after = texts(summary)
    assert len(after) == len(set(after)) > len(before)
    assert drafted(12).made == 0


def test_what_a_person_set_aside_is_not_drafted(drafted, summary, voices, rapporteur):
    summary_actions.set_aside(actor=rapporteur, summary=summary, edition=voices[3], reason="Another question.")
    drafted()
    assert COST not in {text for _thread, _kind, text in texts(summary)}


def test_it_comes_after_what_is_there(drafted, summary, voices, rapporteur, thread):
    written = document_actions.add_paragraph(
        actor=rapporteur, document=summary.document, kind="concern", text="Mine.", thread=thread
    )
    drafted()
    written.refresh_from_db()
    later = summary.document.paragraphs.filter(thread=thread).exclude(pk=written.pk)
    assert all(each.number > written.number for each in later)


def test_the_same_form_sent_twice_asks_once(summary, rapporteur, voices):
    one = ask_draft(actor=rapporteur, summary=summary, most=5, key="k")
    assert ask_draft(actor=rapporteur, summary=summary, most=5, key="k") == one
    assert BackgroundTask.objects.filter(task="summaries.make_draft").count() == 1


def test_while_one_is_being_made_no_other_can_be_asked_for(summary, rapporteur, voices):
    ask_draft(actor=rapporteur, summary=summary, most=5, key="k")
    with pytest.raises(AlreadyDone):
        ask_draft(actor=rapporteur, summary=summary, most=5, key="l")


@pytest.mark.parametrize("most", [0, -1, 61, 10**9])
def test_a_number_beyond_the_limits_is_refused(most, summary, rapporteur):
    with pytest.raises(InvalidInput):
        ask_draft(actor=rapporteur, summary=summary, most=most)


def test_only_a_rapporteur_asks(summary, organizer, translator, outsider):
    for person in (organizer, translator, outsider):
        with pytest.raises(NotPermitted):
            ask_draft(actor=person, summary=summary, most=5)


def test_in_review_there_is_none(summary, rapporteur, statement):
    document_actions.submit_for_review(actor=rapporteur, document=summary.document)
    with pytest.raises(ActionRefused):
        ask_draft(actor=rapporteur, summary=summary, most=5)


def test_sent_to_review_meanwhile_it_is_not_made(summary, rapporteur, statement, voices):
    draft = ask_draft(actor=rapporteur, summary=summary, most=5)
    document_actions.submit_for_review(actor=rapporteur, document=summary.document)
    run_all()
    draft.refresh_from_db()
    assert (draft.state, draft.failure) == ("failed", "state")
    assert summary.document.paragraphs.count() == 1


def test_of_somebody_who_lost_the_role_meanwhile_it_is_not_made(summary, rapporteur, voices):
    draft = ask_draft(actor=rapporteur, summary=summary, most=5)
    Role.objects.filter(person=rapporteur).delete()
    run_all()
    draft.refresh_from_db()
    assert (draft.state, draft.failure) == ("failed", "role")
    assert not summary.document.paragraphs.exists()


def test_it_is_recorded_who_asked_and_what_was_made(drafted, voices, rapporteur):
    draft = drafted()
    acts = AuditEntry.objects.filter(verb__in=["summary.draft_asked", "summary.drafted"])
    assert [(each.verb, each.actor_id) for each in acts.order_by("pk")] == [
        ("summary.draft_asked", rapporteur.pk), ("summary.drafted", rapporteur.pk),
    ]  # fmt: skip
    assert acts.get(verb="summary.drafted").details["made"] == draft.made


def test_accepted_as_it_stands_a_draft_passes_the_publication_checks(drafted, summary, voices, rapporteur):
    summary_actions.set_aside(actor=rapporteur, summary=summary, edition=voices[2], reason="It is in French.")
    drafted()
    for paragraph in summary.document.paragraphs.all():
        was = document_actions.stamp(paragraph, document_actions.source_of(paragraph, summary.document))
        document_actions.accept_paragraph(actor=rapporteur, paragraph=paragraph, was=was)
    assert [each.sentence for each in errors_of(summary.document)] == []
