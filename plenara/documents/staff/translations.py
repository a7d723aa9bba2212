"""What waits to be translated: a list across all consultations of a person."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from plenara.consultations.models import Consultation
from plenara.consultations.own_texts import left_for
from plenara.consultations.rules import roles_of
from plenara.core.refusals import Answer
from plenara.core.views import StaffView
from plenara.documents import rules
from plenara.documents.translations import translations_waiting


class Translations(StaffView):
    """Documents that are not there yet in a language: what is left, until when, and who translates."""

    template_name = "documents/desk/translations.html"

    def allowed(self) -> Answer:
        return rules.may_see_translations(self.person)

    def get(self, request: HttpRequest) -> HttpResponse:
        found = translations_waiting(self.person)
        settled = [each for each in found if each.is_settled]
        context = {
            "parts": [
                ("mine", [each for each in settled if each.is_mine]),
                ("others", [each for each in settled if not each.is_mine]),
                ("unsettled", [each for each in found if not each.is_settled]),
            ],
            "texts": (texts := left_for(self.person, own_consultations(self.person))),
            "is_empty": not found and not texts,
            "crumbs": [(_("Desk"), reverse("desk"), "")],
            "nav_current": "desk",
        }
        return self.page(request, context)


def own_consultations(person: Any) -> list[Consultation]:
    """Return the consultations in which a person has a role, the newest first. One query."""
    return list(Consultation.objects.filter(pk__in={where for where, _n, _l in roles_of(person)}).order_by("-pk"))
