"""What a request or a task spends in the database; a query that takes too long is logged with where it was asked.

Times are those of asking. SQLite finds further rows as they are fetched, which is not counted.
"""

import contextlib
import logging
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connections
from django.http import HttpRequest, HttpResponse

from plenara.core.languages import NAMES

log = logging.getLogger("plenara.slow")

HEADER = "X-Plenara-Spent"
#: Characters of a statement that are logged.
MOST = 2000

_TEXT = re.compile(r"\$(\w*)\$.*?\$\1\$|'(?:[^']|'')*'", re.DOTALL)
_NUMBER = re.compile(r"(?<![\w\"$%])\d+(?:\.\d+)?\b")
_MANY = re.compile(r"(%s|\?)(?:\s*,\s*(?:%s|\?)){2,}")


class Spent:
    """Seconds and queries of one request or task. It is called around each query."""

    def __init__(self, where: Callable[[], dict[str, str]]) -> None:
        self.seconds = 0.0
        self.queries = 0
        self._where = where

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            took = time.perf_counter() - began
            self.seconds += took
            self.queries += 1
            if took * 1000 >= settings.SLOW_MS:
                log.warning(
                    "slow query", extra={**self._where(), "ms": round(took * 1000), "sql": without_values(str(sql))}
                )


@contextmanager
def watched(where: Callable[[], dict[str, str]]) -> Iterator[Spent]:
    """Watch what this thread asks the databases during the block; `where` says what for, in the words of a log."""
    spent = Spent(where)
    with contextlib.ExitStack() as stack:
        for each in connections.all():
            stack.enter_context(each.execute_wrapper(spent))
        yield spent


def of_task(kind: str) -> contextlib.AbstractContextManager[Spent]:
    """Watch what this thread asks for a task: a slow query is logged with its kind."""
    return watched(lambda: {"task": kind})


def without_values(sql: str) -> str:
    """Return a statement as a log may keep it: no text and no number that is written out in it, no long list."""
    plain = _NUMBER.sub("?", _TEXT.sub("?", " ".join(sql.split())))
    return _MANY.sub(r"\1, ...", plain)[:MOST]


def route_of(request: HttpRequest) -> str:
    """Return the route of a request, the same for every language; nothing before it was found."""
    match = request.resolver_match
    first, slash, rest = (match.route if match else "").partition("/")
    return f"*{slash}{rest}" if first in NAMES else f"{first}{slash}{rest}"


class SpentInDatabase:
    """Middleware that watches a request, and tells the front process what it spent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with watched(lambda: {"page": route_of(request)}) as spent:
            response = self.get_response(request)
        if "HTTP_X_PLENARA_FRONT" in request.META:
            route = re.sub(r"[^!-~]|;", "_", route_of(request))
            response[HEADER] = f"db={spent.seconds:.4f};queries={spent.queries};route={route}"
        return response
