"""Publication: the contents of an edition, and that nothing changes it afterwards."""

import pytest

from plenara.core.cache_tags import revision
from plenara.core.models import AuditEntry
from plenara.core.refusals import ActionRefused, InvalidInput, NotPermitted
from plenara.documents import actions
from plenara.documents.actions import publication
from plenara.documents.models import DocumentEdition, PublishedRendition, PublishedText, RenditionState
from plenara.documents.queries.editions import read_edition
from tests import world
from tests.documents import making

pytestmark = pytest.mark.django_db


def changed(rapporteur, statement, text="Documents come much too late."):
    actions.reopen(actor=rapporteur, document=statement.document)
    actions.edit_paragraph(
        actor=rapporteur, paragraph=statement, kind="concern", text=text, was=making.stamp(statement)
    )


def test_an_edition_holds_what_was_approved(rapporteur, organizer, document, statement, edition, consultation):
    before = revision(consultation.cache_tag)
    published = making.published(rapporteur, organizer, document)
    assert published.symbol == f"{consultation.symbol}/SUM/1"
    assert (published.number, published.revision, published.in_force) == (1, 0, True)
    reading = read_edition(published, "en")
    assert [each.text for each in reading.paragraphs] == ["Documents come too late."]
    assert [(quote.number, quote.words) for quote in reading.paragraphs[0].quotes] == [(1, making.WORDS_CITED)]
    assert (reading.title, reading.writers, reading.approver) == ("What was said", ["Inés Calderón"], "Wei Zhang")
    assert revision(consultation.cache_tag) == before + 1
    assert AuditEntry.objects.filter(verb="document.published").count() == 1


def test_a_withheld_name_never_enters_the_record(rapporteur, organizer, document, statement):
    type(rapporteur).objects.filter(pk=rapporteur.pk).update(withholds_name=True)
    reading = read_edition(making.published(rapporteur, organizer, document), "en")
    assert reading.writers == [""]


def test_a_later_change_leaves_the_edition_alone(rapporteur, organizer, document, statement):
    published = making.published(rapporteur, organizer, document)
    changed(rapporteur, statement)
    assert [each.text for each in read_edition(published, "en").paragraphs] == ["Documents come too late."]


def test_revisions_and_corrections_are_counted_apart_and_never_reused(rapporteur, organizer, document, statement):
    symbols = [making.published(rapporteur, organizer, document).symbol]
    for place, correction in enumerate((False, True, False, True)):
        changed(rapporteur, statement, f"Change number {place}.")
        symbols.append(making.published(rapporteur, organizer, document, is_correction=correction).symbol)
    base = symbols[0]
    assert symbols[1:] == [f"{base}/Rev.1", f"{base}/Corr.1", f"{base}/Rev.2", f"{base}/Corr.2"]
    assert DocumentEdition.objects.filter(in_force=True).get().symbol == symbols[-1]


def test_of_an_import_with_its_last_edition_alone_the_next_revision_follows_that(
    rapporteur, organizer, document, statement
):
    base = making.published(rapporteur, organizer, document).symbol
    document.editions.update(symbol=f"{base}/Rev.6", revision=8)
    changed(rapporteur, statement)
    revised = making.published(rapporteur, organizer, document)
    assert (revised.symbol, revised.revision) == (f"{base}/Rev.7", 9)


def test_reviewed_languages_are_published_with_it_and_drafts_are_not(
    rapporteur, organizer, translator, document, statement
):
    making.reviewed(translator, rapporteur, document, "ar")
    making.translated(rapporteur, document, "fr")
    reading = read_edition(making.published(rapporteur, organizer, document), "ar")
    assert set(reading.renditions) == {"en", "ar"}
    assert reading.title == "[ar] What was said"
    assert [each.text for each in reading.paragraphs] == ["[ar] Documents come too late."]
    assert document.renditions.get(language="ar").state == RenditionState.PUBLISHED


def test_a_language_joins_later_and_the_others_need_not_wait(rapporteur, organizer, translator, document, statement):
    published = making.published(rapporteur, organizer, document)
    assert not read_edition(published, "ar").is_translated
    rendition = making.reviewed(translator, rapporteur, document, "ar")
    publication.publish_rendition(actor=translator, rendition=rendition)
    assert read_edition(published, "ar").is_translated
    assert not read_edition(published, "ar").renditions["ar"].outdated


def test_a_changed_source_leaves_the_others_outdated_statement_by_statement(
    rapporteur, organizer, translator, document, statement, edition
):
    making.cited(rapporteur, making.statement(rapporteur, document, "A second one."), edition)
    making.reviewed(translator, rapporteur, document, "ar")
    making.published(rapporteur, organizer, document)
    changed(rapporteur, statement)
    assert document.renditions.get(language="ar").state == RenditionState.OUTDATED
    reading = read_edition(making.published(rapporteur, organizer, document), "ar")
    assert [each.is_outdated for each in reading.paragraphs] == [True, False]
    assert reading.renditions["ar"].outdated
    assert reading.rendition.outdated == 1


def test_a_new_statement_is_shown_in_the_original_until_it_is_translated(
    rapporteur, organizer, translator, document, statement, edition
):
    making.reviewed(translator, rapporteur, document, "ar")
    making.published(rapporteur, organizer, document)
    actions.reopen(actor=rapporteur, document=document)
    making.cited(rapporteur, making.statement(rapporteur, document, "A new one."), edition)
    reading = read_edition(making.published(rapporteur, organizer, document), "ar")
    assert [(each.language, each.is_untranslated) for each in reading.paragraphs] == [("ar", False), ("en", True)]
    assert reading.renditions["ar"].outdated


def test_bringing_a_language_up_to_date_succeeds_the_outdated_one(
    rapporteur, organizer, translator, document, statement
):
    making.reviewed(translator, rapporteur, document, "ar")
    making.published(rapporteur, organizer, document)
    changed(rapporteur, statement)
    published = making.published(rapporteur, organizer, document)
    rendition = making.reviewed(translator, rapporteur, document, "ar")
    publication.publish_rendition(actor=translator, rendition=rendition)
    reading = read_edition(published, "ar")
    assert not reading.renditions["ar"].outdated
    assert reading.paragraphs[0].text == "[ar] Documents come much too late."
    assert PublishedRendition.objects.filter(edition=published, language="ar").count() == 2


def test_moving_statements_outdates_no_language(rapporteur, organizer, translator, document, statement, edition):
    second = making.statement(rapporteur, document, "A second one.")
    making.cited(rapporteur, second, edition)
    making.reviewed(translator, rapporteur, document, "ar")
    making.published(rapporteur, organizer, document)
    actions.reopen(actor=rapporteur, document=document)
    actions.move_paragraph(actor=rapporteur, paragraph=second, to=1)
    reading = read_edition(making.published(rapporteur, organizer, document), "ar")
    assert [each.text for each in reading.paragraphs] == ["[ar] A second one.", "[ar] Documents come too late."]
    assert not reading.renditions["ar"].outdated


def test_a_changed_title_outdates_the_languages_too(rapporteur, organizer, translator, document, statement):
    making.reviewed(translator, rapporteur, document, "ar")
    making.published(rapporteur, organizer, document)
    actions.reopen(actor=rapporteur, document=document)
    actions.edit_title(actor=rapporteur, document=document, title="Other", was="What was said")
    reading = read_edition(making.published(rapporteur, organizer, document), "ar")
    assert reading.renditions["ar"].outdated
    assert not reading.paragraphs[0].is_outdated


def test_a_language_of_what_is_being_changed_waits_for_it(rapporteur, organizer, translator, document, statement):
    making.published(rapporteur, organizer, document)
    rendition = making.reviewed(translator, rapporteur, document, "ar")
    actions.reopen(actor=rapporteur, document=document)
    with pytest.raises(ActionRefused):
        publication.publish_rendition(actor=translator, rendition=rendition)
    making.published(rapporteur, organizer, document)
    assert PublishedRendition.objects.filter(language="ar", in_force=True).exists()


def test_an_outdated_language_is_not_published(rapporteur, organizer, translator, document, statement):
    making.published(rapporteur, organizer, document)
    rendition = making.reviewed(translator, rapporteur, document, "ar")
    changed(rapporteur, statement)
    making.published(rapporteur, organizer, document)
    with pytest.raises((InvalidInput, ActionRefused)):
        publication.publish_rendition(actor=translator, rendition=rendition)
    assert not PublishedText.objects.filter(language="ar").exists()


def test_nobody_else_publishes(
    rapporteur, organizer, moderator, translator, participant, elsewhere, document, statement
):
    making.approved(rapporteur, organizer, document)
    stranger = world.grant(world.person("Elsewhere"), elsewhere, "organizer")
    for person in (moderator, translator, participant, stranger):
        with pytest.raises(NotPermitted):
            publication.publish(actor=person, document=document, number=1)
    assert not DocumentEdition.objects.exists()
