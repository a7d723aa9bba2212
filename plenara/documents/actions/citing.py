"""Citing words of an edition, and taking a citation away."""

from typing import Any

from plenara.contributions.models import Edition
from plenara.core import audit
from plenara.core.refusals import require_valid
from plenara.core.text import clean
from plenara.core.transaction import writing
from plenara.documents import checks
from plenara.documents.actions import keeping
from plenara.documents.actions.present import for_writing
from plenara.documents.models import Citation, Paragraph, Side


@writing
def cite(*, actor: Any, paragraph: Paragraph, edition: Edition, words: str, side: str = Side.HELD) -> Citation:
    """Let a paragraph cite words of an edition, for what it holds or, in a disagreement, for what is held against it.

    The same words a second time change nothing, except the side.
    """
    document = for_writing(actor, paragraph.document)
    paragraph = Paragraph.objects.get(pk=paragraph.pk)
    edition = Edition.objects.select_related("text").get(pk=edition.pk)
    words = " ".join(clean(words).split())
    require_valid(
        checks.may_cite(paragraph),
        checks.side_of(paragraph, side),
        checks.may_be_cited(edition, document),
        checks.exact(words, edition, document),
    )
    citation = paragraph.citations.filter(edition=edition, words=words).first()
    if citation is not None and citation.side == side:
        return citation
    if citation is not None:
        citation.side = side
        citation.save(update_fields=["side"])
    else:
        last = paragraph.citations.order_by("-position").values_list("position", flat=True).first() or 0
        citation = Citation.objects.create(
            paragraph=paragraph, edition=edition, words=words, side=side, position=last + 1, cited_by=actor
        )
    keeping.keep_citation(document, citation, keeping.What.CITED, actor)
    audit.log(
        "document.cited", actor=actor, about=document, consultation=document.consultation,
        paragraph=paragraph.pk, edition=edition.pk,
    )  # fmt: skip
    return citation


@writing
def uncite(*, actor: Any, citation: Citation) -> None:
    """Take a citation away. One that is gone already stays so."""
    document = for_writing(actor, citation.paragraph.document)
    present = Citation.objects.select_related("paragraph").filter(pk=citation.pk).first()
    if present is None:
        return
    keeping.keep_citation(document, present, keeping.What.UNCITED, actor)
    present.delete()
    audit.log(
        "document.uncited", actor=actor, about=document, consultation=document.consultation,
        paragraph=citation.paragraph_id, edition=citation.edition_id,
    )  # fmt: skip
