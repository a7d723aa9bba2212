"""A disagreement shows both sides, each with its citations, on the working side and in the record."""

import pytest

from plenara.core.refusals import InvalidInput
from plenara.documents import actions
from plenara.documents.actions.renditions import Typed, rendition_statuses, save_rendition
from plenara.documents.models import PublishedText, digest_of
from plenara.documents.queries.editions import cited_in, read_edition
from plenara.documents.validation import publication
from tests.documents import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def disagreement(rapporteur, document, edition):
    return making.disagreement(rapporteur, document, edition)


def codes(document):
    return [error.code for error in publication.errors_of(document)]


def test_a_disagreement_needs_both_texts_and_nothing_else_has_two(rapporteur, document):
    with pytest.raises(InvalidInput) as refused:
        making.statement(rapporteur, document, kind="disagreement")
    assert refused.value.field == "against"
    with pytest.raises(InvalidInput) as refused:
        making.statement(rapporteur, document, kind="concern", against="No.")
    assert refused.value.field == "against"
    with pytest.raises(InvalidInput):
        making.statement(rapporteur, document, kind="disagreement", against="x" * 4001)
    assert not document.paragraphs.exists()


def test_both_sides_are_kept_and_cited(disagreement):
    assert making.source(disagreement).against == "Language does."
    assert [(each.words, each.side) for each in disagreement.citations.all()] == [
        (making.HELD, ""),
        (making.AGAINST, "against"),
    ]


def test_only_a_disagreement_cites_against(rapporteur, statement, edition):
    for side in ("against", "both"):
        with pytest.raises(InvalidInput) as refused:
            actions.cite(actor=rapporteur, paragraph=statement, edition=edition, words=making.AGAINST, side=side)
        assert refused.value.field == "side"
    assert statement.citations.count() == 1


def test_the_same_words_cited_for_the_other_side_change_the_side(rapporteur, disagreement, edition):
    for _click in range(2):
        actions.cite(actor=rapporteur, paragraph=disagreement, edition=edition, words=making.HELD, side="against")
    assert [each.side for each in disagreement.citations.all()] == ["against", "against"]


def test_what_cites_both_sides_stays_a_disagreement(rapporteur, disagreement):
    with pytest.raises(InvalidInput) as refused:
        actions.edit_paragraph(
            actor=rapporteur, paragraph=disagreement, kind="concern", text="x", was=making.stamp(disagreement)
        )
    assert refused.value.field == "kind"


def test_the_gate_wants_a_citation_on_each_side(rapporteur, document, disagreement):
    assert "one_sided" not in codes(document)
    actions.uncite(actor=rapporteur, citation=disagreement.citations.get(side="against"))
    assert "one_sided" in codes(document)
    actions.cite(
        actor=rapporteur, paragraph=disagreement, edition=disagreement.citations.get().edition, words=making.HELD,
        side="against",
    )  # fmt: skip
    assert "one_sided" in codes(document)


def test_what_holds_of_both_sides_is_said_once(rapporteur, document, edition):
    making.disagreement(rapporteur, document, edition, text="Cost does in Peru.", against="Language does in Peru.")
    (name,) = [each for each in publication.findings_of(document).warnings if each.code == "name"]
    assert "Peru" in name.sentence


def test_a_change_of_one_side_makes_a_stale_form_hear_of_it(rapporteur, other_rapporteur, disagreement):
    opened = making.stamp(disagreement)
    typed = {"paragraph": disagreement, "kind": "disagreement", "text": "Time matters most."}
    actions.edit_paragraph(actor=other_rapporteur, **typed, against="Cost does.", was=opened)
    with pytest.raises(actions.ChangedMeanwhile):
        actions.edit_paragraph(actor=rapporteur, **typed, against="Nothing does.", was=opened)
    assert making.source(disagreement).against == "Cost does."


def test_a_translation_is_not_complete_without_the_other_side(rapporteur, translator, document, disagreement):
    def save(against, was):
        typed = Typed("", "[ar] held", was=was, source=making.source(disagreement).digest, against=against)
        save_rendition(actor=translator, document=document, language="ar", typed={disagreement.pk: typed})

    from plenara.documents.validation.contents import rendition_errors

    save("", digest_of("", ""))
    assert "missing" in [error.code for error in rendition_errors(document, "ar")]
    save("[ar] against", digest_of("", "[ar] held"))
    assert "missing" not in [error.code for error in rendition_errors(document, "ar")]
    assert next(each.done for each in rendition_statuses(document) if each.code == "ar") == 1


def test_a_change_of_what_is_held_against_it_makes_a_translation_outdated(
    rapporteur, translator, document, disagreement
):
    from plenara.documents.validation.contents import rendition_errors

    making.translated(translator, document, "ar")
    actions.edit_paragraph(
        actor=rapporteur, paragraph=disagreement, kind="disagreement", text="Time matters most.",
        against="Cost does.", was=making.stamp(disagreement),
    )  # fmt: skip
    assert [(error.paragraph, error.code) for error in rendition_errors(document, "ar") if error.paragraph] == [
        (1, "outdated")
    ]


def test_the_record_has_both_sides_their_citations_and_the_question(
    rapporteur, organizer, translator, document, edition, thread
):
    making.disagreement(rapporteur, document, edition, thread=thread)
    making.reviewed(translator, rapporteur, document, "ar")
    published = making.published(rapporteur, organizer, document)
    assert set(PublishedText.objects.values_list("language", "against")) == {
        ("en", "Language does."),
        ("ar", "[ar] Language does."),
    }
    found = read_edition(published, "ar")
    assert [under.thread for under in found.questions] == [thread]
    held, against = found.paragraphs[0].sides
    assert (held.text, against.text) == ("[ar] Time matters most.", "[ar] Language does.")
    assert ([each.words for each in held.quotes], [each.words for each in against.quotes]) == (
        [making.HELD],
        [making.AGAINST],
    )


def test_where_words_went_tells_the_side_that_they_are_cited_for(
    rapporteur, organizer, document, disagreement, edition
):
    making.published(rapporteur, organizer, document)
    places = cited_in([edition.pk], "en")[edition.pk]
    assert [(place.words, place.text) for place in places] == [
        (making.HELD, "Time matters most."),
        (making.AGAINST, "Language does."),
    ]


def test_an_added_side_is_read_in_the_original_until_it_is_translated(
    rapporteur, organizer, translator, document, statement, edition
):
    making.reviewed(translator, rapporteur, document, "ar")
    making.published(rapporteur, organizer, document)
    actions.reopen(actor=rapporteur, document=document)
    actions.edit_paragraph(
        actor=rapporteur, paragraph=statement, kind="disagreement", text=making.source(statement).text,
        against="Language does.", was=making.stamp(statement),
    )  # fmt: skip
    actions.cite(actor=rapporteur, paragraph=statement, edition=edition, words=making.AGAINST, side="against")
    found = read_edition(making.published(rapporteur, organizer, document), "ar").paragraphs[0]
    assert found.is_outdated
    assert [(side.language, side.text) for side in found.sides][1] == ("en", "Language does.")
