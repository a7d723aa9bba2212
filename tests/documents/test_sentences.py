"""The sentences of a contribution: each can be cited exactly."""

import pytest

from plenara.core.text import contains_words
from plenara.documents.validation.words import MOST_SENTENCES, sentences


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("He said “no.” She left.", ["He said “no.”", "She left."]),
        ("文件来得太晚。请提前三周！好吗？", ["文件来得太晚。", "请提前三周！", "好吗？"]),
        ("هل تصل الوثائق؟ تصل متأخرة.", ["هل تصل الوثائق؟", "تصل متأخرة."]),
        ("Version 1.2 of www.example.org is fine", ["Version 1.2 of www.example.org is fine"]),
        ("A first line\n\n- an item\n- another", ["A first line", "an item", "another"]),
        ("Some *emphasis*. And [a link](https://example.org).", ["Some emphasis.", "And a link."]),
        ("Twice. Twice.", ["Twice."]),
        ("", []),
        ("...", ["..."]),
    ],
)
def test_a_text_falls_into_its_sentences(text, found):
    assert sentences(text) == found


def test_every_sentence_stands_exactly_in_its_text():
    text = (
        "<b>Hostile</b> & sons. > A quote! 1. A list? \u200f عربي. *Un*balanced **marks. \\* \\_ `code`. Æ ‮ reversed."
    )
    assert sentences(text)
    assert all(contains_words(text, each) for each in sentences(text))


def test_a_very_long_text_is_offered_up_to_a_limit():
    assert len(sentences(" ".join(f"Sentence {number}." for number in range(5000)))) == MOST_SENTENCES
