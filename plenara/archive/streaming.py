"""Sending a long answer while it is made: of a million rows, nobody waits for the last one to see the first.

It keeps one of Django's threads busy until it ends, so each process makes one at a time. Who wants a second one is
asked to come back, and whoever reads a page meanwhile does not wait for either.
"""

import threading
import zlib
from collections.abc import Generator, Iterable, Iterator

from plenara.archive.snapshot import snapshot

#: Rows from which an answer is long; fewer are made in a second or two.
LONG = 20_000
#: Bytes that are sent at once.
PIECE = 65_536
#: Seconds that who comes second waits for a turn, since whoever has it may just have gone away.
PATIENCE = 5.0

_turn = threading.Lock()


class Busy(Exception):
    """Another long answer is being made in this process."""


class Streamed(Iterator[bytes]):
    """The bytes of a long answer, made from one moment of the record. Raises `Busy` where it has no turn.

    Whoever sends them closes it, also where the reader has gone; the turn is over then.
    """

    def __init__(self, pieces: Iterable[str], *, gzipped: bool = False):
        if not _turn.acquire(timeout=PATIENCE):
            raise Busy
        self._has_turn = True
        self._made = _of_one_moment(pieces, gzipped)

    def __next__(self) -> bytes:
        return next(self._made)

    def close(self) -> None:
        """End it, wherever it stands."""
        try:
            self._made.close()
        finally:
            if self._has_turn:
                self._has_turn = False
                _turn.release()


def _of_one_moment(pieces: Iterable[str], gzipped: bool) -> Generator[bytes]:
    # With the head of a gzip file that has neither name nor time, so that the same record gives the same bytes.
    press = zlib.compressobj(wbits=31) if gzipped else None
    held = bytearray()
    with snapshot():
        for piece in pieces:
            raw = piece.encode(errors="replace")
            held += press.compress(raw) if press else raw
            if len(held) >= PIECE:
                yield bytes(held)
                held.clear()
    if press:
        held += press.flush()
    if held:
        yield bytes(held)
