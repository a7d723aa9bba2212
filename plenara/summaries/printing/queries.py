"""The scope of a conference pack, and the contributions that it shows."""

import datetime
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from plenara.consultations.models import Consultation
from plenara.contributions.models import Edition
from plenara.documents.models import DocumentEdition, PublishedCitation
from plenara.summaries import periods
from plenara.summaries.kind import NAME
from plenara.summaries.queries.coverage import editions_of


@dataclass(frozen=True)
class Scope:
    """The scope of a pack."""

    consultation: Consultation
    edition: DocumentEdition | None  # None: the compilation
    asked_at: datetime.datetime

    def citations(self) -> QuerySet[PublishedCitation]:
        """Return the citations of its statements."""
        if self.edition:
            return PublishedCitation.objects.filter(paragraph__edition=self.edition)
        return PublishedCitation.objects.filter(
            paragraph__edition__consultation=self.consultation,
            paragraph__edition__kind=NAME,
            paragraph__edition__in_force=True,
        )

    def contributions(self) -> QuerySet[Edition]:
        """Return its contributions as they are now, including the notices of removed ones."""
        of_then = Q(contribution__editions__revision=0, contribution__editions__minted_at__lte=self.asked_at)
        found = Edition.objects.filter(of_then, consultation=self.consultation, in_force=True)
        if self.edition:
            summary = self.edition.summary
            of_period = editions_of(self.consultation, summary.period_from, summary.period_to).values("contribution")
            cited = self.citations().values("edition__contribution")
            found = found.filter(Q(contribution__in=of_period) | Q(contribution__in=cited))
        return found.order_by("number").distinct()

    def cited(self) -> set[int]:
        """Return the ids of the contributions that a statement cites. One query."""
        return set(self.citations().values_list("edition__contribution_id", flat=True))

    def period(self) -> str:
        """Return the period of its summary in words; blank for a compilation."""
        if self.edition is None:
            return ""
        return periods.in_words(self.edition.summary.period_from, self.edition.summary.period_to, self.consultation)
