"""A language model behind an OpenAI-compatible address: one request, one JSON object as the answer."""

import re
import time

from django.conf import settings

from plenara.core.machines import requests
from plenara.core.machines.requests import harmless_values
from plenara.core.machines.servers import Failed, Server, is_server
from plenara.core.rows import Json

#: The most characters of one text in an answer.
MOST_TEXT = 20_000


def is_configured() -> bool:
    """Return whether the operator configured a language model."""
    return is_server(settings.MODEL)


def name() -> str:
    """Return the label of texts that it writes: the model's name; "" if there is no model."""
    return settings.MODEL.name if is_server(settings.MODEL) else ""


def ask(
    system: str,
    user: str,
    *,
    schema: Json | None = None,
    seconds: float = requests.TOTAL,
    server: Server | None = None,
) -> Json:
    """Return the JSON object that the model answers, with its texts cleaned. Raises `Failed`.

    `schema` is a JSON Schema of the object. Not every server follows it, so the caller must check
    the answer. A `server` other than that of the settings is the one for translations.
    """
    server = server or settings.MODEL
    if not is_server(server):
        raise Failed("unset")
    end = time.monotonic() + min(seconds, requests.TOTAL)
    messages = [{"role": "system", "content": system}, {"role": "user", "content": user}]
    plain = {"model": server.model, "messages": messages}
    shape = {"name": "answer", "schema": schema}
    wish = {"type": "json_schema", "json_schema": shape} if schema else {"type": "json_object"}
    try:
        answer = requests.post(
            server, "/chat/completions", {**plain, "temperature": 0, "response_format": wish}, seconds=seconds
        )
    except Failed as failed:
        if failed.status not in {400, 422}:
            raise
        # Some servers do not support the schema, some models not the temperature: try once more without either.
        answer = requests.post(server, "/chat/completions", plain, seconds=end - time.monotonic())
    return _object_in(answer)


def answers(server: Server) -> None:
    """Request the list of models, to check that the server answers. Raises `Failed`."""
    requests.get(server, "/models", seconds=10)


def _object_in(answer: object) -> Json:
    if not isinstance(answer, dict):
        raise Failed("wrong_shape")
    try:
        choice = answer["choices"][0]
        content, why = choice["message"].get("content"), choice.get("finish_reason")
        refusal = choice["message"].get("refusal")
    except (KeyError, IndexError, TypeError, AttributeError):
        raise Failed("wrong_shape") from None
    if refusal or why == "content_filter":
        raise Failed("refused")
    if why == "length":
        raise Failed("cut_off")
    if not isinstance(content, str):
        raise Failed("wrong_shape")
    found = requests.read_json(_bare(content))
    if not isinstance(found, dict):
        raise Failed("wrong_shape")
    harmless = harmless_values(found, MOST_TEXT)
    assert isinstance(harmless, dict)
    return harmless


_FENCE = re.compile(r"\A```\w*\s*(.*?)\s*```\Z", re.DOTALL)


def _bare(content: str) -> str:
    """Return an answer without what some models add around it: thoughts before, a code fence."""
    content = content.rpartition("</think>")[2].strip()
    fenced = _FENCE.match(content)
    return fenced[1] if fenced else content
