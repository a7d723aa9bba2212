"""`kill -9` between any two writes of an act. Runs in a process of its own, beside the database of an installation."""

import gc
import hashlib
import os
import signal
import sys

WRITES = ("INSERT", "UPDATE", "DELETE")
KILLED = -9


def kill_each(make):
    """Kill each act at its first write, its second, ... and at last not at all; return what became of it, by its name.

    `make` gives for each name a function that prepares what the act needs and returns the act. Returned are: how many
    writes it takes, how its processes ended, whether nothing was changed then, how the one ended that nobody killed,
    and whether that one changed something. All of it happens at one moment: what can be undone for half a minute can
    still be undone after many processes, however long they take.
    """
    from plenara.core import clock

    with clock.at(clock.now()):
        return _each_killed({name: prepare() for name, prepare in make.items()})


def _each_killed(acts):
    results = {}
    gc.freeze()  # the collector would copy the memory of this process into each that is forked
    before = _look()
    for name, act in acts.items():
        count = _writes_of(act)
        codes = {_attempt(act, at) for at in range(1, count + 1)}
        is_absent = _look() == before
        code = _attempt(act, count + 1)
        after = _look()
        results[name] = [count, sorted(codes), is_absent, code, after != before]
        before = after
    return results


def assert_whole_or_absent(results, *, errors, one_write=frozenset()):
    """Assert of the results of `kill_each` that an act leaves nothing where it is killed, and all where it is not."""
    assert {name: each for name, each in results.items() if each[1:] != [[KILLED], True, 0, True]} == {}, errors
    # Each act writes its change and its record at least.
    assert [name for name, (writes, *_rest) in results.items() if writes < 2 and name not in one_write] == []


def _look():
    """Return a digest of every row."""
    from django.apps import apps
    from django.db import connection

    digest = hashlib.sha256()
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}" ORDER BY "{model._meta.pk.column}"')
            digest.update(repr((model._meta.label, cursor.fetchall())).encode())
    return digest.hexdigest()


def _attempt(act, at):
    """Return how a child ended that does the act and is killed at its write number `at`."""
    from django.db import connection, connections

    connections.close_all()
    pid = os.fork()
    if not pid:
        count = 0

        def kill_at(execute, sql, params, many, context):
            nonlocal count
            if sql.lstrip().upper().startswith(WRITES):
                count += 1
                if count == at:
                    os.kill(os.getpid(), signal.SIGKILL)
            return execute(sql, params, many, context)

        try:
            with connection.execute_wrapper(kill_at):
                act()
        except BaseException as error:
            sys.stderr.write(f"{error!r}\n")
            os._exit(3)
        os._exit(0)
    _pid, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def _writes_of(act):
    """Return how many writes an act takes: it is done once and rolled back."""
    from django.db import connection, transaction

    count = 0

    def counting(execute, sql, params, many, context):
        nonlocal count
        count += sql.lstrip().upper().startswith(WRITES)
        return execute(sql, params, many, context)

    with transaction.atomic(), connection.execute_wrapper(counting):
        act()
        transaction.set_rollback(True)
    return count
