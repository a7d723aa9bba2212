"""What follows an erasure elsewhere: words that were quoted. Names that were signed go with it (`erasing.py`)."""

from plenara.core.cache_tags import invalidate
from plenara.core.transaction import writes
from plenara.documents import searching
from plenara.documents.models import (
    Change,
    Citation,
    DocumentEdition,
    Paragraph,
    ParagraphText,
    PublishedCitation,
)


def forget_words(edition_id: int) -> None:
    """Blank the quotations of an edition whose text was erased. The citations stay."""
    with writes():
        quoted = PublishedCitation.objects.filter(edition_id=edition_id).exclude(words="")
        cache_tags = {each.edition.consultation.cache_tag for each in quoted.select_related("edition__consultation")}
        quoted.update(words="")
        _forget_unaccepted(edition_id)
        Citation.objects.filter(edition_id=edition_id).exclude(words="").update(words="")
        for cache_tag in cache_tags:
            invalidate(cache_tag)


def _forget_unaccepted(edition_id: int) -> None:
    """Blank statements that a machine copied from an edition and nobody has made theirs, and what is kept of them."""
    copied = Paragraph.objects.filter(citations__edition=edition_id, accepted_at=None).exclude(machine="")
    ids = list(copied.values_list("pk", flat=True).distinct())
    ParagraphText.objects.filter(paragraph__in=ids).update(text="", against="", source_text="")
    Change.objects.filter(paragraph__in=ids).update(text="", against="")


def index_thread(thread_id: int) -> None:
    """Let what is said under a question be found by the themes that the question has now."""
    said = DocumentEdition.objects.filter(in_force=True, paragraphs__thread=thread_id).distinct()
    for edition in said.order_by("pk"):
        with writes():  # one at a time, so that others write in between
            searching.keep(edition)
