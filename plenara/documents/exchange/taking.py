"""Keeping a file that came until somebody confirms it, and taking what is right in it, once.

One row that is locked while it is taken makes a double click, two people and a kill harmless.
"""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from plenara.consultations.models import Consultation
from plenara.core import audit, clock
from plenara.core.languages import NAMES
from plenara.core.refusals import AlreadyDone, Answer, Invalid, require
from plenara.core.text import clean_line
from plenara.core.transaction import writing
from plenara.documents import rules
from plenara.documents.actions import locked
from plenara.documents.exchange import returning
from plenara.documents.exchange.returning import Checked, Judgement
from plenara.documents.models import Document, IncomingFile
from plenara.documents.rendition_phrases import save_phrases
from plenara.documents.renditions import save_rendition

What = IncomingFile.What


@writing
def keep(
    *,
    actor: Any,
    consultation: Consultation,
    what: str,
    name: str,
    rows: Sequence[Any],
    document: Document | None = None,
    language: str = "",
) -> IncomingFile:
    """Keep the rows of a file until somebody confirms them."""
    require(may_bring(actor, consultation, what, document, language))
    return IncomingFile.objects.create(
        consultation=consultation,
        what=what,
        document=document,
        language=language,
        name=clean_line(name)[:200],
        rows=list(rows),
        by=actor,
    )


def may_bring(actor: Any, consultation: Consultation, what: str, document: Document | None, language: str) -> Answer:
    """Say whether a person may bring a file of a kind at all; what it may change is asked row by row."""
    if what == What.RENDITION and document is not None:
        return rules.may_render(actor, document, language)
    if what == What.MEMORY:
        return bool(languages_of(actor, consultation)) or rules.may_bring_memory(actor, consultation, "")
    return rules.may_see_glossary(actor, consultation)


def languages_of(actor: Any, consultation: Consultation) -> list[str]:
    """Return the languages into which a person translates in a consultation."""
    return [code for code in NAMES if rules.may_bring_memory(actor, consultation, code)]


def held(file: IncomingFile, what: str) -> IncomingFile:
    """Return the file as it is now, held until the transaction ends. Raises `AlreadyDone` where it was taken."""
    file = IncomingFile.objects.select_for_update(of=("self",)).select_related("consultation").get(pk=file.pk)
    if file.what != what:
        raise Invalid(_("This is a file of another kind."), "kind")
    if file.taken_at is not None:
        raise AlreadyDone(_("What was right in this file has been taken already."), "taken")
    return file


def done(file: IncomingFile) -> None:
    file.rows, file.taken_at = [], clock.now()
    file.save(update_fields=["rows", "taken_at"])


def take_rendition(*, actor: Any, file: IncomingFile) -> Judgement:
    """Save the statements of a returned file that hold against the present; return what became of each.

    It becomes a draft as whatever a translator saves; nothing is reviewed or published by what a file says.
    """
    checked: Checked = {}
    if file.document is not None:
        # The words are checked before anybody waits for the transaction; what changed meanwhile is checked within it.
        returning.judge(file.document, file.language, file.rows, checked)
    return _take_rendition(actor=actor, file=file, checked=checked)


@writing
def _take_rendition(*, actor: Any, file: IncomingFile, checked: Checked) -> Judgement:
    file = held(file, What.RENDITION)
    assert file.document is not None
    document = locked(file.document)
    require(rules.may_render(actor, document, file.language))
    judgement = returning.judge(document, file.language, file.rows, checked)
    title = next((each for each in judgement.taken if not each.paragraph), None)
    conflicts = save_rendition(
        actor=actor,
        document=document,
        language=file.language,
        typed={each.paragraph: each.typed for each in judgement.taken if each.typed},
        title=title.title if title else None,
        title_was=document.title.get(file.language, ""),
        title_confirmed=title is not None,
    )
    phrases = {each.key: each.phrase for each in judgement.taken if each.phrase}
    conflicting = save_phrases(actor=actor, document=document, language=file.language, typed=phrases) if phrases else []
    assert not conflicts and not conflicting, "the document is locked, and was judged a moment ago"
    done(file)
    audit.log(
        "document.rendition_returned",
        actor=actor,
        about=document,
        consultation=file.consultation,
        language=file.language,
        taken=len(judgement.taken),
        refused=len(judgement.refused),
    )
    return judgement
