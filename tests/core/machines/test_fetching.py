"""However a server misbehaves, the request ends soon, with a code of the error, and never shows the key."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from plenara.core.machines import CODES, Failed, chat, requests, translation
from plenara.core.machines.servers import Server
from tests import machines


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    """Waits that a test can bear. A byte now and then passes them: only the time for all ends `drip`."""
    monkeypatch.setattr(requests, "READ", 8)
    monkeypatch.setattr(requests, "MOST_READ", 500_000)


@pytest.fixture
def ask(machine, settings):
    settings.MODEL, settings.TRANSLATION = machine.model(), machine.translator()
    return lambda **more: chat.ask("Rules.", "Data.", **more)


@pytest.mark.parametrize(("way", "code"), machines.WAYS.items())
def test_a_model_that_misbehaves_has_its_error_code(way, code, ask, machine):
    machine.way = way
    with pytest.raises(Failed) as failed:
        ask(seconds=1 if code == "slow" else 20)
    assert failed.value.code == code


@pytest.mark.parametrize(("way", "code"), machines.WAYS.items())
def test_a_translator_that_misbehaves_has_its_error_code(way, code, ask, machine):
    machine.way = way
    with pytest.raises(Failed) as failed:
        translation.translate(["Hello."], "en", "ar", seconds=1 if code == "slow" else 20)
    assert failed.value.code == code


def test_a_redirect_is_not_followed(ask, machine):
    machine.way = "redirect"
    with pytest.raises(Failed):
        ask()
    assert [request.path for request in machine.requests] == ["/v1/chat/completions"]


def test_nobody_there_is_unreachable(settings):
    settings.MODEL = Server("openai", "http://127.0.0.1:1/v1", "m")
    with pytest.raises(Failed, match="unreachable"):
        chat.ask("", "")


def test_no_proxy_of_the_environment_gets_the_key(ask, machine, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    assert ask() == {}


def test_it_can_be_asked_from_within_a_running_loop(ask):
    async def inside():
        return ask()

    # In a thread of its own: a browser of the same run may have left a loop in this one.
    with ThreadPoolExecutor(1) as alone:
        assert alone.submit(asyncio.run, inside()).result() == {}


def test_a_question_that_is_too_large_is_not_sent(ask, machine):
    with pytest.raises(Failed, match="too_large"):
        chat.ask("Rules.", "x" * 1_100_000)
    assert machine.requests == []


@pytest.mark.parametrize("way", ["denied", "drip", "broken", "cut_off"])
def test_neither_the_log_nor_the_error_shows_the_key(way, ask, machine, caplog):
    machine.way = way
    with pytest.raises(Failed) as failed:
        ask(seconds=1 if way == "drip" else 20)
    output = f"{failed.value!r} {failed.value.__cause__!r} {caplog.text} {machine.model()!r}"
    assert "hush" not in output


def test_every_code_has_a_sentence():
    sentences = {requests.failure_sentence(code) for code in CODES}
    assert len(sentences) == len(CODES)
    assert requests.failure_sentence("unheard-of") not in sentences
