"""Finding what an address of the record names. What is not public is not there."""

from django.db.models import QuerySet
from django.http import Http404

from plenara.consultations.models import Consultation, State, Thread


def public_consultations() -> QuerySet[Consultation]:
    """Return the consultations that are announced or further."""
    return Consultation.objects.exclude(stage=State.DRAFT)


def consultation_or_404(slug: str) -> Consultation:
    """Return a public consultation."""
    found = public_consultations().filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def thread_or_404(slug: str, number: int) -> Thread:
    """Return a thread of a public consultation, with the consultation."""
    found = Thread.objects.select_related("consultation").filter(consultation__slug=slug, number=number).first()
    if found is None or not found.consultation.is_public:
        raise Http404
    return found
