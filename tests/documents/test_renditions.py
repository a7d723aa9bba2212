"""Translations of a document: saving, two translators at once, reviewing, the state of each."""

import pytest

from plenara.core.refusals import InvalidInput, NotPermitted
from plenara.documents import actions
from plenara.documents.actions.renditions import Typed, rendition_statuses, review_rendition, save_rendition
from plenara.documents.models import ParagraphText, Rendition
from tests import world
from tests.documents import making

pytestmark = pytest.mark.django_db


def typed(paragraph, text, *, was="", heading="", **more):
    empty = ParagraphText().digest
    return {paragraph.pk: Typed(heading, text, was=was or empty, source=making.source(paragraph).digest, **more)}


def text_of(paragraph, language="ar"):
    return ParagraphText.objects.get(paragraph=paragraph, language=language)


def test_a_translation_is_kept_with_what_it_was_made_from(translator, document, statement):
    assert save_rendition(actor=translator, document=document, language="ar", typed=typed(statement, "نص")) == []
    text, rendition = text_of(statement), document.renditions.get()
    assert (text.text, text.source_digest, text.changed_by) == ("نص", making.source(statement).digest, translator)
    assert text.source_text == "Documents come too late."
    assert (rendition.state, rendition.translator) == ("draft", translator)


def test_what_was_not_typed_is_left_alone(translator, document, statement):
    save_rendition(actor=translator, document=document, language="ar", typed=typed(statement, ""))
    assert not ParagraphText.objects.filter(language="ar").exists()
    assert document.renditions.get().state == "missing"


def test_two_translators_at_once_hear_of_each_other_and_lose_nothing(
    translator, other_translator, rapporteur, document, statement
):
    second = making.statement(rapporteur, document, "A second one.")
    save_rendition(actor=translator, document=document, language="ar", typed=typed(statement, "first"))
    conflicts = save_rendition(
        actor=other_translator,
        document=document,
        language="ar",
        typed=typed(statement, "another") | typed(second, "second"),
    )
    assert [(each.paragraph, each.now.text, each.now.changed_by) for each in conflicts] == [
        (statement.pk, "first", translator)
    ]
    assert (text_of(statement).text, text_of(second).text) == ("first", "second")


def test_a_field_that_was_not_touched_does_not_undo_anothers(translator, other_translator, document, statement):
    save_rendition(actor=translator, document=document, language="ar", typed=typed(statement, "first"))
    before = text_of(statement).digest
    save_rendition(actor=translator, document=document, language="ar", typed=typed(statement, "better", was=before))
    stale = typed(statement, "first", was=before)
    assert save_rendition(actor=other_translator, document=document, language="ar", typed=stale) == []
    assert text_of(statement).text == "better"


def test_two_titles_at_once_are_a_conflict_too(translator, other_translator, document, statement):
    for person, title in ((translator, "one"), (other_translator, "two")):
        conflicts = save_rendition(actor=person, document=document, language="ar", typed={}, title=title, title_was="")
    assert [(each.paragraph, each.now.text) for each in conflicts] == [(0, "one")]
    assert making.fresh(document).title["ar"] == "one"


def test_a_changed_source_makes_it_outdated_until_it_is_changed_or_confirmed(
    translator, rapporteur, document, statement
):
    making.translated(translator, document, "ar")
    actions.edit_paragraph(
        actor=rapporteur, paragraph=statement, kind="concern", text="Later.", was=making.stamp(statement)
    )
    text = text_of(statement)
    assert text.source_digest != making.source(statement).digest
    assert text.source_text == "Documents come too late."
    same = {"heading": text.heading, "was": text.digest}
    save_rendition(actor=translator, document=document, language="ar", typed=typed(statement, text.text, **same))
    assert text_of(statement).source_digest != making.source(statement).digest
    save_rendition(
        actor=translator, document=document, language="ar", typed=typed(statement, text.text, confirmed=True, **same)
    )
    assert text_of(statement).source_digest == making.source(statement).digest


def test_what_was_translated_from_an_older_form_is_outdated_at_once(translator, rapporteur, document, statement):
    late = typed(statement, "نص")
    actions.edit_paragraph(
        actor=rapporteur, paragraph=statement, kind="concern", text="Later.", was=making.stamp(statement)
    )
    save_rendition(actor=translator, document=document, language="ar", typed=late)
    assert text_of(statement).source_digest != making.source(statement).digest


def test_changing_only_the_kind_outdates_nothing(translator, rapporteur, document, statement):
    making.reviewed(translator, rapporteur, document, "ar")
    actions.edit_paragraph(
        actor=rapporteur,
        paragraph=statement,
        kind="proposal",
        text="Documents come too late.",
        was=making.stamp(statement),
    )
    assert document.renditions.get().state == "reviewed"


def test_it_is_reviewed_by_another_where_there_is_one(translator, rapporteur, document, statement):
    rendition = making.translated(translator, document, "ar")
    with pytest.raises(NotPermitted):
        review_rendition(actor=translator, rendition=rendition)
    reviewed = review_rendition(actor=rapporteur, rendition=rendition)
    assert (reviewed.state, reviewed.reviewer, reviewed.self_reviewed) == ("reviewed", rapporteur, False)


def test_who_translates_alone_reviews_alone_and_it_is_kept(rapporteur, document, statement):
    rendition = making.translated(rapporteur, document, "ar")
    assert review_rendition(actor=rapporteur, rendition=rendition).self_reviewed


def test_a_reviewer_who_mends_a_word_does_not_become_the_translator(
    translator, other_translator, rapporteur, document, statement
):
    for text in ("Two.", "Three."):
        making.statement(rapporteur, document, text, kind="frame")
    making.translated(translator, document, "ar")
    fixed = typed(statement, "mended", was=text_of(statement).digest)
    save_rendition(actor=other_translator, document=document, language="ar", typed=fixed)
    rendition = document.renditions.get()
    assert rendition.translator == translator
    assert not review_rendition(actor=other_translator, rendition=rendition).self_reviewed


def test_what_is_incomplete_is_not_reviewed(translator, rapporteur, document, statement):
    rendition = making.translated(translator, document, "ar")
    making.statement(rapporteur, document, "One more.", heading="With a heading")
    with pytest.raises(InvalidInput):
        review_rendition(actor=rapporteur, rendition=rendition)


def test_a_source_changed_there_and_back_needs_no_new_translation(translator, rapporteur, document, statement):
    rendition = making.reviewed(translator, rapporteur, document, "ar")
    for text in ("Other.", "Documents come too late."):
        actions.edit_paragraph(
            actor=rapporteur, paragraph=statement, kind="concern", text=text, was=making.stamp(statement)
        )
    assert making.fresh(rendition).state == "outdated"
    assert review_rendition(actor=rapporteur, rendition=rendition).state == "reviewed"


def test_saving_again_takes_the_review_back(translator, rapporteur, document, statement):
    rendition = making.reviewed(translator, rapporteur, document, "ar")
    making.translated(translator, document, "ar", prefix="again ")
    rendition.refresh_from_db()
    assert (rendition.state, rendition.reviewer) == ("draft", None)


def test_a_statement_that_was_deleted_meanwhile_is_passed_over(translator, rapporteur, document, statement, edition):
    second = making.statement(rapporteur, document, "A second one.")
    late = typed(second, "second") | typed(statement, "first")
    actions.delete_paragraph(actor=rapporteur, paragraph=second, was=making.stamp(second), citations=0)
    assert save_rendition(actor=translator, document=document, language="ar", typed=late) == []
    assert text_of(statement).text == "first"


def test_a_text_that_is_too_long_saves_nothing(translator, document, statement):
    with pytest.raises(InvalidInput):
        save_rendition(actor=translator, document=document, language="ar", typed=typed(statement, "x" * 4001))
    assert not Rendition.objects.exists()


def test_where_the_six_stand(translator, rapporteur, document, statement):
    making.statement(rapporteur, document, "A second one.")
    save_rendition(actor=translator, document=document, language="ar", typed=typed(statement, "نص"))
    found = {each.code: (each.state, each.done, each.total, each.is_source) for each in rendition_statuses(document)}
    assert found["en"] == ("draft", 2, 2, True)
    assert found["ar"] == ("draft", 1, 2, False)
    assert found["zh"] == ("missing", 0, 2, False)
    assert list(found) == ["ar", "zh", "en", "fr", "ru", "es"]


def test_who_may_translate(
    translator, rapporteur, organizer, moderator, participant, consultation, elsewhere, document, statement
):
    french = world.grant(world.person("Claire Martin"), consultation, "translator", "fr")
    abroad = world.grant(world.person("Elsewhere"), elsewhere, "translator", "ar")
    for person in (french, abroad, organizer, moderator, participant):
        with pytest.raises(NotPermitted):
            save_rendition(actor=person, document=document, language="ar", typed=typed(statement, "x"))
    with pytest.raises(NotPermitted):
        save_rendition(actor=rapporteur, document=document, language="en", typed=typed(statement, "x"))
    assert save_rendition(actor=rapporteur, document=document, language="zh", typed=typed(statement, "x")) == []
