"""One limited request to a machine, cleaning of what it returns, and sentences for failures."""

import asyncio
import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Never

from django.utils.translation import gettext_lazy as _

from plenara.core.machines.servers import OPENAI, Failed, Server
from plenara.core.rows import Json
from plenara.core.text import clean

if TYPE_CHECKING:
    import httpx

#: Seconds to connect, and between two pieces of an answer: a model thinks before its first word.
CONNECT, READ = 5.0, 90.0
#: The most seconds for one exchange; a task has 115.
TOTAL = 100.0
#: The most bytes of a request and of an answer.
MOST_SENT, MOST_READ = 1_000_000, 4_000_000


def post(server: Server, path: str, body: Json, *, seconds: float = TOTAL, most: int = MOST_READ) -> object:
    """Return the server's answer to a JSON body, parsed as JSON. Raises `Failed`."""
    sent = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    if len(sent) > MOST_SENT:
        raise Failed("too_large")
    return _exchange(server, "POST", path, sent, seconds, most)


def get(server: Server, path: str, *, seconds: float = TOTAL, most: int = MOST_READ) -> object:
    """Return the content of a path of the server, parsed as JSON. Raises `Failed`."""
    return _exchange(server, "GET", path, None, seconds, most)


def _exchange(server: Server, method: str, path: str, sent: bytes | None, seconds: float, most: int) -> object:
    if seconds <= 0:
        raise Failed("slow")
    with ThreadPoolExecutor(1, "plenara-machine") as alone:
        return read_json(
            alone.submit(asyncio.run, _ask(server, method, path, sent, min(seconds, TOTAL), most)).result()
        )


async def _ask(server: Server, method: str, path: str, sent: bytes | None, seconds: float, most: int) -> bytes:
    import httpx  # a tenth of a second, which most processes never need

    headers = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "Plenara"}
    if sent is not None:
        headers["Content-Type"] = "application/json"
    if server.key and server.protocol == OPENAI:
        headers["Authorization"] = f"Bearer {server.key}"
    timeout = httpx.Timeout(READ, connect=CONNECT)
    # trust_env: no proxy, .netrc or certificate file of the environment decides where a key is sent.
    client = httpx.AsyncClient(headers=headers, timeout=timeout, follow_redirects=False, trust_env=False)
    try:
        async with (
            asyncio.timeout(seconds),
            client,
            client.stream(method, server.base + path, content=sent) as response,
        ):
            _require_success(response)
            return await _read(response, most)
    except (TimeoutError, httpx.TimeoutException) as error:
        code = "unreachable" if isinstance(error, httpx.ConnectTimeout) else "slow"
        raise Failed(code) from None
    except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
        raise Failed("cut_off") from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError):
        raise Failed("unreachable") from None


def _require_success(response: "httpx.Response") -> None:
    status = response.status_code
    if status in {408, 429} or status >= 500:
        raise Failed("busy", status)
    if status == 413:
        raise Failed("too_large", status)
    if status != 200:  # including redirects: the operator did not choose their target
        raise Failed("refused", status)
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise Failed("wrong_shape", status)  # not requested; a small body may expand to any size


async def _read(response: "httpx.Response", most: int) -> bytes:
    got = bytearray()
    async for piece in response.aiter_raw():
        got += piece
        if len(got) > most:
            raise Failed("too_large", response.status_code)
    return bytes(got)


def read_json(written: bytes | str) -> object:
    """Return parsed JSON. Raises `Failed`, also for NaN and for nesting that is too deep."""
    try:
        return json.loads(written, parse_constant=_none)
    except (ValueError, RecursionError):
        raise Failed("not_json") from None


def _none(constant: str) -> Never:
    raise ValueError(constant)


# Isolates and invisible characters: zero-width spaces, word joiners, tags, annotation marks. Joiners and the plain
# marks of direction stay, since Arabic and Persian are written with them.
_UNSEEN = re.compile("[\u00ad\u180e\u200b\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")
# More combining marks on one letter than any of the six languages has.
_HEAPED = re.compile("([\u0300-\u036f\u0483-\u0489\u20d0-\u20ff]{4})[\u0300-\u036f\u0483-\u0489\u20d0-\u20ff]+")

#: Objects within objects; a real answer has three or four.
MOST_DEPTH = 8
MOST_ITEMS = 2_000


def harmless(text: str) -> str:
    """Return a machine's text cleaned like a person's, and without invisible characters."""
    return clean(_HEAPED.sub(r"\1", _UNSEEN.sub("", text)))


def harmless_values(value: object, most: int, depth: int = MOST_DEPTH) -> object:
    """Return a JSON value with all its texts cleaned; raises `Failed` if one is longer than `most` characters."""
    if depth == 0:
        raise Failed("wrong_shape")
    if isinstance(value, str):
        if len(value) > most:
            raise Failed("too_large")
        return harmless(value)
    if isinstance(value, list | dict) and len(value) > MOST_ITEMS:
        raise Failed("too_large")
    if isinstance(value, list):
        return [harmless_values(each, most, depth - 1) for each in value]
    if isinstance(value, dict):
        return {harmless(key): harmless_values(each, most, depth - 1) for key, each in value.items()}
    return value


_ADDRESS = re.compile(r"(?:https?:|mailto:|www\.)[^\s<>()\[\]\"“”«»]+|[\w.+-]+@[\w-]+\.\w+", re.IGNORECASE)


def addresses(text: str) -> set[str]:
    """Return the web and e-mail addresses in a text."""
    return {each.rstrip(".,;:!?。，；：").lower() for each in _ADDRESS.findall(text)}


_SENTENCES = {
    "unset": _("The settings do not name a server for this task."),
    "unreachable": _("The server could not be reached."),
    "slow": _("The server took too long to answer."),
    "cut_off": _("The answer ended too early."),
    "busy": _("The server was too busy or was not working."),
    "refused": _(
        "The server refused the request. The address, the key or the name of the model in the settings may be wrong."
    ),
    "too_large": _("The request or the answer was larger than we allow."),
    "not_json": _("The answer was not in the required format (JSON)."),
    "wrong_shape": _("The answer did not contain what we asked for."),
}


def failure_sentence(code: str) -> str:
    """Return the sentence for a failure's code, in the active language; a general one for an unknown code."""
    return str(_SENTENCES.get(code, _("The server gave an unexpected answer.")))
