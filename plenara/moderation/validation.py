"""Validation of decisions, reports, appeals, holds and notes."""

import datetime
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.accounts.validation import an_address
from plenara.consultations.models import Consultation, Thread
from plenara.core import clock
from plenara.core.languages import CODES
from plenara.core.life_cycle import Moderated
from plenara.core.refusals import Answer, Denied
from plenara.moderation.kinds import KINDS
from plenara.moderation.models import Appeal, Code, Preference
from plenara.moderation.queries.decisions import OMITTED, first_added, same_words

NEEDS_REASON = frozenset({Code.RETURNED, Code.REJECTED, Code.REMOVED, Code.REDACTED})
#: Characters of a moderator's comment for the author, and of a note.
MOST_OF_SENTENCE, MOST_OF_NOTE = 1000, 2000
#: Characters of a reader's report, an appeal and the answer to it.
MOST_OF_REPORT, MOST_OF_APPEAL, MOST_OF_ANSWER = 2000, 5000, 1000
#: Characters of the reason for a hold, and its days.
MOST_OF_HOLD, HOLD_DAYS = 500, 60


def code_before_publication(code: str) -> Answer:
    """One of the four decisions before publication."""
    if code in {Code.APPROVED, Code.RETURNED, Code.MOVED, Code.REJECTED}:
        return True
    return Denied(pgettext("text", "Choose a decision."), "code", "code")


def reason_given(kind: str, code: str, reason: str) -> Answer:
    """A refusal has a reason: a code for this kind of thing, with a text in six languages."""
    if code in NEEDS_REASON and reason not in KINDS[kind].reasons.for_moderators:
        return Denied(_("Choose the reason. The author will read it in their language."), "reason", "reason")
    return True


def sentence_fits(sentence: str) -> Answer:
    """A moderator's own words to the author are short."""
    if len(sentence) <= MOST_OF_SENTENCE:
        return True
    return Denied(
        _("Your comment has %(count)d characters. The limit is %(limit)d: shorten the comment.")
        % {"count": len(sentence), "limit": MOST_OF_SENTENCE},
        "sentence",
        "sentence",
    )


def decision_fits(
    thing: Moderated, *, code: str, reason: str, sentence: str, language: str, thread: Thread | None
) -> tuple[Answer, ...]:
    """Validate a decision before publication, whether it is saved or only shown."""
    return (
        code_before_publication(code),
        reason_given(thing.kind, code, reason),
        thread_fits(code, thread, thing),
        may_return(code, thing),
        sentence_fits(sentence),
        known_language(language),
    )


def can_come_back(thing: Moderated) -> Answer:
    """A returned thing can be sent again, if its kind allows it."""
    return KINDS[thing.kind].can_come_back(thing)


def may_return(code: str, thing: Moderated) -> Answer:
    """Only a thing that can be sent again is returned."""
    if code != Code.RETURNED or can_come_back(thing):
        return True
    return Denied(
        _("You can no longer return the text: the author could not submit it again. Approve or reject the text."),
        "late",
        "code",
    )


def known_language(language: str) -> Answer:
    """A sentence is in one of the six languages."""
    return language in CODES or Denied(_("Choose the language of your comment."), "language", "sentence_language")


def thread_fits(code: str, thread: Thread | None, thing: Moderated) -> Answer:
    """A move leads to another thread of the same consultation, and nothing published moves."""
    if code != Code.MOVED:
        return True
    if thing.kind != "contribution":
        return Denied(
            _("This text does not belong to a question, so you cannot move it. Choose another decision."), "not_offered"
        )
    if thread is None or thread.consultation_id != thing.consultation_id or thread.pk == thing.thread_id:
        return Denied(_("Choose another question."), "thread", "thread")
    if thing.number is not None:
        return Denied(
            _(
                "The contribution is already published under its question, so you cannot move its revisions. "
                "Choose another decision."
            ),
            "thread",
            "thread",
        )
    return True


def gone(kind: str = "contribution") -> str:
    """Return the answer about a deleted thing."""
    return str(KINDS[kind].sentences["gone"])


def note_fits(text: str) -> Answer:
    """A note for the next moderator is not empty, and not too long."""
    if not any(letter.isalnum() for letter in text):
        return Denied(_("Write the note."), "empty", "note")
    if len(text) <= MOST_OF_NOTE:
        return True
    return Denied(
        _("The note has %(count)d characters. The limit is %(limit)d: shorten the note.")
        % {"count": len(text), "limit": MOST_OF_NOTE},
        "too_long",
        "note",
    )


def report_reason(kind: str, reason: str) -> Answer:
    """A report has one of the codes about published content."""
    if reason in KINDS[kind].reasons.for_readers:
        return True
    return Denied(_("Choose what is wrong."), "reason", "reason")


def report_fits(text: str) -> Answer:
    """A reader's own words are short."""
    return _at_most(text, MOST_OF_REPORT, "text")


def report_address(address: str) -> Answer:
    """A reader without an account names an address, which is verified before the report counts."""
    return an_address(address, "address")


def appeal_has_text(text: str) -> Answer:
    """An appeal is not empty, and not too long."""
    if not any(letter.isalnum() for letter in text):
        return Denied(_("Say why the decision should be changed."), "empty", "text")
    return _at_most(text, MOST_OF_APPEAL, "text")


def appeal_decision_fits(outcome: str, answer: str, language: str) -> list[Answer]:
    """All conditions of the decision on an appeal."""
    return [appeal_decided(outcome), answer_given(answer), known_language(language)]


def answer_given(answer: str) -> Answer:
    """The decision on an appeal has a short reason."""
    if not any(letter.isalnum() for letter in answer):
        return Denied(_("Give the reason in your own words. The author will read the reason."), "empty", "answer")
    return _at_most(answer, MOST_OF_ANSWER, "answer")


def appeal_decided(outcome: str) -> Answer:
    """An appeal is upheld or dismissed."""
    if outcome in {Appeal.Status.UPHELD, Appeal.Status.OVERRULED}:
        return True
    return Denied(_("Choose a decision on the appeal."), "outcome", "outcome")


def _at_most(text: str, most: int, field: str) -> Answer:
    if len(text) <= most:
        return True
    sentence = _("The text has %(count)d characters. The limit is %(limit)d: shorten the text.")
    return Denied(sentence % {"count": len(text), "limit": most}, "too_long", field)


def hold_reason(reason: str) -> Answer:
    """A hold has a reason for the other moderators, with at most 500 characters."""
    if not any(letter.isalnum() for letter in reason):
        return Denied(_("Give the reason for the hold. Only moderators can read it."), "empty", "reason")
    return _at_most(reason, MOST_OF_HOLD, "reason")


def hold_until(day: datetime.date | None, consultation: Consultation) -> Answer:
    """A hold ends between tomorrow and sixty days from now, by its consultation's calendar."""
    today = clock.now().astimezone(consultation.zone).date()
    if day is None or day <= today:
        return Denied(_("Choose tomorrow or a later day."), "until", "until")
    if day <= today + datetime.timedelta(days=HOLD_DAYS):
        return True
    return Denied(_("Choose a day within the next %(count)d days.") % {"count": HOLD_DAYS}, "until", "until")


def languages_offered(reads: Sequence[str], offered: Sequence[str]) -> Answer:
    """A moderator's languages are among the offered ones."""
    return set(reads) <= set(offered) or Denied(_("Choose languages from the list."), "reads", "reads")


def digest_known(digest: str) -> Answer:
    """A digest comes daily, weekly or never."""
    return digest in Preference.Digest.values or Denied(
        pgettext("text", "Choose how often you want to get the e-mail."), "digest", "digest"
    )


def only_omits(before: str, after: str) -> Answer:
    """A redaction omits words or replaces them by the mark; it adds none, and something is left."""
    if same_words(before, after):
        return Denied(_("No words are left out yet. Delete words, or replace them with […]."), "same", "text")
    if not any(letter.isalnum() for letter in after.replace(OMITTED, "")):
        return Denied(_("No text would be left. Return or reject the contribution instead."), "nothing_left", "text")
    added = first_added(before, after)
    if added is not None:
        return Denied(
            _("You can only delete words or replace them with […]. “%(word)s” is not in this place in the text.")
            % {"word": added[:40]},
            "added",
            "text",
        )
    return True
