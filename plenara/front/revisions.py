"""The revision numbers of all cache tags, read often enough that a page is never stale for long.

The numbers are in the database and grow inside the publishing transaction, so that no kill can leave a page stale.
Several machines may share a reading through Redis for a twelfth of a second; without Redis, or if it is
unavailable, each machine reads the database itself.
"""

import asyncio
import contextlib
import json
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import psycopg
    import redis
log = logging.getLogger("plenara.front")

#: Seconds between two readings while there are requests; a page is served without one for at most `MOST`.
EVERY, MOST = 0.05, 0.1
#: Seconds without a request after which reading pauses until the next one.
IDLE = 2.0
#: Milliseconds that a reading is shared by machines.
SHARED = 80
_CACHE_TAG_OF_ALL = "installation"
_GONE = " gone"
_SUM = "SELECT COUNT(*), COALESCE(SUM(number), 0) FROM core_revision"
_ALL = "SELECT cache_tag, number FROM core_revision"


@dataclass(frozen=True, slots=True)
class Stamp:
    """The revision numbers of a page's cache tags, and the count of withdrawals."""

    numbers: tuple[int, ...]
    gone: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All revision numbers at one time."""

    numbers: dict[str, int]
    total: tuple[int, int]
    _stamps: dict[tuple[str, ...], Stamp] = field(default_factory=dict)

    def stamp(self, cache_tags: tuple[str, ...]) -> Stamp:
        """Return the stamp of these cache tags; with none named, of all."""
        found = self._stamps.get(cache_tags)
        if found is None:
            if cache_tags:
                names = (*cache_tags, _CACHE_TAG_OF_ALL)
                found = Stamp(
                    tuple(self.numbers.get(name, 0) for name in names),
                    tuple(self.numbers.get(name + _GONE, 0) for name in names),
                )
            else:
                gone = sum(number for name, number in self.numbers.items() if name.endswith(_GONE))
                found = Stamp(self.total, (gone,))
            self._stamps[cache_tags] = found
        return found


class Source(Protocol):
    """The source of revisions. Either method may raise: then the revision is unknown."""

    def total(self) -> tuple[int, int]:
        """Return how many cache tags there are and the sum of their numbers: every invalidate changes it."""

    def numbers(self) -> dict[str, int]:
        """Return every cache tag's number."""


class Sqlite:
    """Reads the database file, with a connection of its own that is reopened after a failure."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._connection: sqlite3.Connection | None = None

    def _rows(self, statement: str) -> list[tuple[str | int, int]]:
        if self._connection is None:
            self._connection = sqlite3.connect(f"file:{self._name}?mode=rw", uri=True, timeout=1, isolation_level=None)
            self._connection.execute("PRAGMA query_only=ON")
        try:
            return self._connection.execute(statement).fetchall()
        except sqlite3.Error:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None
            raise

    def total(self) -> tuple[int, int]:
        count, summed = self._rows(_SUM)[0]
        return int(count), int(summed)

    def numbers(self) -> dict[str, int]:
        return {str(cache_tag): int(number) for cache_tag, number in self._rows(_ALL)}


class Postgresql:
    """Reads a PostgreSQL server, in at most some seconds."""

    def __init__(self, parameters: Mapping[str, str | int]) -> None:
        self._parameters = parameters
        self._connection: psycopg.Connection | None = None

    def _rows(self, statement: str) -> list[tuple[str | int, int]]:
        import psycopg

        if self._connection is None:
            self._connection = psycopg.connect(
                **self._parameters,  # type: ignore[arg-type] # as Django names them
                autocommit=True, connect_timeout=3, options="-c statement_timeout=2000",
                keepalives_idle=5, keepalives_interval=2, keepalives_count=2, tcp_user_timeout=5000,
            )  # fmt: skip
        try:
            return list(self._connection.execute(statement).fetchall())
        except psycopg.Error:
            with contextlib.suppress(psycopg.Error):
                self._connection.close()
            self._connection = None
            raise

    def total(self) -> tuple[int, int]:
        count, summed = self._rows(_SUM)[0]
        return int(count), int(summed)

    def numbers(self) -> dict[str, int]:
        return {str(cache_tag): int(number) for cache_tag, number in self._rows(_ALL)}


class Shared:
    """A source whose readings several machines share through Redis; if Redis is unavailable, the source alone."""

    #: Seconds for which Redis is not used after a failure.
    AVOIDED = 2.0

    def __init__(self, source: Source, url: str) -> None:
        self._source, self._url = source, url
        self._client: redis.Redis | None = None
        self._avoided_until = 0.0
        self._numbers: dict[str, int] | None = None

    def _redis(self) -> "redis.Redis":
        if self._client is None:
            import redis

            self._client = redis.Redis.from_url(self._url, socket_timeout=0.05, socket_connect_timeout=0.05)
        return self._client

    def _call[Found](self, command: Callable[["redis.Redis"], Found]) -> Found | None:
        import redis

        if time.monotonic() < self._avoided_until:
            return None
        try:
            return command(self._redis())
        except (redis.RedisError, OSError, ValueError):
            self._avoided_until = time.monotonic() + self.AVOIDED
            return None

    def total(self) -> tuple[int, int]:
        self._numbers = None
        if shared := self._call(lambda client: client.get("plenara:revisions")):
            with contextlib.suppress(ValueError, KeyError, TypeError):
                reading = json.loads(shared)
                self._numbers = {str(cache_tag): int(number) for cache_tag, number in reading["numbers"].items()}
                return int(reading["total"][0]), int(reading["total"][1])
        numbers = self._source.numbers()
        total = len(numbers), sum(numbers.values())
        text = json.dumps({"total": total, "numbers": numbers})
        # Redis itself expires it: no two machines' clocks are compared.
        self._call(lambda client: client.set("plenara:revisions", text, px=SHARED))
        self._numbers = numbers
        return total

    def numbers(self) -> dict[str, int]:
        return self._numbers if self._numbers is not None else self._source.numbers()


class Readings:
    """The newest snapshot that a front knows, and how old it is."""

    def __init__(self) -> None:
        self.current = Snapshot({}, (0, -1))
        #: The start of the newest finished reading, and the last request, by the clock that all processes share.
        self.read_at = self.last_request_at = float("-inf")
        self.is_known = False

    def is_fresh(self, now: float) -> bool:
        """Return whether the snapshot is recent enough; each call keeps the readings going."""
        self.last_request_at = now
        return self.is_known and now - self.read_at <= MOST

    async def freshen(self) -> bool:
        """Wait briefly for the next reading, if there is one; return whether the snapshot is recent enough now."""
        return False


class Revisions(Readings):
    """Reads them in a separate thread, so that a database that hangs delays no cache hit."""

    def __init__(self, source: Source, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._source, self._loop = source, loop
        #: Called after each reading.
        self.publish: Callable[[], None] = lambda: None
        self._wake = threading.Event()
        self._news: asyncio.Future[None] = loop.create_future()
        threading.Thread(target=self._read_on, name="revisions", daemon=True).start()

    async def freshen(self) -> bool:
        """Wait briefly for the next reading; return whether the snapshot is recent enough now."""
        self._wake.set()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(self._news), 0.5 if self.is_known else 0.1)
        return self.is_fresh(self._loop.time())

    def _read_on(self) -> None:
        failures = 0
        while True:
            self._wake.clear()
            began = self._loop.time()
            try:
                total = self._source.total()
                numbers = None if total == self.current.total else self._source.numbers()
                failures = 0
            except Exception as error:
                failures += 1
                if failures == 1:
                    log.warning("revisions cannot be read", extra={"error": type(error).__name__})
                self._call_in_loop(self._lost)
            else:
                self._call_in_loop(self._have, began, None if numbers is None else Snapshot(numbers, total))
            if self._loop.is_closed():
                return
            if failures:
                time.sleep(min(EVERY * 2**failures, 1.0))
            elif self._loop.time() - self.last_request_at > IDLE:
                self._wake.wait()
            else:
                self._wake.wait(EVERY)

    def _call_in_loop[*Given](self, what: Callable[[*Given], None], *arguments: *Given) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(what, *arguments)

    def _have(self, began: float, snapshot: Snapshot | None) -> None:
        if snapshot is not None:
            self.current = snapshot
        self.read_at, self.is_known = began, True
        self._awaken()

    def _lost(self) -> None:
        self.is_known = False
        self._awaken()

    def _awaken(self) -> None:
        self.publish()
        self._news.set_result(None)
        self._news = self._loop.create_future()


def source_of(database: str | Mapping[str, str | int], redis_url: str = "") -> Source:
    """Return the source of revisions, from the front's settings: a file, or the parameters of a server."""
    source = Sqlite(database) if isinstance(database, str) else Postgresql(database)
    return Shared(source, redis_url) if redis_url else source


def named(cache_tags: Iterable[str]) -> tuple[str, ...]:
    """Return cache tags in one order, each once; none if the page depends on all."""
    listed = tuple(sorted(set(cache_tags)))
    return () if "*" in listed else listed
