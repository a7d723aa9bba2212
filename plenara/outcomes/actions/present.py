"""A paragraph of an outcome as it is now, held while members act on it."""

from django.utils.translation import gettext as _

from plenara.core.refusals import Refused
from plenara.documents import actions as document_actions
from plenara.documents.models import Document, Paragraph, ParagraphText
from plenara.outcomes.models import Body, Outcome


def held(paragraph: Paragraph) -> tuple[Document, Body]:
    """Return the document of a paragraph as it is now, held until the transaction ends, and the body that writes it."""
    document = document_actions.locked(paragraph.document)
    return document, Outcome.objects.select_related("body__consultation").get(document=document).body


def present(document: Document, paragraph: Paragraph) -> ParagraphText:
    """Return a paragraph's words as they are now. Refused where it was deleted."""
    found = ParagraphText.objects.select_related("changed_by").filter(
        paragraph=paragraph, paragraph__document=document, language=document.source_language
    )
    if (source := found.first()) is None:
        raise Refused(_("Somebody deleted this paragraph meanwhile."), "gone")
    return source
