"""Sending a file: whole, in part (RFC 9110, section 14), or not at all where the reader has it."""

import base64
import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header, http_date, quote_etag

from plenara.archive.other_form import not_compressed_again, open_to_all, unless_new

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)
PIECE = 65_536


def send(
    request: HttpRequest, path: Path, *, sha256: str, media_type: str, name: str, changed_at: datetime.datetime
) -> HttpResponseBase:
    """Return a file as an attachment, with its checksum. Raises `FileNotFoundError`."""
    not_compressed_again(request)
    file = path.open("rb")
    size = path.stat().st_size
    modified = int(changed_at.timestamp())
    headers = {
        "Accept-Ranges": "bytes",
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "Content-Length": str(size),
        "ETag": quote_etag(sha256),
        "Last-Modified": http_date(modified),
        "Repr-Digest": f"sha-256=:{base64.b64encode(bytes.fromhex(sha256)).decode()}:",
    }
    head = StreamingHttpResponse((), content_type=media_type, headers=headers)
    known = unless_new(request, head, modified)
    if known or request.method == "HEAD":
        file.close()
        return open_to_all(known or head)
    part = _wanted(request, headers, size)
    if part is None:
        whole = FileResponse(file, content_type=media_type)
        whole.block_size = PIECE
        for field, value in headers.items():
            whole[field] = value  # it has named itself after its place on the disk
        return open_to_all(whole)
    if not part:
        file.close()
        return open_to_all(HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"}))
    some = StreamingHttpResponse(_pieces(file, part), status=206, content_type=media_type, headers=headers)
    some["Content-Length"] = str(len(part))
    some["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    return open_to_all(some)


def _wanted(request: HttpRequest, headers: dict[str, str], size: int) -> range | None:
    """Return the part asked for: None for the whole, an empty one where there is no such part.

    Several parts at once are answered with the whole, as the RFC allows.
    """
    match = _RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if match is None or match[0] == "bytes=-":
        return None
    if request.headers.get("If-Range", headers["ETag"]) not in {headers["ETag"], headers["Last-Modified"]}:
        return None  # the reader has the beginning of another file
    first, last = match.groups()
    if not first:
        return range(max(size - int(last), 0), size) if int(last) else range(0)
    if last and int(last) < int(first):
        return None
    return range(int(first), min(int(last) + 1, size) if last else size)


def _pieces(file: IO[bytes], part: range) -> Iterator[bytes]:
    with file:
        file.seek(part.start)
        left = len(part)
        while left and (piece := file.read(min(PIECE, left))):
            left -= len(piece)
            yield piece
