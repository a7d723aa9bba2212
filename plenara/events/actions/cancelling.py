"""Cancelling an event, or one of its dates: at once, since people might travel. What is cancelled stays, marked."""

from typing import Any

from django.utils.translation import gettext as _

from plenara.core import audit, clock
from plenara.core.refusals import Invalid, require
from plenara.core.transaction import writing
from plenara.directory import entries
from plenara.directory.models import EntryState
from plenara.events import rules
from plenara.events.models import Event


@writing
def cancel(*, actor: Any, event: Event, date: int | None = None) -> Event:
    """Cancel all of an event, or the date with this number. A second time changes nothing.

    What is cancelled becomes a version of its own, which is in force at once; a revision that waits is sent again with
    it, so that its approval takes nothing back.
    """
    event = entries.held(event)
    if rules.is_owner(actor, event) and event.is_published and _is_cancelled(event, date):
        return event  # a double click
    require(rules.may_cancel(actor, event), entries.allows(event.state, "revise"))
    if date is not None and date not in {each["number"] for each in event.details["dates"]}:
        raise Invalid(_("This event has no such date."), "date")
    waits = entries.waiting_version(event)
    last = event.versions.order_by("number").last()
    in_force = entries.version_in_force(event)
    event.details = marked(event.details, date)
    if all(each.get("cancelled") for each in event.details["dates"]):
        event.details = marked(event.details, None)
    if event.details.get("cancelled"):
        event.cancelled_at = clock.now()
    event.versions.create(
        number=last.number + 1,  # type: ignore[union-attr]
        details=event.details,
        language=in_force.language,
        state=EntryState.PUBLISHED,
        key=f"cancel-{event.pk}-{date or 'all'}",
    )
    event.revision += 1
    event.save()
    audit.log("event.cancelled", actor=actor, about=event, date=date)
    entries.changed(event)
    if waits:
        entries.send(event, marked(waits.details, date), language=waits.language)
    return event


def marked(details: dict[str, Any], date: int | None) -> dict[str, Any]:
    """Return details in which all of an event, or one date, is cancelled."""
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
