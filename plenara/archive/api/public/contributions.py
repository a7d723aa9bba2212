"""Contributions: the list with its filters, one of them, its editions, one edition for good."""

from typing import Any

from django.http import Http404, HttpRequest

from plenara.archive import addresses, symbols, told
from plenara.archive.api import contributions, paging, problems
from plenara.archive.api.consultations import FORMAT, head
from plenara.archive.api.public.base import OfConsultation
from plenara.contributions.models import Edition


class Contributions(OfConsultation):
    """Contributions by number, tombstones among them; or the newest first."""

    def ask(self) -> None:
        self.matching = contributions.matching(self.parameters)
        newest = self.parameters.choice("order", ["number", "newest"]) == "newest"
        self.wanted = paging.wanted(self.parameters, newest=newest)

    def tell(self) -> dict[str, Any]:
        everything = Edition.objects.filter(consultation=self.consultation, in_force=True)
        those = everything.filter(**self.matching) if self.matching else everything
        found, after = paging.part(everything, those, self.wanted, contributions.read)
        rows = [contributions.row(each, self.consultation) for each in found]
        return self.beginning("contributions") | {"contributions": rows} | self.following("contributions", after)


class OfContribution(OfConsultation):
    """A view to one contribution."""

    editions: list[Edition]

    def find(self, request: HttpRequest, **kwargs: Any) -> None:
        super().find(request, **kwargs)
        found = Edition.objects.filter(consultation=self.consultation, number=kwargs["number"])
        self.editions = list(contributions.read(found).select_related("thread").order_by("revision"))
        if not self.editions:
            raise Http404


class OneContribution(OfContribution):
    """A contribution as its edition in force has it; with `revision`, one edition for good."""

    edition: Edition
    is_for_good = False

    def find(self, request: HttpRequest, **kwargs: Any) -> None:
        super().find(request, **kwargs)
        revision = int(kwargs["revision"]) if "revision" in kwargs else None
        self.is_for_good = revision is not None
        for each in self.editions:
            if each.revision == revision or (revision is None and each.in_force):
                self.edition = each
                break
        else:
            raise Http404
        if not told.is_told(self.edition):
            raise problems.gone(self.edition)

    def links(self) -> list[tuple[str, str]]:
        public_id = self.edition.public_id  # type: ignore[attr-defined]
        cited_as = symbols.for_good(self.edition) if self.is_for_good else addresses.permalink(public_id)
        return [(cited_as, "cite-as"), *super().links()]

    def tell(self) -> dict[str, Any]:
        of = contributions.edition_row if self.is_for_good else contributions.row
        said = {"format": FORMAT, "consultation": head(self.consultation)} | of(self.edition, self.consultation)
        return said | contributions.more(self.edition, self.consultation, self.editions)


class Editions(OfContribution):
    """Every edition of a contribution, superseded ones too; what is gone stands as a stub."""

    def tell(self) -> dict[str, Any]:
        below = f"contributions/{self.editions[0].number}/editions"
        rows = [contributions.edition_row(each, self.consultation) for each in self.editions]
        return self.beginning(below) | {"editions": rows}
