"""One translation for each text, in order; "" where none can be used."""

import pytest

from plenara.core.machines import Failed, translation


@pytest.fixture(params=["libretranslate", "openai"])
def translator(request, machine, settings):
    """A server that translates, of each kind; as a model it answers the translations of what it was sent."""
    import json

    settings.TRANSLATION = machine.translator(request.param)
    machine.answer = lambda asked: {
        "translations": [
            machine.translated(text, "en", "ar") for text in json.loads(asked.body["messages"][1]["content"])["texts"]
        ]
    }
    return machine


def test_nothing_is_translated_where_no_server_is_named(settings):
    settings.TRANSLATION = None
    assert not translation.is_configured() and translation.name() == ""
    with pytest.raises(Failed, match="unset"):
        translation.translate(["Hello."], "en", "ar")


def test_each_text_has_its_translation_in_order(translator):
    assert translation.translate(["One.", " ", "Two."], "en", "ar") == ["[ar] One.", "", "[ar] Two."]


def test_nothing_to_translate_asks_nobody(translator):
    assert translation.translate(["", "  \n"], "en", "ar") == ["", ""]
    assert translator.requests == []


def test_many_texts_go_in_several_questions(translator):
    texts = [f"{n} " + "word " * 200 for n in range(12)]
    made = translation.translate(texts, "en", "ar")
    assert [text.split()[1] for text in made] == [str(n) for n in range(12)]
    assert 2 <= len(translator.requests) <= 4


@pytest.mark.parametrize(
    "wrong",
    ["x" * 500, "See https://evil.example/now", "Write to thief@evil.example", "www.evil.example", 7, None, ["a"]],
)
def test_what_cannot_be_a_translation_is_none(wrong, translator):
    translator.translated = lambda text, _source, _target: wrong if text == "Bad." else "Good."
    assert translation.translate(["Bad.", "Fine."], "en", "ar") == ["", "Good."]


def test_an_address_of_the_source_may_stay(translator):
    translator.translated = lambda _text, _source, _target: "انظر https://example.org/a."
    assert translation.translate(["See https://example.org/a, please."], "en", "ar")[0].startswith("انظر")


def test_another_number_of_translations_is_refused(machine, settings):
    settings.TRANSLATION = machine.translator("openai")
    machine.answer = lambda _request: {"translations": ["one"]}
    with pytest.raises(Failed, match="wrong_shape"):
        translation.translate(["One.", "Two."], "en", "ar")


def test_the_label_names_the_software_or_the_model_and_no_address(translator):
    assert translation.name() in {"LibreTranslate", "small-model"}


def test_each_kind_of_server_gets_its_key_in_its_own_place(translator, settings):
    translation.translate(["One."], "en", "zh")
    (request,) = translator.requests
    in_body, in_head = "api_key" in (request.body or {}), "Authorization" in request.headers
    assert (in_body, in_head) == ((False, True) if settings.TRANSLATION.model else (True, False))
