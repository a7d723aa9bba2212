"""What can be appealed and until when; and the appeals that end because their author did something else."""

import datetime
from typing import Any

from django.db.models import QuerySet

from plenara.consultations.models import Consultation
from plenara.contributions.models import State
from plenara.core import clock
from plenara.moderation.models import APPEAL_DAYS, APPEALABLE, Appeal, Code, Decision, Item
from plenara.moderation.publishable import KINDS

#: In which state a version is that each decision before publication set aside.
_SET_ASIDE = {Code.RETURNED: State.RETURNED, Code.REJECTED: State.REJECTED}


def decision_on(kind: str, thing: Any) -> Decision | None:
    """Return the decision against a thing that its author can appeal or has appealed, if there is one. Two queries."""
    found = Decision.objects.filter(kind=kind, object_id=thing.pk, code__in=APPEALABLE, undone_at=None)
    decision = found.select_related("consultation").order_by("-number").first()
    return decision if decision and stands(decision, thing) else None


def last_of(kind: str, thing: Any) -> Appeal | None:
    """Return the latest appeal against a decision on a thing, whatever became of it."""
    found = Appeal.objects.filter(decision__kind=kind, decision__object_id=thing.pk)
    return found.select_related("decision").order_by("-at", "-pk").first()


def stands(decision: Decision, thing: Any) -> bool:
    """Say whether things still are as a decision left them: nothing was sent again, withdrawn, restored, erased."""
    if decision.at is None or decision.undone_at or decision.code not in APPEALABLE:
        return False
    if decision.code == Code.REMOVED:
        return thing.state == State.REMOVED and version_of(decision, thing) is not None
    latest = KINDS[decision.kind].latest_version(thing)
    return (
        latest is not None
        and latest.pk == decision.version_id
        and latest.state == _SET_ASIDE[Code(decision.code)]
        and latest.text.erased_at is None
        and bool(KINDS[decision.kind].allows(thing, "publish"))
    )


def version_of(decision: Decision, thing: Any) -> Any:
    """Return the version that a decision is about: the one that was set aside, or the one that was removed."""
    kind = KINDS[decision.kind]
    return (
        kind.version_in_force(thing)
        if decision.code == Code.REMOVED
        else kind.load([decision.version_id or 0]).get(decision.version_id or 0)
    )


def last_day(decision: Decision, consultation: Consultation) -> datetime.date:
    """Return the last day on which a decision can be appealed, in the consultation's zone."""
    taken = decision.at or clock.now()
    return taken.astimezone(consultation.zone).date() + datetime.timedelta(days=APPEAL_DAYS)


def is_over(decision: Decision, consultation: Consultation) -> bool:
    """Say whether that day has gone."""
    return clock.now().astimezone(consultation.zone).date() > last_day(decision, consultation)


def waiting(kind: str, pk: int) -> QuerySet[Appeal]:
    """Return the appeals that wait against decisions on a thing: one at most, unless something was removed."""
    return Appeal.objects.filter(decision__kind=kind, decision__object_id=pk, status=Appeal.Status.PENDING)


def take_back(kind: str, thing: Any) -> None:
    """End the appeals of a thing whose author sent it again or withdrew it. The thing is held by whoever calls."""
    ids = list(waiting(kind, thing.pk).values_list("pk", flat=True))
    Item.objects.filter(appeal_id__in=ids).delete()
    Appeal.objects.filter(pk__in=ids).update(status=Appeal.Status.WITHDRAWN, decided_at=clock.now())
