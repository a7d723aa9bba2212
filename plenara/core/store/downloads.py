"""Sending a file of the store, and calculating its checksum."""

import hashlib

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from plenara.core.store import Stored


def attachment(file: Stored, name: str, media_type: str) -> StreamingHttpResponse:
    """Return a file as a download. Raises `FileNotFoundError` and `Away`, before anything is sent.

    It is sent through our server from any storage: permissions are checked each time, and no address of the storage is
    published.
    """
    size = file.size()
    response = StreamingHttpResponse(file.pieces(), content_type=media_type)
    response["Content-Length"] = str(size)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def sha256_of(file: Stored) -> str:
    """Return the SHA-256 of a file, read to its end. Raises `FileNotFoundError` and `Away`."""
    digest = hashlib.sha256()
    for piece in file.pieces():
        digest.update(piece)
    return digest.hexdigest()
