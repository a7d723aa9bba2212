"""Whether many accounts were made from where the author's was, within an hour. Offices share one address: a hint."""

import datetime
from typing import Any

from plenara.accounts.models import Person

HOUR = datetime.timedelta(hours=1)
#: Accounts within an hour that are worth telling.
LEAST = 10


def look(author: Any) -> dict[str, int] | None:
    """Return how many accounts were made from there within the hour that has most of them. One query."""
    if author is None or not author.joined_from:
        return None
    around = (author.joined_at - HOUR, author.joined_at + HOUR)
    found = Person.objects.filter(joined_from=author.joined_from, joined_at__range=around)
    moments = list(found.order_by("joined_at").values_list("joined_at", flat=True)[:1000])
    starts = [at for at in moments if at <= author.joined_at]
    count = max((sum(start <= at <= start + HOUR for at in moments) for start in starts[-200:]), default=0)
    return {"accounts": count} if count >= LEAST else None
