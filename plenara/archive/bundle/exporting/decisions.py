"""`decisions.jsonl`: the public register of moderation. Never a moderator's name, never their words to the author."""

import datetime
from collections.abc import Iterator
from itertools import batched
from typing import Any

from django.db.models import Prefetch

from plenara.archive.bundle.checking.fields import present, written
from plenara.archive.bundle.exporting.contributions import CHUNK, name_of, public
from plenara.consultations.models import Consultation
from plenara.contributions.models import Contribution
from plenara.moderation.models import Code, Decision
from plenara.moderation.turnaround import was_after_publication

CONTRIBUTION = "contribution"


def rows(consultation: Consultation) -> Iterator[dict[str, Any]]:
    """Yield the entries of the register by number."""
    overruling = Decision.objects.filter(undone_at=None).only("at", "overrules_id").order_by("number")
    found = Decision.objects.filter(consultation=consultation).order_by("number")
    found = found.select_related("appeal", "overrules").prefetch_related(Prefetch("overruled_by", overruling))
    for some in batched(found.iterator(chunk_size=CHUNK), CHUNK):
        told = public(consultation).filter(
            pk__in=[each.object_id for each in some if each.object_id and each.kind == CONTRIBUTION]
        )
        found_here = {contribution.pk: contribution for contribution in told}
        for decision in some:
            about = found_here.get(decision.object_id or 0) if decision.kind == CONTRIBUTION else None
            yield _row(decision, about, is_here=consultation.imported_at is None)


def _row(decision: Decision, contribution: Contribution | None, *, is_here: bool) -> dict[str, Any]:
    known = {"number": decision.number, "at": _written(decision.at), "role": decision.role}
    if decision.undone_at:
        # It never took effect: that it was undone is all there is to know.
        return present(**known, undone_at=_written(decision.undone_at))
    kept, is_ours = decision.bundle, decision.version_id is not None
    if is_ours and (decision.code == Code.RETURNED or (decision.code == Code.REJECTED and _was_public(contribution))):
        contribution = None  # it may be public by now: nobody is to read what it, or a revision, was kept back for
    return present(
        **known,
        code=decision.code,
        ground=decision.ground,
        reason=kept.get("reason", decision.reason),
        contribution=name_of(contribution) if contribution else None,
        thread=decision.thread,
        # Of an imported one we may have found out ourselves where it was moved to: then its file has no such key.
        moved_to=decision.moved_to if is_ours else kept.get("moved_to"),
        language=decision.language,
        waited=decision.waited,
        appeal=kept.get("appeal") or _appeal(decision),
        overrules=decision.overrules.number if decision.overrules else None,
        overruled_at=kept.get("overruled_at") or _overruled_at(decision),
        kind=decision.kind if decision.kind != CONTRIBUTION else None,
        after_publication=was_after_publication(decision, is_here=is_here) or None,
    )


def _was_public(contribution: Contribution | None) -> bool:
    return contribution is not None and contribution.number is not None


def _appeal(decision: Decision) -> dict[str, Any] | None:
    if not hasattr(decision, "appeal"):
        return None
    appeal = decision.appeal
    return present(at=_written(appeal.at), status=appeal.status, decided_at=_written(appeal.decided_at))


def _overruled_at(decision: Decision) -> str | None:
    overruling = next(iter(decision.overruled_by.all()), None)
    return _written(overruling.at) if overruling else None


def _written(moment: datetime.datetime | None) -> str | None:
    return written(moment) if moment else None
