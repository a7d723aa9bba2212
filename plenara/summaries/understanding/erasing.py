"""What follows an erasure in groups: sentences and vectors of texts that went are owed to go."""

from plenara.accounts.erasing import Erasure, erases
from plenara.contributions.models import Edition
from plenara.ledger.actions import owe


@erases
def read(erasure: Erasure) -> None:
    """Owe that what was read of the texts is forgotten. No page shows it from this moment on."""
    gone = Edition.objects.filter(contribution__in=erasure.gone.get("contribution", []))
    for pk in gone.values_list("pk", flat=True):
        owe("summaries.forget_vectors", key=f"forget-vectors-{pk}", edition_id=pk)
