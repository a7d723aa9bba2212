"""Attaching a longer paper to a draft, and taking it off."""

from typing import Any

from django.utils.translation import gettext as _

from plenara.accounts import limits
from plenara.contributions import papers, rules
from plenara.contributions.models import Draft
from plenara.core import clock
from plenara.core.refusals import Invalid, require
from plenara.core.transaction import writes, writing


def attach(*, actor: Any, draft: Draft, data: bytes, name: str) -> Draft:
    """Let a paper go with what somebody is writing; one that was attached before makes way.

    Raises `Invalid` for what cannot be taken and where the draft was sent or deleted meanwhile, `TooMany` where
    somebody attaches one after the other, `Away` where it cannot be kept at the moment.
    """
    require(rules.may_clear(actor, draft))
    with writes():
        limits.spend("paper", person=actor)
    papers.bring(data)  # which may take its time, so before the transaction
    return _attach(actor=actor, draft=draft, data=data, name=name)


@writing
def _attach(*, actor: Any, draft: Draft, data: bytes, name: str) -> Draft:
    require(rules.may_clear(actor, draft))
    if not Draft.objects.select_for_update().filter(pk=draft.pk).exists():
        raise Invalid(draft_gone(), "gone")
    draft.paper = papers.keep(data=data, name=name)
    draft.saved_at = clock.now()
    draft.save(update_fields=["paper", "saved_at"])
    return draft


def draft_gone() -> str:
    """Return what somebody reads whose draft was sent or deleted, in another window, before its file had come."""
    return _(
        "This draft was sent or deleted in another window, so the file was not attached. "
        "Your text is still in the form."
    )


@writing
def detach(*, actor: Any, draft: Draft) -> Draft:
    """Let no paper go with what somebody is writing. Of a draft that was sent or deleted there is none to take off."""
    require(rules.may_open_draft(actor, draft))
    draft.paper = None
    Draft.objects.filter(pk=draft.pk).update(paper=None)
    return draft
