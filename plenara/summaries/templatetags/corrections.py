"""The statement that a request for correction is about, for moderators."""

from dataclasses import dataclass

from django import template

from plenara.core.languages import current
from plenara.documents.models import PublishedText
from plenara.summaries.kind import SUMMARY
from plenara.summaries.models import Correction

register = template.Library()


@dataclass(frozen=True)
class StatementOfRequest:
    """The statement, in the reader's language or its own, and the address of its edition."""

    text: PublishedText | None
    name: str
    url: str


@register.simple_tag
def statement_asked_about(correction: Correction) -> StatementOfRequest:
    """Return the statement that a request is about. One query."""
    edition = correction.edition
    found = PublishedText.objects.filter(
        paragraph__edition=edition, paragraph__number=correction.statement or 0, rendition__in_force=True
    )
    texts = {each.language: each for each in found}
    url = SUMMARY.url(correction.consultation.slug, edition.number)
    return StatementOfRequest(
        texts.get(current()) or texts.get(edition.source_language),
        SUMMARY.label(edition.number),
        url if edition.in_force else f"{url}rev/{edition.revision}/",
    )
