"""The places of glossary terms in a text, in the six languages."""

import pytest

from plenara.documents.models import Term
from plenara.documents.validation.words import find_terms


def marked(text, language, *words):
    terms = [Term(words={language: each}) for each in words]
    return [text[each.begin : each.end] for each in find_terms(text, language, terms)]


@pytest.mark.parametrize(
    ("language", "text", "word", "found"),
    [
        ("en", "Remote hubs and a remote hub.", "remote hub", ["Remote hubs", "remote hub"]),
        ("en", "An article on art.", "art", ["art"]),
        ("fr", "Les pôles distants.", "pôle distant", ["pôles distants"]),
        ("ru", "О цифровом разрыве и цифровой разрыв.", "цифровой разрыв", ["цифровом разрыве", "цифровой разрыв"]),
        ("ar", "تفتح المراكز البعيدة والمراكز البعيدة.", "مراكز بعيدة", ["المراكز البعيدة", "والمراكز البعيدة"]),
        ("zh", "各远程中心和远程中心。", "远程中心", ["远程中心", "远程中心"]),
        ("en", "Nothing (of) [this].", "(of) [", []),
    ],
)
def test_forms_of_a_word_are_found_and_parts_of_others_are_not(language, text, word, found):
    assert marked(text, language, word) == found


def test_the_longer_of_two_wins_and_other_right_words_count():
    assert marked("A stakeholder group.", "en", "group", "stakeholder group") == ["stakeholder group"]
    (found,) = find_terms("A remote site.", "en", [Term(words={"en": "remote hub"}, also={"en": ["remote site"]})])
    assert (found.begin, found.end) == (2, 13)


@pytest.mark.parametrize("word", ["", "   ", "\n"])
def test_a_word_of_nothing_is_nowhere(word):
    assert marked("Some words.", "en", word) == []
