"""What differs between two texts."""

import random
import time

import pytest
from django.template.loader import render_to_string

from plenara.core.differences import ADDED, REMOVED, SAME, Run, differences, runs

pytestmark = pytest.mark.once


def kept(found, but):
    return "".join(run.text for run in found if run.kind != but)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("one two", "one two three", [Run(SAME, "one two"), Run(ADDED, " three")]),
        ("x a b y", "x y", [Run(SAME, "x "), Run(REMOVED, "a b "), Run(SAME, "y")]),
        (
            "the quick brown fox",
            "a slow red fox",
            [Run(REMOVED, "the quick brown"), Run(ADDED, "a slow red"), Run(SAME, " fox")],
        ),
        ("我们不同意", "我们同意", [Run(SAME, "我们"), Run(REMOVED, "不"), Run(SAME, "同意")]),
        ("كِتابٌ جديد", "كِتابٌ قديم", [Run(SAME, "كِتابٌ "), Run(REMOVED, "جديد"), Run(ADDED, "قديم")]),
        ("a  b", "a b", [Run(SAME, "a b")]),
        ("", "", []),
    ],
)
def test_words_are_compared_and_chinese_characters(before, after, expected):
    assert runs(before, after) == expected


def test_nothing_is_lost_and_nothing_is_made_up():
    dice = random.Random(3)
    for letters in ("ab \n", "abc .\n\n ", "中文字 "):
        for _index in range(200):
            before, after = ("".join(dice.choices(letters, k=dice.randint(0, 30))) for _side in range(2))
            found = runs(before, after)
            assert kept(found, REMOVED) == after
            assert "".join(kept(found, ADDED).split()) == "".join(before.split())


def words(seed, how_many=16_000):
    dice = random.Random(seed)
    return "\n\n".join(" ".join(f"w{dice.randint(0, 3000)}" for _word in range(100)) for _row in range(how_many // 100))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (words(1), words(2)),
        ("a " * 50_000, "b a " * 25_000),
        ("我们不同意" * 20_000, "同意这我们" * 20_000),
        ("a\n" * 50_000, "a\nb\n" * 25_000),
        ("x" * 100_000, "y" * 100_000),
    ],
)
def test_texts_of_a_hundred_thousand_characters_are_compared_in_bounded_time(before, after):
    began = time.process_time()
    found = runs(before, after)
    assert time.process_time() - began < 20
    assert kept(found, REMOVED) == after


def test_a_text_of_four_thousand_words_with_a_third_of_them_changed_is_compared_by_words():
    before = words(1, 4_000)
    after = " ".join(word if at % 3 else f"new{at}" for at, word in enumerate(before.split(" ")))
    assert sum(run.kind == REMOVED for run in runs(before, after)) > 1_000


def test_in_a_long_text_the_words_of_a_changed_paragraph_are_still_shown():
    paragraphs = words(1).split("\n\n")
    later = [words(9, 100) if place > 20 else each for place, each in enumerate(paragraphs)]
    later[3] = later[3].replace(" ", " newly ", 1)
    found = runs("\n\n".join(paragraphs), "\n\n".join(later))
    assert found[1] == Run(ADDED, "newly ")


def test_long_stretches_without_a_change_are_folded_and_a_paragraph_that_broke_is_marked():
    before = "\n\n".join(["One.", "Two.", "Three.", "Four. Five."])
    found = differences(before, before.replace("Four. Five.", "Four.\n\nFive."))
    assert [block.is_folded for block in found.blocks] == [True, False, False]
    assert Run(ADDED, "¶") in found.blocks[1].paragraphs[0]


def test_a_page_says_in_words_what_went_and_came_and_shows_markup_as_it_was_typed():
    page = render_to_string(
        "core/difference.html", {"before": "Call <b>me</b> now.", "after": "Call <script> now.", "language": "en"}
    )
    assert "[deleted:" in page
    assert "[added:" in page
    assert "<script>" not in page
    assert "&lt;" in page
