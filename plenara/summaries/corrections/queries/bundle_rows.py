"""Published requests for correction as rows of a bundle, within their summary's row.

Pending, returned and rejected requests are not public. Deleted ones have only number, dates and reason.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator

from plenara.contributions.models import Edition
from plenara.core.life_cycle import State
from plenara.core.rows import Json
from plenara.documents.models import DocumentEdition
from plenara.summaries.models import Correction

type Row = Json
PUBLIC = (State.PUBLISHED, State.WITHDRAWN, State.REMOVED)


def public(document_ids: Iterable[int]) -> dict[int, list[Correction]]:
    """Return the requests that were ever published, by document and number. One query."""
    found = Correction.objects.filter(edition__document__in=list(document_ids), number__isnull=False, state__in=PUBLIC)
    by_document: dict[int, list[Correction]] = {}
    for each in found.select_related("edition", "corrected_by", "byline", "about__contribution").order_by("number"):
        by_document.setdefault(each.edition.document_id, []).append(each)
    return by_document


def rows(
    corrections: Iterable[Correction], moment: Callable[[datetime.datetime], str], name_of: Callable[[Edition], str]
) -> Iterator[Row]:
    """Yield requests as rows of a bundle."""
    for each in corrections:
        row: Row = {
            "number": each.number,
            "status": each.state,
            "statement": each.statement,
            "asked_at": moment(each.asked_at),
            "published_at": moment(each.published_at) if each.published_at else None,
            "reason": each.reason,
            "verdict": each.verdict,
            "answer": each.answer,
            "answer_language": each.answer_language,
            "answered_at": moment(each.answered_at) if each.answered_at else None,
            "answered_by_writer": each.self_answered or None,
            "put_right": bool(each.corrected_by_id) or None,
        }
        if not each.is_gone and each.text:
            by = each.signed
            row |= {
                "text": each.text,
                "language": each.language,
                "contribution": name_of(each.about) if each.about and not each.about.is_gone else None,
                "author": {
                    key: value
                    for key, value in (
                        ("name", by.name),
                        ("withheld", None if by.name else True),
                        ("stakeholder_group", by.stakeholder_group),
                        ("capacity", by.capacity),
                        ("organization", by.organization),
                        ("country", by.country),
                    )
                    if value
                },
            }
        yield {key: value for key, value in row.items() if value not in (None, "")}


def with_revisions(found: Iterable[Row], corrections: Iterable[Correction], in_force: DocumentEdition) -> Iterator[Row]:
    """Yield rows of requests with the edition that each is about, and the one that put it right, unless in force."""
    for row, each in zip(found, corrections, strict=True):
        editions = {"revision": each.edition, "put_right_in": each.corrected_by}
        yield row | {key: one.revision for key, one in editions.items() if one and one.pk != in_force.pk}
