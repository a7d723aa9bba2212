"""A second organizer's confirmation, where the installation asks for it: what requests have in common."""

import datetime
from dataclasses import dataclass

from plenara.accounts.installation import row
from plenara.accounts.models import Person


@dataclass(frozen=True)
class Request:
    """Who asked a second organizer to confirm something, and when."""

    by: Person
    at: datetime.datetime
    act_id: int


def is_needed() -> bool:
    """Say whether this installation asks for a second organizer."""
    return row().announcing_takes_two
