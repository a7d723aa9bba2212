"""Personal data in conference packs."""

from django.utils.translation import gettext_lazy as _

from plenara.accounts.models import Person
from plenara.accounts.personal_data.export import Purpose, Rows, exports
from plenara.summaries.models import Pack


@exports("packs", _("Conference packs that you asked for"), of=["summaries.Pack.asked_by"], purpose=Purpose.WORK)
def packs(person: Person) -> Rows:
    """Yield the packs that the person requested."""
    for each in Pack.objects.filter(asked_by=person).select_related("consultation", "edition").order_by("pk"):
        yield {
            "consultation": each.consultation.slug,
            "about": each.edition.symbol if each.edition else "compilation",
            "state": each.state,
            "at": each.asked_at,
        }
