"""Readers' reports of what is published: those of one thing wait together, and end together.

They end in the transactions of the acts that make them do so; the thing is held by whoever calls.
"""

from typing import Any

from django.db.models import QuerySet

from plenara.accounts.invitations import digest_of
from plenara.core import clock
from plenara.moderation import tasks
from plenara.moderation.models import Report


def waiting(kind: str, pk: int) -> QuerySet[Report]:
    """Return the reports of a thing whose address was verified and which nobody has decided on, oldest first."""
    found = Report.objects.filter(kind=kind, object_id=pk, verified_at__isnull=False, decided_at=None)
    return found.select_related("person").order_by("verified_at", "pk")


def find(token: str) -> Report | None:
    """Return the report that a link belongs to, whether it counts already or not."""
    # What leaves out the empty is what lets SQLite take the index.
    known = Report.objects.exclude(token_digest="").select_related("consultation")
    return known.filter(token_digest=digest_of(token)).first()


def reader_of(report: Report) -> str:
    """Return what tells one reader from another: who writes twice counts once."""
    return (report.person.email if report.person else report.address).lower()


def settle(kind: str, thing: Any, outcome: str) -> None:
    """End the reports of a thing, and enqueue each of their readers one mail with what came of it."""
    found = list(waiting(kind, thing.pk))
    Report.objects.filter(pk__in=[each.pk for each in found]).update(outcome=outcome, decided_at=clock.now())
    for report in {reader_of(each): each for each in reversed(found)}.values():
        tasks.tell_reporter.using(key=f"report-{report.pk}").enqueue(report_id=report.pk)
