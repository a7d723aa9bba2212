"""Who holds a role in a consultation and can act: whom letters about summaries are addressed to."""

from plenara.consultations.models import Consultation, Role


def people(consultation: Consultation, role: str) -> list[tuple[int, str]]:
    """Return (person id, language of the role) in the order in which the roles were granted. One query."""
    roles = Role.objects.filter(consultation=consultation, name=role, person__is_active=True, person__suspended_at=None)
    return list(roles.order_by("pk").values_list("person_id", "language"))
