"""Accounts made in bulk from one place: very many within an hour. Offices and schools share a place as well.

So nobody is refused for it below the limits, and nothing is taken for proved: what comes from such accounts is done
after what comes from others, and what they write waits for a person (`contributions/quarantine.py`).
"""

import datetime
from typing import Any

from django.db.models import QuerySet

from plenara.accounts import limits
from plenara.accounts.models import Person

HOUR = datetime.timedelta(hours=1)
#: Accounts made from one place within an hour that are more than a class or an office makes without being asked to.
MANY = 30
#: Sign-ups from one place in an hour after which its codes go after those of others: still at once, on a quiet day.
BUSY = 10


def most_within_an_hour(person: Any) -> int:
    """Return how many accounts were made from there within that hour around one's own which has most. One query."""
    if person is None or not person.joined_from:
        return 0
    moments = list(_around(person).order_by("joined_at").values_list("joined_at", flat=True)[:1000])
    starts = [at for at in moments if at <= person.joined_at]
    return max((sum(start <= at <= start + HOUR for at in moments) for start in starts[-200:]), default=0)


def came_in_bulk(person: Any) -> bool:
    """Say whether an account is one of very many that were made from one place within an hour. One query at most.

    Nothing is known of who came without a place, or so long ago that the place is forgotten.
    """
    if person is None or not person.joined_from or _around(person).count() < MANY:
        return False
    return most_within_an_hour(person) >= MANY


def company_of(person: Any) -> QuerySet[Person]:
    """Return all accounts that were made from there within an hour of one's own, that one included."""
    return _around(person)


def is_busy(ip: str) -> bool:
    """Say whether many have signed up from an IP address in this hour. One query."""
    return bool(ip) and limits.count_of("sign_up", ip=ip) >= BUSY


def _around(person: Any) -> QuerySet[Person]:
    # SQLite takes an index of some rows alone where the question itself leaves out the others.
    near = Person.objects.filter(joined_from=person.joined_from).exclude(joined_from="")
    return near.filter(joined_at__range=(person.joined_at - HOUR, person.joined_at + HOUR))
