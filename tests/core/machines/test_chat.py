"""A model is asked once, and its object comes back with texts that can harm no page."""

import json

import pytest

from plenara.core.machines import Failed, chat
from tests.hostile import SCRIPTS


@pytest.fixture
def model(machine, settings):
    settings.MODEL = machine.model()
    return machine


def test_nothing_is_asked_where_no_model_is_named(settings):
    settings.MODEL = None
    assert not chat.is_configured() and chat.name() == ""
    with pytest.raises(Failed, match="unset"):
        chat.ask("", "")


def test_the_rules_and_the_data_are_sent_apart_with_the_key(model):
    model.answer = lambda _request: {"said": "yes"}
    assert chat.ask("Rules.", "Data.", schema={"type": "object"}) == {"said": "yes"}
    (request,) = model.requests
    assert [each["role"] for each in request.body["messages"]] == ["system", "user"]
    assert request.headers["Authorization"] == "Bearer hush-hush"
    assert request.body["response_format"]["json_schema"]["schema"] == {"type": "object"}


def test_a_server_that_knows_no_wishes_is_asked_without(model):
    model.knows_wishes = False
    model.answer = lambda _request: {"said": "yes"}
    assert chat.ask("Rules.", "Data.") == {"said": "yes"}
    assert ["response_format" in request.body for request in model.requests] == [True, False]


@pytest.mark.parametrize(
    "around", ["{}", "```json\n{}\n```", "```\n{}\n```", "<think>What {{now}}?</think>\n{}", " {} \n"]
)
def test_what_models_set_around_their_answer_is_left_out(around, model):
    model.answer = lambda _request: around.replace("{}", '{"said": "yes"}')
    assert chat.ask("", "") == {"said": "yes"}


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("I am sorry, I cannot do that.", "not_json"),
        ('{"a": 1} {"b": 2}', "not_json"),
        ('["a"]', "wrong_shape"),
        ("7", "wrong_shape"),
        ('{"a": ' * 20 + "1" + "}" * 20, "wrong_shape"),
        (json.dumps({"a": "x" * 30_000}), "too_large"),
        (json.dumps({"a": [0] * 3_000}), "too_large"),
        ('{"a": ' + "9" * 6_000 + "}", "not_json"),
    ],
)
def test_an_invalid_answer_has_its_error_code(answer, code, model):
    model.answer = lambda _request: answer
    with pytest.raises(Failed) as failed:
        chat.ask("", "")
    assert failed.value.code == code


def test_hostile_texts_stay_texts_without_what_turns_or_hides(model):
    texts = [
        *SCRIPTS,
        "a\u202eb\u2066c\u200bd\U000e0041e",
        "Subject: x\r\nBcc: all@example.org\x00\x1b[2J",
        "o" + "\u0301" * 90,
    ]
    model.answer = lambda _request: {"texts": texts}
    got = chat.ask("", "")["texts"]
    assert got[0] == SCRIPTS[0]  # text; templates escape it
    assert got[-3] == "abcde"
    assert got[-2] == "Subject: x\nBcc: all@example.org[2J"
    assert len(got[-1]) < 8
