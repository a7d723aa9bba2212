"""When the database or the disk is away: an answer that says so, and gives back what somebody had sent.

Nothing here asks the database, opens a session or writes a file.
"""

import errno
import logging
from collections.abc import Callable, Iterator

from django.db import Error, InterfaceError, OperationalError, connections
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from plenara.archive.api import problems
from plenara.archive.other_form import open_to_all
from plenara.core.languages import NAMES, address_code, current, html_code
from plenara.web.resending import NO_ROOM, sent

log = logging.getLogger("plenara.away")

#: Seconds after which it is worth asking again.
RETRY_AFTER = 30
#: The header by which the front says that a process ended while it was taking this very form.
UNSURE = "X-Plenara-Unsure"
#: Errors of the file system that are of the disk, not of the file.
_OF_THE_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.ESTALE, errno.ENODEV})
#: SQLite's primary code of a statement that is wrong: no disk is to blame for it.
_SQLITE_ERROR = 1
#: What PostgreSQL says to who wants to write to a replica.
_READ_ONLY = "25006"
#: As deep as a chain of causes is looked at.
_DEPTH = 10

type Handler = Callable[[HttpRequest], HttpResponse]


def is_away(error: BaseException | None) -> bool:
    """Say whether an error, or what caused it, means that nothing can be read or written at the moment."""
    return any(map(_means_away, _chain(error)))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    for _turn in range(_DEPTH):
        if error is None:
            return
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _means_away(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in _OF_THE_DISK
    if not isinstance(error, Error):
        return False
    driver = error.__cause__
    if getattr(driver, "sqlstate", None) == _READ_ONLY:
        return True
    if getattr(driver, "sqlite_errorcode", 0) & 0xFF == _SQLITE_ERROR:
        return False
    return isinstance(error, OperationalError | InterfaceError)


class Away:
    """Answers 503 in the place of a view that the database or the disk failed."""

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        """Let no form be taken whose file found no room while it came, or that may have been taken already."""
        if request.content_type == "multipart/form-data":
            request.POST  # noqa: B018 - read here, wherever the view would read it
        if request.headers.get(UNSURE):
            return answer(request, "unsure")
        return answer(request, "upload") if request.META.get(NO_ROOM) else None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the answer where that is what the error means; of any other, nothing."""
        return answer(request, type(error).__name__) if is_away(error) else None


def answer(request: HttpRequest, reason: str) -> HttpResponse:
    """Return what is said: to a program in its own form, to a person as a page, with what they sent."""
    _let_go()
    match = request.resolver_match
    log.warning("away", extra={"method": request.method, "route": match.route if match else "", "error": reason})
    response = _for_programs(request) if _is_for_programs(request.path_info) else _for_people(request)
    response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    # Django would log the path, which can hold a one-time token.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def _let_go() -> None:
    """Close the connections, since one that has failed may fail for ever; a new one is made when it is needed."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()


def _is_for_programs(path: str) -> bool:
    first, _slash, _rest = path[1:].partition("/")
    is_for_people = first in {"c", "s"} or "." not in path.rsplit("/", 1)[-1]
    return first in {"api", "oai", "health", "metrics"} or not is_for_people


def _for_programs(request: HttpRequest) -> HttpResponse:
    if request.path_info.startswith("/api/"):
        return open_to_all(problems.answer(problems.unavailable()))
    # For OAI-PMH, status and Retry-After are the whole answer (section 3.1.2.2 of the protocol).
    sentence = _("The database or the disk cannot be used at the moment. Ask again in a minute.")
    response = HttpResponse(f"{sentence}\n", "text/plain; charset=utf-8", 503)
    response["Content-Language"] = html_code(current())
    patch_vary_headers(response, ["Accept-Language"])
    return response


def _for_people(request: HttpRequest) -> HttpResponse:
    first = request.path_info[1:].partition("/")[0]
    context = {
        "lang": first if first in NAMES else address_code(current()),
        "html_lang": html_code(current()),
        "is_form": request.method not in {"GET", "HEAD", "OPTIONS"},
        "is_unsure": bool(request.headers.get(UNSURE)),
        "sent": sent(request),
    }
    return HttpResponse(render_to_string("core/away.html", context), status=503)
