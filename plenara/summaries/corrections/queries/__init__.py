"""Requests for correction: a person's own, those to answer, and upheld ones without a correction yet."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Case, Count, F, QuerySet, When
from django.urls import reverse
from django.utils.translation import ngettext, pgettext

from plenara.accounts.models import Person
from plenara.consultations.models import Consultation, RoleName
from plenara.consultations.permissions import has_role
from plenara.consultations.presenters.desk import ToDo, Urgency, task_provider
from plenara.core.life_cycle import State as ItemState
from plenara.core.life_cycle import state_for_author
from plenara.core.prepared import prepared
from plenara.core.templatetags.plenara import date_in_words
from plenara.documents.models import DocumentEdition, PublishedParagraph, Signature, State
from plenara.summaries.corrections import permissions, presenters
from plenara.summaries.corrections.presenters import FEW, CorrectionDescription, describe, path
from plenara.summaries.kind import SUMMARY
from plenara.summaries.models import Correction


def public_corrections(document_id: int) -> QuerySet[Correction]:
    """Return the requests that are or were public of a summary, whatever its edition."""
    found = Correction.objects.filter(edition__document_id=document_id, number__isnull=False)
    return found.select_related("byline", "edition", "corrected_by", "about", "consultation")


@dataclass(frozen=True)
class Section:
    """The requests for correction on the page of a summary's edition."""

    newest: list[CorrectionDescription]  # by number
    total: int
    put_right: list[tuple[int, str]] = field(default_factory=list)  # by the edition shown: number and address
    until: datetime.date | None = None  # the last day to request one; None if none can be requested


@prepared
def _shown_first(document: int, edition: int) -> QuerySet[Correction]:
    """Return those corrected by an edition first, so that they are shown; then the newest."""
    order = Case(When(corrected_by=edition, then=0), default=1)
    return public_corrections(document).order_by(order, "-number")[: FEW + presenters.PAGE]


def section(edition: DocumentEdition, consultation: Consultation) -> Section:
    """Return the requests on an edition's page. One query, whatever their number."""
    by_number = sorted(_shown_first(edition.document_id, edition.pk), key=lambda each: each.number or 0)
    return Section(
        newest=[describe(each) for each in by_number[-FEW:]],
        total=by_number[-1].number or 0 if by_number else 0,
        put_right=[(each.number or 0, path(each)) for each in by_number if each.corrected_by_id == edition.pk],
        until=asks_until(edition, consultation),
    )


def asks_until(edition: DocumentEdition, consultation: Consultation) -> datetime.date | None:
    """Return the last day to request a correction of an edition; None if it has passed."""
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
    found = list(public_corrections(document_id).filter(number__gte=start).order_by("number")[: presenters.PAGE + 1])
    following = found[presenters.PAGE].number if len(found) > presenters.PAGE else None
    before = max(start - presenters.PAGE, 1) if start > 1 else None
    return Listing([describe(each) for each in found[: presenters.PAGE]], before, following)


def unanswered(consultation_id: int) -> QuerySet[Correction]:
    """Return the published requests without an answer, the most urgent first."""
    found = Correction.objects.filter(
        consultation_id=consultation_id, state=State.PUBLISHED, verdict="", answer_due_at__isnull=False
    )
    return found.order_by(F("answer_due_at").asc(), "pk")


#: Requests on one page of a person's own requests.
OWN_PAGE = 20


def own_corrections(person: Person, before: int = 0, most: int = OWN_PAGE) -> list[Correction]:
    """Return a person's requests with the state shown to them, the newest first; one more than `most`. One query."""
    found = Correction.objects.filter(person=person).select_related("consultation", "edition").order_by("-pk")
    if before:
        found = found.filter(pk__lt=before)
    requests = list(found[: most + 1])
    for each in requests:
        each.shown_state = state_for_author(each)  # type: ignore[attr-defined]
        each.label = presenters.label(each)  # type: ignore[attr-defined]
    return requests


def uncorrected() -> QuerySet[Correction]:
    """Return the upheld requests of all summaries without a correction yet."""
    verdicts = [Correction.Verdict.UPHELD, Correction.Verdict.PARTLY]
    return Correction.objects.filter(verdict__in=verdicts, corrected_by=None)


def uncorrected_of(document_id: int) -> QuerySet[Correction]:
    """Return a document's upheld requests without a correction yet, by number."""
    found = uncorrected().filter(edition__document_id=document_id)
    return found.select_related("edition", "consultation", "byline").order_by("number")


@dataclass(frozen=True)
class Uncorrected:
    """A request for the writers, with the present statement that it is about."""

    description: CorrectionDescription
    statement: int | None  # the working paragraph's id; None for an omission or a deleted statement


def uncorrected_for_writers(document_id: int) -> list[Uncorrected]:
    """Return the requests on the workbench and the page of review. Two queries."""
    found = list(uncorrected_of(document_id))
    if not found:
        return []
    asked = PublishedParagraph.objects.filter(edition__in={each.edition_id for each in found})
    origins = {
        (edition, number): origin for edition, number, origin in asked.values_list("edition", "number", "origin")
    }
    return [Uncorrected(describe(each), origins.get((each.edition_id, each.statement or 0))) for each in found]


@task_provider
def corrections_to_answer(person: Person, consultations: Sequence[Consultation]) -> list[ToDo]:
    """Return, for each consultation, the requests that a person may answer, and those that are late. Three queries.

    A writer of a summary sees its requests only if they are late and the writer is an organizer. Only the request's own
    page checks whether nobody else can answer.
    """
    where = {each.pk: each for each in consultations if has_role(person, each, *permissions.ANSWER)}
    if not where:
        return []
    found = list(
        Correction.objects.filter(
            consultation__in=where, state=ItemState.PUBLISHED, verdict="", answer_due_at__isnull=False
        )
        .exclude(person=person)
        .select_related("edition", "consultation")
        .order_by("answer_due_at", "pk")
    )
    if not found:
        return []
    wrote = _written_by(person, {each.edition_id for each in found})
    tasks = []
    for pk, consultation in where.items():
        here = [each for each in found if each.consultation_id == pk]
        answerable = [each for each in here if each.edition_id not in wrote]
        late = [each for each in here if each.is_late]
        organizes = has_role(person, consultation, RoleName.ORGANIZER)
        if late and (organizes or any(each in answerable for each in late)):
            tasks.append(_to_do(consultation, late, is_late=True))
        elif answerable:
            tasks.append(_to_do(consultation, answerable, is_late=False))
    return tasks


@task_provider
def corrections_to_make(person: Person, consultations: Sequence[Consultation]) -> list[ToDo]:
    """Return, for its rapporteurs, each summary with an upheld request and no correction yet. One query."""
    where = {each.pk: each for each in consultations if has_role(person, each, RoleName.RAPPORTEUR)}
    if not where:
        return []
    found = uncorrected().filter(consultation__in=where, edition__document__state__in=[State.DRAFT, State.PUBLISHED])
    rows = found.values_list("consultation", "edition__document__summary", "edition__document__number")
    return [
        ToDo(
            ngettext(
                "%(count)d request for correction was upheld, but the correction has not been made yet: %(summary)s.",
                "%(count)d requests for correction were upheld, but the corrections have not been made yet: "
                "%(summary)s.",
                count,
            )
            % {"count": count, "summary": SUMMARY.label(number)},
            reverse("summaries:workbench", args=[where[pk].slug, summary]),
            pgettext("label", "Correct the summary"),
            Urgency.SOON,
            where[pk],
        )
        for pk, summary, number, count in rows.annotate(count=Count("pk")).order_by("edition__document__number")
    ]


def _written_by(person: Person, editions: set[int]) -> set[int]:
    """Return the editions, among some, in which a person wrote. Two queries."""
    signed = Signature.objects.filter(edition__in=editions, part=Signature.Part.WROTE, person=person)
    found = set(signed.values_list("edition_id", flat=True))
    writing = Correction.objects.filter(edition__in=editions, edition__document__writers=person)
    return found | set(writing.values_list("edition_id", flat=True))


def _to_do(consultation: Consultation, some: list[Correction], *, is_late: bool) -> ToDo:
    if is_late:
        sentence = ngettext(
            "The answer to %(count)d request for correction is overdue.",
            "The answers to %(count)d requests for correction are overdue.",
            len(some),
        ) % {"count": len(some)}
    else:
        sentence = ngettext(
            "%(count)d request for correction is waiting for an answer, due by %(day)s.",
            "%(count)d requests for correction are waiting for an answer, the first due by %(day)s.",
            len(some),
        ) % {"count": len(some), "day": date_in_words(some[0].due_day)}
    address = reverse("summaries:desk_corrections", args=[consultation.slug])
    urgency = Urgency.NOW if is_late else Urgency.SOON
    return ToDo(
        sentence, address, pgettext("label", "Answer the requests"), urgency, consultation, some[0].published_at
    )
