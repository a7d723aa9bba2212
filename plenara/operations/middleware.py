"""Measures the database time of requests and tasks, logs slow queries, traces both; and adapts Django to the front
process.
"""

import contextlib
import datetime
import logging
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.conf import settings
from django.db import connections
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from plenara.consultations.models import Consultation
from plenara.core import clock, tasks
from plenara.core.languages import NAMES
from plenara.core.models import BackgroundTask
from plenara.core.prepared import prepared
from plenara.events.models import Occurrence
from plenara.front import observation

if TYPE_CHECKING:
    from opentelemetry.trace import Span

#: Bytes of an unread body that are read at once.
_PIECE = 256 * 1024


def with_peers(application: WSGIApplication) -> WSGIApplication:
    """Show Django the client of the front, instead of the front's socket; and show the front which process answers."""
    process = ("X-Plenara-Process", str(os.getpid()))

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["REMOTE_ADDR"] = environ.pop("HTTP_X_PLENARA_PEER", "")

        answered = application(
            environ, lambda status, headers, error=None, /: start_response(status, [*headers, process], error)
        )
        _read_to_its_end(environ.get("wsgi.input"))
        return answered

    return answer


def _read_to_its_end(body: IO[bytes] | None) -> None:
    """Read the part of a form that a view left unread: otherwise the connection is closed with the response.

    Then neither the front nor the sender of the next form would know whether it was processed.
    """
    while body is not None and body.read(_PIECE):
        pass


class NextChange:
    """Sends the page cache the next time when the clock changes a page: an opening, a closing, a meeting."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.has_header("X-Plenara-Cache-Tags") and (change := next_change()):
            response["X-Plenara-Until"] = f"{change.timestamp():.3f}"
        return response


def next_change() -> datetime.datetime | None:
    """Return when the clock next changes something on pages. Four queries."""
    now = clock.now()
    moments = [*_next_opening(now), *_next_closing(now), *_next_start(now), *_next_end(now)]
    return min((each for each in moments if each), default=None)


@prepared
def _next_opening(now: datetime.datetime) -> QuerySet[Consultation, datetime.datetime | None]:
    found = Consultation.objects.filter(opens_at__gt=now).order_by("opens_at")
    return found.values_list("opens_at", flat=True)[:1]


@prepared
def _next_closing(now: datetime.datetime) -> QuerySet[Consultation, datetime.datetime | None]:
    found = Consultation.objects.filter(closes_at__gt=now).order_by("closes_at")
    return found.values_list("closes_at", flat=True)[:1]


@prepared
def _next_start(now: datetime.datetime) -> QuerySet[Occurrence, datetime.datetime]:
    found = Occurrence.objects.filter(is_shown=True, starts_at__gt=now).order_by("starts_at")
    return found.values_list("starts_at", flat=True)[:1]


@prepared
def _next_end(now: datetime.datetime) -> QuerySet[Occurrence, datetime.datetime]:
    found = Occurrence.objects.filter(is_shown=True, ends_at__gt=now).order_by("ends_at")
    return found.values_list("ends_at", flat=True)[:1]


log = logging.getLogger("plenara.slow")

HEADER = "X-Plenara-Spent"
#: The most characters of a statement that are logged.
MOST = 2000

_TEXT = re.compile(r"\$(\w*)\$.*?\$\1\$|'(?:[^']|'')*'", re.DOTALL)
_NUMBER = re.compile(r"(?<![\w\"$%])\d+(?:\.\d+)?\b")
_MANY = re.compile(r"(%s|\?)(?:\s*,\s*(?:%s|\?)){2,}")


class Spent:
    """Seconds and queries of one request or task. It wraps each query."""

    def __init__(self, where: Callable[[], dict[str, str]]) -> None:
        self.seconds = 0.0
        self.queries = 0
        self._where = where

    def __call__(self, execute: Callable, sql: str, params: object, many: bool, context: dict[str, object]) -> object:
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
    """Measure the queries of this thread during the block; `where` names their purpose in the log."""
    spent = Spent(where)
    with contextlib.ExitStack() as stack:
        for each in connections.all():
            stack.enter_context(each.execute_wrapper(spent))
        yield spent


def run_task(one: BackgroundTask) -> bool:
    """Run a leased task, and return whether it was done. A slow query is logged with its kind."""
    with watched(lambda: {"task": one.task}), traced(one.task) as span:
        done = tasks.run(one)
        if span is not None and not done:
            observation.mark_failed(span)
    return done


def without_values(sql: str) -> str:
    """Return a statement for the log: without literal texts, numbers and long lists."""
    plain = _NUMBER.sub("?", _TEXT.sub("?", " ".join(sql.split())))
    return _MANY.sub(r"\1, ...", plain)[:MOST]


def route_of(request: HttpRequest) -> str:
    """Return the route of a request, the same for every language; "" before it is resolved."""
    match = request.resolver_match
    first, slash, rest = (match.route if match else "").partition("/")
    return f"*{slash}{rest}" if first in NAMES else f"{first}{slash}{rest}"


class SpentInDatabase:
    """Middleware that measures a request, and sends the result to the front process."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with watched(lambda: {"page": route_of(request)}) as spent:
            response = self.get_response(request)
        if "HTTP_X_PLENARA_FRONT" in request.META:
            route = re.sub(r"[^!-~]|;", "_", route_of(request))
            response[HEADER] = f"db={spent.seconds:.4f};queries={spent.queries};route={route}"
        return response


#: The most queries of one request or task that are traced; all are counted.
MOST_TRACED = 200


class TracedQueries:
    """Traces each query: its statement without values. It wraps each query."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Callable, sql: str, params: object, many: bool, context: dict[str, object]) -> object:
        self.count += 1
        if self.count > MOST_TRACED:
            return execute(sql, params, many, context)
        statement = without_values(str(sql))
        with observation.span(statement.partition(" ")[0], is_client=True) as span:
            if span is not None:
                vendor = context["connection"].vendor  # type: ignore[attr-defined]
                span.set_attributes({"db.system.name": vendor, "db.query.text": statement})
            return execute(sql, params, many, context)


@contextmanager
def traced(name: str, parent: str = "") -> "Iterator[Span | None]":
    """Trace the block with the queries of this thread; nothing happens where traces are off."""
    with observation.span(name, parent=parent) as span, contextlib.ExitStack() as stack:
        if span is None or not span.is_recording():
            yield span
            return
        queries = TracedQueries()
        for each in connections.all():
            stack.enter_context(each.execute_wrapper(queries))
        yield span
        span.set_attribute("plenara.queries", queries.count)


class Observed:
    """Middleware that traces requests and has errors reported. It is there only if an operator wants either."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Not before: this process may be a fork of one that loaded Django.
        observation.start("django", **settings.OBSERVATION)
        with traced("request", request.META.get("HTTP_X_PLENARA_TRACE", "")) as span:
            response = self.get_response(request)
            if span is not None:
                observation.describe(span, request.method or "", route_of(request), response.status_code)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Name an error that a view did not handle."""
        observation.name_error(exception)
