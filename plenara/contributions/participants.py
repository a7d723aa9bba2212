"""Whom e-mails about a consultation go to: its authors."""

from typing import Any

from django.db.models import QuerySet

from plenara.consultations.models import Consultation
from plenara.consultations.participants import takes_part
from plenara.contributions.models import Contribution


@takes_part
def authors(consultation: Consultation) -> QuerySet[Any]:
    """Return the ids of those who contributed to a consultation, whatever became of it."""
    return Contribution.objects.filter(consultation=consultation, author__isnull=False).values("author_id")
