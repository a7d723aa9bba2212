"""What becomes of a document up to its approval. Publishing stands in `publishing.py`."""

from typing import Any

from plenara.core import audit, clock
from plenara.core.refusals import require, require_valid
from plenara.core.text import clean
from plenara.core.transaction import writing
from plenara.documents import checks, rules, states
from plenara.documents.actions.present import locked
from plenara.documents.gate import passes_gate
from plenara.documents.models import Document, State


@writing
def submit_for_review(*, actor: Any, document: Document) -> Document:
    """Ask an organizer to read it, and perhaps to approve it. Nobody changes it meanwhile."""
    document = locked(document)
    require(rules.may_write(actor, document))
    return _lead(document, "submit_for_review", actor, note="")


@writing
def send_back(*, actor: Any, document: Document, note: str = "") -> Document:
    """Give it back to its writers, with a note that says why."""
    document = locked(document)
    require(rules.may_send_back(actor, document))
    note = clean(note)
    require_valid(not note or checks.says_something(note))
    return _lead(document, "send_back", actor, note=note, approved_by=None, approved_at=None, self_approved=False)


@writing
def approve(*, actor: Any, document: Document) -> Document:
    """Approve it as it stands. Refused while anything stands against it (`gate.faults`), or a comment is open."""
    document = locked(document)
    require(rules.may_approve(actor, document))
    states.after(document.state, "approve")
    require_valid(checks.comments_settled(document), passes_gate(document))
    return _lead(
        document,
        "approve",
        actor,
        approved_by=actor,
        approved_at=clock.now(),
        self_approved=rules.has_written(actor, document),
    )


@writing
def reopen(*, actor: Any, document: Document) -> Document:
    """Open what is published for changes; the edition in force stays until another is published."""
    document = locked(document)
    require(rules.may_reopen(actor, document))
    return _lead(document, "reopen", actor, note="", approved_by=None, approved_at=None, self_approved=False)


_VERBS = {
    "submit_for_review": "document.submitted",
    "send_back": "document.sent_back",
    "approve": "document.approved",
    "reopen": "document.reopened",
}


def _lead(document: Document, act: str, actor: Any, **changes: Any) -> Document:
    """Lead a document to its next state and record it."""
    document.state = State(states.after(document.state, act))
    for name, value in changes.items():
        setattr(document, name, value)
    document.save(update_fields=["state", *changes])
    audit.log(_VERBS[act], actor=actor, about=document, consultation=document.consultation)
    return document
