"""Citing words of a contribution, and removing a citation."""

import pytest

from plenara.contributions.actions import revise, withdraw
from plenara.core.models import AuditEntry
from plenara.core.refusals import InvalidInput, NotPermitted
from plenara.documents import actions
from plenara.documents.models import Citation
from plenara.moderation.actions import remove
from tests import world
from tests.documents import making

pytestmark = pytest.mark.django_db


def test_words_that_stand_in_the_contribution_are_cited(rapporteur, document, edition):
    made = making.statement(rapporteur, document)
    citation = making.cited(rapporteur, made, edition, "  three weeks\n before a   meeting ")
    assert citation.words == "three weeks before a meeting"
    assert citation.position == 1


def test_words_are_those_that_a_reader_sees(rapporteur, document, author, moderator, thread):
    text = "We ask for **three weeks**, and [a page](https://example.org) of *each* document."
    edition = world.published(author, moderator, thread, text)
    made = making.statement(rapporteur, document)
    assert making.cited(rapporteur, made, edition, "three weeks, and a page of each document.")
    with pytest.raises(InvalidInput):
        making.cited(rapporteur, made, edition, "**three weeks**")


@pytest.mark.parametrize("words", ["", "  ", "two weeks before a meeting", "x" * 2001, "Three Weeks before a meeting"])
def test_other_words_are_refused(rapporteur, document, edition, words):
    made = making.statement(rapporteur, document)
    with pytest.raises(InvalidInput) as refused:
        making.cited(rapporteur, made, edition, words)
    assert refused.value.field == "words"
    assert not Citation.objects.exists()


def test_the_same_words_twice_are_one_citation(rapporteur, statement, edition):
    making.cited(rapporteur, statement, edition)
    assert statement.citations.count() == 1
    assert AuditEntry.objects.filter(verb="document.cited").count() == 1


def test_a_frame_cites_nothing(rapporteur, document, edition):
    with pytest.raises(InvalidInput):
        making.cited(rapporteur, making.statement(rapporteur, document, kind="frame"), edition)


def test_what_is_withdrawn_or_removed_is_not_cited(rapporteur, document, author, moderator, thread):
    made = making.statement(rapporteur, document)
    withdrawn = world.published(author, moderator, thread, "First words.")
    removed = world.published(author, moderator, thread, "Second words.")
    withdraw(actor=author, contribution=withdrawn.contribution)
    remove(actor=moderator, kind="contribution", pk=removed.contribution_id, reason="R3")
    for edition, words in ((withdrawn, "First words."), (removed, "Second words.")):
        with pytest.raises(InvalidInput):
            making.cited(rapporteur, made, edition, words)


def test_a_contribution_of_another_consultation_is_not_cited(
    rapporteur, document, author, elsewhere, moderator_elsewhere
):
    other = world.published(author, moderator_elsewhere, elsewhere.threads.get(number=1))
    with pytest.raises(InvalidInput):
        making.cited(rapporteur, making.statement(rapporteur, document), other)


def test_an_earlier_edition_stays_citable(rapporteur, document, author, moderator, edition):
    version = revise(actor=author, contribution=edition.contribution, text="Other words now.", language="en")
    world.decided(version.contribution, moderator)
    made = making.statement(rapporteur, document)
    assert making.cited(rapporteur, made, edition).edition.revision == 0


def test_a_citation_is_taken_away_once(rapporteur, statement):
    citation = statement.citations.get()
    for _click in range(2):
        actions.uncite(actor=rapporteur, citation=citation)
    assert not statement.citations.exists()
    assert AuditEntry.objects.filter(verb="document.uncited").count() == 1


def test_nobody_but_a_rapporteur_cites(organizer, moderator, translator, participant, statement, edition):
    for person in (organizer, moderator, translator, participant):
        with pytest.raises(NotPermitted):
            making.cited(person, statement, edition, "a meeting")
        with pytest.raises(NotPermitted):
            actions.uncite(actor=person, citation=statement.citations.get())
    assert statement.citations.count() == 1


def test_a_machines_copy_that_nobody_accepted_goes_with_the_text(rapporteur, document, edition):
    from plenara.documents.models import Change, ParagraphText
    from plenara.documents.personal_data import forget_words

    copied = actions.add_paragraph(
        actor=rapporteur, document=document, kind="proposal", text=world.WORDS, machine="extract"
    )
    written = actions.add_paragraph(actor=rapporteur, document=document, kind="proposal", text="In words of my own.")
    for each in (copied, written):
        actions.cite(actor=rapporteur, paragraph=each, edition=edition, words=world.WORDS)
    forget_words.call(edition_id=edition.pk)
    assert not Change.objects.filter(text__contains=world.WORDS).exists()
    assert not ParagraphText.objects.filter(text__contains=world.WORDS).exists()
    assert ParagraphText.objects.get(paragraph=written).text == "In words of my own."
