"""Saying that a contribution was read for a summary, or was not: so that several rapporteurs share the reading."""

from collections.abc import Iterable
from typing import Any

from plenara.contributions.models import Edition
from plenara.core import audit
from plenara.core.refusals import require, require_valid
from plenara.core.transaction import writing
from plenara.summaries import checks, rules
from plenara.summaries.models import ReadMark, Summary


@writing
def mark_read(*, actor: Any, summary: Summary, editions: Iterable[Edition]) -> int:
    """Say that contributions were read; return how many were unread before. A second time changes nothing."""
    require(rules.may_set_aside(actor, summary))
    found = list(editions)
    require_valid(*(checks.of_this_consultation(summary, each) for each in found))
    marked = set(
        summary.read_marks.filter(edition__contribution__in=[each.contribution_id for each in found]).values_list(
            "edition__contribution_id", flat=True
        )
    )
    new = [each for each in found if each.contribution_id not in marked]
    ReadMark.objects.bulk_create(
        [ReadMark(summary=summary, edition=each, by=actor) for each in new], ignore_conflicts=True
    )
    if new:
        audit.log("summary.read", actor=actor, about=summary, consultation=summary.consultation, count=len(new))
    return len(new)


@writing
def mark_unread(*, actor: Any, summary: Summary, edition: Edition) -> None:
    """Take back that a contribution was read."""
    require(rules.may_set_aside(actor, summary))
    gone, _kinds = summary.read_marks.filter(edition__contribution_id=edition.contribution_id).delete()
    if gone:
        audit.log("summary.unread", actor=actor, about=summary, consultation=summary.consultation, edition=edition.pk)
