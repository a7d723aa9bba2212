"""What follows an erasure elsewhere: words that were quoted, names that were signed."""

from plenara.documents.models import Citation, PublishedCitation, Signature
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
        Citation.objects.filter(edition_id=edition_id).exclude(words="").update(words="")
        for shelf in shelves:
            bump(shelf)


@errand("documents.forget_person")
def forget_person(person_id: int) -> None:
    """Blank the name under what an erased person wrote or approved."""
    with writes():
        signed = Signature.objects.filter(person_id=person_id).exclude(name="")
        shelves = {each.edition.consultation.shelf for each in signed.select_related("edition__consultation")}
        signed.update(name="")
        for shelf in shelves:
            bump(shelf)
