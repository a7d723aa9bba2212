"""Whether many accounts were made from where the author's was, within an hour. Offices share one address: a hint."""

from typing import Any

from plenara.accounts import bulk

#: Accounts within an hour that are worth telling.
LEAST = 10


def look(author: Any) -> dict[str, int] | None:
    """Return how many accounts were made from there within the hour that has most of them. One query."""
    count = bulk.most_within_an_hour(author)
    return {"accounts": count} if count >= LEAST else None
