"""Keeping what a machine noticed about a text: codes and figures, for a moderator to see."""

from typing import Any

from plenara.accounts import bulk
from plenara.contributions.quarantine import is_quarantined
from plenara.core.transaction import writing
from plenara.moderation.models import Item, Suggestion
from plenara.moderation.publishable import KINDS
from plenara.moderation.suggesting import grouping, likeness


@writing
def notice(*, kind: str, version_id: int, found: dict[str, dict[str, Any]]) -> bool:
    """Keep what was found about a version, and put it together with what is nearly the same; return whether it stands.

    A second time it changes nothing: what was grouped stays as it is.
    """
    version = KINDS[kind].load([version_id]).get(version_id)
    if version is None:
        return False
    thing = KINDS[kind].thing_of(version)
    likeness.alone(thing.consultation_id)
    stands = KINDS[kind].standing([thing.pk]).get(thing.pk)
    if stands is None or stands.pk != version_id:
        return False  # withdrawn or sent anew meanwhile
    kept = Suggestion.objects.filter(kind=kind, object_id=thing.pk)
    if not kept.filter(version_id=version_id, what=Suggestion.What.SAME).exists():
        kept.filter(what=Suggestion.What.SAME).delete()
        suggests = Suggestion.What.SAME not in thing.consultation.suggestions_off
        compares = Suggestion.What.SAME in KINDS[kind].hints
        if compares and (same := grouping.group(kind, version, suggests=suggests)):
            found = {**found, Suggestion.What.SAME.value: same}
    kept.exclude(version_id=version_id, what=Suggestion.What.SAME).exclude(
        version_id=version_id, what__in=found
    ).delete()
    for what, details in found.items():
        Suggestion.objects.update_or_create(
            kind=kind, version_id=version_id, what=what, defaults={"object_id": thing.pk, "details": details}
        )
    _quarantine(kind, thing)
    flagged = Suggestion.objects.filter(kind=kind, version_id=version_id).exists()
    Item.objects.filter(kind=kind, object_id=thing.pk, version_id=version_id).update(is_flagged=flagged)
    return True


def _quarantine(kind: str, thing: Any) -> None:
    """Let what waits of all accounts that were made in bulk with its author's wait apart: the first came unnoticed."""
    if kind == "contribution" and thing.author and is_quarantined(thing.author, thing.consultation):
        company = bulk.company_of(thing.author).values("pk")
        waits = Item.objects.filter(kind=kind, consultation=thing.consultation, why=Item.Why.PENDING, in_bulk=False)
        waits.filter(author__in=company, by_newcomer=True).update(in_bulk=True)
