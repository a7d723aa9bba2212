"""Summaries and outcomes: lists, one of them, one edition or version for good, and requests for correction."""

from django.http import Http404, HttpRequest

from plenara.api import endpoints, validation
from plenara.api.presenters import outcomes, summaries
from plenara.api.presenters.consultations import FORMAT, head
from plenara.api.views.base import ApiView, OfConsultation
from plenara.core.templatetags.plenara import iso
from plenara.core.vocabulary import licence_url
from plenara.documents.models import DocumentEdition
from plenara.exports import addresses
from plenara.outcomes.models import OutcomeEdition
from plenara.outcomes.queries.consultations import cache_tags_behind
from plenara.outcomes.queries.versions import public_versions, version_or_404
from plenara.summaries.corrections.queries import public_corrections
from plenara.summaries.corrections.queries.bundle_rows import PUBLIC, rows


class Outcomes(ApiView):
    """The outcomes of all bodies, as the versions in force."""

    def find(self, request: HttpRequest, **kwargs: object) -> None:
        self.after = self.parameters.number("after")
        self.limit = self.parameters.limit()
        self.variant = self.parameters.given

    def cache_tags(self) -> None:
        return None

    def answer(self) -> dict[str, object]:
        found = outcomes.in_force().order_by("outcome")
        if self.after is not None:
            found = found.filter(outcome__gt=self.after)
        rows = list(found[: self.limit + 1])
        more = rows[self.limit - 1].outcome_id if len(rows) > self.limit else None
        listed = [outcomes.listed(each) for each in rows[: self.limit]]
        return self.list_answer(endpoints.outcomes(), {"outcomes": listed}, more)


class OneOutcome(ApiView):
    """An outcome as its version in force; with `revision`, one version for good."""

    version: OutcomeEdition

    def find(self, request: HttpRequest, **kwargs: object) -> None:
        revision = int(self.kwargs["revision"]) if "revision" in self.kwargs else None
        self.place = version_or_404(self.kwargs["body"], self.kwargs["outcome"], revision)

    def cache_tags(self) -> list[str]:
        return cache_tags_behind([self.place.outcome.pk], self.place.consultation)

    def links(self) -> list[tuple[str, str]]:
        licence = licence_url(self.place.consultation.licence)
        own = (addresses.of_symbol(self.place.version.edition.symbol), "cite-as")
        return [own, (licence, "license")] if licence else [own]

    def answer(self) -> dict[str, object]:
        found = outcomes.read_whole(public_versions()).filter(pk=self.place.version.pk).first()
        if found is None:
            raise Http404
        answer = {"format": FORMAT, "licence": self.place.consultation.licence}
        return answer | outcomes.whole(found, self.place.versions)


class Summaries(OfConsultation):
    """The summaries in force, by number."""

    def read_parameters(self) -> None:
        self.page_request = validation.page_request(self.parameters)

    def answer(self) -> dict[str, object]:
        in_force = summaries.of(self.consultation).filter(in_force=True)
        found, after = validation.part(in_force, in_force, self.page_request, summaries.read)
        entries = [summaries.listed(each, self.consultation) for each in found]
        return self.list_answer(self.below("summaries"), {"summaries": entries}, after)


class OfSummary(OfConsultation):
    """Base of the views of one summary."""

    editions: list[DocumentEdition]

    def find(self, request: HttpRequest, **kwargs: object) -> None:
        super().find(request, **kwargs)
        found = summaries.of(self.consultation).filter(number=self.kwargs["number"])
        self.editions = list(found.order_by("revision"))
        if not self.editions:
            raise Http404


class OneSummary(OfSummary):
    """A summary as its edition in force; with `revision`, one edition for good."""

    edition: DocumentEdition

    def find(self, request: HttpRequest, **kwargs: object) -> None:
        super().find(request, **kwargs)
        revision = int(self.kwargs["revision"]) if "revision" in self.kwargs else None
        for each in self.editions:
            if each.revision == revision or (revision is None and each.in_force):
                self.edition = each
                return
        raise Http404

    def links(self) -> list[tuple[str, str]]:
        return [(addresses.of_symbol(self.edition.symbol), "cite-as"), *super().links()]

    def answer(self) -> dict[str, object]:
        edition = summaries.read_whole(DocumentEdition.objects.filter(pk=self.edition.pk)).get()
        answer = {"format": FORMAT, "consultation": head(self.consultation), "licence": self.consultation.licence}
        return answer | summaries.whole(edition, self.consultation, self.editions)


class Corrections(OfSummary):
    """Requests to correct a summary, and their answers, by number."""

    def read_parameters(self) -> None:
        self.page_request = validation.page_request(self.parameters)

    def answer(self) -> dict[str, object]:
        below = f"summaries/{self.editions[0].number}/corrections"
        public = public_corrections(self.editions[0].document_id).filter(state__in=PUBLIC)
        found, after = validation.part(
            public, public, self.page_request, lambda rows: rows.select_related("edition", "byline", "about")
        )
        entries = list(rows(found, iso, lambda about: about.symbol))
        return self.list_answer(self.below(below), {"corrections": entries}, after)
