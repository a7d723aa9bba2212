"""Static files: under permanent names with checksums, compressed in advance.

Only files in the list of collected files are served: no address reaches anything else in the folder.
"""

import hashlib
import json
import mimetypes
from pathlib import Path

from plenara.front.cache import Entry, is_text, pressed, variants_of
from plenara.front.revisions import Stamp

_FOREVER = b"max-age=31536000, public, immutable"


class StaticFiles:
    """The listed files of a folder, each read once, at its first request."""

    def __init__(self, folder: Path, prefix: str = "/static/") -> None:
        self._folder, self._prefix = folder, prefix.encode()
        self._names = _listed(folder)
        self._entries: dict[bytes, Entry] = {}

    def find(self, path: bytes) -> Entry | None:
        """Return the file at an address as an entry that no revision makes stale."""
        if not path.startswith(self._prefix):
            return None
        entry = self._entries.get(path)
        if entry is None:
            name = path[len(self._prefix) :].decode("ascii", "replace")
            if name not in self._names:
                return None
            entry = self._entries[path] = self._read(name)
        return entry

    def _read(self, name: str) -> Entry:
        file = self._folder / name
        body = file.read_bytes()
        kind = (mimetypes.guess_type(name)[0] or "application/octet-stream").encode()
        if kind.startswith(b"text/") or kind.endswith(b"javascript"):
            kind += b"; charset=utf-8"
        headers = [
            (b"content-type", kind),
            (b"cache-control", _FOREVER),
            (b"x-content-type-options", b"nosniff"),
            (b"access-control-allow-origin", b"*"),
        ]
        bodies = {b"": body}
        if is_text(kind):
            bodies |= _compressed_ahead(file) or pressed(body)
        etag = b'"' + hashlib.sha256(body).hexdigest()[:32].encode() + b'"'
        return Entry(
            stamp=Stamp((), ()),
            cache_tags=(),
            until=float("inf"),
            etag=etag,
            variants=variants_of(headers, etag, bodies),
            seen=(0, 0),
            is_static=True,
        )


def _listed(folder: Path) -> frozenset[str]:
    """Return the names in the list of collected files; none if nothing was collected."""
    try:
        listing = json.loads((folder / "staticfiles.json").read_text())
    except (OSError, ValueError):
        return frozenset()
    return frozenset(str(name) for name in listing.get("paths", {}).values())


def _compressed_ahead(file: Path) -> dict[bytes, bytes]:
    found = {b"gzip": file.with_name(f"{file.name}.gz"), b"br": file.with_name(f"{file.name}.br")}
    return {encoding: each.read_bytes() for encoding, each in found.items() if each.exists()}
