"""From an edition to the published statements that cite it."""

import pytest
from django.utils import translation

from plenara.contributions.models import Edition
from plenara.core.cache_tags import revision, withdrawn_from
from plenara.documents import actions
from plenara.documents.actions import publication
from plenara.documents.actions.renditions import review_rendition
from plenara.documents.models import PublishedCitation
from plenara.documents.personal_data import forget_words
from plenara.documents.queries.editions import cited_in, read_edition
from tests import world
from tests.documents import making

pytestmark = pytest.mark.django_db


def test_nothing_is_listed_before_publication(statement, edition):
    assert cited_in([edition.pk]) == {}


def test_a_place_says_where_and_what(rapporteur, organizer, document, statement, edition, consultation):
    making.published(rapporteur, organizer, document)
    place = cited_in([edition.pk])[edition.pk][0]
    assert (place.kind, place.document, place.number, place.words) == ("summary", 1, 1, making.WORDS_CITED)
    assert (place.text, place.language) == ("Documents come too late.", "en")
    assert place.url == f"/en/consultations/{consultation.slug}/summaries/1/#s1"
    assert place.label == "Cited in Summary 1, statement 1"


def test_the_statement_is_shown_in_the_readers_language_where_it_is_translated(
    rapporteur, organizer, translator, document, statement, edition
):
    making.reviewed(translator, rapporteur, document, "ar")
    making.published(rapporteur, organizer, document)
    with translation.override("ar"):
        assert cited_in([edition.pk])[edition.pk][0].text == "[ar] Documents come too late."
        assert cited_in([edition.pk])[edition.pk][0].url.startswith("/ar/")
    assert cited_in([edition.pk], "zh")[edition.pk][0].language == "en"


def test_a_contribution_names_a_statement_once_that_cites_several_of_its_words(
    client, rapporteur, organizer, document, statement, edition
):
    making.cited(rapporteur, statement, edition, "in a language that we read")
    making.published(rapporteur, organizer, document)
    page = client.get(f"/en/consultations/internet-governance/contributions/{edition.number}/").content.decode()
    assert page.count("<mark>") == 2
    assert page.count("Cited in Summary 1, statement 1") == 1


def test_only_the_edition_in_force_counts(rapporteur, organizer, document, statement, edition):
    making.published(rapporteur, organizer, document)
    actions.reopen(actor=rapporteur, document=document)
    actions.uncite(actor=rapporteur, citation=statement.citations.get())
    making.cited(rapporteur, statement, edition, "a language that we read")
    making.published(rapporteur, organizer, document)
    assert [place.words for place in cited_in([edition.pk])[edition.pk]] == ["a language that we read"]


def test_a_succeeded_translation_does_not_double_a_place(
    rapporteur, organizer, translator, document, statement, edition
):
    making.published(rapporteur, organizer, document)
    for prefix in ("", "again "):
        rendition = making.translated(translator, document, "ar", prefix=prefix)
        publication.publish_rendition(
            actor=translator, rendition=review_rendition(actor=rapporteur, rendition=rendition)
        )
    assert [place.text for place in cited_in([edition.pk], "ar")[edition.pk]] == ["again [ar] Documents come too late."]


@pytest.mark.once
def test_it_is_one_query_for_one_and_for_many(
    rapporteur, organizer, document, author, moderator, thread, django_assert_num_queries
):
    for number in range(6):
        edition = world.published(author, moderator, thread, f"{world.WORDS} {number}")
        added = making.statement(rapporteur, document, f"Number {number}.", heading="Time to read")
        making.cited(rapporteur, added, edition)
    making.published(rapporteur, organizer, document)
    everything = list(Edition.objects.values_list("pk", flat=True))
    with django_assert_num_queries(1):
        found = cited_in(everything)
        assert len(found) == 6
        assert all(place.label and place.url for places in found.values() for place in places)


def test_words_of_an_erased_text_are_blanked_and_the_citation_stays(
    rapporteur, organizer, document, statement, edition
):
    published = making.published(rapporteur, organizer, document)
    withdrawn = withdrawn_from(document.consultation.cache_tag)
    before = revision(withdrawn)
    forget_words.call(edition_id=edition.pk)
    forget_words.call(edition_id=edition.pk)
    assert revision(withdrawn) == before + 1
    assert PublishedCitation.objects.get().words == ""
    assert read_edition(published, "en").paragraphs[0].quotes[0].html == ""
