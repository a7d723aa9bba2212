"""Who may: summaries. What is done to one's statements and translations is ruled by `documents.rules`."""

from typing import Any

from django.utils.translation import gettext as _

from plenara.consultations.models import Consultation, RoleName
from plenara.consultations.rules import has_role, may_report
from plenara.core.refusals import Answer, No
from plenara.summaries.models import Summary


def may_see_summaries(person: Any, consultation: Consultation) -> Answer:
    """On the working side: rapporteurs, organizers and translators of the consultation."""
    return has_role(person, consultation, RoleName.RAPPORTEUR, RoleName.ORGANIZER, RoleName.TRANSLATOR) or No(
        _("Only rapporteurs, organizers and translators of this consultation can see its summaries in the making.")
    )


def may_begin(person: Any, consultation: Consultation) -> Answer:
    """A rapporteur of the consultation."""
    return may_report(person, consultation)


def may_set_aside(person: Any, summary: Summary) -> Answer:
    """A rapporteur of the consultation; also the period, and what was read for it."""
    return may_report(person, summary.consultation)


def may_group(person: Any, summary: Summary) -> Answer:
    """A rapporteur of the consultation: ask for groups of its contributions, and change them."""
    return may_report(person, summary.consultation)
