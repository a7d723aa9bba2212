"""Calendar files: what was read of one is kept until it is confirmed, and what is taken of it then is proposed."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.core import audit, clock
from plenara.core.refusals import AlreadyDone, Invalid, require, require_valid
from plenara.core.text import clean_line
from plenara.core.transaction import writing
from plenara.directory import entries, limits
from plenara.events import checks, rules
from plenara.events.actions.cleaning import cleaned
from plenara.events.importing import Row
from plenara.events.models import CalendarFile, Event
from plenara.events.rows import told


@writing
def keep(*, actor: Any, name: str, sha256: str, rows: Sequence[Row], language: str) -> CalendarFile:
    """Keep what was read of a file until its sender confirms it. The same file again is the one that waits already."""
    require(rules.may_propose(actor))
    require_valid(checks.known_language(language))
    earlier = CalendarFile.objects.filter(uploaded_by=actor, sha256=sha256).first()
    if earlier and earlier.confirmed_at is None and earlier.language == language:
        return earlier
    with transaction.atomic():
        kept, _made = CalendarFile.objects.update_or_create(
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
def confirm(*, actor: Any, file: CalendarFile, numbers: Collection[int], zone: str = "") -> int:
    """Propose the events with these numbers in the file; return how many. Its rows go then.

    All of them or none: what cannot be taken any more, is said with its number.
    """
    limits.hold(actor)
    file = CalendarFile.objects.select_for_update().get(pk=file.pk)
    if file.uploaded_by_id != actor.pk:
        raise Invalid(_("This file is another person’s."), "key")
    if file.confirmed_at:
        raise AlreadyDone(_("This file was confirmed already."), "confirmed")
    require(rules.may_propose(actor))
    rows = [each for each in told(file.rows, zone, person=actor, compare=False) if each.number in set(numbers)]
    if not rows:
        raise Invalid(_("Choose at least one event."), "none", "take")
    most = rules.most_from_a_file(actor)
    if len(rows) > most:
        sentence = ngettext("Choose %(limit)d event at most.", "Choose %(limit)d events at most.", most)
        raise Invalid(sentence % {"limit": most}, "too_many", "take")
    if most == rules.FROM_A_FILE:
        require_valid(checks.room_for(actor, len(rows)))
    for row in rows:
        if not row.can_be_taken:
            sentence = _("Event %(number)d of the file cannot be taken: %(why)s")
            raise Invalid(sentence % {"number": row.number, "why": " ".join(row.problems)}, "row", "take")
        event = Event.objects.create(owner=actor, imported_from=row.uid)
        version = entries.send(event, dict(cleaned(row.details)), language=row.language)
        audit.log("event.proposed", actor=actor, about=event, version=version.pk, file=file.pk)
    file.confirmed_at, file.count, file.rows = clock.now(), len(rows), []
    file.save()
    audit.log("calendar_file.confirmed", actor=actor, about=file, events=len(rows))
    return len(rows)


@writing
def forget(*, actor: Any, file: CalendarFile) -> None:
    """Forget a file that one does not want to confirm."""
    audit.log("calendar_file.forgotten", actor=actor, about=file)
    CalendarFile.objects.filter(pk=file.pk, uploaded_by=actor, confirmed_at=None).delete()
