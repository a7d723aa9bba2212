"""Guessing the language of a text, among those that are accepted."""

import json
from pathlib import Path

import pytest

from plenara.core.language_guess import detect, differing, guess, is_known

SIX = ["ar", "en", "es", "fr", "ru", "zh"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("المندوب الذي تكلم قبلي في الاجتماع لا يفهم المنطقة", "ar"),
        ("Our members farm and fish along the river and never meet a delegate.", "en"),
        ("Somos una cooperativa de once mil socios en el extremo sur.", "es"),
        ("Nos membres cultivent et pêchent le long du fleuve.", "fr"),
        ("Наши члены живут далеко от всякого совещания.", "ru"),
        ("我们统计了过去两年的四十次在线会议。", "zh"),
    ],
)
def test_each_of_the_six_is_recognized(text, language):
    assert guess(text, SIX) == language


@pytest.mark.parametrize("text", ["", "Yes.", "123 456", "OK ok ok"])
def test_the_language_of_a_very_short_text_is_not_guessed(text):
    assert guess(text, ["en", "fr"]) == ""


@pytest.mark.parametrize(
    "text", ["我们统计了过去两年的四十次在线会议。", "Somos una cooperativa de once mil socios en el extremo sur."]
)
def test_a_language_that_is_not_accepted_is_not_taken_for_another(text):
    assert guess(text, ["en", "fr"]) == ""


def test_where_one_language_is_accepted_a_short_text_is_in_it():
    assert guess("Yes.", ["fr"]) == "fr"


def test_a_language_that_somebody_declares_is_learned_when_it_is_met():
    dutch = "Wij vragen dat de documenten drie weken voor de vergadering in onze taal beschikbaar zijn."
    assert is_known("nl-BE") and not is_known("qaa")
    assert detect(dutch, "en") != "nl"
    assert detect(dutch, "nl-BE") == "nl"
    assert guess(dutch, ["nl", "fr"]) == "nl"
    assert detect("Nos membres cultivent et pêchent le long du fleuve.", "nl") == "fr"


CONTENT = Path(__file__).parents[2] / "plenara_sample" / "content"


def test_frequent_words_distinguish_each_text_of_the_demo_from_every_other_language():
    texts = [
        (row["language"], row["text"])
        for path in sorted(CONTENT.glob("*/contributions.json"))
        for row in json.loads(path.read_text())
        if row["key"] != "c85"  # Spanish that was declared English, on purpose
    ]
    assert len(texts) > 100
    for language, text in texts:
        assert {differing(text, each) for each in SIX} == {"", language}
        assert differing(text, language) == ""


@pytest.mark.parametrize("declared", ["sw", "uk", ""])
def test_of_a_language_whose_words_are_not_known_nothing_is_asked(declared):
    text = "Our members farm and fish along the river and never meet a delegate of the region."
    assert differing(text, declared) == ""


def test_a_quotation_does_not_decide():
    quoted = "> " + "The members of the group are of the view that this is not for them to decide. " * 5
    own = "Nous ne sommes pas de cet avis: les membres du groupe ont le droit de décider."
    assert differing(f"{quoted}\n\n{own}", "fr") == ""
