"""The front's connections to Django: each request goes to the process that has least to do."""

import asyncio
import contextlib
import tempfile
from collections import Counter
from pathlib import Path

import pytest

from plenara.front import upstream
from plenara.front.upstream import Busy, Pool
from tests.front.backstage import run_apart

pytestmark = pytest.mark.once


class Processes:
    """Processes behind a socket that accept connections as told, and answer when the test lets them."""

    def __init__(self, accepts):
        self.accepts = list(accepts)  # the process that accepts the next connection; the last accepts all others
        self.connections = Counter()
        self.at_work = Counter()
        self.may_answer = asyncio.Event()
        self.writers = {}

    async def connected(self, reader, writer):
        process = self.accepts.pop(0) if len(self.accepts) > 1 else self.accepts[0]
        self.connections[process] += 1
        self.writers.setdefault(process, []).append(writer)
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                await reader.readuntil(b"\r\n\r\n")
                self.at_work[process] += 1
                await self.may_answer.wait()
                self.at_work[process] -= 1
                writer.write(b"HTTP/1.1 204 No Content\r\nX-Plenara-Process: %s\r\n\r\n" % process.encode())


async def until(condition):
    """Wait until a condition holds."""
    async with asyncio.timeout(600):
        while not condition():
            await asyncio.sleep(0.005)


async def ask(pool):
    link = await pool.take()
    try:
        await link.ask(b"GET / HTTP/1.1\r\n\r\n", None, is_head=False)
    finally:
        pool.give_back(link)


async def asked_at_once(pool, processes, count):
    """Ask so much at once; return how much each process has to do then."""
    processes.may_answer.clear()
    asking = [asyncio.create_task(ask(pool)) for _each in range(count)]
    await until(lambda: sum(processes.at_work.values()) == count)
    meanwhile = Counter({name: number for name, number in processes.at_work.items() if number})
    processes.may_answer.set()
    await asyncio.gather(*asking)
    return meanwhile


def run(accepts, play, *, threads=4):
    async def played():
        processes = Processes(accepts)
        with tempfile.TemporaryDirectory(prefix="pool-") as folder:
            path = str(Path(folder) / "behind.sock")
            server = await asyncio.start_unix_server(processes.connected, path)
            pool = Pool(path, processes=2, threads=threads)
            await play(pool, processes)
            for each in pool._free:
                each.transport.close()
            await asyncio.sleep(0.01)
            server.close()

    run_apart(played())


def test_where_one_process_accepted_all_connections_the_other_gets_half_of_what_is_asked():
    async def play(pool, processes):
        assert await asked_at_once(pool, processes, 8) == {"one": 8}
        for _time in range(3):
            assert await asked_at_once(pool, processes, 8) == {"one": 4, "two": 4}

    run(["one"] * 8 + ["two"], play)


def test_who_asks_alone_opens_no_second_connection():
    async def play(pool, processes):
        processes.may_answer.set()
        for _time in range(20):
            await ask(pool)
        assert processes.connections == {"one": 1}

    run(["one"], play)


def test_no_more_is_asked_at_once_than_there_are_threads(monkeypatch):
    async def play(pool, processes):
        held = [await pool.take() for _each in range(2)]
        assert pool.lent == 2
        with monkeypatch.context() as impatient:
            impatient.setattr(upstream, "PATIENCE", 0.1)
            with pytest.raises(Busy):
                await pool.take()
        pool.give_back(held.pop())
        held.append(await pool.take())

    run(["one", "two"], play, threads=1)


def test_a_process_that_died_is_asked_again_once_another_took_its_place():
    async def play(pool, processes):
        for _time in range(2):
            await asked_at_once(pool, processes, 4)
        for each in processes.writers["two"]:
            each.close()
        await until(lambda: not any(each.process == b"two" for each in pool._free))
        for _time in range(3):
            at_work = await asked_at_once(pool, processes, 4)
        assert at_work == {"one": 2, "three": 2}

    run(["one", "two", "one", "two", "three"], play)


def test_connections_to_one_process_are_closed_beyond_what_can_be_asked_at_once():
    async def play(pool, processes):
        for _time in range(6):  # the second process is never there, and is looked for each time
            await asked_at_once(pool, processes, 4)
        await until(lambda: len(pool._free) == 4)

    run(["one"], play, threads=2)
