"""What the views to one outcome share: the version that an address names, and the frame of its pages."""

from typing import Any

from plenara.core.languages import Localized, current
from plenara.core.views import PublicView
from plenara.outcomes.places import Place, body_url, version_or_404
from plenara.outcomes.reading import renditions_of
from plenara.outcomes.shown import stage_of, title_of


class OutcomeView(PublicView):
    """A page of one version of an outcome: of the one in force, or with `revision` of that one."""

    place: Place

    def find(self, body: str, outcome: str, revision: int | None = None) -> None:
        """Find the version that an address names, and in which languages it can be read. Two queries."""
        self.place = version_or_404(body, outcome, revision)
        self.version, self.edition = self.place.version, self.place.version.edition
        self.renditions = renditions_of(self.edition)
        self.language = current() if current() in self.renditions else self.edition.source_language
        self.title: Localized = title_of(self.renditions, self.edition.source_language)

    def context(self, **more: Any) -> dict[str, Any]:
        """Return what each such page shows, and what it shows besides."""
        place = self.place
        return {
            "place": place,
            "body": place.body,
            "body_url": body_url(place.body),
            "consultation": place.consultation,
            "version": self.version,
            "edition": self.edition,
            "title": self.title,
            "stage": stage_of(self.version),
            "here": place.here,
            "outcome_url": place.outcome_url,
            "nav_current": "consultations",
            **more,
        }
