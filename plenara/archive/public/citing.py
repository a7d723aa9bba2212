"""References to contributions and summaries, each edition for good; to a consultation and its questions."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from plenara.archive import references
from plenara.archive.finding import consultation_or_404, edition_or_404, thread_or_404
from plenara.archive.formats.citations import FORMS, Reference
from plenara.archive.other_form import Gone, OtherForm
from plenara.consultations.models import Consultation, Thread
from plenara.documents.models import DocumentEdition


class Citation(OtherForm):
    """A reference in one of the forms that reference managers read."""

    consultation: Consultation
    symbol: str

    def find(self, request: HttpRequest, **kwargs: Any) -> None:
        self.media_type, self.written = FORMS[kwargs["ending"]]
        self.consultation = consultation_or_404(kwargs["slug"])
        self.symbol = self.find_cited(**kwargs)

    def find_cited(self, **kwargs: Any) -> str:
        """Find what is cited, and return its symbol. Raises `Http404` or `Gone`."""
        raise NotImplementedError

    def reference(self) -> Reference:
        """Return what is cited as a reference."""
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
    """A contribution's edition in force, or with `rev` that one."""

    def find_cited(self, **kwargs: Any) -> str:
        edition = edition_or_404(self.consultation, kwargs["number"], kwargs.get("rev"))
        if edition.is_gone:
            raise Gone(edition)
        self.edition = edition
        return edition.symbol

    def reference(self) -> Reference:
        return references.of_edition(self.edition, self.consultation)


class CiteSummary(Citation):
    """A summary, in the reader's language: the edition in force, or with `rev` that one."""

    def find_cited(self, **kwargs: Any) -> str:
        which = {"revision": kwargs["rev"]} if "rev" in kwargs else {"in_force": True}
        found = DocumentEdition.objects.filter(
            consultation=self.consultation, kind="summary", number=kwargs["number"], **which
        ).first()
        if found is None:
            raise Http404
        self.document = found
        return found.symbol

    def reference(self) -> Reference:
        return references.of_document(self.document, self.consultation)


class CiteConsultation(Citation):
    """A consultation, as the set of data that it is."""

    def find_cited(self, **kwargs: Any) -> str:
        return self.consultation.symbol

    def reference(self) -> Reference:
        return references.of_consultation(self.consultation)


class CiteThread(Citation):
    """A question, with all that was contributed to it."""

    thread: Thread

    def find_cited(self, **kwargs: Any) -> str:
        self.thread = thread_or_404(self.consultation.slug, kwargs["number"])
        return f"{self.consultation.symbol}/Q{self.thread.number}"

    def reference(self) -> Reference:
        return references.of_thread(self.thread, self.consultation)
