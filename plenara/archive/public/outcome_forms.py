"""An outcome, a version of it and each paragraph as references; the traceability matrix as a table."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from plenara.archive import references
from plenara.archive.formats import traces
from plenara.archive.formats.citations import FORMS, Reference
from plenara.archive.formats.tables import as_csv
from plenara.archive.other_form import OtherForm
from plenara.archive.public.citing import Citation
from plenara.documents.models import PublishedParagraph
from plenara.outcomes.behind import cache_tags_behind
from plenara.outcomes.places import Place, version_or_404


class CiteOutcome(Citation):
    """An outcome's version in force, or with `revision` that one; with `mark` one paragraph of it."""

    place: Place
    mark: int | None

    def find(self, request: HttpRequest, **kwargs: Any) -> None:
        self.media_type, self.written = FORMS[kwargs["ending"]]
        self.place = version_or_404(kwargs["body"], kwargs["outcome"], kwargs.get("revision"))
        self.consultation = self.place.consultation
        self.mark = kwargs.get("mark")
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
    """The whole traceability matrix of the version in force, with those who are left without an answer."""

    media_type = "text/csv; charset=utf-8; header=present"
    place: Place

    def find(self, request: HttpRequest, **kwargs: Any) -> None:
        self.place = version_or_404(kwargs["body"], kwargs["outcome"])

    def cache_tags(self) -> list[str]:
        return cache_tags_behind([self.place.outcome.pk], self.place.consultation)

    def describe(self, response: HttpResponseBase) -> None:
        name = f"{self.place.version.edition.symbol.replace('/', '-')}-matrix.csv"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["Link"] = f'<{settings.SITE_URL}{self.place.outcome_url}matrix/>; rel="canonical"'

    def write(self) -> Iterable[str]:
        return as_csv(traces.rows(self.place.version), traces.COLUMNS)
