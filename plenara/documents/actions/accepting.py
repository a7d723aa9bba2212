"""Accepting what a machine wrote, one paragraph at a time."""

from typing import Any

from plenara.core import audit, clock
from plenara.core.refusals import require_valid
from plenara.core.transaction import writing
from plenara.documents import checks
from plenara.documents.actions import keeping
from plenara.documents.actions.present import ChangedMeanwhile, for_writing, source_of, stamp
from plenara.documents.models import Paragraph


@writing
def accept_paragraph(*, actor: Any, paragraph: Paragraph, was: str) -> Paragraph:
    """Take responsibility for a machine's words as they stand. What is accepted, or a person's, stays as it is.

    `was` is the `stamp` of the words that the person read; raises `ChangedMeanwhile` where they are others by now.
    """
    document = for_writing(actor, paragraph.document)
    paragraph = Paragraph.objects.get(pk=paragraph.pk)
    if not paragraph.awaits_acceptance:
        return paragraph
    source = source_of(paragraph, document)
    if was != stamp(paragraph, source):
        raise ChangedMeanwhile(source)
    require_valid(checks.own_language(paragraph, source, document))
    paragraph.accepted_by, paragraph.accepted_at = actor, clock.now()
    paragraph.save(update_fields=["accepted_by", "accepted_at"])
    keeping.keep(document, paragraph, source, keeping.What.ACCEPTED, actor)
    audit.log(
        "document.paragraph_accepted",
        actor=actor,
        about=document,
        consultation=document.consultation,
        paragraph=paragraph.pk,
    )
    return paragraph
