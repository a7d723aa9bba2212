"""How much is left to translate: statements and words."""

import pytest

from plenara.documents import actions
from plenara.documents.actions.renditions import Typed, save_rendition
from plenara.documents.models import ParagraphText
from plenara.documents.queries.translations import length_of, workload
from tests.documents import making

pytestmark = pytest.mark.django_db


def left(document, language="ar"):
    return workload([making.fresh(document)], {document.pk: [language]})[0]


@pytest.mark.parametrize(
    ("text", "language", "length"),
    [
        ("Twenty-nine contributions, by 12 persons.", "en", 5),
        ("L’accès n’est pas libre.", "fr", 4),
        ("تصل الوثائق متأخرة.", "ar", 3),
        ("文件 来得太晚。", "zh", 7),
        ("", "en", 0),
    ],
)
def test_words_are_counted_and_of_chinese_characters(text, language, length):
    assert length_of(text, language) == length


def test_everything_is_missing_at_first_the_title_too(rapporteur, document, statement):
    making.statement(rapporteur, document, "Held.", kind="disagreement", heading="On cost", against="Held against.")
    it = left(document)
    assert (it.total, it.missing, it.outdated, it.title_is_pending, it.state) == (2, 2, 0, True, "missing")
    assert it.words == 4 + 1 + 2 + 2 + 3
    assert not it.is_complete


def test_half_a_statement_is_missing_as_a_whole(translator, rapporteur, document):
    both = making.statement(rapporteur, document, "Held.", kind="disagreement", against="Held against.")
    typed = {both.pk: Typed("", "نص", was=ParagraphText().digest, source=making.source(both).digest)}
    save_rendition(actor=translator, document=document, language="ar", typed=typed)
    assert (left(document).missing, left(document).in_draft) == (1, 0)


def test_what_changed_is_outdated_and_the_rest_is_in_draft(translator, rapporteur, document, statement):
    making.statement(rapporteur, document, "Another.", kind="frame")
    making.translated(translator, document, "ar")
    assert (left(document).to_review, left(document).words) == (2, 0)
    actions.edit_paragraph(
        actor=rapporteur, paragraph=statement, kind="concern", text="It changed.", was=making.stamp(statement)
    )
    it = left(document)
    assert (it.missing, it.outdated, it.in_draft, it.to_review, it.words) == (0, 1, 1, 0, 2)
    actions.edit_title(actor=rapporteur, document=document, title="Other", was="What was said")
    assert left(document).title_is_pending


@pytest.mark.once
def test_the_source_is_never_left_and_two_queries_do_for_all(
    rapporteur, consultation, document, statement, django_assert_num_queries
):
    chinese = making.document(rapporteur, consultation, source_language="zh", title="题")
    making.statement(rapporteur, chinese, "文件来得太晚。", kind="frame")
    documents = [making.fresh(document), making.fresh(chinese)]
    with django_assert_num_queries(2):
        found = workload(documents, {each.pk: ["ar", "en", "zh"] for each in documents})
    assert [(each.document.source_language, each.language) for each in found] == [
        ("en", "ar"), ("en", "zh"), ("zh", "ar"), ("zh", "en"),
    ]  # fmt: skip
    assert found[2].words == 8
