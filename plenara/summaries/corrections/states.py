"""The states of a request for correction, and what leads from one to another: a table that a test walks."""

from django.utils.translation import gettext as _

from plenara.core.refusals import Answer, Denied
from plenara.summaries.models import CorrectionState as State

#: From each state, the act and the state that it leads to. What is not here is refused. The answer is no state: what is
#: published is answered once, and stays published.
TRANSITIONS: dict[str, dict[str, str]] = {
    State.PENDING: {
        "publish": State.PUBLISHED,
        "return_for_revision": State.RETURNED,
        "reject": State.REJECTED,
        "withdraw": State.WITHDRAWN,
        "undo": State.PENDING,  # an approval that is not published yet
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
    State.PUBLISHED: {"answer": State.PUBLISHED, "withdraw": State.WITHDRAWN, "remove": State.REMOVED},
    State.WITHDRAWN: {},
    State.REMOVED: {"restore": State.PUBLISHED},
}
ACTS = ("publish", "return_for_revision", "reject", "withdraw", "send_again", "undo", "answer", "remove", "restore")


def allows(state: str, act: str) -> Answer:
    """Say whether an act is possible in a state, or why not."""
    if act in TRANSITIONS[State(state)]:
        return True
    return Denied(
        _("This is not possible: the request is in the state “%(state)s”.") % {"state": State(state).label},
        "wrong_state",
    )
