"""Requests for correction on the summary's page, on their own page, at the desk and in the register."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.contributions.models import Byline
from plenara.core.languages import current
from plenara.core.life_cycle import State
from plenara.core.templatetags.plenara import date_in_words
from plenara.moderation import kinds
from plenara.summaries.kind import SUMMARY
from plenara.summaries.models import Correction, CorrectionVersion

#: Requests on the summary's page (the newest), and on their own page: ten of 300 words with answers are as large as a
#: page may be.
FEW, PAGE = 4, 10


@dataclass(frozen=True)
class CorrectionDescription:
    """A request as a page shows it: from the record, or from a pending version."""

    correction: Correction
    number: int | None
    byline: Byline
    language: str
    words: str
    at: datetime.datetime | None

    @property
    def gone_reason(self) -> str:
        """The reason for a moderator's removal; blank if there is none."""
        it = self.correction
        return kinds.reason_label(it.reason) if it.state == State.REMOVED and it.reason else ""

    @property
    def mark(self) -> str:
        """The class of its state, as the style sheet has it."""
        it = self.correction
        if it.is_gone:
            return "none"
        if it.verdict:
            return "stop" if it.verdict == Correction.Verdict.REFUSED else "open"
        return "stop" if it.is_late else "wait half"

    @property
    def state(self) -> str:
        """Its state, in words."""
        it = self.correction
        if it.verdict:
            return it.get_verdict_display()
        if it.is_late:
            return _("Answer overdue since %(day)s") % {"day": date_in_words(it.due_day)}
        if it.due_day is None:  # of an archive: nobody here answers it
            return pgettext("option", "Unanswered")
        return _("Waiting for an answer, due by %(day)s") % {"day": date_in_words(it.due_day)}


def describe(correction: Correction) -> CorrectionDescription:
    """Return the public parts of a request."""
    return CorrectionDescription(
        correction,
        correction.number,
        correction.signed,
        correction.language,
        correction.text,
        correction.published_at,
    )


def describe_version(version: CorrectionVersion) -> CorrectionDescription:
    """Return a version as its author and the desk see it."""
    it = version.correction
    return CorrectionDescription(
        it, it.number, version.byline, version.language, version.text.content, version.submitted_at
    )


def label(correction: Correction) -> str:
    """Return the name of a request, in the active language."""
    summary = SUMMARY.label(correction.edition.number)
    if correction.number is None:
        return summary
    return _("%(summary)s, request %(number)d") % {"summary": summary, "number": correction.number}


def path(correction: Correction) -> str:
    """Return the path of a request below its consultation's address."""
    number = correction.number or 0
    page = f"from/{number}/" if number > PAGE else ""
    return f"summaries/{correction.edition.number}/corrections/{page}#r{number}"


def public_path(correction: Correction, language: str | None = None) -> str:
    """Return the same with the consultation's address, in a language."""
    return f"/{language or current()}/consultations/{correction.consultation.slug}/{path(correction)}"


def answerer_in_words(correction: Correction) -> str:
    """Return the answerer's role and relation to the text, without a name."""
    if correction.self_answered:
        return _("Answered by someone who helped to write this summary, because no one else was available.")
    return _("Answered by someone who did not write the summary.")
