"""Whom e-mails about a consultation go to: its authors."""

from typing import Any

from django.db.models import QuerySet

from plenara.consultations.models import Consultation
from plenara.consultations.queries import participant_provider
from plenara.contributions.models import Contribution


@participant_provider
def authors(consultation: Consultation) -> QuerySet[Any]:
    """Return the ids of those who contributed to a consultation, whatever became of it."""
    return Contribution.objects.filter(consultation=consultation, author__isnull=False).values("author_id")
