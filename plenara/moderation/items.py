"""The queue's rows: they come when something waits and go when it is decided, in the transactions that do so."""

import datetime
from typing import Any

from plenara.ledger import waiting
from plenara.moderation.models import Code, Decision, Item
from plenara.moderation.publishable import KINDS

#: How long a claim lasts unless it is renewed.
CLAIM = datetime.timedelta(minutes=15)


class Queue:
    """Hears what waits, and keeps a row of each."""

    def enters(self, kind: str, thing: Any, version: Any) -> None:
        """Let a version wait before publication."""
        put(kind, thing, version, why=Item.Why.PENDING)

    def appeared(self, kind: str, thing: Any, version: Any) -> None:
        """Let a version be checked that was published before anybody read it."""
        put(kind, thing, version, why=Item.Why.CHECK)

    def leaves(self, kind: str, thing: Any) -> None:
        """Let nothing of a thing wait any more."""
        Item.objects.filter(kind=kind, object_id=thing.pk, appeal=None).delete()


def put(kind: str, thing: Any, version: Any, *, why: str, **more: Any) -> Item:
    """Put a row into the queue, or bring the one that is there up to date."""
    returned = Decision.objects.filter(kind=kind, object_id=thing.pk, code=Code.RETURNED, undone_at=None)
    facts = {**KINDS[kind].facts(version), "was_returned": returned.exists(), "version_id": version.pk, **more}
    item, _made = Item.objects.update_or_create(kind=kind, object_id=thing.pk, why=why, appeal=None, defaults=facts)
    return item


def held(kind: str, pk: int, version_id: int, why: str = Item.Why.PENDING) -> Item | None:
    """Return the row of a version that waits, held against everybody else; nothing where it waits no more."""
    rows = Item.objects.select_for_update(of=("self",))
    return rows.filter(kind=kind, object_id=pk, version_id=version_id, why=why).first()


waiting.register(Queue())
