"""Guessing the language of a text, among those that are accepted."""

import pytest

from plenara.common.language_guess import detect, guess, is_known

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
def test_a_text_too_short_to_tell_is_not_guessed(text):
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
