"""Summaries: the list, one of them, one edition for good, and what was asked to be corrected."""

from typing import Any

from django.http import Http404, HttpRequest

from plenara.archive import addresses
from plenara.archive.api import paging, summaries
from plenara.archive.api.consultations import FORMAT, head
from plenara.archive.api.public.base import OfConsultation
from plenara.core.templatetags.plenara import iso
from plenara.documents.models import DocumentEdition
from plenara.summaries.correcting.bundle import PUBLIC, rows
from plenara.summaries.correcting.shown import public_ones


class Summaries(OfConsultation):
    """The summaries in force, by number."""

    def ask(self) -> None:
        self.wanted = paging.wanted(self.parameters)

    def tell(self) -> dict[str, Any]:
        in_force = summaries.of(self.consultation).filter(in_force=True)
        found, after = paging.part(in_force, in_force, self.wanted, summaries.read)
        told = [summaries.listed(each, self.consultation) for each in found]
        return self.beginning("summaries") | {"summaries": told} | self.following("summaries", after)


class OfSummary(OfConsultation):
    """A view to one summary."""

    editions: list[DocumentEdition]

    def find(self, request: HttpRequest, **kwargs: Any) -> None:
        super().find(request, **kwargs)
        found = summaries.of(self.consultation).filter(number=kwargs["number"])
        self.editions = list(found.order_by("revision"))
        if not self.editions:
            raise Http404


class OneSummary(OfSummary):
    """A summary as its edition in force has it; with `revision`, one edition for good."""

    edition: DocumentEdition

    def find(self, request: HttpRequest, **kwargs: Any) -> None:
        super().find(request, **kwargs)
        revision = int(kwargs["revision"]) if "revision" in kwargs else None
        for each in self.editions:
            if each.revision == revision or (revision is None and each.in_force):
                self.edition = each
                return
        raise Http404

    def links(self) -> list[tuple[str, str]]:
        return [(addresses.of_symbol(self.edition.symbol), "cite-as"), *super().links()]

    def tell(self) -> dict[str, Any]:
        edition = summaries.read_whole(DocumentEdition.objects.filter(pk=self.edition.pk)).get()
        said = {"format": FORMAT, "consultation": head(self.consultation), "licence": self.consultation.licence}
        return said | summaries.whole(edition, self.consultation, self.editions)


class Corrections(OfSummary):
    """What was asked to be corrected in a summary, and what was answered, by number."""

    def ask(self) -> None:
        self.wanted = paging.wanted(self.parameters)

    def tell(self) -> dict[str, Any]:
        below = f"summaries/{self.editions[0].number}/corrections"
        public = public_ones(self.editions[0].document_id).filter(state__in=PUBLIC)
        found, after = paging.part(
            public, public, self.wanted, lambda those: those.select_related("edition", "byline", "about")
        )
        told = list(rows(found, iso, lambda about: about.symbol))
        return self.beginning(below) | {"corrections": told} | self.following(below, after)
