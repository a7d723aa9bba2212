"""What waits at the desk: disputed bylines. And their page there."""

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
from plenara.contributions.models import Dispute

desk.add_section(gettext_lazy("Disputed bylines"), "contributions:disputes", may_moderate)


@waits
def disputed(person: Any, consultations: Sequence[Consultation]) -> list[ToDo]:
    """Return, for each consultation that a person moderates, how many bylines are disputed. One query."""
    where = {each.pk: each for each in consultations if may_moderate(person, each)}
    if not where:
        return []
    found = Dispute.objects.filter(status=Dispute.Status.PENDING, edition__consultation__in=where)
    found = found.exclude(person=person).exclude(edition__contribution__author=person)
    tasks = []
    for row in found.order_by().values("edition__consultation").annotate(count=Count("pk"), since=Min("at")):
        it = where[row["edition__consultation"]]
        sentence = ngettext(
            "An organization disputes %(count)d byline.",
            "Organizations dispute %(count)d bylines.",
            row["count"],
        ) % {"count": row["count"]}
        address = reverse("contributions:disputes", args=[it.slug])
        tasks.append(ToDo(sentence, address, _("Decide"), consultation=it, since=row["since"]))
    return tasks
