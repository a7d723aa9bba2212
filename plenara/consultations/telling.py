"""Mail to those who follow: at once, once a day or once a week, one letter for all that is new. Nothing for nothing.

Each letter can be stopped by one click, also by a mail program (RFC 8058): its address is signed, names a person and a
pace, and only a POST to it does something, since programs that look into mails follow every link.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.db.models import Q
from django.urls import reverse
from django.utils import translation

from plenara.accounts.models import Person
from plenara.consultations import news, tasks
from plenara.consultations.actions.following import about, hear_what_becomes
from plenara.consultations.models import Consultation, Follow, Pace, Thread
from plenara.core import clock
from plenara.core.languages import django_code
from plenara.core.transaction import writes, writing
from plenara.mail import letters

#: The hour (UTC) at which a day's and a week's letters are made; a week's on Mondays.
HOUR = 6
#: Letters enqueued in one transaction.
BATCH = 200
_SALT = "plenara.unsubscribe"


def stop_token(person_id: int, pace: str) -> str:
    """Return the token of the address at which a person stops the mails of a pace. It holds for good."""
    return signing.Signer(salt=_SALT).sign_object([person_id, pace])


def read_token(token: str) -> tuple[int, str] | None:
    """Return the person's id and the pace that a token names; nothing where it is not ours."""
    try:
        person_id, pace = signing.Signer(salt=_SALT).unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return person_id, pace


def enqueue_news(*, key: str, what: str, consultation: Consultation, thread: Thread | None = None) -> None:
    """Enqueue the letters at once about something that is being published, in the transaction that publishes it."""
    abouts = [about(consultation), *([about(consultation, thread)] if thread else [])]
    if Follow.objects.filter(what=what, about__in=abouts, pace=Pace.AT_ONCE).exists():
        tasks.tell_followers.using(key=f"followers-{key}").enqueue(what=what, abouts=abouts, trigger=key)


def enqueue_reply(*, key: str, person_id: int) -> None:
    """Enqueue a letter at once about a reply to who is answered, if that is the pace they chose."""
    if Follow.objects.filter(person_id=person_id, what=Follow.What.REPLIES, pace=Pace.AT_ONCE).exists():
        _enqueue_letter(person_id, Pace.AT_ONCE, key)


def enqueue_treated(*, key: str, person_ids: Iterable[int], since: datetime.datetime) -> None:
    """Enqueue a letter about what becomes of their contributions to each of these authors who hears at once.

    Who never chose hears at once from now on: of what happened after `since`.
    """
    ids = list(person_ids)
    hear_what_becomes(ids, since)
    found = Follow.objects.filter(person__in=ids, what=Follow.What.TREATED, pace=Pace.AT_ONCE)
    for person_id in found.order_by("person").values_list("person", flat=True):
        _enqueue_letter(person_id, Pace.AT_ONCE, key)


@writing
def enqueue_digests() -> None:
    """Enqueue this hour's look at whose daily or weekly letter is due. Several workers enqueue the same one."""
    tasks.send_digests.using(key=f"digests-{clock.now():%Y-%m-%dT%H}").enqueue()


def tell_followers(what: str, abouts: list[str], trigger: str, after: int = 0) -> None:
    """Enqueue a letter to each who follows at once, a batch at a time."""
    found = Follow.objects.filter(what=what, about__in=abouts, pace=Pace.AT_ONCE, person_id__gt=after)
    ids = list(found.order_by("person_id").values_list("person_id", flat=True).distinct()[:BATCH])
    with writes():
        for person_id in ids:
            _enqueue_letter(person_id, Pace.AT_ONCE, trigger)
        if len(ids) == BATCH:
            tasks.tell_followers.using(key=f"followers-{trigger}-after-{ids[-1]}").enqueue(
                what=what, abouts=abouts, trigger=trigger, after=ids[-1]
            )


def send_digests(after: int = 0) -> None:
    """Enqueue a letter to each whose daily or weekly one is due, a batch at a time."""
    now = clock.now()
    due = Q(pace=Pace.DAILY, told_until__lt=_last(now, Pace.DAILY)) | Q(
        pace=Pace.WEEKLY, told_until__lt=_last(now, Pace.WEEKLY)
    )
    people = Follow.objects.filter(due, person_id__gt=after).order_by("person_id").values_list("person_id", flat=True)
    ids = list(people.distinct()[:BATCH])
    paces = defaultdict(set)
    for person_id, pace in Follow.objects.filter(due, person_id__in=ids).values_list("person_id", "pace"):
        paces[person_id].add(pace)
    with writes():
        for person_id in ids:
            for pace in sorted(paces[person_id]):
                _enqueue_letter(person_id, pace, f"{_last(now, pace):%Y-%m-%dT%H}")
        if len(ids) == BATCH:
            key = f"digests-{now:%Y-%m-%dT%H}-after-{ids[-1]}"
            tasks.send_digests.using(key=key).enqueue(after=ids[-1])


def _last(now: datetime.datetime, pace: str) -> datetime.datetime:
    """Return when the last daily or weekly letters were due."""
    due = now.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    if due > now:
        due -= datetime.timedelta(days=1)
    return due - datetime.timedelta(days=due.weekday()) if pace == Pace.WEEKLY else due


def _enqueue_letter(person_id: int, pace: str, trigger: str) -> None:
    tasks.tell_news.using(key=f"news-{pace}-{person_id}-{trigger}").enqueue(person_id=person_id, pace=pace)


def tell_news(person_id: int, pace: str) -> None:
    """Send one letter about everything that is new for a person at a pace; nothing where nothing is."""
    person = Person.objects.filter(pk=person_id, is_active=True, suspended_at=None).first()
    if person is None:
        return
    now = clock.now()
    follows = list(
        Follow.objects.filter(person=person, pace=pace).select_related("consultation", "thread").order_by("pk")
    )
    parts = [part for follow in follows if (part := _part(follow, now))]
    if parts:
        since = min(follow.told_until for follow in follows)
        letters.send(
            to=person,
            template="consultations/mail/news",
            context={
                "parts": parts,
                "pace": pace,
                "count": sum(part["count"] for part in parts),
                **_stopping(person, pace),
            },
            # The same letter after a kill has the same name: it begins where the last one ended.
            key=f"news-{pace}-{person_id}-{since.isoformat()}",
            headers=_headers(person, pace),
        )
    with writes():
        Follow.objects.filter(pk__in=[follow.pk for follow in follows], pace=pace, told_until__lt=now).update(
            told_until=now
        )


def _part(follow: Follow, until: datetime.datetime) -> dict[str, Any] | None:
    lines = news.of(follow, until)
    if not lines:
        return None
    shown = lines[: news.MOST]
    return {"follow": follow, "lines": shown, "count": len(shown), "has_more": len(lines) > len(shown)}


def _stopping(person: Person, pace: str) -> dict[str, str]:
    return {"stop_url": _stop_url(person, pace)}


def _stop_url(person: Person, pace: str) -> str:
    with translation.override(django_code(person.language)):
        return settings.SITE_URL + reverse("unsubscribe", args=[stop_token(person.pk, pace)])


def _headers(person: Person, pace: str) -> dict[str, str]:
    """Return what lets a mail program stop these letters by itself, and file them (RFC 2369, 2919, 8058)."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return {
        "List-Id": f"<news.{host}>",
        "List-Unsubscribe": f"<{_stop_url(person, pace)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
