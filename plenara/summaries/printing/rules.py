"""Who may: conference packs."""

from typing import Any

from django.utils.translation import gettext as _

from plenara.consultations.models import Consultation, RoleName
from plenara.consultations.rules import has_role, may_work_in
from plenara.core.refusals import Answer, No


def may_make_packs(person: Any, consultation: Consultation) -> Answer:
    """An organizer or a rapporteur of the consultation."""
    return has_role(person, consultation, RoleName.ORGANIZER, RoleName.RAPPORTEUR) or No(
        _("Only an organizer or a rapporteur of this consultation can have a conference pack made.")
    )


def may_download_packs(person: Any, consultation: Consultation) -> Answer:
    """Anybody with a role in the consultation: a pack holds nothing that is not public."""
    return may_work_in(person, consultation)
