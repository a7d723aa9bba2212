"""The figures that pages show: stored while publishing, compared with the record, and rebuilt from it.

Published editions in force are counted. A contribution belongs to the day (UTC) on which it first appeared, even if it
was revised since; one of an archive without that day to the day on which it was submitted, or to none.
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import batched

from django.db.models import Case, Count, DateTimeField, F, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, TruncDate

from plenara.consultations.models import Consultation
from plenara.contributions.models import DayTally, Edition, Tally
from plenara.core.cache_tags import invalidate
from plenara.core.transaction import writing

#: Consultations that are compared at a time.
BATCH = 50
#: The dimensions of a cell, and their columns in the record.
CELL = {
    "thread_id": "thread_id",
    "stakeholder_group": "stakeholder_group",
    "language": "language",
    "country": "byline__country",
    "channel": "channel",
}
#: The days on which a thread has contributions.
DAY = {"thread_id": "thread_id", "day": "day"}
_STORED: tuple[tuple[type[Tally | DayTally], dict[str, str]], ...] = ((Tally, CELL), (DayTally, DAY))

type Cells = dict[tuple, int]


def count(edition: Edition, step: int) -> None:
    """Add one edition to the figures or subtract it. Called inside the transaction that changes what is in force."""
    byline = edition.byline
    _step(
        Tally,
        step,
        thread_id=edition.thread_id,
        stakeholder_group=edition.stakeholder_group,
        language=edition.language,
        country=byline.country if byline else "",
        channel=edition.channel,
    )
    _step(DayTally, step, thread_id=edition.thread_id, day=day_of(edition))


def _step(model: type[Tally | DayTally], step: int, **cell: object) -> None:
    found = model.objects.filter(**cell)
    if not found.update(count=F("count") + step):
        model.objects.get_or_create(defaults=None, **cell)
        found.update(count=F("count") + step)


def day_of(edition: Edition) -> datetime.date | None:
    """Return the day on which the contribution of an edition first appeared. A query where it was revised."""
    first: Edition | None = edition
    if edition.revision:
        first = Edition.objects.filter(contribution_id=edition.contribution_id, revision=0).first()
        return day_in_utc(first.published_at if first else None)
    return day_in_utc(edition.dated_at)


def day_in_utc(moment: datetime.datetime | None) -> datetime.date | None:
    """Return the day of a moment."""
    return moment.astimezone(datetime.UTC).date() if moment else None


@dataclass(frozen=True)
class Difference:
    """A figure that differs from the record."""

    consultation: Consultation
    of: str
    stored: int
    counted: int


def differences() -> Iterator[Difference]:
    """Yield every figure that differs from the record. Four queries for some fifty consultations."""
    for some in batched(Consultation.objects.prefetch_related("threads").order_by("pk"), BATCH):
        threads = {thread.pk: (each, thread.number) for each in some for thread in each.threads.all()}
        for stored, counted in _both(list(threads)):
            for key in sorted(stored.keys() | counted.keys(), key=str):
                here, there = stored.get(key, 0), counted.get(key, 0)
                if here != there:
                    consultation, number = threads[key[0]]
                    of = ", ".join([f"question {number}", *(str(each) for each in key[1:] if each not in ("", None))])
                    yield Difference(consultation, of, here, there)


@writing
def rebuild() -> int:
    """Rebuild the figures of all consultations from the record; return how many were wrong or missing.

    May run while others publish: a writer that changes what is in force waits, since the figures are corrected in
    place.
    """
    return sum(_rebuild(each) for each in Consultation.objects.select_for_update(no_key=True).order_by("pk"))


def _rebuild(consultation: Consultation) -> int:
    threads = list(consultation.threads.order_by("pk").values_list("pk", flat=True))
    for model, _names in _STORED:
        list(model.objects.select_for_update().filter(thread__in=threads).order_by("pk").values_list("pk", flat=True))
    wrong = 0
    for (model, names), (stored, counted) in zip(_STORED, _both(threads), strict=True):
        for key in stored.keys() | counted.keys():
            if stored.get(key, 0) == counted.get(key, 0):
                continue
            wrong += 1
            model.objects.update_or_create(
                **dict(zip(names, key, strict=True)), defaults={"count": counted.get(key, 0)}
            )
    if wrong:
        invalidate(consultation.cache_tag, nothing_withdrawn=True)
    return wrong


def _both(threads: Sequence[int]) -> Iterator[tuple[Cells, Cells]]:
    """Yield the stored and the counted figures of some threads: by dimensions, then by day."""
    editions = in_force(threads)
    for (model, names), rows in zip(_STORED, (editions, with_day(editions)), strict=True):
        stored = model.objects.filter(thread__in=threads).exclude(count=0)
        yield (
            {tuple(key): n for *key, n in stored.values_list(*names, "count")},
            _added_up(rows.values_list(*names.values()).annotate(Count("pk"))),
        )


def _added_up(rows: Iterable[tuple]) -> Cells:
    found: Counter[tuple] = Counter()
    for *key, n in rows:
        found[tuple("" if part is None and at == 3 else part for at, part in enumerate(key))] += n
    return found


def in_force(threads: Sequence[int]) -> QuerySet[Edition]:
    """Return the editions that count."""
    return Edition.objects.filter(thread__in=threads, in_force=True, status=Edition.Status.PUBLISHED).order_by()


def with_day(editions: QuerySet[Edition]) -> QuerySet[Edition]:
    """Return editions with the `day` on which their contributions first appeared, as `day_of` has it."""
    first = Edition.objects.filter(contribution=OuterRef("contribution"), revision=0).values("published_at")[:1]
    at = Case(
        When(revision=0, then=Coalesce("published_at", "submitted_at")),
        default=Subquery(first),
        output_field=DateTimeField(null=True),
    )
    return editions.annotate(first_at=at).annotate(day=TruncDate("first_at", tzinfo=datetime.UTC))
