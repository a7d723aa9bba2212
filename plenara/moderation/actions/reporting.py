"""Reporting what is published: a reader's address is verified before anybody sees the report."""

import datetime
import secrets
from typing import Any

from django.utils.translation import gettext as _

from plenara.accounts.invitations import digest_of
from plenara.core import audit, clock
from plenara.core.refusals import Invalid, require, require_valid
from plenara.core.text import clean
from plenara.core.transaction import writing
from plenara.moderation import checks, items, reports, rules, tasks
from plenara.moderation.actions.deciding import locked
from plenara.moderation.models import Report
from plenara.moderation.publishable import KINDS

#: Within how long the same report is a double click.
DOUBLE_CLICK = datetime.timedelta(minutes=1)


@writing
def report(
    *, actor: Any, kind: str, pk: int, reason: str, text: str = "", address: str = "", language: str = "en"
) -> Report:
    """Keep a reader's report. That of somebody signed in (`actor`) counts at once; of others, once they confirm.

    `language` is that of the page: of the letters to a reader without an account, and, as far as we know, of the words.
    """
    thing = locked(KINDS[kind], pk)
    require(rules.may_be_reported(thing))
    text = clean(text)
    require_valid(
        checks.report_reason(kind, reason),
        checks.report_fits(text),
        actor is not None or checks.report_address(address),
    )
    address = "" if actor else address.lower()
    if earlier := _same(kind, pk, actor, address, reason, text):
        return earlier
    made = Report.objects.create(
        consultation=thing.consultation,
        kind=kind,
        object_id=pk,
        reason=reason,
        text=text,
        language=language,
        person=actor,
        address=address,
    )
    if actor:
        return _counts(made, thing)
    token = secrets.token_urlsafe(32)
    made.token_digest = digest_of(token)
    made.save(update_fields=["token_digest"])
    audit.log("moderation.report_received", actor=None, about=thing, consultation=thing.consultation, report=made.pk)
    tasks.ask_reporter.using(key=f"ask-{made.pk}").enqueue(report_id=made.pk, token=token)
    return made


def _same(kind: str, pk: int, actor: Any, address: str, reason: str, text: str) -> Report | None:
    """Return the same report sent a moment ago: a double click, for which one mail is enough."""
    earlier = Report.objects.filter(kind=kind, object_id=pk, person=actor, address=address, reason=reason, text=text)
    return earlier.filter(decided_at=None, at__gt=clock.now() - DOUBLE_CLICK).first()


@writing
def confirm_report(*, token: str) -> Report:
    """Let a report count, since its reader has the address. Pressed twice, it counts once."""
    found = reports.find(token)
    if found is None:
        raise Invalid(_("This link is over. You can report the contribution anew."), "gone")
    thing = KINDS[found.kind].lock(found.object_id)
    found = Report.objects.select_for_update().get(pk=found.pk)
    if found.verified_at is not None:
        return found
    return _counts(found, thing)


def _counts(found: Report, thing: Any) -> Report:
    """Let a report join the queue; of something that is gone meanwhile, there is nothing to decide."""
    found.verified_at = clock.now()
    is_gone = thing is None or not rules.may_be_reported(thing)
    if is_gone:
        found.outcome, found.decided_at, found.address = Report.Outcome.GONE, clock.now(), ""
    found.save(update_fields=["verified_at", "outcome", "decided_at", "address"])
    about = thing or found
    audit.log("moderation.reported", actor=found.person, about=about, consultation=found.consultation, report=found.pk)
    if not is_gone:
        items.put_reported(found.kind, thing)
    return found
