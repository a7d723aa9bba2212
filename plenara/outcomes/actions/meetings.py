"""A meeting of a body: its dossier is made for an event of the calendar, shown, and reported on afterwards."""

from collections.abc import Mapping
from typing import Any

from plenara.consultations.actions.common import clean_texts, require_current
from plenara.core import audit, clock
from plenara.core.cache_tags import invalidate
from plenara.core.refusals import require, require_valid
from plenara.core.text import clean
from plenara.core.transaction import writing
from plenara.events.models import CACHE_TAG, Event
from plenara.outcomes import meeting_checks as checks
from plenara.outcomes import rules, tasks
from plenara.outcomes.actions.bodies import invalidate_body
from plenara.outcomes.checks import home_is_public
from plenara.outcomes.models import Body, Dossier


@writing
def make_dossier(*, actor: Any, body: Body, event: Event) -> Dossier:
    """Begin the dossier of a meeting of a body; not public yet. A second time it is the same one."""
    require(rules.may_keep_meeting(actor, body))
    event = Event.objects.select_for_update(of=("self",)).get(pk=event.pk)
    if there := Dossier.objects.filter(event=event, body=body).first():
        return there
    require_valid(checks.may_have_a_dossier(event, body))
    dossier = Dossier.objects.create(event=event, body=body, created_by=actor)
    audit.log("dossier.made", actor=actor, about=dossier, consultation=body.consultation, event=event.pk)
    return dossier


@writing
def edit_dossier(*, actor: Any, dossier: Dossier, intro: Mapping[str, str], stamp: int | None = None) -> Dossier:
    """Change what stands at the head of the agenda."""
    dossier = held(actor, dossier)
    intro = clean_texts(intro, clean)
    if intro == dossier.intro:
        return dossier
    require_current(stamp, dossier.stamp)
    require_valid(checks.texts_fit("intro", intro))
    dossier.intro = intro
    dossier.stamp += 1
    dossier.save(update_fields=["intro", "stamp"])
    changed("dossier.edited", actor, dossier)
    return dossier


@writing
def publish_dossier(*, actor: Any, dossier: Dossier) -> Dossier:
    """Show the agenda; the authors of the contributions on it are told. A second time changes nothing."""
    dossier = held(actor, dossier)
    if dossier.published_at is None:
        require_valid(home_is_public(dossier.body), checks.has_items(dossier))
        dossier.published_at = clock.now()
        dossier.save(update_fields=["published_at"])
        changed("dossier.published", actor, dossier)
        tasks.tell_discussed.using(key=f"outcome-discussed-{dossier.pk}").enqueue(dossier_id=dossier.pk)
    return dossier


@writing
def delete_dossier(*, actor: Any, dossier: Dossier) -> None:
    """Take away a dossier that was never shown: it was made for the wrong event."""
    found = Dossier.objects.filter(pk=dossier.pk, published_at=None).first()
    if found is None:
        require(rules.may_keep_meeting(actor, dossier.body))
        return
    dossier = held(actor, found)
    audit.log("dossier.deleted", actor=actor, about=dossier.body, consultation=dossier.body.consultation)
    dossier.delete()


@writing
def write_report(
    *, actor: Any, dossier: Dossier, report: Mapping[str, str], is_shown: bool = False, stamp: int | None = None
) -> Dossier:
    """Keep the report of a meeting; with `is_shown`, show it and what was decided, for good."""
    dossier = held(actor, dossier)
    report = clean_texts(report, clean)
    is_new = is_shown and dossier.reported_at is None
    if report == dossier.report and not is_new:
        return dossier
    if report != dossier.report:
        require_current(stamp, dossier.stamp)
    require_valid(checks.texts_fit("report", report))
    if is_new:
        require_valid(home_is_public(dossier.body))
    if is_new or dossier.reported_at:
        require_valid(checks.something_to_report(report, dossier), checks.has_begun(dossier.event))
    dossier.report = report
    dossier.stamp += 1
    if is_new:
        dossier.reported_at = clock.now()
        dossier.published_at = dossier.published_at or dossier.reported_at
    dossier.save(update_fields=["report", "reported_at", "published_at", "stamp"])
    changed("meeting.reported" if is_new else "meeting.report_written", actor, dossier)
    return dossier


def held(actor: Any, dossier: Dossier) -> Dossier:
    """Return a dossier as it is now, held until the transaction ends, for somebody who keeps the body's meetings."""
    found = Dossier.objects.select_for_update(of=("self",)).select_related("body__consultation", "event")
    dossier = found.get(pk=dossier.pk)
    require(rules.may_keep_meeting(actor, dossier.body))
    return dossier


def changed(verb: str, actor: Any, dossier: Dossier, *, something_goes: bool = False, **what: Any) -> Any:
    """Record an act on a dossier, make stale what shows it, and return the act."""
    act = audit.log(verb, actor=actor, about=dossier, consultation=dossier.body.consultation, **what)
    if dossier.published_at is not None:
        invalidate(CACHE_TAG, nothing_goes=True)
        invalidate_body(dossier.body, nothing_goes=not something_goes)
    return act
