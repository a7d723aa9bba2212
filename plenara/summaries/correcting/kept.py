"""What is kept of a person's requests for correction, for the person; and of the answers that they gave."""

from django.utils.translation import gettext_lazy as _

from plenara.accounts.models import Person
from plenara.accounts.my_data import Rows, tells
from plenara.summaries.models import Correction, CorrectionVersion


@tells(
    "corrections",
    _("Your requests that a summary be corrected, with every text that you sent, and what was answered"),
    of=["summaries.Correction.person"],
)
def corrections(person: Person) -> Rows:
    """Yield the person's requests, each text a row."""
    found = CorrectionVersion.objects.filter(correction__person=person)
    for each in found.select_related("correction__edition", "correction__about", "text", "byline").order_by("pk"):
        it = each.correction
        yield {
            "summary": it.edition.symbol,
            "request": it.number,
            "statement": it.statement,
            "left_out": it.about.symbol if it.about else None,
            "state": it.state,
            "version": each.number,
            "submitted_at": each.submitted_at,
            "language": each.language,
            "text": each.text.content,
            "name": each.byline.name,
            "stakeholder_group": each.byline.stakeholder_group,
            "verdict": it.verdict,
            "answer": it.answer,
            "answered_at": it.answered_at,
        }


@tells("answers", _("Your answers to requests for correction"), of=["summaries.Correction.answered_by"])
def answers(person: Person) -> Rows:
    """Yield what the person answered."""
    for each in Correction.objects.filter(answered_by=person).select_related("edition").order_by("pk"):
        yield {
            "summary": each.edition.symbol,
            "request": each.number,
            "verdict": each.verdict,
            "answer": each.answer,
            "language": each.answer_language,
            "at": each.answered_at,
        }
