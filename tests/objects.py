"""An object storage for tests: a real server that speaks S3 over HTTP, and one that makes trouble."""

import http.server
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

BUCKET, KEY, SECRET = "papers", "key-of-tests", "secret/of:tests"


@dataclass
class Objects:
    """A server, and what is in its bucket."""

    url: str

    @property
    def client(self) -> Any:
        return boto3.client(
            "s3",
            endpoint_url=self.url,
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
            region_name="us-east-1",
        )

    def names(self) -> list[str]:
        found = self.client.list_objects_v2(Bucket=BUCKET)
        return [each["Key"] for each in found.get("Contents", ())]

    def clear(self) -> None:
        for name in self.names():
            self.client.delete_object(Bucket=BUCKET, Key=name)


@contextmanager
def serving() -> Iterator[Objects]:
    """Give a server with an empty bucket."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    it = Objects(f"http://{host}:{port}")
    it.client.create_bucket(Bucket=BUCKET)
    try:
        yield it
    finally:
        server.stop()


def storages(url: str, prefix: str = "site") -> dict[str, Any]:
    """Return Django's setting for a bucket behind this address."""
    options = {
        "access_key": KEY,
        "secret_key": SECRET,
        "bucket_name": BUCKET,
        "location": prefix,
        "endpoint_url": url,
        "region_name": "us-east-1",
    }
    return {
        "default": {"BACKEND": "plenara.core.store.bucket.Bucket", "OPTIONS": options},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@dataclass
class Trouble:
    """A server that refuses, is slow, or breaks off in the middle of a body; how often, and what it was asked."""

    how: str
    body: bytes = b"0123456789" * 20_000
    times: int = 1_000
    asked: list[tuple[str, str]] = field(default_factory=list)
    url: str = ""

    def __enter__(self) -> "Trouble":
        trouble = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                trouble.asked.append((self.command, self.headers.get("Range", "")))
                trouble.times -= 1
                if trouble.how == "slow":
                    time.sleep(1.5)
                elif trouble.how == "breaks off":
                    self.part(is_cut=trouble.times >= 0)
                else:
                    self.send_response(int(trouble.how))
                    self.send_header("Content-Length", "0")
                    self.end_headers()

            def part(self, *, is_cut: bool) -> None:
                first = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").partition("-")[0])
                rest = trouble.body[first:]
                self.send_response(206 if first else 200)
                self.send_header("Content-Length", str(len(rest)))
                self.send_header("ETag", '"one"')
                self.end_headers()
                self.wfile.write(rest[: len(rest) // 2] if is_cut else rest)
                self.close_connection = True

            do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = answer

            def log_message(self, *_said: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
