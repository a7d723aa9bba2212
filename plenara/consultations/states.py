"""The states of a consultation and the verbs that each allows: a table that a test checks cell by cell.

Announced, open and closed follow the clock (`Consultation.state`); an organizer decides on the rest.
"""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from plenara.consultations.models import State
from plenara.core.refusals import Answer, Denied, Sentence


class Verb(StrEnum):
    """What an organizer does to a consultation."""

    EDIT = "edit"  # title and introduction
    RENAME = "rename"  # slug and symbol
    RELICENSE = "relicense"
    RESCHEDULE = "reschedule"  # opening, closing, time zone
    SET_TERMS = "set_terms"  # languages, word limit, moderation, promise
    ARRANGE = "arrange"  # add, remove and order questions
    EDIT_THREAD = "edit_thread"  # guidance, and a question in a language that it lacks
    REWORD = "reword"  # a question's words in a language that it has
    ANNOUNCE = "announce"
    OPEN = "open"  # before its opening
    EXTEND = "extend"
    CLOSE = "close"  # before its closing
    BEGIN_SYNTHESIS = "begin_synthesis"
    REPORT = "report"
    ARCHIVE = "archive"
    GIVE_ROLES = "give_roles"  # invite, grant, revoke


#: The state that a verb leads to. The others leave it.
LEADS_TO = {
    Verb.ANNOUNCE: State.ANNOUNCED,
    Verb.OPEN: State.OPEN,
    Verb.EXTEND: State.OPEN,
    Verb.CLOSE: State.CLOSED,
    Verb.BEGIN_SYNTHESIS: State.IN_SYNTHESIS,
    Verb.REPORT: State.REPORTED,
    Verb.ARCHIVE: State.ARCHIVED,
}
#: The verb that moves a consultation on from a state that the clock does not end.
MOVES_ON = {
    State.CLOSED: Verb.BEGIN_SYNTHESIS,
    State.IN_SYNTHESIS: Verb.REPORT,
    State.REPORTED: Verb.ARCHIVE,
}

YES = True
ARCHIVED = _("This consultation is archived. Its record can no longer change.")
NAMED = _("The web address and the symbol cannot change after the announcement, because links and citations use them.")
LICENSED = _("The licence cannot change after the announcement, because people contribute under it.")
STARTED = _(
    "The opening date and the time zone cannot change after the opening. To move the closing date, extend the "
    "consultation."
)
ENDED = _("The consultation has closed. You can reopen it only by extending it.")
SYNTHESIS = _("Summarizing has started, so the consultation cannot be reopened.")
TAKES_NONE = _("The consultation no longer accepts contributions, so you can no longer change this setting.")
ASKED = _("The questions have been announced. You cannot add, remove or move them, but you can correct their wording.")
ANSWERED = _("The consultation has closed, so its questions cannot change. You can still add a missing language.")
PUBLIC = _("The consultation has already been announced.")
UNANNOUNCED = _("Announce the consultation first.")
UNOPENED = _("The consultation has not opened yet. Change the closing date in the details of the consultation.")
UNCLOSED = _("The consultation has not closed yet. Wait for the closing date, or close the consultation early.")
OPENED = _("The consultation is already open.")
CLOSED = _("The consultation has already closed.")
BEGUN = _("Summarizing has already started.")
UNBEGUN = _("Start summarizing first.")
HANDED = _("The delivery of the final summary has already been confirmed.")
UNREPORTED = _("First confirm that the final summary has been delivered.")
AT_REST = _("The consultation has already been archived.")

#: Sentences for what was done before: a double click, or another organizer who was first.
ALREADY = (PUBLIC, OPENED, CLOSED, BEGUN, HANDED, AT_REST)

type Cell = bool | Sentence

# fmt: off
TABLE: dict[Verb, tuple[Cell, ...]] = {
    #                      draft        announced    open         closed       in_synthesis reported     archived
    Verb.EDIT:            (YES,         YES,         YES,         YES,         YES,         YES,         ARCHIVED),
    Verb.RENAME:          (YES,         NAMED,       NAMED,       NAMED,       NAMED,       NAMED,       NAMED),
    Verb.RELICENSE:       (YES,         LICENSED,    LICENSED,    LICENSED,    LICENSED,    LICENSED,    LICENSED),
    Verb.RESCHEDULE:      (YES,         YES,         STARTED,     ENDED,       SYNTHESIS,   SYNTHESIS,   ARCHIVED),
    Verb.SET_TERMS:       (YES,         YES,         YES,         TAKES_NONE,  TAKES_NONE,  TAKES_NONE,  ARCHIVED),
    Verb.ARRANGE:         (YES,         ASKED,       ASKED,       ANSWERED,    ANSWERED,    ANSWERED,    ARCHIVED),
    Verb.EDIT_THREAD:     (YES,         YES,         YES,         YES,         YES,         YES,         ARCHIVED),
    Verb.REWORD:          (YES,         YES,         YES,         ANSWERED,    ANSWERED,    ANSWERED,    ARCHIVED),
    Verb.ANNOUNCE:        (YES,         PUBLIC,      PUBLIC,      PUBLIC,      PUBLIC,      PUBLIC,      PUBLIC),
    Verb.OPEN:            (UNANNOUNCED, YES,         OPENED,      ENDED,       SYNTHESIS,   SYNTHESIS,   ARCHIVED),
    Verb.EXTEND:          (UNANNOUNCED, UNOPENED,    YES,         YES,         SYNTHESIS,   SYNTHESIS,   ARCHIVED),
    Verb.CLOSE:           (UNANNOUNCED, UNOPENED,    YES,         CLOSED,      CLOSED,      CLOSED,      CLOSED),
    Verb.BEGIN_SYNTHESIS: (UNANNOUNCED, UNCLOSED,    UNCLOSED,    YES,         BEGUN,       BEGUN,       AT_REST),
    Verb.REPORT:          (UNANNOUNCED, UNCLOSED,    UNCLOSED,    UNBEGUN,     YES,         HANDED,      AT_REST),
    Verb.ARCHIVE:         (UNANNOUNCED, UNCLOSED,    UNCLOSED,    UNBEGUN,     UNREPORTED,  YES,         AT_REST),
    Verb.GIVE_ROLES:      (YES,         YES,         YES,         YES,         YES,         YES,         YES),
}
# fmt: on
_COLUMN = {state: place for place, state in enumerate(State)}


def allows(state: str, verb: Verb) -> Answer:
    """Return whether a verb is possible in a state, or a denial with its sentence."""
    cell = TABLE[verb][_COLUMN[State(state)]]
    return cell if isinstance(cell, bool) else Denied(cell, "already" if cell in ALREADY else "wrong_state")
