"""Proposing an event or the events of a calendar file, revising, cancelling and withdrawing it, and reporting its
outcome. A moderator reads what is new in it.
"""

from collections.abc import Collection, Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.accounts.models import Person
from plenara.core import audit, clock, life_cycle
from plenara.core.languages import join_sentences
from plenara.core.life_cycle import State
from plenara.core.refusals import AlreadyDone, InvalidInput, require, require_valid
from plenara.core.rows import Json
from plenara.core.text import clean_line
from plenara.core.transaction import lock_row, writing
from plenara.directory import permissions as directory_permissions
from plenara.directory.actions import entries
from plenara.events import emails, validation
from plenara.events import permissions as event_permissions
from plenara.events.models import CalendarFile, Date, Details, Event, EventVersion, GivenDetails
from plenara.events.presenters.proposals import file_rows
from plenara.events.validation import clean_details
from plenara.events.validation.calendar_files import Row


@writing
def cancel(*, actor: Person, event: Event, date: int | None = None) -> Event:
    """Cancel a whole event, or the date with this number. A second call changes nothing.

    The cancellation is a version of its own, in force at once. A pending revision is sent again with it, so that
    approving the revision does not undo the cancellation.
    """
    event = lock_row(event)
    if event_permissions.is_owner(actor, event) and event.is_published and _is_cancelled(event, date):
        return event  # a double click
    require(event_permissions.may_cancel(actor, event), life_cycle.allows(event, "revise"))
    if date is not None and date not in {each["number"] for each in event.details["dates"]}:
        raise InvalidInput(_("This event does not have this date. Choose one of the dates of the event."), "date")
    pending = life_cycle.pending_version(event)
    last = event.versions.order_by("number").last()
    in_force = life_cycle.version_in_force(event)
    event.details = mark_cancelled(event.details, date)
    if all(each.get("cancelled") for each in event.details["dates"]):
        event.details = mark_cancelled(event.details, None)
    if event.details.get("cancelled"):
        event.cancelled_at = clock.now()
    event.versions.create(
        number=last.number + 1,  # type: ignore[union-attr]
        details=event.details,
        language=in_force.language,
        state=State.PUBLISHED,
        key=f"cancel-{event.pk}-{date or 'all'}",
    )
    event.revision += 1
    event.save()
    audit.log("event.cancelled", actor=actor, about=event, date=date)
    entries.changed(event)
    if pending:
        entries.send(event, mark_cancelled(pending.details, date), language=pending.language)
    return event


def mark_cancelled(details: Json, date: int | None) -> Json:
    """Return details in which the whole event, or one date, is cancelled."""
    if date is None:
        return {**details, "cancelled": True}
    dates = [{**each, "cancelled": True} if each["number"] == date else each for each in details["dates"]]
    return {**details, "dates": dates}


def _is_cancelled(event: Event, date: int | None) -> bool:
    if event.cancelled_at:
        return True
    return date is not None and any(
        each["number"] == date and each.get("cancelled") for each in event.details.get("dates", [])
    )


@writing
def upload(*, actor: Person, name: str, sha256: str, rows: Sequence[Row], language: str) -> CalendarFile:
    """Save the parsed rows of a file until its sender confirms them. The same file again returns the pending one."""
    require(event_permissions.may_propose(actor))
    require_valid(validation.known_language(language))
    earlier = CalendarFile.objects.filter(uploaded_by=actor, sha256=sha256).first()
    if earlier and earlier.confirmed_at is None and earlier.language == language:
        return earlier
    with transaction.atomic():
        kept, _created = CalendarFile.objects.update_or_create(
            uploaded_by=actor,
            sha256=sha256,
            defaults={
                "name": clean_line(name)[:200],
                "language": language,
                "rows": [row.kept() for row in rows],
                "uploaded_at": clock.now(),
                "confirmed_at": None,
            },
        )
    audit.log("calendar_file.kept", actor=actor, about=kept, rows=len(rows))
    return kept


@writing
def confirm(*, actor: Person, file: CalendarFile, numbers: Collection[int], zone: str = "") -> int:
    """Propose the events with these numbers in the file; return how many. Delete the file's rows.

    All of them or none: an event that cannot be proposed any more is reported with its number.
    """
    directory_permissions.lock_sender(actor)
    file = CalendarFile.objects.select_for_update().get(pk=file.pk)
    if file.uploaded_by_id != actor.pk:
        raise InvalidInput(_("Someone else uploaded this file. Upload your own file."), "key")
    if file.confirmed_at:
        raise AlreadyDone(
            _("You have already proposed the events in this file. You can see them under “My events”."), "confirmed"
        )
    require(event_permissions.may_propose(actor))
    rows = [each for each in file_rows(file.rows, zone, person=actor, compare=False) if each.number in set(numbers)]
    if not rows:
        raise InvalidInput(_("Choose at least one event."), "none", "take")
    most = event_permissions.most_from_a_file(actor)
    if len(rows) > most:
        sentence = ngettext("Choose %(limit)d event at most.", "Choose %(limit)d events at most.", most)
        raise InvalidInput(sentence % {"limit": most}, "too_many", "take")
    if most == event_permissions.FROM_A_FILE:
        require_valid(validation.has_room_for(actor, len(rows)))
    for row in rows:
        if not row.can_be_taken:
            sentence = _("Event %(number)d in the file cannot be imported: %(why)s")
            raise InvalidInput(sentence % {"number": row.number, "why": join_sentences(*row.problems)}, "row", "take")
        event = Event.objects.create(owner=actor, imported_from=row.uid)
        version = entries.send(event, dict(clean_details(row.details)), language=row.language)
        audit.log("event.proposed", actor=actor, about=event, version=version.pk, file=file.pk)
    file.confirmed_at, file.count, file.rows = clock.now(), len(rows), []
    file.save()
    audit.log("calendar_file.confirmed", actor=actor, about=file, events=len(rows))
    return len(rows)


@writing
def forget(*, actor: Person, file: CalendarFile) -> None:
    """Delete a file that its sender does not want to confirm."""
    audit.log("calendar_file.forgotten", actor=actor, about=file)
    CalendarFile.objects.filter(pk=file.pk, uploaded_by=actor, confirmed_at=None).delete()


@writing
def propose(
    *, actor: Person, details: GivenDetails, language: str, key: str | None = None, imported_from: str = ""
) -> Event:
    """Propose an event, pending for a moderator. The same `key` again returns the event that the first created."""
    if key and (earlier := Event.objects.filter(key=key).first()):
        return _same_person(earlier, actor)
    require(event_permissions.may_propose(actor))
    kept = clean_details({**details, "cancelled": False})
    directory_permissions.lock_sender(actor)
    require_valid(validation.known_language(language), *validation.fits(kept), validation.not_too_often(actor))
    try:
        with transaction.atomic():
            event = Event.objects.create(owner=actor, key=key, imported_from=imported_from)
    except IntegrityError:
        # The same form, sent at the same time to two processes: the other one was first.
        return _same_person(Event.objects.get(key=key), actor)
    send(event, kept, actor=actor, language=language, verb="event.proposed")
    return event


def send(
    event: Event, details: Details, *, actor: Person, language: str, verb: str, key: str | None = None
) -> EventVersion:
    """Make a version pending, with its audit entry and its receipt. Called inside the action's transaction."""
    version = entries.send(event, dict(details), language=language, key=key)
    audit.log(verb, actor=actor, about=event, version=version.pk)
    emails.receipt.using(key=f"event-receipt-{version.pk}").enqueue(version_id=version.pk)
    return version  # type: ignore[return-value]


@writing
def change(
    *, actor: Person, event: Event, details: GivenDetails, language: str, key: str | None = None
) -> EventVersion:
    """Send a revision of a published event, or a returned event again. It is pending; the details in force stay."""
    event = lock_row(event)
    if key and (earlier := EventVersion.objects.filter(key=key, event=event).first()):
        return earlier
    act = "revise" if event.is_published else "send_again"
    require(event_permissions.may_change(actor, event), life_cycle.allows(event, act))
    kept = clean_details(_with_cancellations(event, details))
    directory_permissions.lock_sender(actor)
    require_valid(
        validation.known_language(language),
        *validation.fits(kept),
        validation.has_changed(event, kept) if event.is_published else True,
        validation.not_too_often(actor),
    )
    if not event.is_published:
        life_cycle.set_state(event, State.PENDING)
    return send(event, kept, actor=actor, language=language, verb="event.revised", key=key)


def _with_cancellations(event: Event, details: GivenDetails) -> Json:
    """Return details in which every cancelled date stays cancelled, because people were notified."""
    cancelled = {each["number"] for each in event.details.get("dates", []) if each.get("cancelled")}
    known = {each["number"] for each in event.details.get("dates", [])}
    highest = max((each["number"] for version in event.versions.all() for each in _dates_of(version)), default=0)
    dates = []
    for each in details.get("dates") or []:
        number = each.get("number") if each.get("number") in known or not event.is_published else None
        if not number:
            number = highest = highest + 1
        dates.append({**each, "number": number, "cancelled": number in cancelled})
    # Leaving a cancelled date out of a form does not restore it.
    left = {each["number"] for each in dates}
    dates += [each for each in event.details.get("dates", []) if each.get("cancelled") and each["number"] not in left]
    return {**details, "dates": dates, "cancelled": bool(event.details.get("cancelled"))}


def _dates_of(version: EventVersion) -> list[Date]:
    return version.details.get("dates", [])  # type: ignore[no-any-return]


@writing
def report_outcome(
    *, actor: Person, event: Event, url: str, text: str, language: str, key: str | None = None
) -> EventVersion:
    """Report the outcome of an event: an address, words, or both. A pending revision like any other."""
    event = lock_row(event)
    require(event_permissions.may_report_outcome(actor, event))
    pending = life_cycle.pending_version(event)
    kept = pending.details if pending else event.details
    texts = {**(kept.get("report") or {}).get("text", {}), language: text}
    if not url.strip() and not any(words.strip() for words in texts.values()):
        raise InvalidInput(
            _("Enter the web address of the report, or describe the results of the event."), "empty", "report_text"
        )
    return change(
        actor=actor, event=event, details={**kept, "report": {"url": url, "text": texts}}, language=language, key=key
    )


def _same_person(event: Event, actor: Person) -> Event:
    if event.owner_id != actor.pk:
        raise InvalidInput(
            _("This form was opened with another account. Open the form again from the calendar."), "key"
        )
    return event


@writing
def withdraw(*, actor: Person, event: Event) -> Event:
    """Withdraw one's own event: an unpublished one vanishes, a published one leaves a notice."""
    event = lock_row(event)
    if event.state == State.WITHDRAWN and event_permissions.is_owner(actor, event):
        return event  # a double click
    require(event_permissions.may_withdraw(actor, event), life_cycle.allows(event, "withdraw"))
    audit.log("event.withdrawn", actor=actor, about=event)
    return entries.take_down(event, State.WITHDRAWN, reason="WITHDRAWN")  # type: ignore[no-any-return]
