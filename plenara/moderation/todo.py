"""What the desk's home says of appeals: that nobody is left who may decide on one."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.consultations.models import Consultation, Role, RoleName
from plenara.consultations.rules import may_organize
from plenara.consultations.todo import ToDo, Urgency, waits
from plenara.moderation.models import Item


@waits
def without_anybody(person: Any, consultations: Sequence[Consultation]) -> list[ToDo]:
    """Tell organizers of appeals that wait while everybody who moderates decided before, or wrote it. Two queries."""
    organized = {one.pk: one for one in consultations if may_organize(person, one)}
    found = list(
        Item.objects.filter(why=Item.Why.APPEAL, consultation_id__in=organized)
        .select_related("appeal__decision")
        .order_by("since", "pk")
    )
    if not found:
        return []
    deciders: dict[int, set[int]] = {}
    roles = Role.objects.filter(name__in=[RoleName.MODERATOR, RoleName.ORGANIZER], consultation_id__in=organized)
    for where, who in roles.filter(person__suspended_at=None, person__is_active=True).values_list(
        "consultation_id", "person_id"
    ):
        deciders.setdefault(where, set()).add(who)
    stuck: dict[int, list[Item]] = {}
    for item in found:
        barred = {item.appeal.decision.moderator_id if item.appeal else None, item.author_id, item.entered_by_id}
        where = item.consultation_id or 0
        if not deciders.get(where, set()) - barred:
            stuck.setdefault(where, []).append(item)
    return [_task(organized[where], waiting) for where, waiting in stuck.items()]


def _task(consultation: Consultation, waiting: list[Item]) -> ToDo:
    sentence = ngettext(
        "%(count)d appeal waits, and everybody who could decide on it took the decision before. Appoint somebody else.",
        "%(count)d appeals wait, and everybody who could decide on them took the decision before. Appoint somebody "
        "else.",
        len(waiting),
    ) % {"count": len(waiting)}
    address = reverse("desk_roles", args=[consultation.slug])
    return ToDo(sentence, address, _("Appoint a moderator"), Urgency.NOW, consultation, waiting[0].since)
