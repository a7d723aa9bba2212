"""The working-day clock in the templates."""

import datetime

from django import template

from plenara.consultations import working_time
from plenara.consultations.models import Consultation
from plenara.consultations.presenters.wording import LocalMoment, moment
from plenara.core import clock

register = template.Library()


@register.filter
def working_days_in_words(consultation: Consultation) -> str:
    """Return which days and hours count towards a promise in working days."""
    return working_time.in_words(consultation)


@register.filter
def decision_due(consultation: Consultation, since: datetime.datetime | None = None) -> LocalMoment | None:
    """Return when a decision is due on what came at a moment (default: now); nothing if that has passed."""
    due = working_time.due(consultation, since or clock.now())
    return moment(due, consultation.timezone) if due and due > clock.now() else None
