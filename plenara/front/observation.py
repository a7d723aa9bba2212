"""Traces by OpenTelemetry and errors to Sentry, in each process, if an operator configured them.

What is sent is made here, of names in the program alone: routes, statements without values, types of errors and
places in the code. No integration of either package is used, since those read requests and local variables. Without
the settings nothing is imported.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, TypedDict, cast

from plenara import __version__

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span, Tracer
    from sentry_sdk.types import Event

_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})
#: Seconds that a stopping process waits for a receiver.
_PATIENCE = 2.0
#: The most frames of an error, and the most errors that caused one another.
_FRAMES, _CAUSES = 50, 5

_lock = threading.Lock()
_provider: "TracerProvider | None" = None
_tracer: "Tracer | None" = None
_reports: "Reports | None" = None


class Receivers(TypedDict, total=False):
    """What is sent: traces, to the address in OpenTelemetry's own environment, and errors. Empty: nothing."""

    traces: bool
    sentry_dsn: str


def start(process: str, *, traces: bool = False, sentry_dsn: str = "") -> None:
    """Start sending from this process, once. Both packages send from threads of their own, and drop what waits long."""
    global _reports
    with _lock:
        if traces and _provider is None:
            _start_traces(process)
        if sentry_dsn and _reports is None:
            _reports = Reports(process, sentry_dsn)
            logging.getLogger().addHandler(_reports)


def _start_traces(process: str) -> None:
    global _provider, _tracer
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    resource = Resource({"service.name": "plenara", "service.version": __version__, "plenara.process": process})
    # The environment of OpenTelemetry has priority: OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES.
    _provider = TracerProvider(resource=resource.merge(Resource.create()), shutdown_on_exit=False)
    _provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    _tracer = _provider.get_tracer("plenara", __version__)


def stop() -> None:
    """Send what waits, if the receivers answer within some seconds, and stop."""
    global _provider, _tracer, _reports
    with _lock:
        provider, reports = _provider, _reports
        _provider = _tracer = _reports = None
    if reports is not None:
        logging.getLogger().removeHandler(reports)
        reports.stop()
    if provider is not None:
        last = threading.Thread(target=provider.shutdown, name="last traces", daemon=True)
        last.start()
        last.join(_PATIENCE)


# Traces


@contextmanager
def span(name: str, *, is_client: bool = False, parent: str = "") -> "Iterator[Span | None]":
    """Yield a span that is current during the block; None if traces are off. An error in it marks it by its type."""
    if _tracer is None:
        yield None
        return
    from opentelemetry.trace import SpanKind
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    context = TraceContextTextMapPropagator().extract({"traceparent": parent}) if parent else None
    kind = SpanKind.CLIENT if is_client else SpanKind.SERVER
    # OpenTelemetry would record the text of an exception, which may quote a person.
    with _tracer.start_as_current_span(
        name, context, kind, record_exception=False, set_status_on_exception=False
    ) as current:
        try:
            yield current
        except BaseException as error:
            name_error(error)
            mark_failed(current)
            raise


def name_error(error: BaseException) -> None:
    """Name the type of an error in the current span, if there is one."""
    if _tracer is not None:
        from opentelemetry.trace import get_current_span

        get_current_span().set_attribute("error.type", type(error).__name__)


def mark_failed(current: "Span") -> None:
    """Set the status of a span to failed."""
    from opentelemetry.trace import StatusCode

    current.set_status(StatusCode.ERROR)


def describe(current: "Span", method: str, route: str, status: int) -> None:
    """Name the span of a request. Its path is left out: it may hold a one-time token."""
    method = method if method in _METHODS else "_OTHER"
    current.update_name(f"{method} {route}".strip())
    current.set_attributes({"http.request.method": method, "http.route": route, "http.response.status_code": status})
    if status >= 500:
        mark_failed(current)


def header_of(current: "Span | None") -> str:
    """Return what hands a span on, in the format of `traceparent` (W3C Trace Context); "" for none."""
    if current is None:
        return ""
    it = current.get_span_context()
    return f"00-{it.trace_id:032x}-{it.span_id:016x}-{it.trace_flags:02x}"


# Errors


class Reports(logging.Handler):
    """Sends to Sentry what is logged as an error, and every failure of a background task."""

    def __init__(self, process: str, dsn: str) -> None:
        super().__init__(logging.WARNING)
        import sentry_sdk

        self._process = process
        self._client = sentry_sdk.Client(
            dsn,
            release=f"plenara@{__version__}",
            server_name=process,
            default_integrations=False,
            auto_enabling_integrations=False,
            auto_session_tracking=False,
            send_client_reports=False,
            include_local_variables=False,
            include_source_context=False,
            max_breadcrumbs=0,
        )

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        is_theirs = record.name.startswith(("opentelemetry", "sentry_sdk", "urllib3"))
        if not is_theirs and (error is not None or record.levelno >= logging.ERROR):
            self._client.capture_event(cast("Event", self._event(record, error)))

    def stop(self) -> None:
        """Send what waits, and stop."""
        self._client.close(timeout=_PATIENCE)

    def _event(self, record: logging.LogRecord, error: BaseException | None) -> dict:
        request = getattr(record, "request", None)
        match = getattr(request, "resolver_match", None)
        event: dict = {
            "level": record.levelname.lower(),
            "logger": record.name,
            "platform": "python",
            "tags": {"process": self._process},
            "transaction": match.route if match else getattr(record, "task", ""),
        }
        # Other packages may write a person's words into a message. Ours have their values apart, and they stay here.
        if record.name.startswith("plenara") and isinstance(record.msg, str):
            event["logentry"] = {"message": record.msg}
        if error is not None:
            event["exception"] = {"values": [_exception(each) for each in reversed(_chain(error))]}
        return event


def _chain(error: BaseException) -> list[BaseException]:
    """Return an error and those that caused it, the last one first."""
    found: list[BaseException] = []
    each: BaseException | None = error
    while each is not None and len(found) < _CAUSES:
        found.append(each)
        each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
    return found


def _exception(error: BaseException) -> dict:
    """Return an error as Sentry stores it, without its text."""
    kind = type(error)
    return {"type": kind.__name__, "module": kind.__module__, "stacktrace": {"frames": _frames(error.__traceback__)}}


def _frames(trace: TracebackType | None) -> list[dict]:
    frames = []
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", ""))
        frames.append(
            {
                "module": module,
                "function": trace.tb_frame.f_code.co_qualname,
                "lineno": trace.tb_lineno,
                "in_app": module.startswith("plenara"),
            }
        )
        trace = trace.tb_next
    return frames[-_FRAMES:]
