"""E-mails to participants, to people with a role and to those who follow."""

import datetime
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.core import signing
from django.db.models import Q
from django.urls import reverse
from django.utils import translation

from plenara.accounts.models import Person
from plenara.consultations import queries
from plenara.consultations.models import (
    Consultation,
    Extension,
    Follow,
    Pace,
    Role,
    RoleName,
    State,
    Thread,
)
from plenara.consultations.presenters import wording
from plenara.consultations.queries import participants
from plenara.core import clock
from plenara.core.languages import django_code, in_language
from plenara.core.metadata import site_host
from plenara.core.tasks import task
from plenara.core.text import plain
from plenara.core.transaction import writes, writing
from plenara.core.vocabulary import language_in_sentence
from plenara.email import delivery

#: E-mails enqueued in one transaction: few enough to let others write in between.
PARTICIPANTS_BATCH = 200


@task
def announce_extension(*, extension_id: int, after: int = 0) -> None:
    """Enqueue one e-mail to each participant, a batch at a time."""
    extension = Extension.objects.select_related("consultation").filter(pk=extension_id).first()
    if extension is None:
        return
    ids = list(
        participants(extension.consultation).filter(pk__gt=after).values_list("pk", flat=True)[:PARTICIPANTS_BATCH]
    )
    with writes():
        for person_id in ids:
            notify_extension.using(key=f"extension:{extension_id}:to:{person_id}").enqueue(
                extension_id=extension_id, person_id=person_id
            )
        if len(ids) == PARTICIPANTS_BATCH:
            announce_extension.using(key=f"extension:{extension_id}:after:{ids[-1]}").enqueue(
                extension_id=extension_id, after=ids[-1]
            )


@task
def notify_extension(*, extension_id: int, person_id: int) -> None:
    """Notify one participant of a closing that was moved, unless it was moved again since."""
    extension = Extension.objects.select_related("consultation").filter(pk=extension_id).first()
    person = _reader(person_id)
    if extension is None or person is None or extension.consultation.closes_at != extension.closes_at:
        return
    with translation.override(django_code(person.language)):
        context = {
            **_email_frame(extension.consultation, person),
            "extension": wording.extension(extension, extension.consultation),
            "reason": plain(in_language(extension.reason).text),
            "url": settings.SITE_URL + wording.address(extension.consultation),
        }
    delivery.send(
        to=person,
        template="consultations/mail/extension",
        context=context,
        key=f"extension:{extension_id}:to:{person_id}",
    )


@task
def notify_role_granted(*, role_id: int) -> None:
    """Notify a person of the role that they were given, and of the page for it."""
    role = Role.objects.select_related("consultation").filter(pk=role_id).first()
    person = _reader(role.person_id) if role else None
    if role is None or person is None:
        return
    _send_about_role("role_granted", person, role.consultation, role.name, role.language, f"role:{role_id}")


@task
def notify_role_revoked(*, consultation_id: int, person_id: int, role: str, language: str) -> None:
    """Notify a person that their role was revoked."""
    consultation = Consultation.objects.filter(pk=consultation_id).first()
    person = _reader(person_id)
    if consultation is None or person is None:
        return
    if Role.objects.filter(consultation=consultation, person=person, name=role, language=language).exists():
        return  # given again since
    key = f"role-revoked:{consultation_id}:{person_id}:{role}:{language}"
    _send_about_role("role_revoked", person, consultation, role, language, key)


@task
def ask_to_confirm(*, consultation_id: int, person_id: int, act_id: int) -> None:
    """Ask an organizer to confirm the announcement for another one, while both can act and nothing has changed."""
    consultation = Consultation.objects.filter(pk=consultation_id, stage=State.DRAFT).first()
    request = queries.announcement_request_for(consultation) if consultation else None
    if consultation is None or request is None or request.act_id != act_id:
        return
    role = (
        queries.acting_organizer_roles(consultation.roles.filter(person_id=person_id)).select_related("person").first()
    )
    if role is None:
        return
    with translation.override(django_code(role.person.language)):
        context = {
            **_email_frame(consultation, role.person),
            "name": request.by.name,
            "url": settings.SITE_URL + reverse("desk_state", args=[consultation.slug]),
        }
    delivery.send(
        to=role.person, template="consultations/mail/confirm", context=context, key=f"confirm-{act_id}-{person_id}"
    )


def _send_about_role(
    template: str, person: Person, consultation: Consultation, role: str, language: str, key: str
) -> None:
    with translation.override(django_code(person.language)):
        context = {
            **_email_frame(consultation, person),
            "role": RoleName(role).label,
            "role_language": language_in_sentence(language) if language else "",
            "url": f"{settings.SITE_URL}/{person.language}/desk/consultations/{consultation.slug}/",
        }
        delivery.send(to=person, template=f"consultations/mail/{template}", context=context, key=key)


def _reader(person_id: int) -> Person | None:
    """Return the person, if they can be written to."""
    return Person.objects.filter(pk=person_id, is_active=True).first()


def _email_frame(consultation: Consultation, person: Person) -> dict[str, object]:
    """Return what each e-mail about a consultation says of it."""
    return {"consultation": consultation, "title": wording.title(consultation, person.language)}


#: Lines that an e-mail shows of each thing that is followed; the rest is shown as a number.
MOST_NEWS = 30


@dataclass(frozen=True)
class NewsLine:
    """One thing that is new: its template, the template's context, and its address below the language."""

    template: str
    path: str  # such as consultations/internet-governance/contributions/7/
    context: dict[str, object] = field(default_factory=dict)


type NewsProvider = Callable[[Follow, datetime.datetime, datetime.datetime], Sequence[NewsLine]]
_news_providers: dict[str, NewsProvider] = {}


def news_provider(what: str) -> Callable[[NewsProvider], NewsProvider]:
    """Register a function that returns what is new of a kind: at most `MOST` + 1 lines of (since, until]."""

    def register(provider: NewsProvider) -> NewsProvider:
        _news_providers[what] = provider
        return provider

    return register


def news_of(follow: Follow, until: datetime.datetime) -> Sequence[NewsLine]:
    """Return what is new for a follow since the last e-mail."""
    provider = _news_providers.get(follow.what)
    return provider(follow, follow.notified_until, until) if provider else []


#: The hour (UTC) at which daily and weekly e-mails are made; weekly ones on Mondays.
HOUR = 6
#: E-mails enqueued in one transaction.
FOLLOWERS_BATCH = 200
_SALT = "plenara.unsubscribe"


def stop_token(person_id: int, pace: str) -> str:
    """Return the token of the address at which a person stops the e-mails of a pace. It does not expire."""
    return signing.Signer(salt=_SALT).sign_object([person_id, pace])


def read_stop_token(token: str) -> tuple[int, str] | None:
    """Return the person's id and the pace that a token names; None if the token is invalid."""
    try:
        person_id, pace = signing.Signer(salt=_SALT).unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return person_id, pace


def enqueue_news(*, key: str, what: str, consultation: Consultation, thread: Thread | None = None) -> None:
    """Enqueue the immediate e-mails about something that is being published, in the transaction that publishes it."""
    abouts = [queries.follow_target(consultation), *([queries.follow_target(consultation, thread)] if thread else [])]
    if Follow.objects.filter(what=what, about__in=abouts, pace=Pace.AT_ONCE).exists():
        notify_followers.using(key=f"followers-{key}").enqueue(what=what, abouts=abouts, trigger=key)


def enqueue_reply(*, key: str, person_id: int) -> None:
    """Enqueue an immediate e-mail about a reply to the person who is answered, if they chose that pace."""
    if Follow.objects.filter(person_id=person_id, what=Follow.What.REPLIES, pace=Pace.AT_ONCE).exists():
        enqueue_email(person_id, Pace.AT_ONCE, key)


@writing
def enqueue_digests() -> None:
    """Enqueue this hour's task for daily and weekly e-mails that are due. Several workers enqueue the same one."""
    send_digests.using(key=f"digests-{clock.now():%Y-%m-%dT%H}").enqueue()


@task
def notify_followers(*, what: str, abouts: list[str], trigger: str, after: int = 0) -> None:
    """Enqueue an e-mail to each person who follows at the pace "at once", a batch at a time."""
    found = Follow.objects.filter(what=what, about__in=abouts, pace=Pace.AT_ONCE, person_id__gt=after)
    ids = list(found.order_by("person_id").values_list("person_id", flat=True).distinct()[:FOLLOWERS_BATCH])
    with writes():
        for person_id in ids:
            enqueue_email(person_id, Pace.AT_ONCE, trigger)
        if len(ids) == FOLLOWERS_BATCH:
            notify_followers.using(key=f"followers-{trigger}-after-{ids[-1]}").enqueue(
                what=what, abouts=abouts, trigger=trigger, after=ids[-1]
            )


@task
def send_digests(*, after: int = 0) -> None:
    """Enqueue an e-mail to each person whose daily or weekly one is due, a batch at a time."""
    now = clock.now()
    due = Q(pace=Pace.DAILY, notified_until__lt=_last_digest_at(now, Pace.DAILY)) | Q(
        pace=Pace.WEEKLY, notified_until__lt=_last_digest_at(now, Pace.WEEKLY)
    )
    people = Follow.objects.filter(due, person_id__gt=after).order_by("person_id").values_list("person_id", flat=True)
    ids = list(people.distinct()[:FOLLOWERS_BATCH])
    paces = defaultdict(set)
    for person_id, pace in Follow.objects.filter(due, person_id__in=ids).values_list("person_id", "pace"):
        paces[person_id].add(pace)
    with writes():
        for person_id in ids:
            for pace in sorted(paces[person_id]):
                enqueue_email(person_id, pace, f"{_last_digest_at(now, pace):%Y-%m-%dT%H}")
        if len(ids) == FOLLOWERS_BATCH:
            key = f"digests-{now:%Y-%m-%dT%H}-after-{ids[-1]}"
            send_digests.using(key=key).enqueue(after=ids[-1])


def _last_digest_at(now: datetime.datetime, pace: str) -> datetime.datetime:
    """Return when the last daily or weekly e-mails were due."""
    due = now.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    if due > now:
        due -= datetime.timedelta(days=1)
    return due - datetime.timedelta(days=due.weekday()) if pace == Pace.WEEKLY else due


def enqueue_email(person_id: int, pace: str, trigger: str) -> None:
    """Enqueue an e-mail with what is new for a person at a pace, once for each cause."""
    send_news.using(key=f"news-{pace}-{person_id}-{trigger}").enqueue(person_id=person_id, pace=pace)


@task
def send_news(*, person_id: int, pace: str) -> None:
    """Send one e-mail about everything that is new for a person at a pace; none if there is no news."""
    person = Person.objects.filter(pk=person_id, is_active=True, suspended_at=None).first()
    if person is None:
        return
    now = clock.now()
    follows = list(
        Follow.objects.filter(person=person, pace=pace).select_related("consultation", "thread").order_by("pk")
    )
    parts = [part for follow in follows if (part := _news_part(follow, now))]
    if parts:
        since = min(follow.notified_until for follow in follows)
        delivery.send(
            to=person,
            template="consultations/mail/news",
            context={
                "parts": parts,
                "pace": pace,
                "count": sum(part["count"] for part in parts),
                **_stop_context(person, pace),
            },
            # The same e-mail has the same name after a kill: it begins where the last one ended.
            key=f"news-{pace}-{person_id}-{since.isoformat()}",
            headers=_headers(person, pace),
        )
    with writes():
        Follow.objects.filter(pk__in=[follow.pk for follow in follows], pace=pace, notified_until__lt=now).update(
            notified_until=now
        )


def _news_part(follow: Follow, until: datetime.datetime) -> dict | None:
    lines = news_of(follow, until)
    if not lines:
        return None
    shown = lines[:MOST_NEWS]
    return {"follow": follow, "lines": shown, "count": len(shown), "has_more": len(lines) > len(shown)}


def _stop_context(person: Person, pace: str) -> dict[str, str]:
    return {"stop_url": _stop_url(person, pace)}


def _stop_url(person: Person, pace: str) -> str:
    with translation.override(django_code(person.language)):
        return settings.SITE_URL + reverse("unsubscribe", args=[stop_token(person.pk, pace)])


def _headers(person: Person, pace: str) -> dict[str, str]:
    """Return the headers that let a mail program stop these e-mails, and file them (RFC 2369, 2919, 8058)."""
    host = site_host()
    return {
        "List-Id": f"<news.{host}>",
        "List-Unsubscribe": f"<{_stop_url(person, pace)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
