"""The working-day clock in the templates."""

from django import template

from plenara.consultations import working_time
from plenara.consultations.models import Consultation

register = template.Library()


@register.filter
def working_days_in_words(consultation: Consultation) -> str:
    """Return which days and hours count towards a promise in working days."""
    return working_time.in_words(consultation)
