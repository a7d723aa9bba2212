"""What others changed in a document since somebody last opened it."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from plenara.core import clock
from plenara.documents.history import by_others, last_change
from plenara.documents.models import Change, Document

#: Where the marks are kept, how long a visit lasts without a page opened, and how many documents are remembered.
SEEN = "documents_seen"
VISIT = datetime.timedelta(minutes=30)
MOST_REMEMBERED = 50
#: Changes told one by one; the history has the others.
MOST = 5


@dataclass(frozen=True)
class Meanwhile:
    """What others changed since the person's last visit, newest first."""

    changes: list[Change]
    more: bool  # whether there are older ones that are not among them


def meanwhile(request: HttpRequest, document: Document, person: Any, paragraph: int | None = None) -> Meanwhile:
    """Return what others changed since the person's last visit, and remember this one. Two queries.

    A visit goes on while pages of the document are opened, so that nothing is gone after a reload; what others change
    during it is told too. Kept in the session: whoever signs in anew begins anew.
    """
    seen = dict(request.session.get(SEEN, {}))
    now, last, key = clock.now(), last_change(document), str(document.pk)
    since, until, at = seen.get(key, (last, last, now.isoformat()))
    if now - datetime.datetime.fromisoformat(at) > VISIT:
        since = until
    seen.pop(key, None)
    seen[key] = (since, last, now.isoformat())
    request.session[SEEN] = dict(list(seen.items())[-MOST_REMEMBERED:])
    found = by_others(document, since, person)
    if paragraph is not None:
        found = found.filter(paragraph=paragraph)
    changes = list(found[: MOST + 1])
    return Meanwhile(changes[:MOST], len(changes) > MOST)
