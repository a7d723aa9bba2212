"""Finding what an address of the record names. What is not public is not there."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from plenara.consultations.models import Consultation, State, Thread
from plenara.contributions.models import Edition


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


def edition_or_404(consultation: Consultation, number: int, rev: int | None) -> Edition:
    """Return a contribution's edition in force, or with `rev` that one, with all that a reference to it tells.

    A tombstone is an edition too.
    """
    which: dict[str, Any] = {"in_force": True} if rev is None else {"revision": rev}
    found = Edition.objects.filter(consultation=consultation, number=number, **which)
    edition = found.select_related("byline", "text", "paper", "thread", "consultation").first()
    if edition is None:
        raise Http404
    return edition
