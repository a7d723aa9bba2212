"""One bounded request: so many seconds in all, so many bytes, no redirect, no proxy of the environment, no compression.

The clock runs over the whole exchange: a server that sends a byte now and then keeps nobody. That needs a loop that can
be stopped at any point, so each request runs one of its own, in a thread of its own: the caller may be inside another.
"""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from plenara.core.machines.failing import Failed
from plenara.core.machines.servers import OPENAI, Server

#: Seconds until a connection stands, and between two pieces of an answer: a model thinks before its first word.
CONNECT, READ = 5.0, 90.0
#: Seconds for one exchange, at most; a task has 115.
TOTAL = 100.0
#: Bytes of a question and of an answer.
MOST_SENT, MOST_READ = 1_000_000, 4_000_000


def post(server: Server, path: str, body: dict[str, Any], *, seconds: float = TOTAL, most: int = MOST_READ) -> Any:
    """Return what the server answers to a JSON body, read as JSON. Raises `Failed`."""
    sent = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    if len(sent) > MOST_SENT:
        raise Failed("too_large")
    return _exchange(server, "POST", path, sent, seconds, most)


def get(server: Server, path: str, *, seconds: float = TOTAL, most: int = MOST_READ) -> Any:
    """Return what stands at a path of the server, read as JSON. Raises `Failed`."""
    return _exchange(server, "GET", path, None, seconds, most)


def _exchange(server: Server, method: str, path: str, sent: bytes | None, seconds: float, most: int) -> Any:
    if seconds <= 0:
        raise Failed("slow")
    with ThreadPoolExecutor(1, "plenara-machine") as alone:
        return read_json(
            alone.submit(asyncio.run, _ask(server, method, path, sent, min(seconds, TOTAL), most)).result()
        )


async def _ask(server: Server, method: str, path: str, sent: bytes | None, seconds: float, most: int) -> bytes:
    headers = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "Plenara"}
    if sent is not None:
        headers["Content-Type"] = "application/json"
    if server.key and server.protocol == OPENAI:
        headers["Authorization"] = f"Bearer {server.key}"
    waits = httpx.Timeout(READ, connect=CONNECT)
    # trust_env: no proxy, no .netrc, no certificate file of whoever started us decides where a key is sent.
    client = httpx.AsyncClient(headers=headers, timeout=waits, follow_redirects=False, trust_env=False)
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


def _require_success(response: httpx.Response) -> None:
    status = response.status_code
    if status in {408, 429} or status >= 500:
        raise Failed("busy", status)
    if status == 413:
        raise Failed("too_large", status)
    if status != 200:  # a redirect among them: where it leads to was not chosen by the operator
        raise Failed("refused", status)
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise Failed("wrong_shape", status)  # unasked; a small body may hold any amount


async def _read(response: httpx.Response, most: int) -> bytes:
    got = bytearray()
    async for piece in response.aiter_raw():
        got += piece
        if len(got) > most:
            raise Failed("too_large", response.status_code)
    return bytes(got)


def read_json(written: bytes | str) -> Any:
    """Return what is written as JSON. Raises `Failed`: of NaN and of endless nesting, too."""
    try:
        return json.loads(written, parse_constant=_none)
    except (ValueError, RecursionError):
        raise Failed("not_json") from None


def _none(constant: str) -> Any:
    raise ValueError(constant)
