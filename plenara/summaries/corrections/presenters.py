"""Requests for correction as they are shown: on the summary's page, on a page of their own, at the desk, in the
register.
"""

import datetime
from dataclasses import dataclass, field

from django.db.models import Case, F, QuerySet, When
from django.utils.translation import gettext as _

from plenara.consultations.models import Consultation
from plenara.contributions.models import Byline
from plenara.core.languages import current
from plenara.core.life_cycle import State
from plenara.core.templatetags.plenara import date_in_words
from plenara.documents.models import DocumentEdition
from plenara.moderation import publishable
from plenara.summaries.corrections import permissions
from plenara.summaries.kind import SUMMARY
from plenara.summaries.models import Correction, CorrectionVersion

#: Requests on the summary's page (the newest), and on a page of their own: ten, each with an answer, of 300 words are
#: as heavy as a page may be.
FEW, PAGE = 4, 10


@dataclass(frozen=True)
class CorrectionDescription:
    """A request as a page shows it: from the record, or of a version that waits."""

    correction: Correction
    number: int | None
    byline: Byline
    language: str
    words: str
    at: datetime.datetime | None

    @property
    def gone_reason(self) -> str:
        """Why a moderator removed it; nothing where they did not."""
        it = self.correction
        return publishable.reason_label(it.reason) if it.state == State.REMOVED and it.reason else ""

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
        """Where it stands, in words."""
        it = self.correction
        if it.verdict:
            return it.get_verdict_display()
        if it.is_late:
            return _("The answer is overdue since %(day)s") % {"day": date_in_words(it.due_day)}
        if it.due_day is None:  # of an archive: it waits for nobody here
            return _("Unanswered")
        return _("Waits for an answer until %(day)s") % {"day": date_in_words(it.due_day)}


def describe(correction: Correction) -> CorrectionDescription:
    """Return what is public of a request."""
    return CorrectionDescription(
        correction,
        correction.number,
        correction.signed,
        correction.language,
        correction.text,
        correction.published_at,
    )


def describe_version(version: CorrectionVersion) -> CorrectionDescription:
    """Return a version as its author and the desk read it."""
    it = version.correction
    return CorrectionDescription(
        it, it.number, version.byline, version.language, version.text.content, version.submitted_at
    )


def label(correction: Correction) -> str:
    """Return what a request is called, in the active language."""
    summary = SUMMARY.label(correction.edition.number)
    if correction.number is None:
        return summary
    return _("%(summary)s, request %(number)d") % {"summary": summary, "number": correction.number}


def path(correction: Correction) -> str:
    """Return where readers find a request, below its consultation's address."""
    number = correction.number or 0
    page = f"from/{number}/" if number > PAGE else ""
    return f"summaries/{correction.edition.number}/corrections/{page}#r{number}"


def public_path(correction: Correction, language: str | None = None) -> str:
    """Return the same with the consultation's address, in a language."""
    return f"/{language or current()}/consultations/{correction.consultation.slug}/{path(correction)}"


def public_corrections(document_id: int) -> QuerySet[Correction]:
    """Return the requests that are or were public of a summary, whatever its edition."""
    found = Correction.objects.filter(edition__document_id=document_id, number__isnull=False)
    return found.select_related("byline", "edition", "corrected_by", "about", "consultation")


@dataclass(frozen=True)
class Section:
    """What the page of a summary's edition says of requests for its correction."""

    newest: list[CorrectionDescription]  # by number
    total: int
    put_right: list[tuple[int, str]] = field(default_factory=list)  # by the edition shown: number and address
    until: datetime.date | None = None  # the last day to ask for one; nothing where none can be asked for


def section(edition: DocumentEdition, consultation: Consultation) -> Section:
    """Return what an edition's page says of requests. One query, whatever their number."""
    # What this edition put right comes first, so that it is among those that are read; then the newest.
    order = Case(When(corrected_by=edition.pk, then=0), default=1)
    found = list(public_corrections(edition.document_id).order_by(order, "-number")[: FEW + PAGE])
    by_number = sorted(found, key=lambda each: each.number or 0)
    return Section(
        newest=[describe(each) for each in by_number[-FEW:]],
        total=by_number[-1].number or 0 if by_number else 0,
        put_right=[(each.number or 0, path(each)) for each in by_number if each.corrected_by_id == edition.pk],
        until=asks_until(edition, consultation),
    )


def asks_until(edition: DocumentEdition, consultation: Consultation) -> datetime.date | None:
    """Return the last day on which a correction of an edition can be asked for; nothing where that is over."""
    return (
        permissions.last_day_to_ask(edition, consultation)
        if permissions.takes_requests(edition, consultation)
        else None
    )


@dataclass(frozen=True)
class Listing:
    """A page of requests, oldest first, and the numbers at which the pages around it begin."""

    requests: list[CorrectionDescription]
    previous: int | None = None
    next: int | None = None


def listing(document_id: int, start: int) -> Listing:
    """Return the requests from a number on. One query."""
    found = list(public_corrections(document_id).filter(number__gte=start).order_by("number")[: PAGE + 1])
    following = found[PAGE].number if len(found) > PAGE else None
    before = max(start - PAGE, 1) if start > 1 else None
    return Listing([describe(each) for each in found[:PAGE]], before, following)


def answerer_in_words(correction: Correction) -> str:
    """Return who answered, without a name: in which relation to what is asked about."""
    if correction.self_answered:
        return _("Answered by somebody who wrote in this summary: there was nobody else.")
    return _("Answered by somebody who did not write it.")


def unanswered(consultation_id: int) -> QuerySet[Correction]:
    """Return what is published and not answered, the most urgent first."""
    found = Correction.objects.filter(
        consultation_id=consultation_id, state=State.PUBLISHED, verdict="", answer_due_at__isnull=False
    )
    return found.order_by(F("answer_due_at").asc(), "pk")
