"""Making an answer before it is sent: in one reading of the record, in little memory."""

import gzip
from collections.abc import Iterable
from tempfile import SpooledTemporaryFile
from typing import IO, cast

from django.conf import settings

from plenara.archive.snapshot import snapshot

#: What is larger waits on the disk, not in memory.
IN_MEMORY = 1_000_000


def spooled(pieces: Iterable[str], *, gzipped: bool = False) -> IO[bytes]:
    """Return a file that holds all of it, made from one moment of the record."""
    settings.DATA.mkdir(exist_ok=True)
    file = cast(IO[bytes], SpooledTemporaryFile(IN_MEMORY, "w+b", dir=str(settings.DATA)))  # noqa: SIM115 - closed when sent
    # Without name and time, so that the same record gives the same bytes.
    out = gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) if gzipped else file
    with snapshot():
        for piece in pieces:
            out.write(piece.encode(errors="replace"))
    if gzipped:
        out.close()
    file.seek(0)
    return file
