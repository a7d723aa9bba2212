"""Keeping what somebody writes, and throwing it away."""

import datetime
from typing import Any

from plenara.common import clock
from plenara.common.refusals import require
from plenara.consultations.models import Thread
from plenara.contributions import checks, rules
from plenara.contributions.models import Contribution, Draft
from plenara.ledger.transaction import writing


@writing
def save_draft(
    *,
    actor: Any,
    thread: Thread,
    key: str,
    text: str,
    language: str = "",
    title: str = "",
    in_reply_to: Contribution | None = None,
    revises: Contribution | None = None,
    opened_at: datetime.datetime | None = None,
) -> Draft | None:
    """Keep what somebody is writing, as they typed it. Nothing is kept of an empty form, or of one already sent."""
    if not text.strip() or Contribution.objects.filter(submission_key=key).exists():
        return None
    draft, _made = Draft.objects.get_or_create(
        key=key,
        defaults={
            "person": actor,
            "thread": thread,
            "in_reply_to": in_reply_to,
            "revises": revises,
            "opened_at": opened_at or clock.now(),
        },
    )
    require(rules.may_open_draft(actor, draft))
    draft.text = text[: checks.MOST_CHARACTERS * 2]  # as typed: it is cleaned when it is submitted
    draft.title, draft.language = title[:300], language[:35]
    draft.saved_at = clock.now()
    draft.save()
    return draft


@writing
def delete_draft(*, actor: Any, draft: Draft) -> None:
    """Throw one's draft away."""
    require(rules.may_open_draft(actor, draft))
    draft.delete()
