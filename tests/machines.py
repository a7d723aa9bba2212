"""A machine elsewhere, over real HTTP on this machine, that can also misbehave.

    with machines.server() as it:                       # or the fixture `machine`
        settings.MODEL = it.model()                     # as PLENARA_MODEL_URL would
        settings.TRANSLATION = it.translator()          # LibreTranslate; it.translator("openai") asks the model
        it.answer = lambda request: {...}               # the object that the model writes; a text is sent as it is
        it.way = "cut_off"                              # any of WAYS: how the next answers go wrong
        it.requests                                     # what it was asked: Request(path, headers, body)

By itself it translates "word" into "[ar] word", and as a model answers {}.
"""

import gzip
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from plenara.core.machines import Server
from tests.hostile import SCRIPTS

#: How it can go wrong; beside each, the code that is expected of us.
WAYS = {
    "hang": "slow",  # takes the request, never answers
    "drip": "slow",  # a byte of the answer now and then
    "drip_head": "slow",  # a byte of the head now and then
    "cut_off": "cut_off",  # breaks off in the middle of the body
    "hang_up": "cut_off",  # closes without a word
    "garbage": "cut_off",  # speaks no HTTP
    "html": "not_json",  # a page for a person, with status 200
    "nested": "not_json",  # lists in lists without end
    "nan": "not_json",
    "empty": "not_json",
    "list": "wrong_shape",  # JSON, but not what was asked for
    "null": "wrong_shape",
    "compressed": "wrong_shape",  # unasked
    "enormous": "too_large",
    "redirect": "refused",  # to an address of this machine, as to a cloud's metadata
    "denied": "refused",
    "busy": "busy",
    "broken": "busy",
}


@dataclass
class Request:
    """What the machine was asked."""

    path: str
    headers: dict[str, str]
    body: Any

    @property
    def words(self) -> str:
        """Everything that a model was sent, as one text."""
        return "\n".join(message["content"] for message in self.body["messages"])


@dataclass
class Machine:
    """The machine of a test."""

    port: int
    way: str = ""
    answer: Callable[[Request], Any] = lambda _request: {}
    translated: Callable[[str, str, str], Any] = lambda text, _source, target: f"[{target}] {text}"
    knows_wishes: bool = True  # whether response_format is accepted
    requests: list[Request] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def model(self, name: str = "small-model", key: str = "hush-hush") -> Server:
        """Return what `PLENARA_MODEL_URL` would name."""
        return Server("openai", f"http://127.0.0.1:{self.port}/v1", name, key)

    def translator(self, protocol: str = "libretranslate", key: str = "hush-hush") -> Server:
        """Return what `PLENARA_TRANSLATION_URL` would name."""
        if protocol == "openai":
            return self.model(key=key)
        return Server("libretranslate", f"http://127.0.0.1:{self.port}", "", key)


@contextmanager
def server() -> Iterator[Machine]:
    """Run a machine while the block lasts."""
    http = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    http.daemon_threads = True
    http.machine = machine = Machine(http.server_port)  # type: ignore[attr-defined]
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield machine
    finally:
        machine.stop.set()
        http.shutdown()
        http.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_args: Any) -> None:
        pass

    def do_GET(self) -> None:
        self.serve(None)

    def do_POST(self) -> None:
        self.serve(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def serve(self, body: Any) -> None:
        machine: Machine = self.server.machine  # type: ignore[attr-defined]
        request = Request(self.path, dict(self.headers), body)
        machine.requests.append(request)
        self.close_connection = True
        try:
            if machine.way:
                getattr(self, f"be_{machine.way}", self.be_said)(machine)
            elif not machine.knows_wishes and body and "response_format" in body:
                self.send(400, b'{"error": "unknown field"}')
            else:
                self.send(200, json.dumps(self.proper(machine, request)).encode())
        except OSError:
            pass  # who asked has left

    def proper(self, machine: Machine, request: Request) -> Any:
        if request.path.endswith("/models"):
            return {"object": "list", "data": [{"id": "small-model"}]}
        if request.path.endswith("/languages"):
            return [{"code": "en", "name": "English", "targets": ["ar"]}]
        if request.path.endswith("/translate"):
            body = request.body
            return {"translatedText": [machine.translated(q, body["source"], body["target"]) for q in body["q"]]}
        content = machine.answer(request)
        content = content if isinstance(content, str) else json.dumps(content)
        return {"choices": [{"message": {"role": "assistant", "content": content}, "finish_reason": "stop"}]}

    def send(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def be_said(self, machine: Machine) -> None:
        status, body = {
            "html": (200, b"<!doctype html><h1>Welcome</h1>"),
            "nested": (200, b"[" * 200_000),
            "nan": (200, b'{"choices": NaN}'),
            "empty": (200, b""),
            "list": (200, b'["as you wish"]'),
            "null": (200, b'{"choices": null, "translatedText": null}'),
            "denied": (401, b'{"error": "hush-hush is no key"}'),
            "busy": (429, b"{}"),
            "broken": (503, SCRIPTS[0].encode()),
        }[machine.way]
        self.send(status, body)

    def be_compressed(self, _machine: Machine) -> None:
        self.send(200, gzip.compress(b" " * 5_000_000 + b"{}", 1), Content_Encoding="gzip")

    def be_redirect(self, machine: Machine) -> None:
        self.send(307, b"", Location=f"http://127.0.0.1:{machine.port}/private")

    def be_enormous(self, _machine: Machine) -> None:
        self.send_response(200)
        self.end_headers()
        for _turn in range(100_000):
            self.wfile.write(b'{"x": "' + b"y" * 65_536)

    def be_cut_off(self, _machine: Machine) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "5000")
        self.end_headers()
        self.wfile.write(b'{"choices": [{"message": {"content": "{}')

    def be_hang_up(self, _machine: Machine) -> None:
        self.connection.close()

    def be_garbage(self, _machine: Machine) -> None:
        self.wfile.write(b"220 mail.example.org ESMTP\r\n\r\n")

    def be_hang(self, machine: Machine) -> None:
        machine.stop.wait(60)

    def be_drip(self, machine: Machine) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        self._drip(machine)

    def be_drip_head(self, machine: Machine) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        self._drip(machine)

    def _drip(self, machine: Machine) -> None:
        end = time.monotonic() + 60
        while time.monotonic() < end and not machine.stop.wait(0.05):
            self.wfile.write(b"a")
            self.wfile.flush()
