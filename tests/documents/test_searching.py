"""Published statements are found in the language in which a reader is shown them, from their publication on."""

import pytest
from django.db import transaction

from plenara.documents import actions
from plenara.documents.actions import publication
from plenara.search.actions import repair
from plenara.search.entries import kind_of
from plenara.search.models import Entry
from plenara.search.queries.results import Asked, newest
from plenara.search.query import parse
from tests import world
from tests.documents import making

pytestmark = pytest.mark.django_db


def found(text, reader="en", **filters):
    """Return the texts that a reader of a language finds."""
    assert repair.errors() == []
    asked = {"kind": ["statement"], **{name: [value] for name, value in filters.items()}}
    hits = newest(Asked(parse(text), asked, {"not_for": [reader]})).hits
    shown = kind_of("statement").found([hit.object_id for hit in hits])
    return [shown[hit.object_id].text for hit in hits]


def test_a_statement_is_found_when_its_summary_is_published_and_not_before(
    rapporteur, organizer, document, statement, consultation
):
    assert found("late") == []

    edition = making.published(rapporteur, organizer, document)

    assert found("late") == found(edition.symbol) == found(consultation.symbol) == ["Documents come too late."]
    assert found("late", language="en") == found("late", consultation=str(consultation.pk))
    assert found("late", language="fr") == []


def test_a_publication_that_does_not_come_about_leaves_nothing(rapporteur, organizer, document, statement):
    making.approved(rapporteur, organizer, document)

    def publish_in_vain():
        with transaction.atomic():
            publication.publish(actor=organizer, document=document, number=1)
            assert found("late")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        publish_in_vain()
    assert not Entry.objects.filter(kind="statement").exists()


def test_each_reader_finds_a_statement_once_in_the_words_that_they_are_shown(
    rapporteur, organizer, translator, document, statement
):
    making.reviewed(translator, rapporteur, document, "ar")
    edition = making.published(rapporteur, organizer, document)
    assert found(edition.symbol, "en") == found(edition.symbol, "fr") == ["Documents come too late."]
    assert found(edition.symbol, "ar") == ["[ar] Documents come too late."]

    lea = world.grant(world.person("Léa"), document.consultation, "translator", "fr")
    rendition = making.reviewed(lea, world.grant(rapporteur, document.consultation, "translator", "fr"), document, "fr")
    assert found(edition.symbol, "fr") == ["Documents come too late."], "reviewed is not published"
    publication.publish_rendition(actor=organizer, rendition=rendition)

    assert found(edition.symbol, "fr") == ["[fr] Documents come too late."]
    assert found(edition.symbol, "en") == found(edition.symbol, "es") == ["Documents come too late."]


def test_of_a_changed_summary_the_edition_in_force_alone_is_found(rapporteur, organizer, document, statement):
    making.published(rapporteur, organizer, document)
    actions.reopen(actor=rapporteur, document=document)
    actions.edit_paragraph(
        actor=rapporteur, paragraph=statement, kind="concern", text="Papers arrive never.", was=making.stamp(statement)
    )
    making.published(rapporteur, organizer, document)

    assert found("late") == []
    assert found("arrive") == ["Papers arrive never."]


def test_both_sides_of_a_disagreement_are_found(rapporteur, organizer, document, statement, edition):
    making.disagreement(rapporteur, document, edition)
    making.published(rapporteur, organizer, document)

    assert found("time matters") == found('"language does"') == ["Time matters most.\n\nLanguage does."]


def test_a_statement_is_shown_with_its_address_in_one_query(
    rapporteur, organizer, document, statement, django_assert_num_queries
):
    making.published(rapporteur, organizer, document)
    (pk,) = Entry.objects.filter(kind="statement").values_list("object_id", flat=True)

    with django_assert_num_queries(1):
        shown = kind_of("statement").found([pk])[pk]
        assert shown.url.endswith("/summaries/1/#s1")
        assert (shown.label, shown.language) == ("Summary 1, statement 1", "en")
        assert shown.consultation.slug in shown.url
