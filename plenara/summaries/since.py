"""What is new since the last summary: contributions that no summary's period has covered yet."""

import datetime
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from plenara.consultations.models import Consultation
from plenara.contributions.models import LISTED, Edition
from plenara.contributions.organizations.reading import tell
from plenara.contributions.reading import SIGNATORIES
from plenara.documents.models import DocumentEdition
from plenara.summaries.reading import published

PAGE = 20
#: Past how many it is said that there are more: counting on would cost what nobody reads.
MOST = 1_000


@dataclass(frozen=True)
class New:
    """A page of what is new, by number."""

    last: DocumentEdition | None  # the summary whose period ended last
    editions: list[Edition]
    count: int  # at most `MOST` + 1
    next: int | None  # the number with which the next page begins

    @property
    def is_more(self) -> bool:
        return self.count > MOST


def last_covered(consultation: Consultation) -> DocumentEdition | None:
    """Return the summary in force whose period ended last. One query."""
    return published([consultation.pk]).order_by("-summary__period_to", "-number").first()


def new_since(consultation: Consultation, last: DocumentEdition | None, start: int = 0) -> New:
    """Return the contributions published after the last summary's period, from number `start` on. Four queries."""
    found = _after(consultation, last.summary.period_to if last else None)
    count = found.values("pk")[: MOST + 1].count()
    shown = list(
        found.filter(number__gte=start)
        .select_related("text", "byline", "thread", "contribution")
        .prefetch_related(SIGNATORIES)
        .order_by("number")[: PAGE + 1]
    )
    tell(shown[:PAGE])
    return New(last, shown[:PAGE], count, shown[PAGE].number if len(shown) > PAGE else None)


def _after(consultation: Consultation, moment: datetime.datetime | None) -> QuerySet[Edition]:
    found = Edition.objects.filter(LISTED, consultation=consultation, status=Edition.Status.PUBLISHED)
    if moment is None:
        return found
    # An edition in force was minted when its contribution first appeared or later: the index leaves the rest out. What
    # was only revised since has been covered. Of an archive's undated ones the import counts, as in `coverage`.
    first = Q(contribution__editions__published_at__gt=moment) | Q(
        contribution__editions__published_at=None, contribution__editions__minted_at__gt=moment
    )
    return found.filter(first, contribution__editions__revision=0, minted_at__gt=moment)
