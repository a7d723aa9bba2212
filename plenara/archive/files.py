"""Sending a file: whole, in part (RFC 9110, section 14), or not at all where the reader has it."""

import base64
import datetime
import re

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header, http_date, quote_etag

from plenara.archive.other_form import not_compressed_again, open_to_all, unless_new
from plenara.core.store import Stored

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


def send(
    request: HttpRequest, file: Stored, *, sha256: str, media_type: str, name: str, changed_at: datetime.datetime
) -> HttpResponseBase:
    """Return a file as an attachment, with its checksum. Raises `FileNotFoundError` and `Away`."""
    not_compressed_again(request)
    size = file.size()
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
        return open_to_all(known or head)
    part = _wanted(request, headers, size)
    if part is None:
        return open_to_all(StreamingHttpResponse(file.pieces(), content_type=media_type, headers=headers))
    if not part:
        return open_to_all(HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"}))
    some = StreamingHttpResponse(file.pieces(part), status=206, content_type=media_type, headers=headers)
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
