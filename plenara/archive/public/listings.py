"""A thread or a consultation as data, as plain text and as a mailbox."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from plenara.archive.finding import consultation_or_404, thread_or_404
from plenara.archive.formats import mailbox, plain, tables
from plenara.archive.other_form import OtherForm
from plenara.archive.scope import LIST_PARAMETERS, Scope, filtered, with_words
from plenara.archive.streaming import LONG
from plenara.contributions.models import Edition

#: Rows that are in memory at a time.
CHUNK = 200


class Listing(OtherForm):
    """All of a thread or a consultation in one form."""

    known_parameters = LIST_PARAMETERS

    scope: Scope
    ending = ""
    #: Whether a browser keeps it as a file, or shows it.
    disposition = "attachment"

    def find(self, request: HttpRequest, **kwargs: Any) -> None:
        if "number" in kwargs:
            thread = thread_or_404(kwargs["slug"], kwargs["number"])
            self.scope = filtered(request.GET, thread.consultation, thread)
        else:
            self.scope = filtered(request.GET, consultation_or_404(kwargs["slug"]))
        self.variant = self.scope.filters

    def cache_tags(self) -> list[str]:
        return [self.scope.consultation.cache_tag]

    def is_long(self) -> bool:
        return self.scope.consultation.last_number > LONG

    def describe(self, response: HttpResponseBase) -> None:
        symbol = self.scope.consultation.symbol.replace("/", "-")
        of = f"{symbol}-Q{self.scope.thread.number}" if self.scope.thread else symbol
        response["Content-Disposition"] = f'{self.disposition}; filename="{of}.{self.ending}"'
        response["Link"] = f'<{self.scope.page}>; rel="canonical"'

    def editions(self) -> QuerySet[Edition]:
        """Return what to tell, in the order of the numbers, or of the reply trees where the form shows them."""
        return with_words(self.scope.editions())


class Rows(Listing):
    """The contributions as rows, by number."""

    def rows(self) -> Iterator[dict[str, Any]]:
        threads = [self.scope.thread] if self.scope.thread else self.scope.consultation.threads.all()
        questions = {each.pk: each.number for each in threads}
        for edition in self.editions().order_by("number").iterator(CHUNK):
            yield tables.row(edition, self.scope, questions)


class DataCsv(Rows):
    """A table for spreadsheets."""

    media_type = "text/csv; charset=utf-8; header=present"
    ending = "csv"

    def write(self) -> Iterable[str]:
        return tables.as_csv(self.rows())


class DataJson(Rows):
    """Data for programs."""

    media_type = "application/json; charset=utf-8"
    ending = "json"
    disposition = "inline"

    def write(self) -> Iterable[str]:
        query = "&".join(f"{name}={value}" for name, value in self.scope.filters.items())
        return tables.as_json(self.scope, self.rows(), f"{self.scope.page}data.json{f'?{query}' if query else ''}")


class Whole(Listing):
    """A whole thread, in the order of its page: without filters, since a conversation cut to pieces is none."""

    def find(self, request: HttpRequest, **kwargs: Any) -> None:
        thread = thread_or_404(kwargs["slug"], kwargs["number"])
        self.scope = Scope(thread.consultation, thread)

    def told(self) -> Iterator[Edition]:
        return self.editions().order_by("root", "number").iterator(CHUNK)


class RawText(Whole):
    """A thread as plain text."""

    media_type = "text/plain; charset=utf-8"
    ending = "txt"
    disposition = "inline"

    def write(self) -> Iterable[str]:
        return plain.as_text(self.scope, self.told())


class Mailbox(Whole):
    """A thread as a mailbox, compressed."""

    media_type = "application/gzip"
    ending = "mbox.gz"
    gzipped = True

    def write(self) -> Iterable[str]:
        return mailbox.as_mailbox(self.scope, self.told())
