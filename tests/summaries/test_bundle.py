"""Summaries as rows of a bundle: export, import, and the same export again."""

import datetime
import json
from itertools import pairwise

import pytest

from plenara.contributions.actions import withdraw
from plenara.contributions.models import Contribution
from plenara.core import clock
from plenara.documents import actions as document_actions
from plenara.documents.models import Document, DocumentEdition
from plenara.documents.queries.editions import SAME, changes_between, read_edition
from plenara.summaries.actions import bundles, summaries
from plenara.summaries.models import Correction, Summary
from plenara.summaries.queries import bundle_rows
from tests import world
from tests.summaries import making

pytestmark = pytest.mark.django_db


def written(consultation):
    return [json.dumps(row, ensure_ascii=False, sort_keys=True) for row in bundle_rows.rows(consultation)]


def editions_of(consultation):
    found = {}
    for contribution in Contribution.objects.filter(consultation=consultation).prefetch_related("editions"):
        found[contribution.bundle_id or contribution.public_id] = {
            each.revision: each for each in contribution.editions.all()
        }
    return found


def come_again(consultation):
    """Export, delete and import the summaries; return both exports."""
    first = written(consultation)
    Document.objects.all().delete()
    consultation.refresh_from_db()
    with clock.at(clock.now() + datetime.timedelta(days=3)):
        bundles.load(consultation, [json.loads(row) for row in first], editions_of(consultation))
    return first, written(consultation)


@pytest.fixture
def rich(rapporteur, organizer, translator, author, moderator, thread, summary, edition):
    """A summary with everything: frame, headings, several citations, languages, one outdated, something set aside."""
    other = world.published(author, moderator, thread, f"Autre: {world.WORDS}", "fr")
    aside = world.published(author, moderator, thread, "Only about the form.")
    making.statement(rapporteur, summary.document, "This covers May.", kind="frame", heading="Frame")
    made = making.statement_of(rapporteur, summary, edition, "Text with “quotes” and\na second line.", kind="proposal")
    making.cited(rapporteur, made, other)
    making.cited(rapporteur, made, edition, "a language that we read")
    summaries.set_aside(actor=rapporteur, summary=summary, edition=aside, reason="It is about the form.")
    split = making.statement(
        rapporteur,
        summary.document,
        "Three weeks are enough.",
        kind="disagreement",
        against="They are not.",
        thread=thread,
    )
    making.cited(rapporteur, split, edition)
    document_actions.cite(
        actor=rapporteur, paragraph=split, edition=other, words="a language that we read", side="against"
    )
    making.reviewed(translator, rapporteur, summary.document, "ar")
    making.published(rapporteur, organizer, summary)
    return summary


def test_a_row_has_what_the_format_says(rich, consultation, edition):
    row = json.loads(written(consultation)[0])
    assert set(row) == {
        "number", "period", "source_language", "title", "statements", "status", "published_at", "symbol", "set_aside",
        "written_by", "approved_by",
    }  # fmt: skip
    assert row["written_by"] == [{"name": "Inés Calderón"}]
    assert row["symbol"] == f"{consultation.symbol}/SUM/1"
    assert row["status"] == {
        "ar": "published", "en": "published", "es": "missing", "fr": "missing", "ru": "missing", "zh": "missing",
    }  # fmt: skip
    assert row["statements"][0] == {
        "number": 1, "kind": "frame", "cites": [],
        "heading": {"en": "Frame", "ar": "[ar] Frame"},
        "text": {"en": "This covers May.", "ar": "[ar] This covers May."},
    }  # fmt: skip
    assert row["statements"][1]["cites"][0] == {
        "contribution": edition.contribution.public_id, "revision": 0, "words": making.WORDS_CITED,
    }  # fmt: skip
    split = row["statements"][2]
    assert (split["thread"], split["against"]) == (1, {"en": "They are not.", "ar": "[ar] They are not."})
    assert [cite.get("side") for cite in split["cites"]] == [None, "against"]
    assert row["set_aside"][0]["reason"] == "It is about the form."
    assert row["period"]["from"].endswith("Z")


def test_an_export_of_an_import_equals_the_first_byte_for_byte(rich, consultation):
    first, second = come_again(consultation)
    assert first == second


def test_an_outdated_language_and_a_revision_come_again_the_same(
    rapporteur, organizer, rich, consultation, statement_two
):
    first, second = come_again(consultation)
    assert first == second
    assert json.loads(first[0])["status"]["ar"] == "outdated"
    assert json.loads(first[0])["symbol"].endswith("/Rev.1")
    assert "revision" not in json.loads(first[0])  # its symbol has it


def test_every_edition_comes_again_with_what_became_of_its_statements(
    rapporteur, organizer, translator, rich, statement_two, consultation, thread, edition
):
    document_actions.reopen(actor=rapporteur, document=making.fresh(rich.document))
    document_actions.delete_paragraph(
        actor=rapporteur, paragraph=statement_two, was=making.stamp(statement_two), citations=3
    )
    making.statement_of(rapporteur, rich, edition, "A new one.", kind="proposal")
    making.published(rapporteur, organizer, rich, is_correction=True)
    first, second = come_again(consultation)
    assert first == second
    row = json.loads(first[0])
    assert (row["symbol"], row["revision"]) == (f"{consultation.symbol}/SUM/1/Corr.1", 2)
    assert [(each["revision"], each.get("outdated")) for each in row["earlier"]] == [(0, None), (1, ["ar"])]
    became = [[each.get("next") for each in one["statements"]] for one in row["earlier"]]
    assert became == [[1, 2, 3], [1, None, 2]]
    editions = list(DocumentEdition.objects.order_by("revision"))
    assert [(each.in_force, each.is_correction) for each in editions] == [(False, False), (False, False), (True, True)]
    found = [[each.number for each in changes_between(*some, "en") if each.what != SAME] for some in pairwise(editions)]
    assert found == [[2], [3, 2]]


@pytest.fixture
def statement_two(rapporteur, organizer, rich):
    paragraph = rich.document.paragraphs.get(number=2)
    document_actions.reopen(actor=rapporteur, document=rich.document)
    document_actions.edit_paragraph(
        actor=rapporteur, paragraph=paragraph, kind="proposal", text="Changed.", was=making.stamp(paragraph)
    )
    making.published(rapporteur, organizer, rich)
    return paragraph


def test_what_comes_in_can_be_read_mended_and_published_again(rapporteur, organizer, rich, consultation, edition):
    come_again(consultation)
    imported = Summary.objects.get()
    published = DocumentEdition.objects.get()
    reading = read_edition(published, "ar")
    assert reading.is_translated
    assert not any(each.is_outdated for each in reading.paragraphs)
    assert [len(each.quotes) for each in reading.paragraphs] == [0, 3, 2]
    assert published.summary.figures["ticks"] == "110"
    document_actions.reopen(actor=rapporteur, document=imported.document)
    paragraph = imported.document.paragraphs.get(number=2)
    document_actions.edit_paragraph(
        actor=rapporteur, paragraph=paragraph, kind="proposal", text="Mended.", was=making.stamp(paragraph)
    )
    again = making.published(rapporteur, organizer, imported)
    assert again.symbol == f"{consultation.symbol}/SUM/1/Rev.1"
    assert read_edition(again, "ar").renditions["ar"].outdated


def test_the_next_summary_counts_on_from_an_import(rapporteur, organizer, rich, consultation, edition):
    come_again(consultation)
    consultation.refresh_from_db()
    fresh = making.summary(rapporteur, consultation)
    making.statement_of(rapporteur, fresh, edition)
    assert making.published(rapporteur, organizer, fresh).symbol == f"{consultation.symbol}/SUM/2"


def test_words_of_what_was_withdrawn_leave_the_bundle(rich, consultation, author, edition):
    withdraw(actor=author, contribution=edition.contribution)
    first, second = come_again(consultation)
    assert making.WORDS_CITED not in first[0].replace(f"Autre: {world.WORDS}", "") or '"revision": 0}' in first[0]
    assert {"contribution": edition.contribution.public_id, "revision": 0} in json.loads(first[0])["statements"][1][
        "cites"
    ]
    assert first == second


SPARSE = {
    "number": 7,
    "period": {"from": "2014-01-01T00:00:00Z", "to": "2014-03-31T23:59:59.5Z".replace(".5", "")},
    "source_language": "fr",
    "statements": [{"number": 3, "text": {"fr": "Une phrase.", "es": "Una frase."}, "cites": []}],
    "status": {"ru": "draft", "es": "outdated", "fr": "published"},
    "symbol": "OLD/2014/SUMMARY-7",
}


def test_a_row_of_another_archive_comes_out_as_it_came_in(consultation):
    bundles.load(consultation, [SPARSE], {})
    assert [json.loads(row) for row in written(consultation)] == [SPARSE]
    edition = DocumentEdition.objects.get()
    assert edition.published_at is None
    assert read_edition(edition, "es").renditions["es"].outdated


def test_a_request_that_is_gone_brings_no_words_with_it(consultation):
    gone = {
        "number": 1, "status": "removed", "reason": "PRIVACY", "asked_at": "2005-01-02T00:00:00Z",
        "text": "What nobody may read.", "language": "en",
        "author": {"name": "Somebody", "stakeholder_group": "academia"},
    }  # fmt: skip
    bundles.load(consultation, [{**SPARSE, "corrections": [gone]}], {})
    kept = Correction.objects.get()
    assert (kept.text, kept.name, kept.byline, kept.number) == ("", "", None, 1)
    assert "nobody may read" not in written(consultation)[0]


def test_an_unpublished_text_in_a_bundle_is_dropped(consultation):
    row = {**SPARSE, "status": {"es": "draft", "fr": "published"}}
    bundles.load(consultation, [row], {})
    out = json.loads(written(consultation)[0])
    assert out["statements"][0]["text"] == {"fr": "Une phrase."}
    assert out["status"] == {"es": "draft", "fr": "published"}


def test_a_statement_without_its_sources_words_shows_those_that_it_has(consultation):
    row = {**SPARSE, "statements": [{"number": 1, "text": {"es": "Una frase."}, "cites": []}]}
    bundles.load(consultation, [row], {})
    assert read_edition(DocumentEdition.objects.get(), "en").paragraphs[0].text == "Una frase."


@pytest.mark.once
def test_an_export_takes_the_same_queries_for_one_and_for_four(
    rapporteur, organizer, consultation, edition, django_assert_max_num_queries
):
    for _ in range(4):
        made = making.summary(rapporteur, consultation)
        making.statement_of(rapporteur, made, edition)
        making.published(rapporteur, organizer, made)
    with django_assert_max_num_queries(8):
        assert len(written(consultation)) == 4


def test_requests_for_correction_move_with_their_summary(
    rich, consultation, participant, author, moderator, other_rapporteur, organizer, edition
):
    from tests.summaries.corrections import making as correcting

    published = DocumentEdition.objects.get(in_force=True)
    first = correcting.published(participant, moderator, published, statement=2)
    second = correcting.published(author, moderator, published, "Something is missing.", statement=None, about=edition)
    correcting.asked(author, published, "This one waits.", statement=3)
    correcting.answered(world.grant(world.person("Other"), consultation, "organizer"), first, "refused")
    withdrawn = correcting.published(participant, moderator, published, "Taken back.", statement=3)
    correcting.actions.withdraw(actor=participant, correction=withdrawn)
    row = json.loads(written(consultation)[0])
    assert [each["status"] for each in row["corrections"]] == ["published", "published", "withdrawn"]
    assert row["corrections"][0]["verdict"] == "refused"
    assert row["corrections"][1]["contribution"] == edition.contribution.public_id
    assert second.statement is None
    assert set(row["corrections"][2]) == {"number", "status", "statement", "asked_at", "published_at", "reason"}
    assert "This one waits." not in json.dumps(row)
    first_export, second_export = come_again(consultation)
    assert first_export == second_export


def test_a_request_comes_again_with_the_edition_that_it_is_about(
    rich, consultation, participant, author, moderator, rapporteur, organizer, edition
):
    from tests.summaries.corrections import making as correcting

    first = DocumentEdition.objects.get(in_force=True)
    right = correcting.published(participant, moderator, first, statement=2)
    correcting.answered(world.grant(world.person("Other"), consultation, "organizer"), right, "upheld")
    for is_correction in (True, False):
        if not is_correction:  # the upheld request has reopened it already
            document_actions.reopen(actor=rapporteur, document=making.fresh(rich.document))
        making.statement_of(rapporteur, rich, edition, "One more.", kind="proposal")
        paragraph = rich.document.paragraphs.get(number=2)
        document_actions.edit_paragraph(
            actor=rapporteur, paragraph=paragraph, kind="proposal", text=f"Changed: {is_correction}.",
            was=making.stamp(paragraph),
        )  # fmt: skip
        making.published(rapporteur, organizer, making.fresh(rich), is_correction=is_correction)
    correcting.published(author, moderator, DocumentEdition.objects.get(in_force=True), "It is late.", statement=3)
    first_export, second_export = come_again(consultation)
    assert first_export == second_export
    found = [(each.get("revision"), each.get("put_right_in")) for each in json.loads(first_export[0])["corrections"]]
    assert found == [(0, 1), (None, None)]
    kept = Correction.objects.order_by("number")
    assert [(each.edition.revision, each.corrected_by and each.corrected_by.revision) for each in kept] == [
        (0, 1), (2, None),
    ]  # fmt: skip
