"""What waits to be translated: a list across all consultations of a person."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from plenara.common.doors import StaffView
from plenara.common.refusals import Answer
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
            "is_empty": not found,
            "crumbs": [(_("Desk"), reverse("desk"), "")],
            "nav_current": "desk",
        }
        return self.page(request, context)
