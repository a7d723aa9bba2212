"""Reading the record: the summaries of consultations, newest first, in the reader's language."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from plenara.core.languages import Localized, current
from plenara.documents.models import DocumentEdition
from plenara.summaries.kind import NAME, SUMMARY


@dataclass(frozen=True)
class Listed:
    """A published summary as a list shows it."""

    edition: DocumentEdition
    number: int
    symbol: str
    slug: str  # the consultation's
    label: str  # "Summary 2", in the reader's language
    title: Localized  # blank where it has none
    is_translated: bool  # there in the reader's language
    url: str
    published_at: datetime.datetime | None
    period_from: datetime.datetime
    period_to: datetime.datetime
    cited: int
    contributions: int
    languages: list[str]  # those in which it can be read


def published(consultation_ids: Sequence[int]) -> QuerySet[DocumentEdition]:
    """Return the summaries in force, newest first."""
    return (
        DocumentEdition.objects.filter(consultation_id__in=consultation_ids, kind=NAME, in_force=True)
        .select_related("summary", "consultation")
        .order_by("-minted_at", "-number")
    )


def latest_summaries(consultation_ids: Sequence[int], limit: int | None = None) -> list[Listed]:
    """Return the newest published summaries of some consultations. Two queries, whatever their number."""
    found = published(consultation_ids).prefetch_related("renditions")
    return [listed(each) for each in (found[:limit] if limit else found)]


def listed(edition: DocumentEdition) -> Listed:
    """Return a summary as a list shows it, in the active language. `renditions` are prefetched."""
    renditions = {each.language: each for each in edition.renditions.all() if each.in_force}
    asked, source = current(), renditions[edition.source_language]
    mine = renditions.get(asked, source)
    titled = mine if mine.title else source
    ticks = edition.summary.figures.get("ticks", "")
    return Listed(
        edition=edition,
        number=edition.number,
        symbol=edition.symbol,
        slug=edition.consultation.slug,
        label=SUMMARY.label(edition.number),
        title=Localized(titled.title, titled.language),
        is_translated=asked in renditions,
        url=SUMMARY.url(edition.consultation.slug, edition.number),
        published_at=edition.published_at,
        period_from=edition.summary.period_from,
        period_to=edition.summary.period_to,
        cited=ticks.count("1"),
        contributions=len(ticks),
        languages=sorted(renditions),
    )
