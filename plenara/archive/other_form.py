"""The view to a page in another form: a feed, a table, plain text, a citation. For programs, whoever runs them.

What is sent stands in a file of its own before the first byte leaves: made in one reading of the record, in little
memory, and then sent at the pace of who asked, without a thread or a reading of the database waiting for them. What is
long leaves while it is made, one at a time.
"""

import datetime
import hashlib
import json
from collections.abc import Iterable
from typing import IO, Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date, quote_etag
from django.utils.log import log_response
from django.utils.translation import gettext as _

import plenara
from plenara.archive.spool import spooled
from plenara.archive.streaming import Busy, Streamed
from plenara.archive.tombstones import tombstone
from plenara.contributions.models import Edition
from plenara.core.languages import current, html_code
from plenara.core.models import Revision
from plenara.core.views import PublicView

#: Headers that a script of another site may read.
EXPOSED = "Content-Disposition, Content-Language, Content-Range, ETag, Last-Modified, Link, Repr-Digest, Retry-After"


class MachineView(PublicView):
    """A view that scripts of other sites may open too."""

    is_open_to_scripts = True


class LanguageFree(MachineView):
    """A view whose answer is the same in whatever language it is asked for."""

    def make_cacheable(self, request: HttpRequest, response: HttpResponseBase) -> None:
        super().make_cacheable(request, response)
        del response["Content-Language"]


class Gone(Exception):
    """What was asked for is a tombstone; the edition comes with its consultation and thread."""

    def __init__(self, edition: Edition):
        super().__init__(edition.symbol)
        self.edition = edition


class OtherForm(MachineView):
    """A page in another form. A subclass says what it is of (`find`), what makes it stale and how it is written."""

    media_type = ""
    #: Compressed as a whole, with a name of its own. What is not is compressed on the way.
    gzipped = False
    keeps_streamed = True
    #: What the answer depends on besides the address and the record: filters, in one order.
    variant: object = None

    def find(self, request: HttpRequest, **kwargs: Any) -> None:
        """Find what the address names. Raises `Http404` or `Gone`."""

    def cache_tags(self) -> list[str] | None:
        """Return the cache tags that the answer stands on; None where any will do, as for the first page."""
        raise NotImplementedError

    def write(self) -> Iterable[str]:
        """Return the answer, piece by piece."""
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            self.find(request, **kwargs)
        except Gone as gone:
            return open_to_all(tombstone(request, gone.edition))
        etag, modified = self.stamp(request)
        if self.gzipped:
            not_compressed_again(request)
        head = StreamingHttpResponse((), content_type=self.media_type)
        head["ETag"] = etag
        if modified:
            head["Last-Modified"] = http_date(modified)
        self.describe(head)
        if known := unless_new(request, head, modified):
            return open_to_all(known)
        if request.method == "HEAD":
            return open_to_all(head)
        if self.is_long():
            return open_to_all(self._long(head))
        return open_to_all(_sent(spooled(self.write(), gzipped=self.gzipped), head))

    def is_long(self) -> bool:
        """Say whether it would take long to make it whole before it is sent."""
        return False

    def _long(self, head: HttpResponseBase) -> HttpResponseBase:
        self.keeps_streamed = False
        try:
            pieces = Streamed(self.write(), gzipped=self.gzipped)
        except Busy:
            return busy()
        response = StreamingHttpResponse(pieces, content_type=head["Content-Type"])
        for name, value in head.items():
            response[name] = value
        return response

    def describe(self, response: HttpResponseBase) -> None:
        """Add further headers."""

    def stamp(self, request: HttpRequest) -> tuple[str, int | None]:
        """Return the ETag and the time of the last change in seconds. One query, and the answer need not be made."""
        cache_tags = self.cache_tags()
        found = Revision.objects.order_by("cache_tag")
        if cache_tags is not None:
            found = found.filter(cache_tag__in=[*cache_tags, "installation"])
        rows = list(found.values_list("cache_tag", "number", "at"))
        said = [plenara.__version__, settings.SITE_URL, request.path, self.variant, [row[:2] for row in rows]]
        etag = quote_etag(hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32])
        times: list[datetime.datetime] = [row[2] for row in rows]
        return etag, int(max(times).timestamp()) if times else None


def _sent(file: IO[bytes], head: HttpResponseBase) -> FileResponse:
    response = FileResponse(file, content_type=head["Content-Type"])
    response.block_size = 65_536
    for name, value in head.items():
        response[name] = value
    return response


def busy() -> HttpResponse:
    """Return what is said to who asks for a long file while another one is made."""
    sentence = _("Another long file is being made. Ask again in a minute.")
    response = HttpResponse(f"{sentence}\n", "text/plain; charset=utf-8", 503)
    response["Content-Language"] = html_code(current())
    return ask_again(response, 60)


def ask_again(response: HttpResponse, seconds: int) -> HttpResponse:
    """Say in a 503 when to ask again. What is still being made is no fault: the log has it as information at most."""
    response["Retry-After"] = str(seconds)
    patch_cache_control(response, no_store=True)
    log_response("not made yet", response=response, level="info")
    return response


def unless_new(request: HttpRequest, head: HttpResponseBase, modified: int | None) -> HttpResponse | None:
    """Return 304 to a reader who has what `head` announces, 412 to one who wants another, else nothing."""
    answer = get_conditional_response(request, etag=head["ETag"], last_modified=modified)
    if answer and answer.status_code == 304:
        for name in ("Content-Location", "ETag", "Last-Modified", "Link", "Vary"):
            if name in head:
                answer[name] = head[name]
    return answer


def open_to_all[R: HttpResponseBase](response: R) -> R:
    """Let scripts of other sites read an answer: nothing in it depends on who asks."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = EXPOSED
    return response


def not_compressed_again(request: HttpRequest) -> None:
    """Keep the middleware, which asks this header, from compressing an answer: length and digest would be wrong."""
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
