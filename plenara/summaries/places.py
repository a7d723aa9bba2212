"""Where summaries stand for readers: their consultation, and its address."""

from django.shortcuts import get_object_or_404

from plenara.consultations.models import Consultation, State
from plenara.core.languages import current


def consultation_or_404(slug: str) -> Consultation:
    """Return a consultation that is announced or further."""
    return get_object_or_404(Consultation.objects.exclude(stage=State.DRAFT), slug=slug)


def base_of(consultation: Consultation) -> str:
    """Return a consultation's address in the active language."""
    return f"/{current()}/consultations/{consultation.slug}/"
