"""References to a contribution, to one edition of it, and to a summary."""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from plenara.archive import references
from plenara.archive.finding import consultation_or_404, edition_or_404
from plenara.archive.formats.citations import Reference, as_bibtex, as_csl, as_ris
from plenara.archive.other_form import Gone, OtherForm
from plenara.common.describing import REFERENCES
from plenara.consultations.models import Consultation
from plenara.documents.models import DocumentEdition

#: By the ending of the address: media type, and how it is written.
FORMS: dict[str, tuple[str, Callable[[Reference], str]]] = {
    ending: (f"{REFERENCES[ending]}; charset=utf-8", write)
    for ending, write in (("bib", as_bibtex), ("ris", as_ris), ("json", as_csl))
}


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

    def shelves(self) -> list[str]:
        return [self.consultation.shelf]

    def describe(self, response: HttpResponseBase) -> None:
        name = self.symbol.replace("/", "-")
        ending = self.request.path.rsplit(".", 1)[1]
        response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'

    def write(self) -> Iterable[str]:
        return [self.written(self.reference())]


class CiteContribution(Citation):
    """A contribution's edition in force, or with `rev` one edition for good."""

    def find_cited(self, **kwargs: Any) -> str:
        rev = kwargs.get("rev")
        edition = edition_or_404(self.consultation, kwargs["number"], rev)
        if edition.is_gone:
            raise Gone(edition)
        self.edition, self.for_good = edition, rev is not None
        return edition.symbol

    def reference(self) -> Reference:
        return references.of_edition(self.edition, self.consultation, for_good=self.for_good)


class CiteSummary(Citation):
    """A summary, in the reader's language."""

    def find_cited(self, **kwargs: Any) -> str:
        found = DocumentEdition.objects.filter(
            consultation=self.consultation, kind="summary", number=kwargs["number"], in_force=True
        ).first()
        if found is None:
            raise Http404
        self.document = found
        return found.symbol

    def reference(self) -> Reference:
        return references.of_document(self.document, self.consultation)
