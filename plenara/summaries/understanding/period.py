"""What of a period is read: each published text in force, a campaign's once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import batched

from plenara.contributions.models import Edition
from plenara.documents.sentences import sentences
from plenara.search import vectors
from plenara.summaries.coverage import editions_of
from plenara.summaries.models import Summary
from plenara.summaries.understanding.embedding import encoder_name
from plenara.summaries.understanding.names import KIND


@dataclass(frozen=True)
class PeriodText:
    """A text of the period, by the edition that stands for it."""

    edition_id: int
    contribution_id: int
    number: int
    language: str
    sha256: str


def texts_of(summary: Summary) -> list[PeriodText]:
    """Return the texts of a summary's period by number; of a campaign the first that is of it. One query."""
    rows = (
        editions_of(summary.consultation, summary.period_from, summary.period_to)
        .filter(text__isnull=False)
        .order_by("number")
        .values_list("pk", "contribution_id", "number", "language", "text__sha256", "campaign_of")
    )
    found: dict[int, PeriodText] = {}
    for pk, contribution, number, language, sha256, under in rows:
        found.setdefault(under or number, PeriodText(pk, contribution, number, language, sha256 or ""))
    return sorted(found.values(), key=lambda each: each.number)


def unread(texts: list[PeriodText]) -> list[PeriodText]:
    """Return those whose vectors are not kept, or are of other words or another model."""
    known = vectors.digests(KIND, [each.edition_id for each in texts], encoder_name())
    return [each for each in texts if known.get(each.edition_id) != each.sha256]


def contents(edition_ids: Iterable[int]) -> Iterator[tuple[int, str]]:
    """Yield (edition id, text) of editions whose words are public at this moment. A query for some hundred."""
    standing = Edition.objects.filter(in_force=True, status=Edition.Status.PUBLISHED, text__erased_at=None)
    for some in batched(edition_ids, 500):
        yield from standing.filter(pk__in=some).values_list("pk", "text__content")


def sentence_at(text: str, places: Iterable[int]) -> dict[int, str]:
    """Return the sentences of a text at these places, as far as it has them."""
    every = sentences(text)
    return {place: every[place - 1] for place in places if 0 < place <= len(every)}
