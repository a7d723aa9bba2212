"""What the schedule puts on desks: summaries that are due soon, or late, for who writes and who organizes."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from plenara.consultations.models import Consultation, RoleName
from plenara.consultations.rules import roles_of
from plenara.consultations.todo import ToDo, Urgency, waits
from plenara.core import clock
from plenara.core.templatetags.plenara import date_in_words
from plenara.documents.models import State
from plenara.summaries import periods
from plenara.summaries.models import Summary


@waits
def summaries_due(person: Any, consultations: Sequence[Consultation]) -> list[ToDo]:
    """Return the unwritten summaries with a day by which they are due, for rapporteurs; late ones for organizers too.

    Two queries at most, whatever the number of consultations.
    """
    roles = {(where, name) for where, name, _language in roles_of(person)}
    mine = [each for each in consultations if {(each.pk, RoleName.RAPPORTEUR), (each.pk, RoleName.ORGANIZER)} & roles]
    if not mine:
        return []
    found = Summary.objects.filter(
        consultation__in=mine, document__state=State.DRAFT, document__number=None, due_at__isnull=False
    )
    by_pk, now, tasks = {each.pk: each for each in mine}, clock.now(), []
    for summary in found.order_by("due_at"):
        where = by_pk[summary.consultation_id]
        assert summary.due_at is not None
        is_late = now > summary.due_at
        if not is_late and (where.pk, RoleName.RAPPORTEUR) not in roles:
            continue
        sentence = (
            _("The summary for %(period)s was due by %(date)s.")
            if is_late
            else _("The summary for %(period)s is due by %(date)s.")
        )
        told = {
            "period": periods.in_words(summary.period_from, summary.period_to, where),
            "date": date_in_words(summary.due_at.astimezone(where.zone).date()),
        }
        tasks.append(
            ToDo(
                sentence % told,
                reverse("summaries:workbench", args=[where.slug, summary.pk]),
                _("Open the workbench"),
                Urgency.NOW if is_late else Urgency.SOON,
                where,
                since=summary.due_at if is_late else None,
            )
        )
    return tasks
