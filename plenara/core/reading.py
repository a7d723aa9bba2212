"""Which database is read: the primary, or for public pages a replica of it, where one is named.

Models are led there by `plenara.web.replica`. What asks a connection itself asks `reading()`.
"""

from contextvars import ContextVar
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

REPLICA = "replica"
#: Set for as long as a public page is made, and for nobody else.
is_public: ContextVar[bool] = ContextVar("is_public", default=False)


def alias() -> str:
    """Return the database to read from. Whoever has begun to write reads what they have written."""
    if not is_public.get() or connections[DEFAULT_DB_ALIAS].in_atomic_block:
        return DEFAULT_DB_ALIAS
    return REPLICA


def reading() -> Any:
    """Return the connection to read from."""
    return connections[alias()]
