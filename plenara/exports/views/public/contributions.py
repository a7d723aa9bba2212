"""A thread or a consultation as data, plain text, mailbox and figures; references to contributions, summaries and
outcomes; the traceability matrix as a table.
"""

from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from plenara.consultations.models import Consultation, Thread
from plenara.contributions.models import Edition
from plenara.core.languages import in_language
from plenara.core.snapshots import LONG
from plenara.documents.models import DocumentEdition, PublishedParagraph
from plenara.exports import addresses
from plenara.exports.presenters import dictionary, plain_text, references, tables
from plenara.exports.presenters.references import FORMS, Reference
from plenara.exports.presenters.tables import as_csv
from plenara.exports.queries.record import (
    LIST_PARAMETERS,
    Scope,
    consultation_or_404,
    edition_or_404,
    filtered,
    thread_or_404,
    with_words,
)
from plenara.exports.views.base import Gone, OtherForm, PartForm
from plenara.insights import presenters
from plenara.insights.queries import figures
from plenara.outcomes.queries.consultations import cache_tags_behind
from plenara.outcomes.queries.versions import Place, version_or_404


class Citation(OtherForm):
    """A reference in one of the forms that reference managers read."""

    consultation: Consultation
    symbol: str

    def find(self, request: HttpRequest, **kwargs: object) -> None:
        self.media_type, self.written = FORMS[self.kwargs["ending"]]
        self.consultation = consultation_or_404(self.kwargs["slug"])
        self.symbol = self.find_cited(**kwargs)

    def find_cited(self, **kwargs: object) -> str:
        """Find the cited object, and return its symbol. Raises `Http404` or `Gone`."""
        raise NotImplementedError

    def reference(self) -> Reference:
        """Return the reference to it."""
        raise NotImplementedError

    def cache_tags(self) -> list[str]:
        return [self.consultation.cache_tag]

    def describe(self, response: HttpResponseBase) -> None:
        name = self.symbol.replace("/", "-")
        page, ending = self.request.path.rsplit("cite.", 1)
        response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
        response["Link"] = f'<{settings.SITE_URL}{page}>; rel="describes"; type="text/html"'

    def write(self) -> Iterable[str]:
        return [self.written(self.reference())]


class CiteContribution(Citation):
    """A contribution's edition in force, or the one named by `rev`."""

    def find_cited(self, **kwargs: object) -> str:
        edition = edition_or_404(self.consultation, self.kwargs["number"], self.kwargs.get("rev"))
        if edition.is_gone:
            raise Gone(edition)
        self.edition = edition
        return edition.symbol

    def reference(self) -> Reference:
        return references.of_edition(self.edition, self.consultation)


class CiteSummary(Citation):
    """A summary, in the reader's language: the edition in force, or the one named by `rev`."""

    def find_cited(self, **kwargs: object) -> str:
        which = {"revision": self.kwargs["rev"]} if "rev" in self.kwargs else {"in_force": True}
        found = DocumentEdition.objects.filter(
            consultation=self.consultation, kind="summary", number=self.kwargs["number"], **which
        ).first()
        if found is None:
            raise Http404
        self.document = found
        return found.symbol

    def reference(self) -> Reference:
        return references.of_document(self.document, self.consultation)


class CiteConsultation(Citation):
    """A consultation, as a data set."""

    def find_cited(self, **kwargs: object) -> str:
        return self.consultation.symbol

    def reference(self) -> Reference:
        return references.of_consultation(self.consultation)


class CiteThread(Citation):
    """A question, with all its contributions."""

    thread: Thread

    def find_cited(self, **kwargs: object) -> str:
        self.thread = thread_or_404(self.consultation.slug, self.kwargs["number"])
        return f"{self.consultation.symbol}/Q{self.thread.number}"

    def reference(self) -> Reference:
        return references.of_thread(self.thread, self.consultation)


class FiguresForm(PartForm):
    """The figures in another form."""

    named = "figures"

    def canonical(self) -> str:
        return addresses.figures(self.consultation.slug)

    def whole(self) -> presenters.Whole:
        """Return the figures."""
        return presenters.whole_of(list(self.consultation.threads.all()))


class FiguresCsv(FiguresForm):
    """The figures for spreadsheets, with names in the reader's language."""

    media_type = "text/csv; charset=utf-8; header=present"
    ending = "csv"

    def write(self) -> Iterable[str]:
        return as_csv(presenters.rows(self.whole()), presenters.COLUMNS)


class FiguresJson(FiguresForm):
    """Every figure on the pages of a consultation, for programs: `plenara verify` compares them."""

    media_type = "application/json; charset=utf-8"
    ending = "json"
    disposition = "inline"

    def write(self) -> Iterable[str]:
        yield figures.figures_json(figures.page_figures(self.consultation))


class DaysSvg(FiguresForm):
    """The days as a chart."""

    media_type = "image/svg+xml; charset=utf-8"
    ending = "svg"
    disposition = "inline"

    def write(self) -> Iterable[str]:
        yield presenters.drawing_alone(self.whole().series, in_language(self.consultation.title).text)


#: Rows in memory at a time.
CHUNK = 200


class Listing(OtherForm):
    """All of a thread or a consultation in one form."""

    known_parameters = LIST_PARAMETERS

    scope: Scope
    ending = ""

    def find(self, request: HttpRequest, **kwargs: object) -> None:
        if "number" in self.kwargs:
            thread = thread_or_404(self.kwargs["slug"], self.kwargs["number"])
            self.scope = filtered(request.GET, thread.consultation, thread)
        else:
            self.scope = filtered(request.GET, consultation_or_404(self.kwargs["slug"]))
        self.variant = self.scope.filters

    def cache_tags(self) -> list[str]:
        return [self.scope.consultation.cache_tag]

    def is_long(self) -> bool:
        return self.scope.consultation.last_number > LONG

    def file_name(self) -> str:
        symbol = self.scope.consultation.symbol.replace("/", "-")
        return f"{symbol}-Q{self.scope.thread.number}.{self.ending}" if self.scope.thread else f"{symbol}.{self.ending}"

    def canonical(self) -> str:
        return self.scope.page

    def editions(self) -> QuerySet[Edition]:
        """Return the editions, in the order of the numbers, or of the reply trees where the form shows them."""
        return with_words(self.scope.editions())


class Rows(Listing):
    """The contributions as rows, by number."""

    def rows(self) -> Iterator[dict[str, object]]:
        threads = [self.scope.thread] if self.scope.thread else self.scope.consultation.threads.all()
        questions = {each.pk: each.number for each in threads}
        for edition in self.editions().order_by("number").iterator(CHUNK):
            yield tables.row(edition, self.scope, questions)


class DataCsv(Rows):
    """A table for spreadsheets."""

    media_type = "text/csv; charset=utf-8; header=present"
    ending = "csv"

    def write(self) -> Iterable[str]:
        return tables.as_csv(self.rows(), dictionary.NAMES)


class DataJson(Rows):
    """Data for programs."""

    media_type = "application/json; charset=utf-8"
    ending = "json"
    disposition = "inline"

    def write(self) -> Iterable[str]:
        query = "&".join(f"{name}={value}" for name, value in self.scope.filters.items())
        return tables.as_json(self.scope, self.rows(), f"{self.scope.page}data.json{f'?{query}' if query else ''}")


class Whole(Listing):
    """A whole thread, in the order of its page: without filters, which would cut a conversation to pieces."""

    def find(self, request: HttpRequest, **kwargs: object) -> None:
        thread = thread_or_404(self.kwargs["slug"], self.kwargs["number"])
        self.scope = Scope(thread.consultation, thread)

    def ordered_editions(self) -> Iterator[Edition]:
        return self.editions().order_by("root", "number").iterator(CHUNK)


class RawText(Whole):
    """A thread as plain text."""

    media_type = "text/plain; charset=utf-8"
    ending = "txt"
    disposition = "inline"

    def write(self) -> Iterable[str]:
        return plain_text.as_text(self.scope, self.ordered_editions())


class Mailbox(Whole):
    """A thread as a mailbox, compressed."""

    media_type = "application/gzip"
    ending = "mbox.gz"
    gzipped = True

    def write(self) -> Iterable[str]:
        return plain_text.as_mailbox(self.scope, self.ordered_editions())


class CiteOutcome(Citation):
    """An outcome's version in force, or the one named by `revision`; with `mark` one paragraph of it."""

    place: Place
    mark: int | None

    def find(self, request: HttpRequest, **kwargs: object) -> None:
        self.media_type, self.written = FORMS[self.kwargs["ending"]]
        self.place = version_or_404(self.kwargs["body"], self.kwargs["outcome"], self.kwargs.get("revision"))
        self.consultation = self.place.consultation
        self.mark = self.kwargs.get("mark")
        symbol = self.place.version.edition.symbol
        if self.mark is not None:
            edition = self.place.version.edition
            if not PublishedParagraph.objects.filter(edition=edition, mark=self.mark).exists():
                raise Http404
            symbol = f"{symbol}-s{self.mark}"
        self.symbol = symbol

    def reference(self) -> Reference:
        return references.of_outcome(self.place, self.mark)


class MatrixCsv(OtherForm):
    """The whole traceability matrix of the version in force, with contributions that have no answer."""

    media_type = "text/csv; charset=utf-8; header=present"
    place: Place

    def find(self, request: HttpRequest, **kwargs: object) -> None:
        self.place = version_or_404(self.kwargs["body"], self.kwargs["outcome"])

    def cache_tags(self) -> list[str]:
        return cache_tags_behind([self.place.outcome.pk], self.place.consultation)

    def file_name(self) -> str:
        return f"{self.place.version.edition.symbol.replace('/', '-')}-matrix.csv"

    def canonical(self) -> str:
        return f"{settings.SITE_URL}{self.place.outcome_url}matrix/"

    def write(self) -> Iterable[str]:
        return as_csv(tables.trace_rows(self.place.version), tables.TRACE_COLUMNS)
