"""What the page of figures says of itself to machines (`common.describing`)."""

from django.conf import settings
from django.utils.translation import gettext as _

from plenara.consultations.describing import describe_part
from plenara.consultations.models import Consultation
from plenara.core.describing import Description
from plenara.core.languages import current

#: The other forms of the page, below its address.
FORMS = (("figures.csv", "text/csv"), ("figures.json", "application/json"), ("days.svg", "image/svg+xml"))


def address(consultation: Consultation) -> str:
    """Return the absolute address of the page, in the active language."""
    return f"{settings.SITE_URL}/{current()}/consultations/{consultation.slug}/figures/"


def describe_figures(consultation: Consultation) -> Description:
    """Describe the page: a set of data. One query."""
    page = address(consultation)
    forms = [(f"{page}{form}", kind) for form, kind in FORMS]
    return describe_part(consultation, page.removesuffix("figures/"), page, _("Figures"), forms)
