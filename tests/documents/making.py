"""Helpers that write documents."""

import datetime
from typing import Any

from plenara.contributions.models import Edition
from plenara.core import clock
from plenara.documents import actions
from plenara.documents.actions import publication
from plenara.documents.actions.renditions import Typed, review_rendition, save_rendition
from plenara.documents.models import Citation, Document, DocumentEdition, Paragraph, ParagraphText, Rendition
from plenara.summaries.models import Summary

WORDS_CITED = "three weeks before a meeting"


def document(actor: Any, consultation: Any, **more: Any) -> Document:
    """Return a draft written in English. It is a summary's, as every document is so far."""
    made = actions.create(
        actor=actor,
        consultation=consultation,
        kind="summary",
        **{"source_language": "en", "title": "What was said", **more},
    )
    Summary.objects.create(
        document=made,
        consultation=consultation,
        period_from=consultation.opens_at,
        period_to=clock.now() + datetime.timedelta(days=1),
    )
    return made


def statement(
    actor: Any, where: Document, text: str = "Documents come too late.", kind: str = "concern", **more: Any
) -> Paragraph:
    """Return a paragraph of a draft."""
    return actions.add_paragraph(actor=actor, document=where, kind=kind, text=text, **more)


def cited(actor: Any, paragraph: Paragraph, edition: Edition, words: str = WORDS_CITED, **more: Any) -> Citation:
    """Cite words of an edition in a paragraph."""
    return actions.cite(actor=actor, paragraph=paragraph, edition=edition, words=words, **more)


def source(paragraph: Paragraph) -> ParagraphText:
    """Return a paragraph's words in its document's own language."""
    return actions.source_of(paragraph, paragraph.document)


def stamp(paragraph: Paragraph) -> str:
    """Return the stamp of a form opened on a paragraph now."""
    paragraph.refresh_from_db()
    return actions.stamp(paragraph, source(paragraph))


def fresh(thing: Any) -> Any:
    """Return a row as it is now."""
    return type(thing).objects.get(pk=thing.pk)


def approved(rapporteur: Any, organizer: Any, where: Document) -> Document:
    """Review and approve a draft."""
    actions.submit_for_review(actor=rapporteur, document=where)
    return actions.approve(actor=organizer, document=where)


def published(rapporteur: Any, organizer: Any, where: Document, **more: Any) -> DocumentEdition:
    """Publish a draft."""
    approved(rapporteur, organizer, where)
    if fresh(where).number is None:
        more.setdefault("number", 1)
    return publication.publish(actor=organizer, document=where, **more)


def translated(actor: Any, where: Document, language: str, prefix: str = "") -> Rendition:
    """Translate every paragraph and the title into a language, of the present source."""
    where = fresh(where)
    texts = {
        each.paragraph_id: each for each in ParagraphText.objects.filter(paragraph__document=where, language=language)
    }
    typed = {}
    for each in where.paragraphs.all():
        now, original = texts.get(each.pk) or ParagraphText(), source(each)
        heading = f"{prefix}[{language}] {original.heading}" if original.heading else ""
        against = f"{prefix}[{language}] {original.against}" if original.against else ""
        text = f"{prefix}[{language}] {original.text}"
        typed[each.pk] = Typed(heading, text, was=now.digest, source=original.digest, confirmed=True, against=against)
    title = where.title.get(where.source_language)
    title = f"{prefix}[{language}] {title}" if title else None
    conflicts = save_rendition(
        actor=actor, document=where, language=language, typed=typed, title=title,
        title_was=where.title.get(language, ""), title_confirmed=True,
    )  # fmt: skip
    assert conflicts == []
    return Rendition.objects.get(document=where, language=language)


def reviewed(translator: Any, reviewer: Any, where: Document, language: str) -> Rendition:
    """Translate a document and have it reviewed by another."""
    return review_rendition(actor=reviewer, rendition=translated(translator, where, language))


HELD, AGAINST = "three weeks before a meeting", "in a language that we read"


def disagreement(actor: Any, where: Document, edition: Edition, **more: Any) -> Paragraph:
    """Return a disagreement that cites words of an edition on each side."""
    made = statement(
        actor, where, **{"text": "Time matters most.", "kind": "disagreement", "against": "Language does.", **more}
    )
    actions.cite(actor=actor, paragraph=made, edition=edition, words=HELD)
    actions.cite(actor=actor, paragraph=made, edition=edition, words=AGAINST, side="against")
    return made
