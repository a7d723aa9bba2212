"""The codes of the register in words, in the reader's language; a foreign code as it is."""

from django import template

from plenara.consultations.models import RoleName
from plenara.moderation import kinds
from plenara.moderation.models import Ground

register = template.Library()


@register.filter
def role_label(code: str) -> str:
    """Return a role's name."""
    return str(RoleName(code).label) if code in RoleName.values else code


@register.filter
def ground_label(code: str) -> str:
    """Return the ground of a refusal."""
    return str(Ground(code).label) if code in Ground.values else code


@register.filter
def reason_label(code: str) -> str:
    """Return a reason's short name."""
    return kinds.reason_label(code)
