"""The queue: what waits, oldest first, with its age against the promise. A fixed number of queries whatever waits."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse

from plenara.common import clock
from plenara.consultations.models import Consultation
from plenara.consultations.working_time import promised_minutes, working_minutes
from plenara.moderation.models import Item
from plenara.moderation.publishable import KINDS
from plenara.moderation.rules import moderated_by

#: Items that one page of the queue shows.
PAGE = 50


@dataclass(frozen=True)
class Wait:
    """How long something waits, against what its consultation promises: both in hours of working days."""

    hours: int
    promise: int

    @property
    def is_late(self) -> bool:
        """Say whether more than half of the promised time has gone."""
        return self.hours * 2 > self.promise


@dataclass(frozen=True)
class Row(Wait):
    """An item of the queue with the version that is read, and how long it waits."""

    item: Item
    version: Any

    @property
    def url(self) -> str:
        """Where it is decided on."""
        assert self.item.consultation
        match self.item.why:
            case Item.Why.APPEAL:
                return reverse("moderation:appeal_desk", args=[self.item.appeal_id])
            case Item.Why.CHECK | Item.Why.REPORT:
                return reverse("moderation:after", args=[self.item.consultation.slug, self.version.contribution.number])
        return reverse("moderation:decide", args=[self.item.kind, self.item.object_id])


def wait_since(moment: datetime.datetime | None, consultation: Consultation) -> Wait:
    """Return how long something waits that came at a moment; 0 hours where that is not known."""
    minutes = working_minutes(moment, clock.now(), consultation) if moment else 0
    return Wait(minutes // 60, promised_minutes(consultation) // 60)


def waiting(person: Any) -> QuerySet[Item]:
    """Return what waits for a moderator now, oldest first: neither on hold nor with its author."""
    rests = Q(held_until__gt=clock.now()) | Q(awaits_author=True)
    found = Item.objects.filter(consultation_id__in=moderated_by(person)).exclude(rests)
    return found.select_related("consultation").order_by("since", "id")


def rows(person: Any) -> tuple[list[Row], int]:
    """Return the first page of a moderator's queue, oldest first, and how many wait in all. Three queries."""
    found = waiting(person)
    return filled(list(found[:PAGE])), found.count()


def filled(items: list[Item]) -> list[Row]:
    """Return items with the versions that are read. One query for each kind."""
    versions: dict[tuple[str, int], Any] = {}
    for kind in {item.kind for item in items}:
        loaded = KINDS[kind].load([item.version_id for item in items if item.kind == kind])
        versions |= {(kind, pk): version for pk, version in loaded.items()}
    return [_row(item, versions[item.kind, item.version_id]) for item in items]


def _row(item: Item, version: Any) -> Row:
    assert item.consultation
    wait = wait_since(item.since, item.consultation)
    return Row(wait.hours, wait.promise, item, version)


def waiting_counts(person: Any) -> dict[int, tuple[int, datetime.datetime]]:
    """Return, for each consultation that a person moderates, how many wait and since when the oldest. One query."""
    found = waiting(person).order_by().values("consultation_id").annotate(count=Count("id"), oldest=Min("since"))
    return {row["consultation_id"]: (row["count"], row["oldest"]) for row in found}


def next_after(person: Any, item_id: int | None) -> Item | None:
    """Return what to open after a decision: the oldest that still waits, is not one's own and nobody has open."""
    claimed = Q(claimed_until__gt=clock.now()) & ~Q(claimed_by=person)
    return waiting(person).exclude(pk=item_id or 0).exclude(author=person).exclude(claimed).first()
