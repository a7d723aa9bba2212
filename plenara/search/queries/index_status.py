"""The state of the index, for operators."""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count

from plenara.search import encoder
from plenara.search.entries import kinds
from plenara.search.models import Arrangement, Entry, Meaning, Unread


@dataclass(frozen=True)
class MeaningStatus:
    """The state of reading by meaning, its encoder and its kind of vector search."""

    is_on: bool
    has_encoder: bool
    encoder: str
    done: int
    total: int
    unreadable: int
    is_anew: bool
    at: datetime.datetime | None
    paused_at: datetime.datetime | None
    used: Arrangement | None
    is_arranging: bool

    @property
    def waiting(self) -> int:
        return self.total - self.done

    @property
    def is_pgvector(self) -> bool:
        return self.used is not None and self.used.way == Arrangement.Way.PGVECTOR


def meaning_status() -> MeaningStatus:
    """Return the state of reading by meaning. Three queries."""
    row = Meaning.objects.select_related("used").order_by("pk").first() or Meaning()
    total = Entry.objects.count()
    return MeaningStatus(
        is_on=bool(settings.MEANING),
        has_encoder=encoder.has_encoder(),
        encoder=encoder.name() if encoder.has_encoder() else "",
        done=0 if row.is_anew else max(total - Unread.objects.count(), 0),
        total=total,
        unreadable=row.unreadable,
        is_anew=row.is_anew,
        at=row.at,
        paused_at=row.paused_at,
        used=row.used,
        is_arranging=row.making_id is not None,
    )


def kind_counts() -> list[tuple[str, int]]:
    """Return the name of each kind and its number of indexed things. One query."""
    counts = dict(Entry.objects.filter(part=0).values_list("kind").annotate(Count("id")).order_by())
    return [(kind.names, counts.get(kind.code, 0)) for kind in kinds()]
