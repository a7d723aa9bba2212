"""The register of moderation, from `decisions.jsonl`."""

from collections.abc import Iterable, Mapping
from itertools import batched
from typing import Any

from plenara.archive.bundle.importing.consultation import moment
from plenara.archive.bundle.importing.contributions import BATCH
from plenara.consultations.models import Consultation
from plenara.moderation.models import Appeal, Code, Decision
from plenara.summaries.models import Correction

#: The most characters that our own reason codes have; a longer one of an old archive is kept beside.
_MOST_REASON = 8
#: What an export writes again as the file had it.
KEPT = ("appeal", "moved_to", "overruled_at", "after_publication", "revision", "request", "noticed", "reported")


def load(
    consultation: Consultation, rows: Iterable[dict[str, Any]], ids: Mapping[str, int], threads: Mapping[str, int]
) -> int:
    """Make the entries of the register; return the last number. `ids` and `threads` are by a contribution's id."""
    last = 0
    for some in batched(rows, BATCH):
        made = Decision.objects.bulk_create(_decision(consultation, row, ids, threads) for row in some)
        overruled = {row["overrules"] for row in some if row.get("overrules")}
        before = Decision.objects.filter(consultation=consultation, number__in=overruled)
        keys = dict(before.values_list("number", "pk")) if overruled else {}
        for decision, row in zip(made, some, strict=True):
            if "overrules" in row:
                decision.overrules_id = keys[row["overrules"]]
        Decision.objects.bulk_update([each for each in made if each.overrules_id], ["overrules"])
        appeals = (_appeal(decision, row.get("appeal", {})) for decision, row in zip(made, some, strict=True))
        Appeal.objects.bulk_create(appeal for appeal in appeals if appeal)
        last = max(last, *(row["number"] for row in some))
    return last


def _decision(
    consultation: Consultation, row: dict[str, Any], ids: Mapping[str, int], threads: Mapping[str, int]
) -> Decision:
    reason, name = row.get("reason", ""), row.get("contribution", "")
    kept = {key: row[key] for key in KEPT if key in row}
    if len(reason) > _MOST_REASON:
        kept["reason"] = reason
    # An older file says only where it stood; where it stands now is where it was moved to.
    moved_to = row.get("moved_to") or (threads.get(name) if row.get("code") == Code.MOVED else None)
    return Decision(
        consultation=consultation,
        number=row["number"],
        at=moment(row.get("at")),
        code=row.get("code", ""),
        kind=row.get("kind", "contribution"),
        ground=row.get("ground", ""),
        reason=reason if len(reason) <= _MOST_REASON else "",
        object_id=ids.get(name),
        thread=row.get("thread"),
        moved_to=moved_to,
        language=row.get("language", ""),
        waited=row.get("waited"),
        role=row.get("role", ""),
        undone_at=moment(row.get("undone_at")),
        bundle=kept,
    )


def link_requests(consultation: Consultation) -> None:
    """Let decisions on requests for correction name them, once the summaries have come in. Three queries."""
    found = Decision.objects.filter(consultation=consultation, kind="correction", bundle__request__isnull=False)
    decisions = list(found.only("bundle"))
    if not decisions:
        return
    known = Correction.objects.filter(consultation=consultation, number__isnull=False)
    keys = {(summary, number): pk for summary, number, pk in known.values_list("edition__number", "number", "pk")}
    for each in decisions:
        each.object_id = keys[each.bundle["request"]["summary"], each.bundle["request"]["number"]]
    Decision.objects.bulk_update(decisions, ["object_id"], batch_size=BATCH)


def _appeal(decision: Decision, told: dict[str, Any]) -> Appeal | None:
    """Return the appeal as we keep one; an incomplete or a foreign one is only kept as the file has it."""
    at = moment(told.get("at"))
    if at is None or told.get("status") not in Appeal.Status.values:
        return None
    return Appeal(decision=decision, at=at, status=told["status"], decided_at=moment(told.get("decided_at")))
