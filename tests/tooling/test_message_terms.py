"""The checks of terms and of each language's own rules, each seen to find what it is for."""

import pytest

from tools.messages import checks, terms
from tools.messages.languages import LANGUAGES
from tools.messages.source import Message

FILES = ["plenara/a.py"]
FR = LANGUAGES["fr"]


def test_a_translation_has_the_terms_of_its_message():
    message = Message("The summary cites your contribution.", files=FILES)
    assert not list(terms.problems(FR, message, "Le résumé cite votre contribution."))
    (problem,) = terms.problems(FR, message, "Le résumé vous cite.")
    assert "contribution" in problem


def test_the_last_form_of_a_plural_is_read():
    message = Message("One question", "%(n)s questions", files=FILES)
    assert not list(terms.problems(FR, message, ("Une seule", "%(n)s questions")))
    assert list(terms.problems(FR, message, ("Une question", "%(n)s en tout")))


def test_a_term_is_not_looked_for_in_placeholders_or_in_another_meaning():
    assert not list(terms.problems(FR, Message("%(question)s: <a href='question'>read</a>", files=FILES), "lire"))
    assert not list(terms.problems(FR, Message("Do you have questions?", files=FILES), "Besoin d’aide ?"))


@pytest.mark.parametrize("language", [each for each in LANGUAGES.values() if not each.is_source])
def test_each_pair_of_terms_is_two_words(language):
    assert not list(terms.same_stems(language))


@pytest.mark.parametrize(
    ("language", "wrong", "right"),
    [("es", "Guarde", "Guardar"), ("fr", "Enregistrez", "Enregistrer"), ("ru", "Сохраните", "Сохранить")],
)
def test_a_button_is_no_order(language, wrong, right):
    button = Message("Save", context="button", files=FILES)
    assert list(checks.problems(LANGUAGES[language], button, wrong))
    assert not list(checks.problems(LANGUAGES[language], button, right))


def test_a_translation_does_not_begin_with_the_name_of_a_language():
    message = Message("Read in %(language)s", files=FILES)
    assert not list(checks.problems(FR, message, "Lire (%(language)s)"))
    assert list(checks.problems(FR, message, "%(language)s\u00a0: lire"))
    assert not list(checks.problems(FR, Message("%(language)s: read", files=FILES), "%(language)s\u00a0: lire"))


def test_terms_that_are_one_word_are_found(monkeypatch):
    monkeypatch.setattr(terms, "PAIRS", [("bylines?", "signator(?:y|ies)")])
    assert list(terms.same_stems(LANGUAGES["ru"]))


def test_messages_that_differ_in_a_noun_are_translated_alike():
    one = Message("You can no longer change this event.", files=FILES)
    other = Message("You can no longer change this entry.", files=FILES)
    alike = {
        (*one.key, None): "Vous ne pouvez plus modifier cet événement.",
        (*other.key, None): "Vous ne pouvez plus modifier cette fiche.",
    }
    assert not list(terms.different_translations(FR, [one, other], alike))
    unlike = alike | {(*other.key, None): "Il est trop tard pour y toucher."}
    assert list(terms.different_translations(FR, [one, other], unlike))


@pytest.mark.parametrize(
    ("language", "wrong", "right"),
    [
        ("ar", "اكتبوا الاسم.", "يرجى كتابة الاسم."),
        ("ar", "يرجى ذلك أولا.", "يرجى ذلك أولاً."),
        ("es", "Escribe tu nombre.", "Escriba su nombre."),
        ("fr", "Lire « les règles ».", "Lire «\u00a0les règles\u00a0»."),
        ("fr", "Est-ce exact ?", "Est-ce exact\u202f?"),
        ("fr", "Écris ton nom.", "Écrivez votre nom."),
        ("fr", "Traduire en Français", "Traduire en français"),
        ("ru", "Ещё раз", "Еще раз"),
        ("ru", "Мы напишем вам.", "Мы напишем Вам."),
        ("ru", "Перевод на Английский язык", "Перевод на английский язык"),
        ("zh_Hans", "已公布。 请阅读。", "已公布。请阅读。"),
        ("zh_Hans", "你的意见", "您的意见"),
        ("zh_Hans", "请阅读,谢谢", "请阅读，谢谢"),
    ],
)
def test_the_rules_of_each_language(language, wrong, right):
    assert list(checks.problems_of_language(LANGUAGES[language], wrong))
    assert not list(checks.problems_of_language(LANGUAGES[language], right))


def test_the_first_form_in_russian_never_says_1():
    message = Message("1 paragraph", "%(n)s paragraphs", files=FILES)
    ru = LANGUAGES["ru"]
    assert any(
        "21" in each for each in checks.problems(ru, message, ("1 пункт %(n)s", "%(n)s пункта", "%(n)s пунктов"))
    )
    assert not list(checks.problems(ru, message, ("%(n)s пункт", "%(n)s пункта", "%(n)s пунктов")))
