"""The source of a translation when it was translated, and its changes since."""

import pytest

from plenara.core import differences
from plenara.documents import actions
from plenara.documents.models import Change, ParagraphText
from plenara.documents.queries.history import changed_runs, former_sources
from tests.documents import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def both(rapporteur, document):
    return making.statement(
        rapporteur, document, "Held by some.", kind="disagreement", heading="Cost", against="Held by others."
    )


def edit(rapporteur, paragraph, **changes):
    now = making.source(paragraph)
    words = {"heading": now.heading, "text": now.text, "against": now.against, **changes}
    actions.edit_paragraph(
        actor=rapporteur, paragraph=paragraph, kind="disagreement", was=making.stamp(paragraph), **words
    )


def translation_of(paragraph):
    return ParagraphText.objects.get(paragraph=paragraph, language="ar")


@pytest.mark.parametrize("changed", [{"heading": "Costs"}, {"text": "Held by many."}, {"against": "Held by nobody."}])
def test_each_of_its_words_is_found_as_it_was(rapporteur, translator, document, both, changed):
    making.translated(translator, document, "ar")
    edit(rapporteur, both, **changed)
    edit(rapporteur, both, text="And once more.")
    former = former_sources(document, [translation_of(both)])[both.pk]
    assert (former.heading, former.text, former.against) == ("Cost", "Held by some.", "Held by others.")


def test_it_is_found_in_the_record_where_no_change_was_kept(rapporteur, organizer, translator, document, both, edition):
    making.cited(rapporteur, both, edition)
    making.cited(rapporteur, both, edition, "a language that we read", side="against")
    making.translated(translator, document, "ar")
    making.published(rapporteur, organizer, document)
    actions.reopen(actor=rapporteur, document=document)
    edit(rapporteur, both, against="Held by nobody.")
    Change.objects.all().delete()
    assert former_sources(document, [translation_of(both)])[both.pk].against == "Held by others."


def test_where_nothing_was_kept_there_is_the_text_alone(rapporteur, translator, document, both):
    making.translated(translator, document, "ar")
    edit(rapporteur, both, heading="Costs", text="Held by many.")
    Change.objects.all().delete()
    former = former_sources(document, [translation_of(both)])[both.pk]
    assert (former.heading, former.text, former.against) == (None, "Held by some.", None)


@pytest.mark.once
def test_two_queries_whatever_the_number(rapporteur, translator, document, django_assert_num_queries):
    some = [
        making.statement(rapporteur, document, f"Statement {n}.", kind="disagreement", against="No.") for n in range(5)
    ]
    making.translated(translator, document, "ar")
    for each in some:
        edit(rapporteur, each, text="Other.")
    texts = [translation_of(each) for each in some]
    with django_assert_num_queries(2):
        assert len(former_sources(document, texts)) == 5
    with django_assert_num_queries(0):
        assert former_sources(document, []) == {}


@pytest.mark.parametrize("between", [" ", "، ", "，"])
def test_texts_that_share_nothing_are_not_compared_word_by_word(between, monkeypatch):
    compared = []
    monkeypatch.setattr(
        "plenara.documents.queries.history.runs", lambda *both: compared.append(both) or differences.runs(*both)
    )
    old, new = between.join(["apple"] * 600), between.join(["Ж" * 7] * 600)
    assert [run.kind for run in changed_runs(old, new)] == ["gone", "added"]
    assert compared == []
    changed = changed_runs(f"{old} one", f"{old} two")
    assert [(run.kind, run.text) for run in changed if run.kind != "same"] == [("gone", "one"), ("added", "two")]
    assert [run.kind for run in changed_runs("", "All new.")] == ["added"]
    assert [run.kind for run in changed_runs("The same.", "The same.")] == ["same"]
