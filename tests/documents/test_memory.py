"""The translation memory: published texts, imported texts, and the nearest matches."""

import pytest

from plenara.core.text import digest
from plenara.documents import actions
from plenara.documents.actions.publication import publish_rendition
from plenara.documents.models import MemoryUnit, PublishedText
from plenara.documents.queries import translations
from tests import world
from tests.documents import making
from tests.made_once import made_once

pytestmark = pytest.mark.django_db

SAID = "Documents should reach everybody three weeks before a meeting, in a language that they read."


@pytest.fixture
@made_once
def earlier(rapporteur, organizer, translator, document, statement, edition):
    """A summary that was published in English and Arabic, its first statement with a heading and two sides."""
    both = making.statement(
        rapporteur,
        document,
        SAID,
        kind="disagreement",
        heading="Documents",
        at=1,
        against="Three weeks are too long for us.",
    )
    making.cited(rapporteur, both, edition)
    making.cited(rapporteur, both, edition, "a language that we read", side="against")
    making.reviewed(translator, rapporteur, document, "ar")
    return making.published(rapporteur, organizer, document)


@pytest.fixture
@made_once
def later(rapporteur, consultation, earlier):
    return making.document(rapporteur, consultation)


def found(document, text, language="ar", headings=False, digests=()):
    segments = translations.segments(document, language, [text], digests)
    return translations.memory_matches({"key": text}, segments, headings=headings).get("key", [])


def test_the_same_words_are_a_hundred_and_say_where_they_stand(later):
    (match,) = found(later, SAID)
    assert (match.score, match.is_exact, match.segment.target) == (100, True, f"[ar] {SAID}")
    assert match.segment.name == "Summary 1, statement 1"


def test_what_differs_in_a_figure_is_never_a_hundred(later):
    long = f"{SAID} " * 20
    assert found(later, SAID.replace("three", "four"))[0].score < 100
    segments = [translations.Segment(long + "12", "x", None)]
    assert translations.memory_matches({1: long + "13"}, segments)[1][0].score == 99


def test_what_is_only_of_the_same_language_is_no_match(later):
    assert found(later, "Nobody has yet said anything about the cost of travel to the meetings.") == []
    assert found(later, SAID, "fr") == []


def test_headings_are_compared_with_headings_and_each_side_for_itself(later):
    assert [each.segment.target for each in found(later, "Documents", headings=True)] == ["[ar] Documents"]
    assert found(later, "Documents") == []
    (against,) = found(later, "Three weeks are too long for us.")
    assert against.is_exact


def test_what_was_translated_from_older_words_is_not_remembered(
    rapporteur, organizer, earlier, later, statement, document
):
    actions.reopen(actor=rapporteur, document=document)
    changed = "Documents come far too late for everybody who reads them."
    actions.edit_paragraph(
        actor=rapporteur, paragraph=statement, kind="concern", text=changed, was=making.stamp(statement)
    )
    making.published(rapporteur, organizer, making.fresh(document))
    assert found(later, changed) == []
    assert found(later, "Documents come too late.")[0].is_exact  # as the first edition has it


def test_two_languages_of_one_statement_count_whichever_was_the_source(rapporteur, translator, consultation, later):
    french = making.document(rapporteur, consultation, source_language="ar", title="ما قيل")
    assert found(french, f"[ar] {SAID}", "en")[0].segment.target == SAID


def test_the_same_consultation_comes_first_and_the_same_translation_once(
    rapporteur, organizer, translator, earlier, later, elsewhere
):
    abroad = making.document(world.grant(rapporteur, elsewhere, "rapporteur"), elsewhere)
    (match,) = found(abroad, SAID)
    assert match.segment.symbol == earlier.symbol
    MemoryUnit.objects.create(
        consultation=later.consultation, source_language="en", language="ar", source=SAID, target="من ملف",
        source_digest=digest(SAID),
    )  # fmt: skip
    assert [each.segment.target for each in found(later, SAID)] == [f"[ar] {SAID}", "من ملف"]
    assert [each.segment.target for each in found(abroad, SAID)] == [f"[ar] {SAID}"], "brought for one consultation"


def test_at_most_three_are_shown_the_nearest_first(later):
    MemoryUnit.objects.bulk_create(
        MemoryUnit(
            consultation=later.consultation, source_language="en", language="ar", source=f"{SAID} {'x' * n}",
            target=f"t{n}", source_digest=str(n),
        )
        for n in range(1, 8)
    )  # fmt: skip
    assert [each.segment.target for each in found(later, SAID)] == [f"[ar] {SAID}", "t1", "t2"]


@pytest.mark.parametrize(
    ("language", "text"),
    [("zh", "文件应在会议前三周以他们能读的语言送达所有人。"), ("ru", "Документы должны приходить за три недели.")],
)
def test_other_scripts_are_compared_too(consultation, rapporteur, language, text):
    document = making.document(rapporteur, consultation, source_language=language, title="x")
    MemoryUnit.objects.create(
        consultation=consultation, source_language=language, language="en", source=text, target="Documents …",
        source_digest=digest(text),
    )  # fmt: skip
    assert found(document, text, "en")[0].is_exact
    near = text.replace("三", "两").replace("три", "две")
    assert 70 <= found(document, near, "en")[0].score < 100


def test_two_queries_and_bounded_comparing_whatever_there_is(later, django_assert_num_queries, monkeypatch):
    with django_assert_num_queries(2):
        segments = translations.segments(later, "ar", [SAID] * 60, ["0" * 64] * 60)
    seen = []
    monkeypatch.setattr(translations.process, "extract", lambda _text, some, **_more: seen.append(len(some)) or [])
    monkeypatch.setattr(translations, "MOST_COMPARED", 10 * 1000)
    translations.memory_matches({1: "x" * 10}, [translations.Segment("y" * 100, "z", None)] * 50)
    assert seen == [10]
    assert segments


def test_a_rendition_published_later_is_remembered_from_then_on(rapporteur, organizer, translator, later, document):
    assert found(later, SAID, "ru") == []
    publish_rendition(actor=rapporteur, rendition=making.reviewed(rapporteur, rapporteur, making.fresh(document), "ru"))
    assert PublishedText.objects.filter(language="ru").exists()
    assert found(later, SAID, "ru")[0].segment.target == f"[ru] {SAID}"
