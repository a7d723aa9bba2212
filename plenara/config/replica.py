"""Public pages from a replica of the database, if `PLENARA_READ_DATABASE_URL` names one; all else from the primary.

A replica is some milliseconds behind, sometimes seconds. The front sends the revision that it knew when it requested a
page; a replica that is behind that is not used. So no page is older than the revision under which it is
cached, with any replica and on any machine. A replica that fails is not used for a while: the primary makes
the page, and the reader notices nothing.
"""

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, OperationalError, connections
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse

from plenara.core import database
from plenara.core.database import REPLICA
from plenara.core.models import Revision
from plenara.core.views import PublicView

log = logging.getLogger("plenara.replica")

#: The front's header with each request: the sum of all revisions that it knew.
KNOWN = "HTTP_X_PLENARA_KNOWN"
#: Seconds for which a replica that failed is not used.
REST = 10.0

type Handler = Callable[[HttpRequest], HttpResponse]


class Router:
    """Django's database router."""

    def db_for_read(self, model: object, **hints: object) -> str:
        """Return the replica for a public page, else the primary."""
        return database.read_alias()

    def db_for_write(self, model: object, **hints: object) -> str:
        """Return the primary."""
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: object, other: object, **hints: object) -> bool:
        """Allow relations: both databases are the same one."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:
        """Migrate only the primary."""
        return db == DEFAULT_DB_ALIAS


class PublicReads:
    """Lets public views read the replica."""

    def __init__(self, get_response: Handler):
        self.get_response = get_response
        self._rests_until = 0.0

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = database.is_public.set(False)
        try:
            return self.get_response(request)
        finally:
            database.is_public.reset(token)

    def process_view(self, request: HttpRequest, view: object, *_arguments: object) -> None:
        """Use the replica for a public view, if it is recent enough."""
        view_class = getattr(view, "view_class", None)
        if (
            isinstance(view_class, type)
            and issubclass(view_class, PublicView)
            and REPLICA in settings.DATABASES
            and time.monotonic() >= self._rests_until
        ):
            database.is_public.set(self._has_come_to(request.META.get(KNOWN, "")))

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Make the page from the primary if the replica failed: unavailable, or a conflict with replication."""
        if not database.is_public.get() or not isinstance(error, OperationalError | InterfaceError):
            return None
        self._leave_alone(error)
        match = request.resolver_match
        assert match
        found: HttpResponse = match.func(request, *match.args, **match.kwargs)
        return found

    def _has_come_to(self, known: str) -> bool:
        if not known.isdecimal():
            return True  # the page is not cached
        try:
            found = Revision.objects.using(REPLICA).aggregate(all=Sum("number"))["all"] or 0
        except DatabaseError as error:
            self._leave_alone(error)
            return False
        return bool(found >= int(known))

    def _leave_alone(self, error: Exception) -> None:
        database.is_public.set(False)
        self._rests_until = time.monotonic() + REST
        connections[REPLICA].close()
        log.warning("the replica failed; the primary is read", extra={"error": type(error).__name__})
