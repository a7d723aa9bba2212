"""What was upheld and is to be put right: for those who write the summary, and for its next edition."""

from dataclasses import dataclass

from django.db.models import QuerySet

from plenara.documents.models import PublishedParagraph
from plenara.summaries.correcting.shown import Told, told
from plenara.summaries.models import Correction


def to_put_right() -> QuerySet[Correction]:
    """Return what was upheld of any summary and is not put right yet."""
    verdicts = [Correction.Verdict.UPHELD, Correction.Verdict.PARTLY]
    return Correction.objects.filter(verdict__in=verdicts, corrected_by=None)


def upheld(document_id: int) -> QuerySet[Correction]:
    """Return what was upheld of a document and is not put right yet, by number."""
    found = to_put_right().filter(edition__document_id=document_id)
    return found.select_related("edition", "consultation", "byline").order_by("number")


@dataclass(frozen=True)
class ToPutRight:
    """A request for the writers: what is asked, and which statement of theirs it is about by now."""

    told: Told
    statement: int | None  # the working paragraph's id; nothing of an omission, or where it is gone


def for_writers(document_id: int) -> list[ToPutRight]:
    """Return what the workbench and the page of review show. Two queries."""
    found = list(upheld(document_id))
    if not found:
        return []
    asked = PublishedParagraph.objects.filter(edition__in={each.edition_id for each in found})
    origins = {
        (edition, number): origin for edition, number, origin in asked.values_list("edition", "number", "origin")
    }
    return [ToPutRight(told(each), origins.get((each.edition_id, each.statement or 0))) for each in found]
