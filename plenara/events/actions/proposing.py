"""Proposing an event, changing it, telling what came of it, withdrawing it. A moderator reads what is new in it."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from plenara.core import audit
from plenara.core.refusals import Invalid, require, require_valid
from plenara.core.transaction import writing
from plenara.directory import entries, limits
from plenara.directory.models import EntryState
from plenara.events import checks, rules, tasks
from plenara.events.actions.cleaning import cleaned
from plenara.events.fields import Details
from plenara.events.models import Event, EventVersion


@writing
def propose(
    *, actor: Any, details: Mapping[str, Any], language: str, key: str | None = None, imported_from: str = ""
) -> Event:
    """Propose an event; it waits for a moderator. The same `key` a second time returns what the first made."""
    if key and (earlier := Event.objects.filter(key=key).first()):
        return _same_person(earlier, actor)
    require(rules.may_propose(actor))
    kept = cleaned({**details, "cancelled": False})
    limits.hold(actor)
    require_valid(checks.known_language(language), *checks.fits(kept), checks.not_too_often(actor))
    try:
        with transaction.atomic():
            event = Event.objects.create(owner=actor, key=key, imported_from=imported_from)
    except IntegrityError:
        # The same form, sent twice at once to two processes: the other was first.
        return _same_person(Event.objects.get(key=key), actor)
    send(event, kept, actor=actor, language=language, verb="event.proposed")
    return event


def send(
    event: Event, details: Details, *, actor: Any, language: str, verb: str, key: str | None = None
) -> EventVersion:
    """Let a version wait, with its act and its receipt. Called inside the act's transaction."""
    version = entries.send(event, dict(details), language=language, key=key)
    audit.log(verb, actor=actor, about=event, version=version.pk)
    tasks.receipt.using(key=f"event-receipt-{version.pk}").enqueue(version_id=version.pk)
    return version  # type: ignore[return-value]


@writing
def change(
    *, actor: Any, event: Event, details: Mapping[str, Any], language: str, key: str | None = None
) -> EventVersion:
    """Send a revision of what is published, or again what was returned. It waits; details in force stay meanwhile."""
    event = entries.held(event)
    if key and (earlier := EventVersion.objects.filter(key=key, event=event).first()):
        return earlier
    act = "revise" if event.is_published else "send_again"
    require(rules.may_change(actor, event), entries.allows(event.state, act))
    kept = cleaned(_with_what_was_cancelled(event, details))
    limits.hold(actor)
    require_valid(
        checks.known_language(language),
        *checks.fits(kept),
        checks.has_changed(event, kept) if event.is_published else True,
        checks.not_too_often(actor),
    )
    if not event.is_published:
        entries.stand(event, EntryState.PENDING, "")
    return send(event, kept, actor=actor, language=language, verb="event.revised", key=key)


def _with_what_was_cancelled(event: Event, details: Mapping[str, Any]) -> dict[str, Any]:
    """Return details in which what was cancelled stays so: people were told."""
    gone = {each["number"] for each in event.details.get("dates", []) if each.get("cancelled")}
    known = {each["number"] for each in event.details.get("dates", [])}
    highest = max((each["number"] for version in event.versions.all() for each in _dates_of(version)), default=0)
    dates = []
    for each in details.get("dates") or []:
        number = each.get("number") if each.get("number") in known or not event.is_published else None
        if not number:
            number = highest = highest + 1
        dates.append({**each, "number": number, "cancelled": number in gone})
    # A cancelled date is never taken back by leaving it out of a form.
    left = {each["number"] for each in dates}
    dates += [each for each in event.details.get("dates", []) if each.get("cancelled") and each["number"] not in left]
    return {**details, "dates": dates, "cancelled": bool(event.details.get("cancelled"))}


def _dates_of(version: EventVersion) -> list[dict[str, Any]]:
    return version.details.get("dates", [])  # type: ignore[no-any-return]


@writing
def tell_outcome(
    *, actor: Any, event: Event, url: str, text: str, language: str, key: str | None = None
) -> EventVersion:
    """Tell what came of an event: an address, words, or both. A revision like any other, which waits."""
    event = entries.held(event)
    require(rules.may_tell_outcome(actor, event))
    waits = entries.waiting_version(event)
    kept = waits.details if waits else event.details
    texts = {**(kept.get("report") or {}).get("text", {}), language: text}
    if not url.strip() and not any(words.strip() for words in texts.values()):
        raise Invalid(_("Give the address of the report, or say in words what came of it."), "empty", "report_text")
    return change(
        actor=actor, event=event, details={**kept, "report": {"url": url, "text": texts}}, language=language, key=key
    )


def _same_person(event: Event, actor: Any) -> Event:
    if event.owner_id != actor.pk:
        raise Invalid(_("This form is another person’s. Open it again from the calendar."), "key")
    return event


@writing
def withdraw(*, actor: Any, event: Event) -> Event:
    """Take one's event back: before publication it vanishes, after it a notice stands in its place."""
    event = entries.held(event)
    if event.state == EntryState.WITHDRAWN and rules.is_owner(actor, event):
        return event  # a double click
    require(rules.may_withdraw(actor, event), entries.allows(event.state, "withdraw"))
    audit.log("event.withdrawn", actor=actor, about=event)
    return entries.take_down(event, EntryState.WITHDRAWN, reason="WITHDRAWN")  # type: ignore[no-any-return]
