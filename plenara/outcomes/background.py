"""What follows the publication of a version or of an agenda: authors are told what becomes of their words."""

import datetime

from plenara.consultations.telling import enqueue_treated
from plenara.core import clock
from plenara.core.transaction import writes
from plenara.outcomes import tasks
from plenara.outcomes.models import Dossier, ItemMatter, OutcomeEdition, Trace
from plenara.outcomes.news import changed_by

#: Authors who are looked through, and told, in one transaction.
BATCH = 200


def tell_treated(edition_id: int, after: int = 0) -> None:
    """Enqueue a letter to each author of whose contributions a version does something new, a batch at a time.

    A letter tells everything that is new to its reader, so each gets one, whatever number of theirs is treated.
    """
    version = OutcomeEdition.objects.select_related("edition", "outcome").get(pk=edition_id)
    found = Trace.objects.filter(edition=version, contribution__author__gt=after).order_by("contribution__author")
    some = list(found.values_list("contribution__author", flat=True).distinct()[:BATCH])
    new = {each.traces[0].contribution.author_id for each in changed_by(version, some)}
    _tell(f"treated-{edition_id}", [each for each in some if each in new], version.edition.minted_at)
    if len(some) == BATCH:
        last = some[-1]
        tasks.tell_treated.using(key=f"outcome-treated-{edition_id}-after-{last}").enqueue(
            edition_id=edition_id, after=last
        )


def tell_discussed(dossier_id: int) -> None:
    """Enqueue a letter to each author of a contribution that is on a meeting's agenda."""
    dossier = Dossier.objects.get(pk=dossier_id)
    if dossier.published_at is None:
        return
    authors = ItemMatter.objects.filter(item__dossier=dossier, contribution__author__isnull=False)
    ids = sorted(set(authors.values_list("contribution__author", flat=True)))
    _tell(f"discussed-{dossier_id}", ids, dossier.published_at)


def _tell(key: str, person_ids: list[int], at: datetime.datetime) -> None:
    with writes():
        enqueue_treated(key=key, person_ids=person_ids, since=min(at, clock.now()) - datetime.timedelta(milliseconds=1))
