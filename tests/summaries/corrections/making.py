"""Helpers that make requests for correction."""

import datetime
from typing import Any

from plenara.core import clock
from plenara.moderation.actions import decide
from plenara.moderation.models import Code
from plenara.summaries.corrections import actions
from plenara.summaries.models import Correction

WORDS = "The contribution asks for three weeks, not for two."


def fresh(correction: Correction) -> Correction:
    """Return a request as it is now."""
    found = Correction.objects.select_related("consultation", "edition__document", "person", "byline", "corrected_by")
    return found.get(pk=correction.pk)


def asked(person: Any, edition: Any, text: str = WORDS, **more: Any) -> Correction:
    """Return a pending request."""
    known: dict[str, Any] = {"statement": 1, "language": "en", **more}
    return fresh(actions.ask(actor=person, edition=edition, text=text, **known))


def decided(correction: Correction, moderator: Any, code: str = Code.APPROVED, **more: Any) -> Correction:
    """Decide on a pending request, and return it."""
    version = correction.versions.get(state="pending")
    decide(actor=moderator, kind="correction", pk=correction.pk, version_id=version.pk, code=code, **more)
    return fresh(correction)


def published(person: Any, moderator: Any, edition: Any, text: str = WORDS, **more: Any) -> Correction:
    """Return an approved request without an answer."""
    return decided(asked(person, edition, text, **more), moderator)


def answered(who: Any, correction: Correction, verdict: str = "upheld", **more: Any) -> Correction:
    """Answer a request, and return it."""
    known: dict[str, Any] = {"reason": "It does ask for three weeks.", "language": "en", **more}
    actions.answer(actor=who, correction=correction, verdict=verdict, **known)
    return fresh(correction)


def later(**span: float) -> Any:
    """Return a stopped clock that is so much later than now."""
    return clock.at(clock.now() + datetime.timedelta(**span))
