"""An outcome's paragraphs: where they stand, and what follows for the members when their words change.

The words themselves are the document's (`documents.actions`).
"""

from typing import Any

from plenara.core import audit
from plenara.core.refusals import require_valid
from plenara.core.transaction import writing
from plenara.documents import actions as document_actions
from plenara.documents.models import Paragraph
from plenara.outcomes import checks
from plenara.outcomes.actions.lapsing import tell_lapsed
from plenara.outcomes.actions.making import for_arranging
from plenara.outcomes.models import Outcome, Section, Stand


@writing
def add_paragraph(
    *,
    actor: Any,
    outcome: Outcome,
    section: Section,
    kind: str,
    text: str,
    heading: str = "",
    key: str | None = None,
) -> Paragraph:
    """Add a paragraph after the others of its section. `key` names the form: sent twice, it adds once."""
    document = document_actions.locked(outcome.document)
    require_valid(checks.section_of(section, outcome))
    paragraph = document_actions.add_paragraph(
        actor=actor, document=document, kind=kind, text=text, heading=heading, key=key,
        at=end_of(outcome, section) + 1,
    )  # fmt: skip
    Stand.objects.get_or_create(paragraph=paragraph, defaults={"section": section})
    return paragraph


@writing
def edit_paragraph(
    *, actor: Any, paragraph: Paragraph, section: Section, kind: str, text: str, heading: str = "", was: str
) -> Paragraph:
    """Change a paragraph; in another section it stands at the end. What members hold of other words lapses: they hear.

    `was` is the `stamp` that the form was opened on; raises `ChangedMeanwhile` where it is another by now.
    """
    document = document_actions.locked(paragraph.document)
    outcome = Outcome.objects.get(document=document)
    require_valid(checks.section_of(section, outcome))
    before = document_actions.source_of(paragraph, document).digest
    edited = document_actions.edit_paragraph(
        actor=actor, paragraph=paragraph, kind=kind, text=text, heading=heading, was=was
    )
    stand = Stand.objects.get(paragraph=edited)
    if stand.section_id != section.pk:
        last = section.stands.order_by("-paragraph__number").select_related("paragraph").first()
        move_paragraph(actor=actor, paragraph=edited, section=section, after=last.paragraph if last else None)
    if document_actions.source_of(edited, document).digest != before:
        tell_lapsed(actor, outcome, edited, before)
    return edited


@writing
def delete_paragraph(*, actor: Any, paragraph: Paragraph, was: str, citations: int) -> None:
    """Delete a paragraph as the form showed it; not while a proposal for it waits. Its number is never another's."""
    document_actions.locked(paragraph.document)
    require_valid(checks.no_proposal_waits(paragraph))
    document_actions.delete_paragraph(actor=actor, paragraph=paragraph, was=was, citations=citations)


@writing
def move_paragraph(*, actor: Any, paragraph: Paragraph, section: Section, after: Paragraph | None = None) -> Paragraph:
    """Let a paragraph stand in a section, after another one of it, or as its first. Its number for good stays."""
    outcome = for_arranging(actor, section.outcome)
    stand = Stand.objects.select_related("paragraph").get(paragraph=paragraph, section__outcome=outcome)
    require_valid(checks.section_of(section, outcome), checks.stands_in(after, section))
    if after is not None and after.pk == paragraph.pk:
        return paragraph
    place = Paragraph.objects.get(pk=after.pk).number if after else end_of(outcome, section, before=True)
    to = place if stand.paragraph.number <= place else place + 1
    moved = document_actions.move_paragraph(actor=actor, paragraph=paragraph, to=to)
    if stand.section_id != section.pk:
        stand.section = section
        stand.save(update_fields=["section"])
        audit.log(
            "outcome.paragraph_moved", actor=actor, about=outcome, consultation=outcome.body.consultation,
            paragraph=paragraph.pk, section=section.pk,
        )  # fmt: skip
    return moved


def end_of(outcome: Outcome, section: Section, *, before: bool = False) -> int:
    """Return the place of the last paragraph of a section, or of those before it: 0 where there is none.

    With `before`, of those before the section alone: the place before its first one.
    """
    stands = Stand.objects.filter(section__outcome=outcome)
    known = {"section__number__lt": section.number} if before else {"section__number__lte": section.number}
    return (
        stands.filter(**known).order_by("-paragraph__number").values_list("paragraph__number", flat=True).first() or 0
    )
