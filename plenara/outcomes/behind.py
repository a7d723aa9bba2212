"""The consultations behind outcomes: what is withdrawn in one of them, nothing that was made of the outcomes quotes.

An outcome can be settled to answer a consultation no more, and can cite a paragraph of another outcome that answers
others: what its versions rest on is told by their traces, whatever it answers now.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet

from plenara.consultations.models import Consultation
from plenara.documents.models import Citation, PublishedCitation, Reference
from plenara.outcomes.models import Dossier, Opening, Outcome, Trace


def behind(outcomes: Any) -> QuerySet[Consultation]:
    """Return the consultations that outcomes answer, that their versions rest on or that drafts were opened as.

    One query.
    """
    answers = Outcome.consultations.through.objects.filter(consultation=OuterRef("pk"), outcome__in=outcomes)
    traces = Trace.objects.filter(consultation=OuterRef("pk"), edition__outcome__in=outcomes)
    openings = Opening.objects.filter(consultation=OuterRef("pk"), outcome__in=outcomes)
    return Consultation.objects.filter(Exists(answers) | Exists(openings) | Exists(traces)).order_by("pk")


def cache_tags_behind(outcomes: Any, *homes: Consultation) -> list[str]:
    """Return the cache tags of what is behind outcomes, and of their homes, each once, in one order. One query."""
    return sorted({each.cache_tag for each in (*homes, *behind(outcomes).only("pk"))})


def cache_tags_to_publish(outcome: Outcome) -> list[str]:
    """Return the cache tags that a version of an outcome changes, as it is written now, in one order. Three queries."""
    cited = Citation.objects.filter(paragraph__document=outcome.document_id).values("edition__consultation")
    statements = Reference.objects.filter(paragraph__document=outcome.document_id).values("statement")
    beneath = PublishedCitation.objects.filter(paragraph__in=statements).values("edition__consultation")
    new = Consultation.objects.filter(pk__in=cited).union(Consultation.objects.filter(pk__in=beneath))
    return cache_tags_behind([outcome.pk], outcome.body.consultation, *new)


def quoted_elsewhere(homes: Iterable[int] | None = None) -> dict[int, list[int]]:
    """Return which other consultations the versions of outcomes quote, by the consultation that is their home.

    Of some homes, or of all. One query.
    """
    home = F("edition__outcome__body__consultation")
    found = Trace.objects.exclude(consultation=home)
    if homes is not None:
        found = found.filter(edition__outcome__body__consultation__in=homes)
    elsewhere: dict[int, list[int]] = defaultdict(list)
    for at, other in found.order_by().values_list("edition__outcome__body__consultation", "consultation").distinct():
        elsewhere[at].append(other)
    return elsewhere


def with_meetings(homes: Iterable[int] | None = None) -> set[int]:
    """Return the consultations whose bodies have meetings with an agenda that is shown. Of some homes, or of all."""
    found = Dossier.objects.filter(published_at__isnull=False)
    if homes is not None:
        found = found.filter(body__consultation__in=homes)
    return set(found.values_list("body__consultation", flat=True))
