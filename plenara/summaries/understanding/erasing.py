"""What follows an erasure in groups: sentences and vectors of texts that went are enqueued to go."""

from plenara.accounts.erasing import Erasure, erases
from plenara.contributions.models import Edition
from plenara.summaries import tasks


@erases
def read(erasure: Erasure) -> None:
    """Enqueue that what was read of the texts is forgotten. No page shows it from this moment on."""
    gone = Edition.objects.filter(contribution__in=erasure.gone.get("contribution", []))
    for pk in gone.values_list("pk", flat=True):
        tasks.forget_vectors.using(key=f"forget-vectors-{pk}").enqueue(edition_id=pk)
