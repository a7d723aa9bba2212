"""Outcomes: the list, one of them, one version for good."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest

from plenara.archive import addresses
from plenara.archive.api import at, outcomes
from plenara.archive.api.consultations import FORMAT
from plenara.archive.api.paging import FEW, MANY
from plenara.archive.api.public.base import ApiView
from plenara.core.vocabulary import licence_url
from plenara.outcomes.behind import cache_tags_behind
from plenara.outcomes.models import OutcomeEdition
from plenara.outcomes.places import public_versions, version_or_404


class Outcomes(ApiView):
    """The outcomes of all bodies, as the version in force has them."""

    def find(self, request: HttpRequest, **kwargs: Any) -> None:
        self.after = self.parameters.number("after")
        self.limit = self.parameters.number("limit", least=1, most=MANY) or FEW
        self.variant = self.parameters.asked

    def cache_tags(self) -> None:
        return None

    def tell(self) -> dict[str, Any]:
        found = outcomes.in_force().order_by("outcome")
        if self.after is not None:
            found = found.filter(outcome__gt=self.after)
        rows = list(found[: self.limit + 1])
        told = {
            "format": FORMAT,
            "self": self._address(self.parameters.asked),
            "outcomes": [outcomes.listed(each) for each in rows[: self.limit]],
        }
        if len(rows) > self.limit:
            told["next"] = self._address(self.parameters.asked | {"after": str(rows[self.limit - 1].outcome_id)})
        return told

    @staticmethod
    def _address(asked: dict[str, str]) -> str:
        return f"{at.outcomes()}?{urlencode(asked)}" if asked else at.outcomes()


class OneOutcome(ApiView):
    """An outcome as its version in force has it; with `revision`, one version for good."""

    version: OutcomeEdition

    def find(self, request: HttpRequest, **kwargs: Any) -> None:
        revision = int(kwargs["revision"]) if "revision" in kwargs else None
        self.place = version_or_404(kwargs["body"], kwargs["outcome"], revision)

    def cache_tags(self) -> list[str]:
        return cache_tags_behind([self.place.outcome.pk], self.place.consultation)

    def links(self) -> list[tuple[str, str]]:
        licence = licence_url(self.place.consultation.licence)
        own = (addresses.of_symbol(self.place.version.edition.symbol), "cite-as")
        return [own, (licence, "license")] if licence else [own]

    def tell(self) -> dict[str, Any]:
        found = outcomes.read_whole(public_versions()).filter(pk=self.place.version.pk).first()
        if found is None:
            raise Http404
        said = {"format": FORMAT, "licence": self.place.consultation.licence}
        return said | outcomes.whole(found, self.place.versions)
