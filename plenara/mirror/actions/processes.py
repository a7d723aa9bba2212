"""The processes of a run, which all read the moment that it reads.

They are forked, and talk with it through a pipe each. When the run ends, however it ends, they end too.
"""

import multiprocessing
import os
import signal
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from multiprocessing.connection import Connection, wait
from typing import cast

from django.db import connections

from plenara.core.snapshots import shared_snapshot, snapshot
from plenara.mirror.actions.batches import Batch, Made, Unmirrored
from plenara.mirror.folder import Unusable

type Pipe = Connection[object, object]
#: Makes a batch.
type Work = Callable[[str, Sequence], Made]


class Lost(Exception):
    """A process that ended too early; the text is one sentence."""


class Processes:
    """So many processes, in a snapshot that they share with this one from `begin` on. Leaving it ends them."""

    def __init__(self, count: int, work: Work):
        connections.close_all()  # a connection that is used in two processes is broken
        fork, run = multiprocessing.get_context("fork"), os.getpid()
        self._pipes: list[Pipe] = []
        self._children = []
        for _number in range(count):
            here, there = fork.Pipe()
            self._pipes.append(here)
            child = fork.Process(target=_run, args=(there, self._pipes, work, run), daemon=True)
            child.start()
            there.close()
            self._children.append(child)

    def __enter__(self) -> "Processes":
        return self

    def __exit__(self, *_error: object) -> None:
        for each in self._pipes:
            each.close()  # a process that waits for a task ends
        for child in self._children:
            child.terminate()
        for child in self._children:
            child.join()

    def snapshot(self) -> AbstractContextManager[None]:
        """Return the block in which all of them read one moment."""
        return shared_snapshot(self._begin)

    def _begin(self, moment: str) -> None:
        for each in self._pipes:
            self._send(each, moment)
        for each in self._pipes:
            self._received(each)

    def map(self, tasks: Iterable[Batch]) -> Iterator[Made]:
        """Yield the results of tasks, in the order in which they are done. Raises what a task raises."""
        waiting, busy = iter(tasks), set[Pipe]()
        idle = list(self._pipes)
        while True:
            while idle and (task := next(waiting, None)) is not None:
                self._send(idle[-1], task)
                busy.add(idle.pop())
            if not busy:
                return
            for each in cast(list[Pipe], wait(busy)):
                result = self._received(each)
                busy.remove(each)
                idle.append(each)
                yield cast(Made, result)

    def _send(self, pipe: Pipe, what: object) -> None:
        try:
            pipe.send(what)
        except OSError as error:
            raise Lost(_LOST) from error

    def _received(self, pipe: Pipe) -> object:
        try:
            found = pipe.recv()
        except (EOFError, OSError) as error:
            raise Lost(_LOST) from error
        if isinstance(found, Exception):
            raise found
        return found


_LOST = "A process was killed, perhaps because memory ran out. Run the command again with fewer processes."


def _run(pipe: Pipe, others: list[Pipe], work: Work, run: int) -> None:
    """Do tasks until the run has no more, or is no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process: the run ends the others
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for each in others:
        each.close()  # otherwise these pipes would not end with the run
    try:
        with snapshot(cast(str, pipe.recv())):
            pipe.send(None)
            while os.getppid() == run:
                pipe.send(_done(work, cast(Batch, pipe.recv())))
    except (EOFError, ConnectionError):
        pass
    finally:
        connections.close_all()


def _done(work: Work, task: Batch) -> Made | Exception:
    try:
        return work(*task)
    except (Unmirrored, Unusable) as refused:
        return refused
    except OSError as error:
        return OSError(error.errno, error.strerror, error.filename)
    except Exception as error:  # it may hold what no pipe can carry
        found = RuntimeError(f"{type(error).__name__}: {error}")
        found.add_note("".join(traceback.format_exception(error)))
        return found
