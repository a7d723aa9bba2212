"""The session engine: Django's, in the database, with whose a session is and when it was last used."""

import contextlib
import datetime
from typing import cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import DatabaseError
from django.db.models import QuerySet
from django.utils import timezone

from plenara.accounts.models import Session
from plenara.core import clock
from plenara.core.prepared import planned_once
from plenara.core.transaction import writes

#: Within this time nothing is written of a further request.
PRECISION = datetime.timedelta(hours=1)


@planned_once
def _session(key: str, now: datetime.datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)


class SessionStore(DatabaseStore):
    """Stores sessions in `accounts.Session`."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, object]) -> Session:
        session = cast(Session, super().create_model_instance(data))
        session.person_id = int(str(data[SESSION_KEY])) if SESSION_KEY in data else None
        return session

    def _get_session_from_db(self) -> Session | None:
        now = clock.now()
        at = timezone.now()  # noqa: TID251 - by this clock Django sets the end of a session
        session = next(iter(_session(self.session_key or "", at)), None)
        if session is None:
            self._session_key = None
        if session is not None and session.person_id and session.used_at < now - PRECISION:
            with contextlib.suppress(DatabaseError), writes():  # a page must not fail for this
                Session.objects.filter(pk=session.pk).update(used_at=now)
        return session
