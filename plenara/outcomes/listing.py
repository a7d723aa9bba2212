"""Outcomes as lists show them: those of a body, of a consultation, the latest of all. Two queries each."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from plenara.core.languages import Localized
from plenara.outcomes.models import Outcome, OutcomeEdition
from plenara.outcomes.places import public_versions, url_of
from plenara.outcomes.shown import stage_of, title_of

#: By when they were published, where it is known: of an import, everything came at one moment.
NEWEST_FIRST = (F("edition__published_at").desc(nulls_last=True), "-edition__minted_at", "-pk")


@dataclass(frozen=True)
class Listed:
    """The version in force of an outcome, as a list shows it, in the reader's language."""

    version: OutcomeEdition
    title: Localized
    stage: str  # "Draft 2"
    symbol: str
    url: str
    path: str  # below the language
    published_at: datetime.datetime | None
    answered: int
    left: int
    languages: list[str]  # those in which it can be read

    @property
    def contributions(self) -> int:
        return self.answered + self.left


def in_force() -> QuerySet[OutcomeEdition]:
    """Return the versions in force, newest first."""
    found = public_versions().filter(edition__in_force=True)
    return found.prefetch_related("edition__renditions").order_by(*NEWEST_FIRST)


def outcomes_of(consultations: Iterable[int], limit: int | None = None, *, own: bool = False) -> list[Listed]:
    """Return the newest outcomes that answer some consultations, or are a body's whose home is one of them.

    `own`: the latter alone.
    """
    ids = list(consultations)
    theirs = Q(outcome__body__consultation__in=ids)
    answering = Q(outcome__in=Outcome.objects.filter(consultations__in=ids).values("pk"))
    found = in_force().filter(theirs if own else theirs | answering)
    return [listed(each) for each in (found[:limit] if limit else found)]


def latest_outcome() -> Listed | None:
    """Return the outcome of which a version was published last."""
    return next((listed(each) for each in in_force()[:1]), None)


def outcomes_of_bodies(bodies: Iterable[int]) -> dict[int, list[Listed]]:
    """Return the outcomes of bodies, by body."""
    found: dict[int, list[Listed]] = {}
    for each in in_force().filter(outcome__body__in=list(bodies)):
        found.setdefault(each.outcome.body_id, []).append(listed(each))
    return found


def listed(version: OutcomeEdition) -> Listed:
    """Return a version as a list shows it. Its edition's renditions are prefetched."""
    edition = version.edition
    renditions = {each.language: each for each in edition.renditions.all() if each.in_force}
    url = url_of(version)
    return Listed(
        version=version,
        title=title_of(renditions, edition.source_language),
        stage=stage_of(version),
        symbol=edition.symbol,
        url=url,
        path=url.split("/", 2)[2],
        published_at=edition.published_at,
        answered=version.figures.get("answered", 0),
        left=version.figures.get("left", 0),
        languages=sorted(renditions),
    )
