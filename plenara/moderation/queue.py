"""The queue: what waits, oldest first, with its age against the promise. A fixed number of queries whatever waits."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min

from plenara.common import clock
from plenara.consultations.models import Consultation
from plenara.contributions.models import State, Version
from plenara.moderation.publishable import KINDS, Item
from plenara.moderation.rules import moderated_by

#: Items that one page of the queue shows.
PAGE = 50


@dataclass(frozen=True)
class Wait:
    """How long something waits, against what its consultation promises: both in hours."""

    hours: int
    promise: int

    @property
    def is_late(self) -> bool:
        """Say whether more than half of the promised time has gone."""
        return self.hours * 2 > self.promise


@dataclass(frozen=True)
class Row(Wait):
    """An item of the queue, and how long it waits."""

    item: Item


def wait_since(moment: datetime.datetime | None, consultation: Consultation) -> Wait:
    """Return how long something waits that came at a moment; 0 hours where that is not known."""
    hours = int((clock.now() - moment).total_seconds() // 3600) if moment else 0
    return Wait(max(hours, 0), consultation.promise_working_days * 24)


def rows(person: Any, *, consultation: Consultation | None = None) -> tuple[list[Row], int]:
    """Return the first page of a moderator's queue, oldest first, and how many wait in all."""
    ids = {consultation.pk} if consultation else moderated_by(person)
    publishable = KINDS["contribution"]
    waiting = publishable.waiting(ids)
    return [_row(publishable.item(version)) for version in waiting[:PAGE]], waiting.count()


def _row(item: Item) -> Row:
    wait = wait_since(item.waiting_since, item.consultation)
    return Row(wait.hours, wait.promise, item)


def waiting_counts(person: Any) -> dict[int, tuple[int, datetime.datetime]]:
    """Return, for each consultation that a person moderates, how many wait and since when the oldest. One query."""
    found = (
        Version.objects.filter(state=State.PENDING, contribution__consultation_id__in=moderated_by(person))
        .values("contribution__consultation_id")
        .annotate(count=Count("id"), oldest=Min("submitted_at"))
    )
    return {row["contribution__consultation_id"]: (row["count"], row["oldest"]) for row in found}


def next_after(person: Any, pk: int) -> Version | None:
    """Return what to open after a decision: the oldest that still waits and is not one's own."""
    return (
        KINDS["contribution"]
        .waiting(moderated_by(person))
        .exclude(contribution_id=pk)
        .exclude(contribution__author=person)
        .first()
    )
