"""Which tests PostgreSQL runs too: for each statement that tests send to SQLite, the quickest test that sends it.

In `bin/test` the run on SQLite notes what each test sends, without values, and where the product asks which database it
has. The run on PostgreSQL chooses from these notes. A test without notes runs on both.
"""

import functools
import hashlib
import json
import os
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

#: Names the folder of the notes: a file of each process. `bin/test` sets it.
FOLDER = "PLENARA_TEST_STATEMENTS"
PRODUCT = f"{Path(__file__).resolve().parent.parent}/plenara/"
_VALUES = re.compile(r"%s(?:, %s)*|\d+")
_ROWS = re.compile(r"\(%s\)(?:, \(%s\))+")
#: What says nothing about a test.
_BOUNDS = ("BEGIN", "PRAGMA", "RELEASE", "ROLLBACK", "SAVEPOINT")

#: Of each test the seconds of a processor and what it sent.
type Notes = dict[str, tuple[float, list[str]]]


@functools.cache
def form_of(statement: str) -> str:
    """Return a digest of a statement that is the same whatever values it has, and however many; "" for a bound."""
    if statement.startswith(_BOUNDS):
        return ""
    return hashlib.sha256(_ROWS.sub("(%s)", _VALUES.sub("%s", statement)).encode()).hexdigest()[:12]


class Recorder:
    """Notes what each test sends to SQLite."""

    def __init__(self) -> None:
        self._sent: set[str] = set()
        self._notes: Notes = {}

    def pytest_collection_finish(self) -> None:
        from django.db.backends.signals import connection_created
        from django.db.backends.sqlite3.base import DatabaseWrapper

        connection_created.connect(self._watch)
        DatabaseWrapper.vendor = property(self._vendor)

    def _watch(self, connection: Any, **_more: Any) -> None:
        if self._send not in connection.execute_wrappers:
            connection.execute_wrappers.append(self._send)

    def _send(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        statement = str(sql)
        try:
            answer = execute(sql, params, many, context)
        except Exception as error:
            self._sent.add(f"{type(error).__name__} {statement}")
            raise
        self._sent.add(statement)
        return answer

    def _vendor(self, _connection: Any) -> str:
        asking = sys._getframe(1).f_code
        if asking.co_filename.startswith(PRODUCT):
            self._sent.add(f"{asking.co_filename} {asking.co_qualname}")
        return "sqlite"

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Any:
        began = os.times()
        self._sent = set()
        try:
            return (yield)
        finally:
            ended = os.times()
            seconds = ended.user + ended.system - began.user - began.system
            self._notes[item.nodeid] = (round(seconds, 3), sorted({form_of(each) for each in self._sent} - {""}))

    def pytest_sessionfinish(self) -> None:
        folder = Path(os.environ[FOLDER])
        folder.mkdir(exist_ok=True)
        (folder / f"{os.getpid()}.json").write_text(json.dumps(self._notes))


def read() -> Notes:
    """Return what the run on SQLite noted; nothing where there was none."""
    folder = Path(os.environ.get(FOLDER) or os.devnull)
    return {
        test: tuple(noted)
        for file in sorted(folder.glob("*.json"))
        for test, noted in json.loads(file.read_text()).items()
    }


def chosen(tests: Iterable[str], always: set[str], notes: Notes) -> set[str]:
    """Return those `always` run, those without notes, and of each statement not sent by these its quickest test."""
    senders: defaultdict[str, list[str]] = defaultdict(list)
    found = set(always)
    for test in tests:
        if test not in notes:
            found.add(test)
            continue
        for form in notes[test][1]:
            senders[form].append(test)
    sent = {form for test in found if test in notes for form in notes[test][1]}
    # What few tests send comes first: they send what many do besides.
    for form, candidates in sorted(senders.items(), key=lambda each: (len(each[1]), each[0])):
        if form not in sent:
            test = min(candidates, key=lambda test: (notes[test][0], test))
            found.add(test)
            sent.update(notes[test][1])
    return found
