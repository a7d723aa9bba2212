"""The register of moderation, from `decisions.jsonl`."""

from collections.abc import Iterable
from itertools import batched
from typing import Any

from plenara.archive.bundle.importing.consultation import moment
from plenara.archive.bundle.importing.contributions import BATCH
from plenara.consultations.models import Consultation
from plenara.moderation.models import Code, Decision

#: The most characters that our own reason codes have; a longer one of an old archive is kept beside.
_MOST_REASON = 8


def load(
    consultation: Consultation, rows: Iterable[dict[str, Any]], ids: dict[str, int], threads: dict[str, int]
) -> int:
    """Make the entries of the register; return the last number. `ids` and `threads` are by a contribution's id."""
    last = 0
    for some in batched(rows, BATCH):
        Decision.objects.bulk_create(_decision(consultation, row, ids, threads) for row in some)
        last = max(last, *(row["number"] for row in some))
    return last


def _decision(
    consultation: Consultation, row: dict[str, Any], ids: dict[str, int], threads: dict[str, int]
) -> Decision:
    reason, name = row.get("reason", ""), row.get("contribution", "")
    kept = {key: row[key] for key in ("appeal",) if key in row}
    if len(reason) > _MOST_REASON:
        kept["reason"] = reason
    return Decision(
        consultation=consultation,
        number=row["number"],
        at=moment(row.get("at")),
        code=row.get("code", ""),
        ground=row.get("ground", ""),
        reason=reason if len(reason) <= _MOST_REASON else "",
        object_id=ids.get(name),
        thread=row.get("thread"),
        # The row says where it stood; where it stands now is where it was moved to.
        moved_to=threads.get(name) if row.get("code") == Code.MOVED else None,
        role=row.get("role", ""),
        bundle=kept,
    )
