"""The states of a contribution and what leads from one to another: a table that a test walks, cell by cell."""

from django.utils.translation import gettext as _

from plenara.contributions.models import State
from plenara.core.refusals import Answer, Denied

#: From each state, the act and the state that it leads to. What is not here is refused.
TRANSITIONS: dict[str, dict[str, str]] = {
    State.PENDING: {
        "publish": State.PUBLISHED,
        "return_for_revision": State.RETURNED,
        "reject": State.REJECTED,
        "withdraw": State.WITHDRAWN,
        "move": State.PENDING,
        "undo": State.PENDING,  # a move, or an approval that is not published yet
        "propose_redaction": State.PENDING,
        "consent": State.PUBLISHED,
        "decline": State.PENDING,
        "take_back": State.RETURNED,
    },
    State.PUBLISHED: {
        "publish": State.PUBLISHED,  # a revision of it
        "withdraw": State.WITHDRAWN,
        "remove": State.REMOVED,
        # Of a revision of it, which waits:
        "undo": State.PUBLISHED,
        "propose_redaction": State.PUBLISHED,
        "consent": State.PUBLISHED,
        "decline": State.PUBLISHED,
        "take_back": State.PUBLISHED,
    },
    State.RETURNED: {
        "send_again": State.PENDING,
        "withdraw": State.WITHDRAWN,
        "publish": State.PUBLISHED,  # an appeal
        "undo": State.PENDING,
    },
    State.REJECTED: {
        "publish": State.PUBLISHED,  # an appeal
        "undo": State.PENDING,
    },
    State.WITHDRAWN: {},
    State.REMOVED: {"restore": State.PUBLISHED},
}
ACTS = (
    *("publish", "return_for_revision", "reject", "withdraw", "move", "send_again", "remove", "restore"),
    *("undo", "propose_redaction", "consent", "decline", "take_back"),
)


def after(state: str, act: str) -> str | None:
    """Return the state that an act leads to, or nothing where the act is not possible."""
    return TRANSITIONS[State(state)].get(act)


def allows(state: str, act: str) -> Answer:
    """Say whether an act is possible in a state, or why not."""
    if after(state, act) is not None:
        return True
    return Denied(
        _("This is not possible: the contribution is in the state “%(state)s”.") % {"state": State(state).label},
        "wrong_state",
    )
