"""Nobody unanswered: the contributions that an outcome answers, with and without a treatment and a reason."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Substr

from plenara.consultations.models import Consultation
from plenara.contributions.models import Edition
from plenara.documents.models import Citation, PublishedCitation, Reference
from plenara.outcomes.kind import scope
from plenara.outcomes.models import Outcome, OutcomeEdition, Trace
from plenara.outcomes.ordering import first_of, in_order

#: Contributions of a page, and characters that are shown of each.
PAGE, OPENING = 40, 160


def to_answer(outcome: Outcome) -> QuerySet[Edition]:
    """Return the editions in force of every published contribution that the outcome answers, replies among them."""
    return Edition.objects.filter(
        consultation__in=scope(outcome.document), in_force=True, status=Edition.Status.PUBLISHED
    ).order_by("consultation", "number")


def left_by(edition: OutcomeEdition) -> QuerySet[Edition]:
    """Return those to which a version gives no treatment with a reason, neither itself nor through a statement."""
    answered = Trace.objects.filter(edition=edition, contribution=OuterRef("contribution"), reason__isnull=False)
    return to_answer(edition.outcome).filter(~Exists(answered.exclude(treatment="")))


def left_now(outcome: Outcome) -> QuerySet[Edition]:
    """Return those that the text as it is being written would leave."""
    itself = Citation.objects.filter(
        paragraph__document=outcome.document_id, edition__contribution=OuterRef("contribution"), reason__isnull=False
    ).exclude(treatment="")
    treated = Reference.objects.filter(paragraph__document=outcome.document_id, reason__isnull=False)
    beneath = PublishedCitation.objects.filter(
        paragraph__in=treated.exclude(treatment="").values("statement"), edition__contribution=OuterRef("contribution")
    )
    return to_answer(outcome).filter(~Exists(itself), ~Exists(beneath))


@dataclass(frozen=True)
class Page:
    """A page of those who are left."""

    editions: list[Edition]
    next: tuple[str, int] | None  # the consultation and number with which the next begins


def page_of(edition: OutcomeEdition, slug: str = "", number: int = 0) -> Page | None:
    """Return the page that begins at a consultation and a number; nothing where that is none. Three queries, and one
    for each further consultation that it reaches into.
    """
    found = left_by(edition)
    begins = None
    if number:
        start = Consultation.objects.filter(slug=slug).values_list("pk", flat=True).first()
        if start is None:
            return None
        begins = (start, Q(number__gte=number))
    found = (
        found.select_related("byline", "thread", "consultation")
        .defer("consultation__intro", "thread__guidance")
        .annotate(opening=Substr("text__content", 1, OPENING))
    )
    rows: list[Edition] = first_of(in_order(found, begins), PAGE + 1)
    further = rows[PAGE] if len(rows) > PAGE else None
    return Page(rows[:PAGE], (further.consultation.slug, further.number) if further else None)
