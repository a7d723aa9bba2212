"""When somebody was here before, so that their page can say what is new since then.

It is written into the session alone: nothing in the database says when a person reads. A new session begins with the
time at which the person last signed in. Opening the page again within a visit changes nothing.
"""

import datetime

from django.contrib.sessions.models import Session
from django.http import HttpRequest

from plenara.accounts.models import Person
from plenara.core import clock

_KEY = "visit"
#: After so long without a look at one's page, the next look is another visit.
PAUSE = datetime.timedelta(hours=2)
#: Within this time a look is the same as the last one, and nothing is written.
RELOAD = datetime.timedelta(minutes=5)


def begin(request: HttpRequest, previous: datetime.datetime | None) -> None:
    """Begin the visits of a session with the last sign-in before it."""
    request.session[_KEY] = {"since": previous.isoformat() if previous else "", "seen": ""}


def note(request: HttpRequest) -> datetime.datetime | None:
    """Note that the person looks at their page, and return when they were here the last time before this visit."""
    now, visit = clock.now(), _of(request)
    seen = _moment(visit["seen"])
    if seen and now - seen < RELOAD:
        return _moment(visit["since"])
    since = visit["seen"] if seen and now - seen > PAUSE else visit["since"]
    until = Session.objects.filter(pk=request.session.session_key).values_list("expire_date", flat=True)
    request.session.set_expiry(until.first())  # what is written here does not prolong the session
    request.session[_KEY] = {"since": since, "seen": now.isoformat()}
    return _moment(since)


def unseen_since(request: HttpRequest, person: Person) -> datetime.datetime:
    """Return since when the person has not looked at their page."""
    visit = _of(request)
    return _moment(visit["seen"]) or _moment(visit["since"]) or person.joined_at


def _of(request: HttpRequest) -> dict[str, str]:
    return request.session.get(_KEY) or {"since": "", "seen": ""}


def _moment(text: str) -> datetime.datetime | None:
    return datetime.datetime.fromisoformat(text) if text else None
