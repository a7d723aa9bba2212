"""A second organizer's confirmation before a consultation is announced, where the installation asks for it.

One organizer asks for the announcement, and another one confirms it. The audit log holds the request: it counts while
the draft has not changed since and while the organizer who asked can still act.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import Max, QuerySet

from plenara.accounts.confirmation import Request
from plenara.accounts.confirmation import is_needed as is_needed
from plenara.consultations.models import Consultation, Role, RoleName
from plenara.core.models import Act

REQUESTED = "consultation.announcement_requested"


def requests(drafts: Sequence[Consultation]) -> dict[int, Request]:
    """Return the requests that wait for a second organizer, by the id of the draft. Two queries."""
    ids = [one.pk for one in drafts]
    changes = Act.objects.filter(consultation_id__in=ids, about_kind__in=["consultation", "thread"])
    latest = changes.order_by().values("consultation_id").annotate(latest=Max("pk")).values("latest")
    asked = {
        (act.consultation_id or 0, act.actor_id or 0): act for act in Act.objects.filter(pk__in=latest, verb=REQUESTED)
    }
    people = {person for _where, person in asked}
    roles = acting(Role.objects.filter(consultation_id__in=ids, person_id__in=people)).select_related("person")
    by = {(role.consultation_id, role.person_id): role.person for role in roles}
    return {key[0]: Request(by[key], act.at, act.pk) for key, act in asked.items() if key in by}


def request_for(draft: Consultation) -> Request | None:
    """Return the request that waits for a second organizer of one draft."""
    return requests([draft]).get(draft.pk)


def acting(roles: QuerySet[Role]) -> QuerySet[Role]:
    """Return those of some roles that are an organizer's who can act."""
    return roles.filter(name=RoleName.ORGANIZER, person__suspended_at=None, person__is_active=True)


def is_alone(person: Any, consultation: Consultation) -> bool:
    """Say whether no other organizer of the consultation can act."""
    return not acting(consultation.roles.all()).exclude(person_id=person.pk).exists()
