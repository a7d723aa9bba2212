"""Cache tags: what pages depend on. An action that changes a page invalidates its tag in the same transaction."""

from django.db.models import F

from plenara.core import clock
from plenara.core.models import Revision


def invalidate(cache_tag: str, *, nothing_withdrawn: bool = False) -> None:
    """Make the pages of a cache tag stale, in the transaction that changed them.

    Without `nothing_withdrawn`, personal data that these pages showed may have to disappear: the
    withdrawn tag is invalidated too, and files that were made before are no longer served.
    """
    for name in [cache_tag] if nothing_withdrawn else [cache_tag, withdrawn_from(cache_tag)]:
        changed = Revision.objects.filter(cache_tag=name).update(number=F("number") + 1, at=clock.now())
        if not changed:
            Revision.objects.get_or_create(cache_tag=name, defaults={"number": 1})


def withdrawn_from(cache_tag: str) -> str:
    """Return the withdrawn tag of a cache tag: its revision counts withdrawals."""
    return f"{cache_tag} gone"


def revision(cache_tag: str) -> int:
    """Return a cache tag's revision number; 0 if nothing was ever published on it."""
    return Revision.objects.filter(cache_tag=cache_tag).values_list("number", flat=True).first() or 0
