"""Whose texts wait for a moderator whatever the policy, in a part of the queue of their own: accounts made in bulk.

They may write, and are told so. The quarantine ends for good with the first text of theirs that is published anywhere,
and an organizer who expects a class or a meeting switches it off together with the hint of many accounts.
"""

from typing import Any

from plenara.accounts import bulk
from plenara.consultations.models import Consultation, Role
from plenara.contributions.models import Contribution, State

#: The name of the hint (of the moderation desk) that an organizer switches off.
HINT = "sign_ups"


def is_quarantined(person: Any, consultation: Consultation) -> bool:
    """Say whether what a person sends waits in quarantine. No query for who came long ago, three at most."""
    if HINT in consultation.suggestions_off or not bulk.came_in_bulk(person):
        return False
    published = Contribution.objects.filter(author=person, state=State.PUBLISHED)
    return not (published.exists() or Role.objects.filter(person=person).exists())
