"""A copy as a plain web server shows it, and its files as whoever searches them sees them."""

import gzip
import io
import threading
import urllib.error
import urllib.request
import zipfile
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urljoin, urlsplit

from plenara.mirror.rendering import addresses


class Quiet(SimpleHTTPRequestHandler):
    """Python's own web server, which knows nothing of us."""

    def log_message(self, *_args):
        pass


@contextmanager
def served(folder):
    """Serve a folder on this machine; gives the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def crawl(folder):
    """Follow every link from the first page on; return (paths that were seen, what is broken)."""
    with served(folder) as host:
        seen, broken, waiting = {}, [], [("/", "")]
        while waiting:
            path, found_on = waiting.pop()
            if path in seen:
                continue
            try:
                with urllib.request.urlopen(f"{host}{path}") as answer:
                    at, content, kind = urlsplit(answer.url).path, answer.read(), answer.headers["Content-Type"]
            except urllib.error.HTTPError as error:
                seen[path] = error.code
                broken.append((path, found_on, error.code))
                continue
            seen[path] = 200
            if not kind.startswith("text/html"):
                continue
            for element, address in addresses(content.decode()):
                whole = urlsplit(urljoin(f"{host}{at}", address))
                if whole.scheme not in {"http", "https"} or f"{whole.scheme}://{whole.netloc}" != host:
                    continue
                if element == "form" or whole.query:
                    broken.append((address, path, "a copy cannot answer it"))
                waiting.append((whole.path, path))
    return seen, broken


def files_of(folder):
    """Return the paths of all files."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def texts(folder):
    """Yield (path, text) of every file, those inside archives among them, whatever is packed in what."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield from unpacked(str(path.relative_to(folder)), path.read_bytes())


def unpacked(name, content):
    """Yield (path, text) of a file and of everything in it."""
    if content[:2] == b"PK":
        archive = zipfile.ZipFile(io.BytesIO(content))
        for inner in archive.namelist():
            yield from unpacked(f"{name}!{inner}", archive.read(inner))
    elif content[:2] == b"\x1f\x8b":
        yield f"{name}!", gzip.decompress(content).decode(errors="replace")
    else:
        yield name, content.decode(errors="replace")
