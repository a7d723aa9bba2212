"""What waits at the desk for whoever entered letters and statements: those that came back. And their page there."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from plenara.consultations import desk
from plenara.consultations.models import Consultation
from plenara.consultations.rules import may_moderate
from plenara.consultations.todo import ToDo, waits
from plenara.contributions.models import ENTERED, Contribution, State

desk.add_section(gettext_lazy("Letters and meetings"), "contributions:entered", may_moderate)


@waits
def entered_returned(person: Any, consultations: Sequence[Consultation]) -> list[ToDo]:
    """Return, for each consultation, how much of what a person entered was returned. One query."""
    where = {each.pk: each for each in consultations if may_moderate(person, each)}
    if not where:
        return []
    found = Contribution.objects.filter(
        consultation__in=where, entered_by=person, state=State.RETURNED, channel__in=ENTERED
    )
    tasks = []
    for row in found.order_by().values("consultation_id").annotate(count=Count("pk"), since=Min("state_at")):
        it = where[row["consultation_id"]]
        sentence = ngettext(
            "%(count)d text that you entered was returned. Correct it, or withdraw it.",
            "%(count)d texts that you entered were returned. Correct them, or withdraw them.",
            row["count"],
        ) % {"count": row["count"]}
        address = reverse("contributions:entered", args=[it.slug])
        tasks.append(ToDo(sentence, address, _("Letters and meetings"), consultation=it, since=row["since"]))
    return tasks
