"""Pages for errors outside a view: the database or the disk is unavailable, a file is too
large. They show again what a person had sent.
"""

import errno
import logging
import sys
from collections.abc import Callable, Iterator

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload, TemporaryFileUploadHandler
from django.db import Error, InterfaceError, OperationalError, connections
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views import defaults

from plenara.accounts.queries import lacks_required_factor
from plenara.api import problems
from plenara.contributions.validation.papers import MOST_BYTES
from plenara.core.languages import NAMES, address_code, current, html_code
from plenara.core.views import checks_staff, open_to_all
from plenara.operations.resubmission import NO_ROOM, sent

log = logging.getLogger("plenara.away")

#: Seconds until the client should retry (Retry-After).
RETRY_AFTER = 30
#: The front's header for a form during which a process ended.
UNSURE = "X-Plenara-Unsure"
#: Errors of the file system that concern the disk, not the file.
_OF_THE_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.ESTALE, errno.ENODEV})
#: SQLite's primary code of a wrong statement, which is no failure of the disk.
_SQLITE_ERROR = 1
#: PostgreSQL's error for a write to a replica.
_READ_ONLY = "25006"
#: The deepest chain of causes that is followed.
_DEPTH = 10

type Handler = Callable[[HttpRequest], HttpResponse]


def is_unavailable(error: BaseException | None) -> bool:
    """Return whether an error, or its cause, means that nothing can be read or written at the moment."""
    return any(map(_means_unavailable, _chain(error)))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    for _turn in range(_DEPTH):
        if error is None:
            return
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _means_unavailable(error: BaseException) -> bool:
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


class UnavailableResponses:
    """Responds with 503 if the database or the disk fails in a view."""

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        """Refuse a form whose file did not fit on the disk, or that may have been processed already."""
        if request.content_type == "multipart/form-data":
            request.POST  # noqa: B018 - read here, wherever the view would read it
        if request.headers.get(UNSURE):
            return answer(request, "unsure")
        return answer(request, "upload") if request.META.get(NO_ROOM) else None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the response for such an error; None for any other."""
        return answer(request, type(error).__name__) if is_unavailable(error) else None


def answer(request: HttpRequest, reason: str) -> HttpResponse:
    """Return the response: for a program in its own format, for a person as a page, with what they sent."""
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
    """Close the connections, since a broken one may stay broken; a new one is opened when it is needed."""
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
    sentence = _("The database or the disk cannot be used at the moment. Try again in a minute.")
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


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Respond that the form was too old or came from elsewhere, and how to send it again without losing the text."""
    return render(request, "core/csrf.html", {"shown": sent(request).shown}, status=403)


@checks_staff
def require_second_factor(request: HttpRequest) -> HttpResponse | None:
    """Respond that a person has to add a second factor first, with the form that they sent; None if they need not."""
    if not lacks_required_factor(request.user):  # type: ignore[arg-type]  # a staff view knows the person
        return None
    context = {"sent": sent(request) if request.method == "POST" else None}
    return render(request, "accounts/second_factor_missing.html", context, status=403)


def failed(request: HttpRequest) -> HttpResponse:
    """Respond with 500; or with 503, if the database or the disk failed outside a view."""
    error = sys.exc_info()[1]
    if is_unavailable(error):
        return answer(request, type(error).__name__)
    return _with_what_was_sent(request, "500.html", 500) or defaults.server_error(request)


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Respond with 400; or with 503, if a session could not be saved."""
    if is_unavailable(exception):
        return answer(request, type(exception).__name__)
    return _with_what_was_sent(request, "400.html", 400) or defaults.bad_request(request, exception)


def _with_what_was_sent(request: HttpRequest, template: str, status: int) -> HttpResponse | None:
    """Return the page with the fields of the form that was sent; None without a form or if nothing can be read."""
    if request.method != "POST" or (fields := sent(request)).is_empty:
        return None
    context = {"lang": address_code(current()), "html_lang": html_code(current()), "sent": fields}
    response = HttpResponse(render_to_string(template, context), status=status)
    response["Cache-Control"] = "no-store"
    return response


#: The most bytes of all files of one form.
MOST_TOGETHER = 2 * MOST_BYTES


class Bounded(FileUploadHandler):
    """Counts bytes, and discards a form whose files are larger than a paper may be."""

    def __init__(self, request: HttpRequest | None = None):
        super().__init__(request)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > MOST_TOGETHER:
            if self.request is not None:
                self.request.META["plenara.upload_too_large"] = True
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None  # the next handler stores it


class OnDisk(TemporaryFileUploadHandler):
    """Stores a large file on the disk. If the disk is full, it drops the file but keeps the fields of the form."""

    def new_file(
        self,
        field_name: str,
        file_name: str,
        content_type: str,
        content_length: int | None,
        charset: str | None = None,
        content_type_extra: dict[str, bytes] | None = None,
    ) -> None:
        try:
            super().new_file(field_name, file_name, content_type, content_length, charset, content_type_extra)
        except OSError as error:
            self._let_go(error)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError as error:
            self._let_go(error)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        try:
            return super().file_complete(file_size)
        except OSError as error:
            self._note(error)
            return None

    def _let_go(self, error: OSError) -> None:
        self._note(error)
        raise SkipFile from error

    def _note(self, error: OSError) -> None:
        """Note for the response that the form came without this file; raise any other error."""
        if self.request is None or not is_unavailable(error):
            raise error
        self.request.META.setdefault(NO_ROOM, []).append((self.field_name, self.file_name))
