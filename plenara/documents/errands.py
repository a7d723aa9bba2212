"""What follows an erasure elsewhere: words that were quoted. Names that were signed go with it (`erasing.py`)."""

from plenara.documents import nearness
from plenara.documents.models import Change, Citation, Paragraph, ParagraphText, PublishedCitation
from plenara.documents.suggestions import suggest
from plenara.ledger.actions import bump
from plenara.ledger.errands import errand
from plenara.ledger.transaction import writes


@errand("documents.forget_words")
def forget_words(edition_id: int) -> None:
    """Blank the quotations of an edition whose text was erased. The citations stay."""
    with writes():
        quoted = PublishedCitation.objects.filter(edition_id=edition_id).exclude(words="")
        shelves = {each.edition.consultation.shelf for each in quoted.select_related("edition__consultation")}
        quoted.update(words="")
        _forget_unaccepted(edition_id)
        Citation.objects.filter(edition_id=edition_id).exclude(words="").update(words="")
        for shelf in shelves:
            bump(shelf)


def _forget_unaccepted(edition_id: int) -> None:
    """Blank statements that a machine copied from an edition and nobody has made theirs, and what is kept of them."""
    copied = Paragraph.objects.filter(citations__edition=edition_id, accepted_at=None).exclude(machine="")
    ids = list(copied.values_list("pk", flat=True).distinct())
    ParagraphText.objects.filter(paragraph__in=ids).update(text="", against="", source_text="")
    Change.objects.filter(paragraph__in=ids).update(text="", against="")


@errand("documents.suggest")
def ask_machine(document_id: int, language: str, asked: int, after: int, attempt: int) -> None:
    """Ask a machine for the next piece of what translators want suggested."""
    suggest(document_id, language, asked, after, attempt)


@errand("documents.compare")
def compare(document_id: int) -> None:
    """Compare the meaning of what is new in a document: statements with their citations, translations with sources."""
    nearness.compare_next(document_id)
