"""Negation, names, symbols, terms and near duplicates: tables of cases in six languages."""

import pytest

from plenara.documents.validation.counts import refers
from plenara.documents.validation.support import (
    Cited,
    analyse,
    denies_otherwise,
    names_lacking,
    negations,
    numbers_swapped,
)
from plenara.documents.validation.words import has_term, nearly_identical, symbols


def cited(text, language="en", number=1, **more):
    return Cited(analyse(text, language), number, **more)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "It must not be decided."),
        ("en", "They don’t read it."),
        ("en", "Nobody reads it without help."),
        ("fr", "Il ne faut pas décider."),
        ("fr", "Aucune langue n’est oubliée."),
        ("es", "No se debe decidir."),
        ("es", "Nadie lo lee."),
        ("ru", "Этого нельзя решать."),
        ("ru", "Нет времени."),
        ("ar", "لا يجوز ذلك"),
        ("ar", "ولم يقرأها أحد"),
        ("zh", "不应决定"),
        ("zh", "没有时间"),
    ],
)
def test_a_negation_is_found(language, text):
    assert negations(text, language) > 0


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Not only governments decide; non-governmental bodies do too. See No. 4."),
        ("fr", "Non seulement les États, mais aussi les organisations non gouvernementales."),
        ("es", "No solo los gobiernos; sin embargo, las organizaciones no gubernamentales."),
        ("ru", "Не только правительства; тем не менее."),
        ("ar", "المنظمات غير الحكومية، لا سيما الصغيرة"),
        ("zh", "不仅政府，非洲不同国家的非政府组织也非常重要"),
        ("de", "Nicht entscheiden."),
    ],
)
def test_what_looks_like_a_negation_is_none(language, text):
    assert negations(text, language) == 0


def test_a_statement_that_denies_what_its_words_say_is_found():
    statement = analyse("Documents should not come earlier.", "en")
    assert denies_otherwise(statement, [(cited("Documents should come earlier."), 0.9)])
    assert denies_otherwise(statement, [(cited("Les documents doivent venir plus tôt.", "fr"), 0.7)])
    assert not denies_otherwise(statement, [(cited("They should not come earlier."), 0.9)])
    assert not denies_otherwise(statement, [(cited("Früher sollen sie kommen.", "de"), 0.9)])


def test_negation_is_asked_only_of_words_that_are_near():
    statement, words = analyse("Documents should not come earlier.", "en"), cited("Travel is dear.")
    assert not denies_otherwise(statement, [(words, 0.2)])
    assert not denies_otherwise(statement, [(words, None)])


def test_a_sentence_that_denies_beside_one_that_does_not_is_no_contradiction():
    statement = analyse("Documents should come earlier. Nobody objects.", "en")
    assert not denies_otherwise(statement, [(cited("Documents should come earlier."), 0.9)])
    assert not denies_otherwise(statement, [(cited("Nobody objects to that."), 0.9)])


def test_most_of_what_is_cited_decides_on_negation():
    statement = analyse("Documents should come earlier.", "en")
    yes, no = cited("They should come earlier."), cited("They should not come earlier.")
    assert not denies_otherwise(statement, [(yes, 0.9), (no, 0.9)])
    assert denies_otherwise(statement, [(yes, 0.9), (no, 0.9), (no, 0.9)])


def test_a_name_that_the_words_cited_lack_is_found():
    words = cited("The ministry of Senegal asked ICANN for help.")
    assert names_lacking(analyse("The ministry of Kenya asked ICANN.", "en"), [words]) == ["Kenya"]
    assert names_lacking(analyse("The ministry of Senegal asked UNESCO.", "en"), [words]) == ["UNESCO"]
    assert names_lacking(analyse("The ministry of Senegal asked ICANN.", "en"), [words]) == []


def test_countries_are_compared_in_all_six_languages():
    in_russian = cited("Министерство Сенегала просило помощи.", "ru")
    assert names_lacking(analyse("The ministry of Senegal asked.", "en"), [in_russian]) == []
    assert names_lacking(analyse("The ministry of Kenya asked.", "en"), [in_russian]) == ["Kenya"]
    assert names_lacking(analyse("塞内加尔的部委", "zh"), [in_russian]) == []
    assert names_lacking(analyse("وزارة كينيا", "ar"), [in_russian]) == ["كينيا"]


def test_who_speaks_and_what_the_consultation_is_called_may_be_named():
    words = cited("We ask for time.", byline="Aminata Diallo Réseau Sahel", country="ML")
    assert names_lacking(analyse("For Mali, the Réseau Sahel asks for time.", "en"), [words]) == []
    assert names_lacking(analyse("They ask the Forum for time.", "en"), [words], ["The Forum on Governance"]) == []
    assert names_lacking(analyse("They ask the Forum for time.", "en"), [words]) == ["Forum"]


def test_names_in_another_language_are_left_alone():
    assert (
        names_lacking(analyse("The United Nations asked.", "en"), [cited("Les Nations Unies ont demandé.", "fr")]) == []
    )


def test_a_small_number_in_the_place_of_another_is_found():
    words = [cited("three weeks before a meeting")]
    assert numbers_swapped(analyse("Four weeks are asked for.", "en"), words) == ["Four"]
    assert numbers_swapped(analyse("Three weeks are asked for.", "en"), words) == []
    assert numbers_swapped(analyse("Two views are held.", "en"), [cited("documents come late")]) == []
    assert numbers_swapped(analyse("Trois semaines sont demandées.", "fr"), words) == []


def test_symbols_addresses_and_references_are_found_and_words_are_not():
    text = "See WGIG/2004/Q3/17/Rev.1, [12], A/RES/70/125 and https://example.org/a?b=1. TCP/IP and/or Q3."
    assert dict(symbols(text)) == {
        "WGIG/2004/Q3/17/Rev.1": 1, "[12]": 1, "A/RES/70/125": 1, "https://example.org/a?b=1": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("language", "text", "what"),
    [
        ("en", "under Question 3", "question"),
        ("en", "questions 1, 2 and 3", "question"),
        ("fr", "la question 3", "question"),
        ("es", "la pregunta 3", "question"),
        ("ru", "по вопросу 3", "question"),
        ("ar", "في السؤال 3", "question"),
        ("zh", "问题3", "question"),
        ("en", "Summary 3", "summary"),
        ("en", "statement 3", "statement"),
        ("en", "contribution 3", "contribution"),
        ("ru", "материал 3", "contribution"),
        ("en", "in 3", ""),
        ("en", "the questions of 3", ""),
    ],
)
def test_a_number_that_names_something_is_distinguished_from_one_that_counts(language, text, what):
    assert refers(text, text.index("3") if "1" not in text else text.rindex("3"), language) == what


@pytest.mark.parametrize(
    ("language", "term", "text"),
    [
        ("en", "digital divide", "Bridging digital divides takes time."),
        ("fr", "fracture numérique", "Les fractures numériques demeurent."),
        ("es", "brecha digital", "Las brechas digitales persisten."),
        ("ru", "цифровой разрыв", "Преодоление цифрового разрыва займёт время."),
        ("ar", "فجوة رقمية", "سد الفجوة الرقمية يحتاج وقتا"),
        ("zh", "数字鸿沟", "弥合数字鸿沟需要时间"),
        ("en", "hub", "remote hubs"),
    ],
)
def test_a_term_is_found_whatever_its_inflection(language, term, text):
    assert has_term(text, term, language)


@pytest.mark.parametrize(
    ("language", "term", "text"),
    [
        ("en", "hub", "the hubris of others"),
        ("en", "art", "an article of the charter"),
        ("en", "digital divide", "Opinions divide; later, in another place and at another time, digital means help."),
        ("ru", "цифровой разрыв", "цифровое общество"),
        ("zh", "数字鸿沟", "数字社会"),
    ],
)
def test_what_only_begins_like_a_term_is_none(language, term, text):
    assert not has_term(text, term, language)


def test_statements_that_say_nearly_the_same_are_paired_with_the_first():
    texts = [
        "Documents should reach participants three weeks before a meeting.",
        "Travel is dear for small islands.",
        "Documents should reach all participants three weeks before a meeting.",
        "文件应在会议前三周送达与会者。",
        "文件应当在会议前三周送达与会者。",
    ]
    assert nearly_identical(texts) == [(2, 0), (4, 3)]


def test_a_count_behind_a_question_is_no_question():
    text = "15 under Question 1, 10 under Question 2, ten under Question 3; questions 4 and 5."
    named = [each for each in (1, 2, 3, 4, 5) if refers(text, text.index(f" {each}") + 1, "en") == "question"]
    assert named == [1, 2, 3, 4, 5]
    assert refers(text, text.index("10"), "en") == ""
    assert refers(text, text.index("ten"), "en") == ""
