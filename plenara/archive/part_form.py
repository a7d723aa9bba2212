"""A part of a consultation in another form: a file that is named after the consultation's symbol."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from plenara.archive.finding import consultation_or_404
from plenara.archive.other_form import OtherForm
from plenara.consultations.models import Consultation


class PartForm(OtherForm):
    """What hangs below one page of a consultation. A subclass names the part, the ending and the page."""

    consultation: Consultation
    named = ""
    ending = ""
    #: Whether a browser keeps it as a file, or shows it.
    disposition = "attachment"

    def find(self, request: HttpRequest, **kwargs: Any) -> None:
        self.consultation = self.where(kwargs.get("slug", ""))

    def where(self, slug: str) -> Consultation:
        """Return the consultation that an address names."""
        return consultation_or_404(slug)

    def cache_tags(self) -> list[str]:
        return [self.consultation.cache_tag]

    def canonical(self) -> str:
        """Return the address of the page."""
        raise NotImplementedError

    def describe(self, response: HttpResponseBase) -> None:
        name = f"{self.consultation.symbol.replace('/', '-')}-{self.named}.{self.ending}"
        response["Content-Disposition"] = f'{self.disposition}; filename="{name}"'
        response["Link"] = f'<{self.canonical()}>; rel="canonical"'
