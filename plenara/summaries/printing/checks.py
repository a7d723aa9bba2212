"""What a conference pack may be about."""

from django.utils.translation import gettext as _

from plenara.consultations.models import Consultation
from plenara.core.refusals import Answer, No
from plenara.documents.models import DocumentEdition
from plenara.summaries.kind import NAME


def something_published(consultation: Consultation) -> Answer:
    """There is a summary in force."""
    return DocumentEdition.objects.filter(consultation=consultation, kind=NAME, in_force=True).exists() or No(
        _("No summary is published yet, so there is nothing to put into a pack."), "empty"
    )


def in_force_here(edition: DocumentEdition | None, consultation: Consultation) -> Answer:
    """The summary chosen is one of this consultation, and stands."""
    is_one = edition is None or (
        edition.consultation_id == consultation.pk and edition.kind == NAME and edition.in_force
    )
    return is_one or No(_("Choose a summary that is in force."), "choose", "about")
