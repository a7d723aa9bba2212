"""Telling moderators what waits: at once when half the promise has gone, and in a digest. Nothing when nothing waits.

Once an hour a task looks; the letters are tasks of their own. Who moderates gets them; where a consultation has no
moderator, its organizers do.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from plenara.accounts.models import Person
from plenara.consultations.models import Consultation, Role, RoleName
from plenara.consultations.working_time import Calendar, promised_minutes, works_on
from plenara.core import clock
from plenara.core.transaction import writing
from plenara.mail import letters
from plenara.moderation import tasks
from plenara.moderation.models import Item, Preference
from plenara.moderation.queue import wait_since

#: The hour of a working day, in a consultation's zone, from which its moderators' digests leave.
MORNING = 8
#: Items that are marked as told in one transaction.
BATCH = 500


@writing
def enqueue_reminders() -> None:
    """Enqueue this hour's look at what waits. Several workers enqueue the same one."""
    tasks.remind.using(key=f"remind-{clock.now():%Y-%m-%dT%H}").enqueue()


def remind() -> None:
    """Enqueue the letters that are due: about what has come to wait too long, and the day's or week's digests."""
    waiting = Consultation.objects.filter(pk__in=_waiting().values("consultation_id"))
    consultations = list(waiting.order_by("pk"))
    readers = _readers(consultations)
    for consultation in consultations:
        tell_of_late(consultation, readers[consultation.pk])
    enqueue_digests(consultations, readers)


@writing
def tell_of_late(consultation: Consultation, readers: Iterable[int]) -> None:
    """Mark what has come to wait longer than half the promise, and enqueue a letter about it to who wants one."""
    late_since = Calendar(consultation, clock.now()).moment_before(promised_minutes(consultation) / 2)
    found = _waiting().filter(consultation=consultation, told_late_at=None, since__lt=late_since)
    late = list(found.order_by("since", "pk").values_list("pk", flat=True)[:BATCH])
    if not late:
        return
    Item.objects.filter(pk__in=late).update(told_late_at=clock.now())
    silent = set(Preference.objects.filter(person_id__in=readers, tell_late=False).values_list("person_id", flat=True))
    for person_id in sorted(set(readers) - silent):
        tasks.tell_late.using(key=f"late-{late[-1]}-{clock.now():%Y-%m-%dT%H:%M}-{person_id}").enqueue(
            person_id=person_id, consultation_id=consultation.pk
        )


@writing
def enqueue_digests(consultations: list[Consultation], readers: dict[int, set[int]]) -> None:
    """Enqueue the digests that are still to be sent, to those in one of whose consultations it is morning."""
    awake = [one for one in consultations if _is_morning(one)]
    people = {person_id for one in awake for person_id in readers[one.pk]}
    kept = {one.person_id: one for one in Preference.objects.filter(person_id__in=people)}
    for person_id in sorted(people):
        preference = kept.get(person_id) or Preference(person_id=person_id)
        if _is_due(preference):
            preference.digest_at = clock.now()
            preference.save()
            tasks.tell_digest.using(key=f"digest-{person_id}-{clock.now():%Y-%m-%d}").enqueue(person_id=person_id)


def _is_due(preference: Preference) -> bool:
    if preference.digest == Preference.Digest.NEVER:
        return False
    days = {Preference.Digest.DAILY: 1, Preference.Digest.WEEKLY: 7}[Preference.Digest(preference.digest)]
    last = preference.digest_at
    return last is None or (clock.now().date() - last.date()).days >= days


def _is_morning(consultation: Consultation) -> bool:
    local = clock.now().astimezone(consultation.zone)
    return local.hour >= MORNING and works_on(local.date(), consultation)


def _waiting() -> QuerySet[Item]:
    """Return what waits for a moderator now, anywhere: neither on hold nor with its author."""
    return Item.objects.exclude(Q(held_until__gt=clock.now()) | Q(awaits_author=True))


def _readers(consultations: list[Consultation]) -> dict[int, set[int]]:
    """Return who is told about each consultation: its moderators, or its organizers where it has none. One query."""
    roles = Role.objects.filter(
        consultation__in=consultations,
        name__in=[RoleName.MODERATOR, RoleName.ORGANIZER],
        person__suspended_at=None,
        person__is_active=True,
    )
    held: dict[str, dict[int, set[int]]] = {RoleName.MODERATOR: {}, RoleName.ORGANIZER: {}}
    for name, where, person_id in roles.values_list("name", "consultation_id", "person_id"):
        held[name].setdefault(where, set()).add(person_id)
    return {
        one.pk: held[RoleName.MODERATOR].get(one.pk) or held[RoleName.ORGANIZER].get(one.pk, set())
        for one in consultations
    }


def tell_late(person_id: int, consultation_id: int) -> None:
    """Tell a moderator that something waits longer than half of what is promised, unless it was decided meanwhile."""
    _tell("late", person_id, Consultation.objects.filter(pk=consultation_id), of_late=True)


def tell_digest(person_id: int) -> None:
    """Tell a moderator what waits in each of their consultations."""
    where = Role.objects.filter(person_id=person_id, name__in=[RoleName.MODERATOR, RoleName.ORGANIZER])
    _tell("digest", person_id, Consultation.objects.filter(pk__in=where.values("consultation_id")), of_late=False)


def _tell(template: str, person_id: int, consultations: QuerySet[Consultation], *, of_late: bool) -> None:
    person = Person.objects.filter(pk=person_id, is_active=True, suspended_at=None).first()
    found = list(consultations.order_by("pk"))
    readers = _readers(found)
    lines = [line for one in found if person_id in readers[one.pk] and (line := _line(one))]
    if person is None or not lines or (of_late and not any(line["wait"].is_late for line in lines)):
        return
    letters.send(
        to=person,
        template=f"moderation/mail/{template}",
        context={"lines": lines, "total": sum(line["count"] for line in lines)},
        key=f"{template}-{person_id}-{clock.now():%Y-%m-%dT%H}",
    )


def _line(consultation: Consultation) -> dict[str, Any] | None:
    """Return what waits in a consultation, for a letter; nothing where nothing does. One query."""
    counts = (
        _waiting()
        .filter(consultation=consultation)
        .aggregate(
            count=Count("pk"),
            oldest=Min("since"),
            reported=Count("pk", filter=Q(why=Item.Why.REPORT)),
            appeals=Count("pk", filter=Q(why=Item.Why.APPEAL)),
        )
    )
    if not counts["count"]:
        return None
    return {**counts, "consultation": consultation, "wait": wait_since(counts["oldest"], consultation)}
