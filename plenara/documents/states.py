"""The states of a document and of its renditions, and their transitions."""

from django.utils.translation import gettext as _

from plenara.core.refusals import ActionRefused, AlreadyDone, Answer, Denied
from plenara.documents.models import RenditionState, State

#: From each state, the actions and the states that they lead to. All others are refused.
DOCUMENT: dict[str, dict[str, str]] = {
    State.DRAFT: {"edit": State.DRAFT, "comment": State.DRAFT, "submit_for_review": State.IN_REVIEW},
    State.IN_REVIEW: {"comment": State.IN_REVIEW, "send_back": State.DRAFT, "approve": State.APPROVED},
    State.APPROVED: {"send_back": State.DRAFT, "publish": State.PUBLISHED},
    State.PUBLISHED: {"reopen": State.DRAFT},
}
DOCUMENT_ACTS = ("edit", "comment", "submit_for_review", "send_back", "approve", "publish", "reopen")

#: `source_changed` follows from an edit of the source.
RENDITION: dict[str, dict[str, str]] = {
    RenditionState.MISSING: {"save": RenditionState.DRAFT, "source_changed": RenditionState.MISSING},
    RenditionState.DRAFT: {
        "save": RenditionState.DRAFT,
        "review": RenditionState.REVIEWED,
        "source_changed": RenditionState.DRAFT,
    },
    RenditionState.REVIEWED: {
        "save": RenditionState.DRAFT,
        "publish": RenditionState.PUBLISHED,
        "source_changed": RenditionState.OUTDATED,
    },
    RenditionState.PUBLISHED: {"save": RenditionState.DRAFT, "source_changed": RenditionState.OUTDATED},
    RenditionState.OUTDATED: {
        "save": RenditionState.DRAFT,
        "review": RenditionState.REVIEWED,  # the source was changed back: nothing to save
        "source_changed": RenditionState.OUTDATED,
    },
}
RENDITION_ACTS = ("save", "review", "publish", "source_changed")


def allows(state: str, act: str) -> Answer:
    """Return whether an action is possible on a document in a state, or why not."""
    return act in DOCUMENT[State(state)] or Denied(_refusal(act), "wrong_state")


def after(state: str, act: str) -> str:
    """Return a document's state after an action.

    Raises `AlreadyDone` if it is in that state, `ActionRefused` if the action is not possible.
    """
    return _after(DOCUMENT[State(state)], state, act, _RESULT.get(act))


def rendition_allows(state: str, act: str) -> Answer:
    """Return whether an action is possible on a rendition in a state, or why not."""
    return act in RENDITION[RenditionState(state)] or Denied(_refusal(act), "wrong_state")


def rendition_after(state: str, act: str) -> str:
    """Return a rendition's state after an action. Raises as `after`."""
    return _after(RENDITION[RenditionState(state)], state, act, _RENDITION_RESULT.get(act))


#: The state after each action: to repeat the action there is a double click, not an error.
_RESULT = {
    "submit_for_review": State.IN_REVIEW,
    "send_back": State.DRAFT,
    "approve": State.APPROVED,
    "publish": State.PUBLISHED,
    "reopen": State.DRAFT,
}
_RENDITION_RESULT = {"review": RenditionState.REVIEWED, "publish": RenditionState.PUBLISHED}


def _after(row: dict[str, str], state: str, act: str, result: str | None) -> str:
    if act in row:
        return row[act]
    raise (AlreadyDone if state == result else ActionRefused)(_refusal(act), "wrong_state")


def _refusal(act: str) -> str:
    return {
        "edit": _(
            "Only a draft can be changed. Send the text back if it is in review or approved, or "
            "reopen it if it is published."
        ),
        "comment": _("You can comment only on a draft or on a text in review. Send the text back or reopen it first."),
        "submit_for_review": _("Only a draft can be sent for review. Reload the page."),
        "send_back": _(
            "Only a text that is in review, or approved but not yet published, can be sent back. Reload the page."
        ),
        "approve": _("Only a text in review can be approved. Reload the page."),
        "publish": _("Only an approved text or a reviewed translation can be published. Reload the page."),
        "reopen": _("Only a published text can be reopened. Reload the page."),
        "review": _("Only a draft translation can be marked as reviewed. Reload the page."),
    }.get(act, _("The state of this text has changed, so this action is not possible. Reload the page."))
