"""Remarks on a rendition, and errors that prevent its review."""

import pytest

from plenara.core.refusals import InvalidInput
from plenara.documents.actions.renditions import Typed, review_rendition, save_rendition
from plenara.documents.models import ParagraphText, Term
from plenara.documents.validation import renditions
from plenara.documents.validation.renditions import nothing_refused, remarks_of
from plenara.documents.validation.words import has_any
from tests.documents import making

pytestmark = pytest.mark.django_db


def translate(actor, document, paragraph, text, language="fr"):
    source = making.source(paragraph).digest
    was = (ParagraphText.objects.filter(paragraph=paragraph, language=language).first() or ParagraphText()).digest
    typed = {paragraph.pk: Typed("", text, was=was, source=source)}
    save_rendition(actor=actor, document=document, language=language, typed=typed, title="Ce qui a été dit")
    return document.renditions.get(language=language)


def test_a_figure_that_differs_keeps_it_from_review_and_the_sentence_says_where(rapporteur, consultation):
    document = making.document(rapporteur, consultation)
    making.statement(rapporteur, document, "Nobody has said more.", kind="frame")
    counted = making.statement(rapporteur, document, "There were 29 contributions by 12 persons.", kind="frame")
    for each in document.paragraphs.all():
        translate(rapporteur, document, each, "Personne n’en a dit plus.")
    rendition = translate(rapporteur, document, counted, "Il y a eu 92 contributions de 12 personnes.")
    with pytest.raises(InvalidInput) as refused:
        review_rendition(actor=rapporteur, rendition=rendition)
    assert "Statement 2" in str(refused.value)
    assert "29" in str(refused.value)
    assert making.fresh(rendition).state == "draft"
    rendition = translate(rapporteur, document, counted, "Il y a eu 29 contributions de 12 personnes.")
    assert nothing_refused(document, "fr")
    assert review_rendition(actor=rapporteur, rendition=rendition).state == "reviewed"


def test_what_has_not_changed_is_not_looked_at_again(monkeypatch):
    asked = []
    monkeypatch.setattr(renditions, "checks_of", lambda *words: asked.append(words) or [])
    renditions._looked_at.cache_clear()
    term = Term(words={"en": "hub", "fr": "pôle"}, also={"fr": ["centre"]})
    pairs = {1: (ParagraphText(text="One hub."), ParagraphText(text="Un pôle."))}
    for terms, near in (((), {}), ((), {}), ([term], {}), ([term], {1: 0.5}), ([term], {1: 0.5})):
        remarks_of(pairs, "en", "fr", terms, near)
    assert len(asked) == 3
    (glossary,) = asked[1][8]
    assert (glossary.words, glossary.also) == ({"en": "hub", "fr": "pôle"}, {"en": [], "fr": ["centre"]})
    renditions._looked_at.cache_clear()


@pytest.mark.parametrize(
    ("language", "text", "word"),
    [
        ("en", "Remote hubs are asked for.", "remote hub"),
        ("ru", "О цифровом разрыве сказано много.", "цифровой разрыв"),
        ("ar", "تزيد المشاركة كثيرا.", "مشاركة"),
        ("zh", "各 远程 中心。", "远程中心"),
        ("es", "Los pueblos indígenas piden más.", "pueblo indígena"),
        ("en", "The EU and the AU.", "EU"),
    ],
)
def test_of_a_long_glossary_only_what_may_stand_in_the_text_is_looked_for(monkeypatch, language, text, word):
    asked = []
    monkeypatch.setattr(renditions, "checks_of", lambda *words: asked.append(words[8]) or [])
    renditions._looked_at.cache_clear()
    other = "fr" if language != "fr" else "en"
    glossary = [Term(words={language: each, other: "mot"}) for each in (word, "qqq www", "жжж ййй", "没有的词")]
    remarks_of({1: (ParagraphText(text=text), ParagraphText(text="mot"))}, language, other, glossary, {})
    assert has_any(text, [word], language)
    assert [[each.words[language] for each in some] for some in asked] == [[word]]
    renditions._looked_at.cache_clear()
