"""Leaving a note for the next moderator. Never public, never told to the author."""

from typing import Any

from plenara.core import audit
from plenara.core.languages import current
from plenara.core.refusals import Invalid, require, require_valid
from plenara.core.text import clean
from plenara.core.transaction import writing
from plenara.moderation import checks, rules
from plenara.moderation.models import Note
from plenara.moderation.publishable import KINDS


@writing
def leave_note(*, actor: Any, kind: str, pk: int, text: str) -> Note:
    """Keep a note on a thing that is or was decided on. The same words again (a double click) change nothing."""
    thing = KINDS[kind].find(pk)
    if thing is None:
        raise Invalid(checks.gone(kind), "gone")
    text = clean(text)
    require(rules.may_note(actor, thing))
    require_valid(checks.note_fits(text))
    latest = Note.objects.filter(kind=kind, object_id=pk).last()
    if latest and latest.person_id == actor.pk and latest.text == text:
        return latest
    note = Note.objects.create(kind=kind, object_id=pk, person=actor, text=text, language=current())
    audit.log("moderation.noted", actor=actor, about=thing, consultation=thing.consultation, note=note.pk)
    return note
