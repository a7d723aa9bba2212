"""Base views of a page in another form, for programs: a feed, a table, a file sent whole or in part (RFC 9110, section
14), a tombstone.
"""

import base64
import datetime
import hashlib
import json
import re
from collections.abc import Iterable
from typing import IO

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import content_disposition_header, http_date, quote_etag
from django.utils.log import log_response
from django.utils.translation import gettext as _

import plenara
from plenara.consultations.models import Consultation
from plenara.contributions.models import Edition
from plenara.core.languages import current, html_code
from plenara.core.models import Revision
from plenara.core.snapshots import Busy, Streamed, spooled
from plenara.core.store import Stored
from plenara.core.views import PublicView, gone, open_to_all
from plenara.documents.queries.editions import cited_in
from plenara.exports import addresses
from plenara.exports.presenters import attribution
from plenara.exports.queries.record import consultation_or_404
from plenara.outcomes.queries.contributions import trails_of

#: Statements and paragraphs that a tombstone lists.
MOST_NAMED = 20


def tombstone(request: HttpRequest, edition: Edition) -> HttpResponse:
    """Return 410 with symbol, date and reason code; none of the words. `edition` comes with consultation and thread."""
    question = addresses.thread(edition.consultation.slug, edition.thread.number)
    return gone(
        request,
        {
            "sentence": attribution.what_happened(edition),
            "symbol": edition.symbol,
            "reason": attribution.reason(edition),
            "links": [(_("The question and its contributions"), question), *_rested(edition)],
        },
    )


def _rested(edition: Edition) -> list[tuple[str, str]]:
    """Return (text, address) of the statements and paragraphs that cite it, so that they can be checked again."""
    places = [place for place in cited_in([edition.pk]).get(edition.pk, []) if not place.response]
    trail = trails_of([edition.contribution_id]).get(edition.contribution_id)
    found = [(place.label, place.url) for place in places]
    found += [(each.label, each.url) for each in (trail.responses if trail else [])]
    return list(dict.fromkeys(found))[:MOST_NAMED]


class MachineView(PublicView):
    """A view that scripts of other sites may open too."""

    is_open_to_scripts = True


class LanguageFree(MachineView):
    """A view whose answer is the same for every language."""

    def make_cacheable(self, request: HttpRequest, response: HttpResponseBase) -> None:
        super().make_cacheable(request, response)
        del response["Content-Language"]


class Gone(Exception):
    """Raised where the requested edition is a tombstone; it comes with its consultation and thread."""

    def __init__(self, edition: Edition):
        super().__init__(edition.symbol)
        self.edition = edition


class OtherForm(MachineView):
    """A page in another form. A subclass defines its object (`find`), its cache tags and how it is written."""

    media_type = ""
    #: Compressed as a whole, with a name of its own. Other answers are compressed by the server.
    gzipped = False
    caches_streamed = True
    #: What the answer depends on besides the address and the record: filters, in one order.
    variant: object = None

    def find(self, request: HttpRequest, **kwargs: object) -> None:
        """Find the object of the address. Raises `Http404` or `Gone`."""

    def cache_tags(self) -> list[str] | None:
        """Return the cache tags of the answer; None for all of them, as for the first page."""
        raise NotImplementedError

    def write(self) -> Iterable[str]:
        """Return the answer, piece by piece."""
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
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
        """Return whether writing all of it before it is sent would take long."""
        return False

    def _long(self, head: HttpResponseBase) -> HttpResponseBase:
        self.caches_streamed = False
        try:
            pieces = Streamed(self.write(), gzipped=self.gzipped)
        except Busy:
            return busy()
        response = StreamingHttpResponse(pieces, content_type=head["Content-Type"])
        for name, value in head.items():
            response[name] = value
        return response

    #: Whether a browser downloads it, or shows it.
    disposition = "attachment"

    def file_name(self) -> str:
        """Return the file name of the answer; nothing where it has none."""
        return ""

    def canonical(self) -> str:
        """Return the address of the page in HTML."""
        return ""

    def describe(self, response: HttpResponseBase) -> None:
        """Add further headers: the name of the file, and its page."""
        if name := self.file_name():
            response["Content-Disposition"] = f'{self.disposition}; filename="{name}"'
        if page := self.canonical():
            response["Link"] = f'<{page}>; rel="canonical"'

    def stamp(self, request: HttpRequest) -> tuple[str, int | None]:
        """Return the ETag and the time of the last change in seconds. One query, without writing the answer."""
        cache_tags = self.cache_tags()
        found = Revision.objects.order_by("cache_tag")
        if cache_tags is not None:
            found = found.filter(cache_tag__in=[*cache_tags, "installation"])
        rows = list(found.values_list("cache_tag", "number", "at"))
        values = [plenara.__version__, settings.SITE_URL, request.path, self.variant, [row[:2] for row in rows]]
        etag = quote_etag(hashlib.sha256(json.dumps(values).encode()).hexdigest()[:32])
        times: list[datetime.datetime] = [row[2] for row in rows]
        return etag, int(max(times).timestamp()) if times else None


def _sent(file: IO[bytes], head: HttpResponseBase) -> FileResponse:
    response = FileResponse(file, content_type=head["Content-Type"])
    response.block_size = 65_536
    for name, value in head.items():
        response[name] = value
    return response


def busy() -> HttpResponse:
    """Return the response to a request for a long file while another one is written."""
    sentence = _("Another long file is being created. Try again in a minute.")
    response = HttpResponse(f"{sentence}\n", "text/plain; charset=utf-8", 503)
    response["Content-Language"] = html_code(current())
    return ask_again(response, 60)


def ask_again(response: HttpResponse, seconds: int) -> HttpResponse:
    """Set the retry time of a 503. A file that is not ready is no error: it is logged as information at most."""
    response["Retry-After"] = str(seconds)
    patch_cache_control(response, no_store=True)
    log_response("not made yet", response=response, level="info")
    return response


def unless_new(request: HttpRequest, head: HttpResponseBase, modified: int | None) -> HttpResponse | None:
    """Return 304 to a reader who has what `head` announces, 412 to one who requires another, else nothing."""
    answer = get_conditional_response(request, etag=head["ETag"], last_modified=modified)
    if answer and answer.status_code == 304:
        for name in ("Content-Location", "ETag", "Last-Modified", "Link", "Vary"):
            if name in head:
                answer[name] = head[name]
    return answer


def not_compressed_again(request: HttpRequest) -> None:
    """Keep the middleware, which checks this header, from compressing an answer: length and digest would be wrong."""
    request.META.pop("HTTP_ACCEPT_ENCODING", None)


_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


def send(
    request: HttpRequest, file: Stored, *, sha256: str, media_type: str, name: str, changed_at: datetime.datetime
) -> HttpResponseBase:
    """Return a file as an attachment, with its checksum. Raises `FileNotFoundError` and `Away`."""
    not_compressed_again(request)
    size = file.size()
    modified = int(changed_at.timestamp())
    headers = {
        "Accept-Ranges": "bytes",
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "Content-Length": str(size),
        "ETag": quote_etag(sha256),
        "Last-Modified": http_date(modified),
        "Repr-Digest": f"sha-256=:{base64.b64encode(bytes.fromhex(sha256)).decode()}:",
    }
    head = StreamingHttpResponse((), content_type=media_type, headers=headers)
    known = unless_new(request, head, modified)
    if known or request.method == "HEAD":
        return open_to_all(known or head)
    part = _range_of(request, headers, size)
    if part is None:
        return open_to_all(StreamingHttpResponse(file.pieces(), content_type=media_type, headers=headers))
    if not part:
        return open_to_all(HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"}))
    some = StreamingHttpResponse(file.pieces(part), status=206, content_type=media_type, headers=headers)
    some["Content-Length"] = str(len(part))
    some["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    return open_to_all(some)


def _range_of(request: HttpRequest, headers: dict[str, str], size: int) -> range | None:
    """Return the requested range: None for the whole, an empty one where it is not satisfiable.

    Several ranges are answered with the whole, as the RFC allows.
    """
    match = _RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if match is None or match[0] == "bytes=-":
        return None
    if request.headers.get("If-Range", headers["ETag"]) not in {headers["ETag"], headers["Last-Modified"]}:
        return None  # the reader has the beginning of another file
    first, last = match.groups()
    if not first:
        return range(max(size - int(last), 0), size) if int(last) else range(0)
    if last and int(last) < int(first):
        return None
    return range(int(first), min(int(last) + 1, size) if last else size)


class PartForm(OtherForm):
    """The other form of one page below a consultation. A subclass defines its name, ending and page."""

    consultation: Consultation
    named = ""
    ending = ""

    def find(self, request: HttpRequest, **kwargs: object) -> None:
        self.consultation = self.where(self.kwargs.get("slug", ""))

    def where(self, slug: str) -> Consultation:
        """Return the consultation of an address."""
        return consultation_or_404(slug)

    def cache_tags(self) -> list[str]:
        return [self.consultation.cache_tag]

    def file_name(self) -> str:
        return f"{self.consultation.symbol.replace('/', '-')}-{self.named}.{self.ending}"
