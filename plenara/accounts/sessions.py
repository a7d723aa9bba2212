"""The sessions of a person. Django's table does not say whose a session is, so each is opened."""

import json
from collections.abc import Iterator
from typing import Any

from django.contrib.sessions.models import Session

from plenara.accounts.models import Person
from plenara.core import clock


def sessions_of(person: Person, addresses: frozenset[str] = frozenset()) -> Iterator[tuple[Session, dict[str, Any]]]:
    """Yield the sessions in which a person is signed in, with what they hold; and those that hold an address of theirs.

    Such are those of a sign-in that was begun and not ended.
    """
    key = str(person.pk)
    for session in Session.objects.filter(expire_date__gt=clock.now()).iterator():
        held = session.get_decoded()
        if held.get("_auth_user_id") == key or (addresses and _names(held, addresses)):
            yield session, held


def _names(held: dict[str, Any], addresses: frozenset[str]) -> bool:
    text = json.dumps(held, default=str).lower()
    return any(json.dumps(address) in text for address in addresses)
