"""Attaching a longer paper to a draft, and taking it off."""

from typing import Any

from plenara.accounts import limits
from plenara.common import clock
from plenara.common.refusals import require
from plenara.contributions import papers, rules
from plenara.contributions.models import Draft
from plenara.ledger.transaction import writes, writing


def attach(*, actor: Any, draft: Draft, data: bytes, name: str) -> Draft:
    """Let a paper go with what somebody is writing; one that was attached before makes way.

    Raises `Invalid` for what cannot be taken, `TooMany` where somebody attaches one after the other, `Away` where it
    cannot be kept at the moment.
    """
    require(rules.may_clear(actor, draft))
    with writes():
        limits.spend("paper", person=actor)
    papers.bring(data)  # which may take its time, so before the transaction
    return _attach(actor=actor, draft=draft, data=data, name=name)


@writing
def _attach(*, actor: Any, draft: Draft, data: bytes, name: str) -> Draft:
    require(rules.may_clear(actor, draft))
    draft.paper = papers.keep(data=data, name=name)
    draft.saved_at = clock.now()
    draft.save(update_fields=["paper", "saved_at"])
    return draft


@writing
def detach(*, actor: Any, draft: Draft) -> Draft:
    """Let no paper go with what somebody is writing."""
    require(rules.may_open_draft(actor, draft))
    draft.paper = None
    draft.save(update_fields=["paper"])
    return draft
