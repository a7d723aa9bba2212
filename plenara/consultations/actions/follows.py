"""Following: what a person wants e-mails about, and how often."""

import datetime
from collections.abc import Iterable

from plenara.accounts.models import Person
from plenara.accounts.permissions import may_act
from plenara.consultations import emails, permissions, queries, validation
from plenara.consultations.models import Consultation, Follow, Pace, Thread
from plenara.core import audit, clock
from plenara.core.prepared import insert
from plenara.core.refusals import require, require_valid
from plenara.core.transaction import writing


@writing
def follow(
    *, actor: Person, what: str, pace: str, consultation: Consultation | None = None, thread: Thread | None = None
) -> Follow:
    """Set how often a person gets e-mails about a consultation, one of its threads, its summaries, or replies to them.

    News from before the follow began is left out; a change of pace loses nothing.
    """
    consultation = thread.consultation if thread else consultation
    require(may_act(actor), permissions.may_see(actor, consultation) if consultation else True)
    require_valid(validation.follow_fits(what, pace, consultation, thread))
    found, made = Follow.objects.get_or_create(
        person=actor,
        what=what,
        about=queries.follow_target(consultation, thread),
        defaults={
            "consultation": consultation,
            "thread": thread,
            "pace": pace,
            "since": clock.now(),
            "notified_until": clock.now(),
        },
    )
    if not made:
        _set_pace(found, pace)
    audit.log("follow.set", actor=actor, about=found, consultation=consultation, what=what, pace=pace)
    return found


@writing
def set_paces(*, actor: Person, paces: dict[int, str]) -> int:
    """Set the pace of the actor's follows, by their ids; return how many changed. Those of others stay as they are."""
    require_valid(*(validation.pace_known(pace) for pace in paces.values()))
    changed = 0
    for found in Follow.objects.select_for_update().filter(person=actor, pk__in=list(paces)):
        if found.pace != paces[found.pk]:
            _set_pace(found, paces[found.pk])
            audit.log("follow.set", actor=actor, about=found, consultation=found.consultation, pace=found.pace)
            changed += 1
    return changed


@writing
def stop(*, person_id: int, pace: str) -> int:
    """Stop the e-mails of a pace, as the link in each e-mail does; return how many follows were stopped."""
    found = Follow.objects.select_for_update().filter(person_id=person_id, pace=pace)
    stopped = list(found)
    for each in stopped:
        _set_pace(each, Pace.NEVER)
        audit.log("follow.stopped", actor=None, about=each, consultation=each.consultation, pace=pace)
    return len(stopped)


def follow_replies(person: Person) -> None:
    """Notify an author of replies once a day, unless they have chosen already. Called when they contribute."""
    now = clock.now()
    daily = Follow(person=person, what=Follow.What.REPLIES, pace=Pace.DAILY, since=now, notified_until=now)
    insert(daily, ignore_conflicts=True)


def follow_responses(person_ids: Iterable[int], since: datetime.datetime) -> None:
    """Notify authors at once of responses to their contributions, unless they have chosen already."""
    Follow.objects.bulk_create(
        (
            Follow(person_id=pk, what=Follow.What.TREATED, pace=Pace.AT_ONCE, since=since, notified_until=since)
            for pk in person_ids
        ),
        ignore_conflicts=True,
    )


def enqueue_responses(*, key: str, person_ids: Iterable[int], since: datetime.datetime) -> None:
    """Enqueue an e-mail about responses to contributions to each of these authors who is notified at once.

    An author who never chose a pace is notified at once from now on, of what happened after `since`.
    """
    ids = list(person_ids)
    follow_responses(ids, since)
    found = Follow.objects.filter(person__in=ids, what=Follow.What.TREATED, pace=Pace.AT_ONCE)
    for person_id in found.order_by("person").values_list("person", flat=True):
        emails.enqueue_email(person_id, Pace.AT_ONCE, key)


def _set_pace(found: Follow, pace: str) -> None:
    if found.pace == Pace.NEVER and pace != Pace.NEVER:
        found.notified_until = clock.now()  # news from before the follow began again is left out
    found.pace = pace
    found.save(update_fields=["pace", "notified_until"])
