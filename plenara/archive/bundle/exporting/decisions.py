"""`decisions.jsonl`: the public register of moderation. Never a moderator's name, never their words to the author."""

from collections.abc import Iterator
from itertools import batched
from typing import Any

from plenara.archive.bundle.checking.fields import present, written
from plenara.archive.bundle.exporting.contributions import CHUNK, name_of, public
from plenara.consultations.models import Consultation
from plenara.moderation.models import Decision


def rows(consultation: Consultation) -> Iterator[dict[str, Any]]:
    """Yield the entries of the register by number."""
    decisions = Decision.objects.filter(consultation=consultation, kind="contribution").order_by("number")
    for some in batched(decisions.iterator(chunk_size=CHUNK), CHUNK):
        told = public(consultation).filter(pk__in=[each.object_id for each in some if each.object_id])
        names = {contribution.pk: name_of(contribution) for contribution in told}
        for decision in some:
            yield _row(decision, names.get(decision.object_id or 0))


def _row(decision: Decision, contribution: str | None) -> dict[str, Any]:
    return present(
        number=decision.number,
        at=written(decision.at) if decision.at else None,
        code=decision.code,
        ground=decision.ground,
        reason=decision.bundle.get("reason", decision.reason),
        contribution=contribution,
        thread=decision.thread,
        role=decision.role,
        appeal=decision.bundle.get("appeal"),
    )
