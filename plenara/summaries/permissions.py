"""Permissions: summaries and conference packs. Those for statements and translations are in `documents.permissions`."""

from django.utils.translation import gettext as _

from plenara.accounts.models import Person
from plenara.consultations.models import Consultation, RoleName
from plenara.consultations.permissions import has_role, may_report, may_work_in
from plenara.core.refusals import Answer, Denied
from plenara.summaries.models import Summary


def may_make_packs(person: Person, consultation: Consultation) -> Answer:
    """An organizer or a rapporteur of the consultation."""
    return has_role(person, consultation, RoleName.ORGANIZER, RoleName.RAPPORTEUR) or Denied(
        _("Only an organizer or a rapporteur of this consultation can ask for a conference pack.")
    )


def may_download_packs(person: Person, consultation: Consultation) -> Answer:
    """Anybody with a role in the consultation: a pack has only public data."""
    return may_work_in(person, consultation)


def may_see_summaries(person: Person, consultation: Consultation) -> Answer:
    """On the working side: rapporteurs, organizers and translators of the consultation."""
    return has_role(person, consultation, RoleName.RAPPORTEUR, RoleName.ORGANIZER, RoleName.TRANSLATOR) or Denied(
        _("Only rapporteurs, organizers and translators of this consultation can see its summaries in preparation.")
    )


def may_begin(person: Person, consultation: Consultation) -> Answer:
    """A rapporteur of the consultation."""
    return may_report(person, consultation)


def may_set_aside(person: Person, summary: Summary) -> Answer:
    """A rapporteur of the consultation. Also for the period and the read marks."""
    return may_report(person, summary.consultation)


def may_group(person: Person, summary: Summary) -> Answer:
    """A rapporteur of the consultation, who may request and change groups."""
    return may_report(person, summary.consultation)
