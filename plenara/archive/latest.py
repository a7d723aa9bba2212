"""The summaries published last, as pages list them. Two queries."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from plenara.common.languages import Localized, current, in_language
from plenara.documents.kinds import kind_of
from plenara.documents.models import DocumentEdition, PublishedRendition


@dataclass(frozen=True)
class Listed:
    """A published summary in a list."""

    number: int
    symbol: str
    label: str  # "Summary 2"
    title: Localized
    url: str
    slug: str
    published_at: datetime.datetime | None
    languages: frozenset[str]


def latest_summaries(consultation_ids: Sequence[int], limit: int = 20) -> list[Listed]:
    """Return the summaries of these consultations, the newest first."""
    editions = list(
        DocumentEdition.objects.filter(consultation_id__in=consultation_ids, kind="summary", in_force=True)
        .select_related("consultation")
        .order_by("-minted_at", "-pk")[:limit]
    )
    titles: dict[int, dict[str, str]] = {}
    renditions = PublishedRendition.objects.filter(edition__in=editions, in_force=True)
    for edition_id, language, title in renditions.values_list("edition_id", "language", "title"):
        titles.setdefault(edition_id, {})[language] = title
    kind = kind_of("summary")
    return [
        Listed(
            number=each.number,
            symbol=each.symbol,
            label=kind.label(each.number),
            title=in_language(titles.get(each.pk)),
            url=kind.url(each.consultation.slug, each.number, current()),
            slug=each.consultation.slug,
            published_at=each.published_at,
            languages=frozenset(titles.get(each.pk, {})),
        )
        for each in editions
    ]
