"""The changes of an edition, statement by statement, in the reader's language if both editions have it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara.core.text import clean
from plenara.documents import actions as document_actions
from plenara.documents.models import PublishedText
from tests.documents.making import source
from tests.hostile import EVERYTHING
from tests.summaries import making
from tests.summaries.answers import body, words
from tests.summaries.harmless import assert_is_harmless

pytestmark = pytest.mark.django_db

BASE = "/{}/consultations/internet-governance/summaries/1/"


@pytest.fixture
def revise(rapporteur, organizer, summary, published):
    """A function that changes the published summary and publishes it again."""

    def again(change):
        document_actions.reopen(actor=rapporteur, document=summary.document)
        change()
        return making.published(rapporteur, organizer, summary)

    return again


def edit(rapporteur, statement, text, **more):
    document_actions.edit_paragraph(
        actor=rapporteur, paragraph=statement, kind="concern", text=text, was=making.stamp(statement), **more
    )


def test_words_added_and_taken_away_are_marked_and_linked_from_the_editions(client, rapporteur, statement, revise):
    revise(lambda: edit(rapporteur, statement, "Documents come far too late."))
    answer = client.get(f"{BASE.format('en')}changes/1/")
    assert (answer.status_code, words(answer, "ins").strip(), words(answer, "del")) == (200, "far", "")
    assert "WGIG" in body(answer)
    assert f'href="{BASE.format("en")}changes/1/"' in body(client.get(BASE.format("en")))
    assert not answer.cookies


def test_statements_added_deleted_and_unchanged_are_shown_apart(
    client, rapporteur, summary, statement, edition, revise
):
    def change():
        making.statement_of(rapporteur, summary, edition, "A new one.")
        document_actions.delete_paragraph(
            actor=rapporteur, paragraph=statement, was=making.stamp(statement), citations=1
        )

    revise(change)
    answer = client.get(f"{BASE.format('en')}changes/1/")
    assert (words(answer, "ins"), words(answer, "del")) == ("A new one.", "Documents come too late.")
    revise(lambda: making.statement_of(rapporteur, summary, edition, "A third."))
    answer = client.get(f"{BASE.format('en')}changes/2/")
    assert (words(answer, "ins"), words(answer, "del")) == ("A third.", "")
    assert "Statement 1 has not changed." in body(answer)


def test_a_citation_that_came_is_a_change(client, rapporteur, statement, edition, revise):
    revise(lambda: document_actions.cite(actor=rapporteur, paragraph=statement, edition=edition, words="in a language"))
    text = body(client.get(f"{BASE.format('en')}changes/1/"))
    assert "Citations added:" in text
    assert "Citations removed:" not in text


def test_a_translation_that_has_not_followed_does_not_hide_the_change(
    client, rapporteur, translator, summary, statement, revise
):
    making.reviewed(translator, rapporteur, summary.document, "ar")
    from plenara.documents.actions.publication import publish_rendition

    publish_rendition(actor=translator, rendition=summary.document.renditions.get(language="ar"))
    revise(lambda: edit(rapporteur, statement, "Documents come far too late."))
    answer = client.get(f"{BASE.format('ar')}changes/1/")
    assert words(answer, "ins").strip() == "far"
    making.reviewed(translator, rapporteur, summary.document, "ar")
    publish_rendition(actor=translator, rendition=summary.document.renditions.get(language="ar"))
    answer = client.get(f"{BASE.format('ar')}changes/1/")
    assert 'lang="ar" dir="rtl"' in body(answer)
    assert "far" in words(answer, "ins")


@pytest.mark.parametrize("revision", ["0", "7"])
def test_there_is_nothing_before_the_first_and_no_edition_that_never_was(client, published, revision):
    assert client.get(f"{BASE.format('en')}changes/{revision}/").status_code == 404


def test_hostile_words_stay_text(client, rapporteur, statement, revise):
    edition = revise(lambda: edit(rapporteur, statement, "Documents come far too late."))
    # Without the publication checks, as in an imported bundle.
    PublishedText.objects.filter(paragraph__edition=edition).update(
        text=clean("\n".join(EVERYTHING)), heading="<script>"
    )
    assert_is_harmless(body(client.get(f"{BASE.format('en')}changes/1/")))


@pytest.mark.once
def test_queries_are_the_same_for_few_statements_and_many(client, rapporteur, summary, statement, edition, revise):
    counts = []
    for number, more in enumerate((1, 12), 1):

        def change(more=more, number=number):
            for each in range(more):
                making.statement_of(
                    rapporteur, summary, edition, f"Another, {'and more, ' * each}at last.", thread=edition.thread
                )
            edit(rapporteur, statement, source(statement).text + " Again.", thread=edition.thread)

        revise(change)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(f"{BASE.format('en')}changes/{number}/").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
