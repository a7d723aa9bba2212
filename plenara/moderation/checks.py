"""What a decision may be."""

from typing import Any

from django.utils.translation import gettext as _

from plenara.common.refusals import Answer, No
from plenara.consultations.models import Thread
from plenara.moderation import reasons
from plenara.moderation.models import Code

NEEDS_REASON = frozenset({Code.RETURNED, Code.REJECTED, Code.REMOVED})


def code_before_publication(code: str) -> Answer:
    """One of the four that a moderator has before publication."""
    if code in {Code.APPROVED, Code.RETURNED, Code.MOVED, Code.REJECTED}:
        return True
    return No(_("Choose a decision."), "code", "code")


def reason_given(code: str, reason: str) -> Answer:
    """Whoever is refused is told why, by a code with a text in six languages."""
    if code in NEEDS_REASON and reason not in reasons.codes():
        return No(_("Choose the reason. The author is told it in their language."), "reason", "reason")
    return True


def sentence_fits(sentence: str) -> Answer:
    """A moderator's own words to the author are short."""
    if len(sentence) <= 1000:
        return True
    return No(
        _("Your sentence has %(count)d characters. It can have 1,000 at most.") % {"count": len(sentence)},
        "sentence",
        "sentence",
    )


def thread_fits(code: str, thread: Thread | None, thing: Any) -> Answer:
    """A move leads to another thread of the same consultation, and nothing published moves."""
    if code != Code.MOVED:
        return True
    if thread is None or thread.consultation_id != thing.consultation_id or thread.pk == thing.thread_id:
        return No(_("Choose the other question that it answers."), "thread", "thread")
    if thing.number is not None:
        return No(_("It is published under its question already. A revision stays there."), "thread", "thread")
    return True
