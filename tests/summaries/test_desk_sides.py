"""The desk's forms for a disagreement, a question, and a machine's words; nothing typed is lost."""

import pytest

from plenara.documents import actions as document_actions
from plenara.documents.models import Citation, Paragraph
from tests.documents import making as document_making
from tests.summaries import making
from tests.summaries.answers import body, hidden, textarea

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # forms; the actions behind them are tested on both

TYPED = {"kind": "disagreement", "text": "Time matters most.", "against": "Language does."}


@pytest.fixture
def disagreement(rapporteur, summary, edition):
    return document_making.disagreement(rapporteur, summary.document, edition)


def test_a_disagreement_is_written_with_both_sides_under_its_question(sign_in, rapporteur, desk, summary, thread):
    client = sign_in(rapporteur)
    form = {**TYPED, "thread": thread.pk, "key": hidden(client.get(f"{desk}statements/new/"), "key")}
    for _click in range(2):
        assert client.post(f"{desk}statements/new/", form).status_code == 302
    paragraph = summary.document.paragraphs.get()
    assert (paragraph.thread, document_making.source(paragraph).against) == (thread, "Language does.")
    assert "Question 1." in body(client.get(desk))


def test_the_missing_side_has_its_error_at_the_field_and_nothing_typed_is_lost(sign_in, rapporteur, desk, thread):
    long = "x" * 10_000
    for against in ("", long):
        answer = sign_in(rapporteur).post(f"{desk}statements/new/", {**TYPED, "thread": thread.pk, "against": against})
        assert answer.status_code == 422
        assert 'id="id_against_error"' in body(answer)
        assert (textarea(answer, "text"), textarea(answer, "against")) == (TYPED["text"], against)
        assert f'value="{thread.pk}" selected' in body(answer)
    assert not Paragraph.objects.exists()


def test_a_question_of_another_consultation_is_no_choice(sign_in, rapporteur, desk, elsewhere):
    form = {"kind": "concern", "text": "x", "thread": elsewhere.threads.first().pk}
    assert sign_in(rapporteur).post(f"{desk}statements/new/", form).status_code == 422


def test_words_are_cited_for_a_side_and_turned_to_the_other(sign_in, rapporteur, desk, disagreement, edition):
    client = sign_in(rapporteur)
    form = {"statement": disagreement.pk, "words": "a language", "side": "against"}
    assert client.post(f"{desk}contributions/{edition.number}/", form).status_code == 302
    citation = Citation.objects.get(words="a language")
    assert citation.side == "against"
    assert client.post(f"{desk}citations/{citation.pk}/side/", {"side": ""}).status_code == 302
    citation.refresh_from_db()
    assert citation.side == ""


def test_a_stale_edit_of_the_other_side_shows_it_and_keeps_what_was_typed(
    sign_in, rapporteur, other_rapporteur, desk, disagreement
):
    client, address = sign_in(rapporteur), f"{desk}statements/{disagreement.pk}/"
    was = hidden(client.get(address), "was")
    document_actions.edit_paragraph(
        actor=other_rapporteur, paragraph=disagreement, kind="disagreement", text=TYPED["text"],
        against="Language does, and cost.", was=was,
    )  # fmt: skip
    answer = client.post(address, {**TYPED, "against": "Cost does.", "was": was})
    assert answer.status_code == 409
    assert "<ins>" in body(answer)
    assert textarea(answer, "against") == "Cost does."
    again = client.post(address, {**TYPED, "against": "Cost does.", "was": hidden(answer, "was")})
    assert again.status_code == 302
    assert document_making.source(disagreement).against == "Cost does."


def test_a_machines_words_are_marked_until_they_are_accepted(sign_in, rapporteur, organizer, desk, summary, edition):
    paragraph = making.statement_of(rapporteur, summary, edition, machine="extract")
    client, marked = sign_in(rapporteur), "Written by a machine, not accepted yet"
    for page in ("", f"statements/{paragraph.pk}/", "review/"):
        assert marked in body(client.get(desk + page))
    was = hidden(client.get(f"{desk}statements/{paragraph.pk}/"), "was")
    for _click in range(2):
        assert client.post(f"{desk}statements/{paragraph.pk}/accept/", {"was": was}).status_code == 302
    assert making.fresh(paragraph).accepted_by == rapporteur
    for page in ("", f"statements/{paragraph.pk}/", "review/"):
        assert marked not in body(client.get(desk + page))


def test_words_that_another_changed_are_not_accepted_unseen(
    sign_in, rapporteur, other_rapporteur, desk, summary, edition
):
    paragraph = making.statement_of(rapporteur, summary, edition, machine="extract")
    was = document_making.stamp(paragraph)
    document_actions.edit_paragraph(
        actor=other_rapporteur, paragraph=paragraph, kind="proposal", text="Documents come too late.", was=was
    )
    answer = sign_in(rapporteur).post(f"{desk}statements/{paragraph.pk}/accept/", {"was": was}, follow=True)
    assert "Someone else has saved changes since you opened this page." in body(answer)
    assert making.fresh(paragraph).awaits_acceptance


def test_nobody_but_a_writer_accepts_or_turns(sign_in, organizer, translator, desk, disagreement):
    citation = disagreement.citations.first()
    for person in (organizer, translator):
        client = sign_in(person)
        assert client.post(f"{desk}statements/{disagreement.pk}/accept/", {"was": ""}).status_code == 403
        assert client.post(f"{desk}citations/{citation.pk}/side/", {"side": "against"}).status_code == 403
