"""What Django does because the front process stands before it."""

import datetime
import os
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Min, Q
from django.http import HttpRequest, HttpResponse

from plenara.consultations.models import Consultation
from plenara.core import clock
from plenara.events.models import Occurrence

#: Bytes that are read at once of what nobody wants.
_PIECE = 256 * 1024

type Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def with_peers(application: Application) -> Application:
    """Let Django see who connected to the front, where it would see the front's socket; and the front, who answers."""
    process = ("X-Plenara-Process", str(os.getpid()))

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ["REMOTE_ADDR"] = environ.pop("HTTP_X_PLENARA_PEER", "")

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            return start_response(status, [*headers, process], *more)

        answered = application(environ, start)
        _read_to_its_end(environ.get("wsgi.input"))
        return answered

    return answer


def _read_to_its_end(body: Any) -> None:
    """Read what a view left of a form unread: a connection on which something is left is cut off, answer and all.

    The front would not know then whether anything was taken, and whose form comes next would not either.
    """
    while body is not None and body.read(_PIECE):
        pass


class NextChange:
    """Tells the page cache when the clock makes a page that it may keep another: an opening, a closing, a meeting."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.has_header("X-Plenara-Cache-Tags") and (change := next_change()):
            response["X-Plenara-Until"] = f"{change.timestamp():.3f}"
        return response


def next_change() -> datetime.datetime | None:
    """Return when the clock next changes something that pages tell. Three queries."""
    now = clock.now()
    opening, closing = Q(opens_at__gt=now), Q(closes_at__gt=now)
    of_consultations = Consultation.objects.filter(opening | closing).aggregate(
        opens=Min("opens_at", filter=opening), closes=Min("closes_at", filter=closing)
    )
    dates = Occurrence.objects.filter(is_shown=True)
    starts = dates.filter(starts_at__gt=now).order_by("starts_at").values_list("starts_at", flat=True)
    ends = dates.filter(ends_at__gt=now).order_by("ends_at").values_list("ends_at", flat=True)
    moments = [*of_consultations.values(), *starts[:1], *ends[:1]]
    return min((each for each in moments if each is not None), default=None)
