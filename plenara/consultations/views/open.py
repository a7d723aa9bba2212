"""The view that stops e-mails by the link in each."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from plenara.consultations import actions
from plenara.consultations.emails import read_stop_token
from plenara.consultations.models import Pace
from plenara.core.views import OpenView


@method_decorator(csrf_exempt, name="dispatch")  # a mail program posts here without a form (RFC 8058)
class Unsubscribe(OpenView):
    """Shows a button that stops the e-mails of a pace; a POST stops them. Following the link alone changes nothing."""

    template_name = "consultations/unsubscribe.html"

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        _person_id, pace = self.named(token)
        return self.page(request, {"pace": Pace(pace).label, "done": False})

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        person_id, pace = self.named(token)
        actions.stop(person_id=person_id, pace=pace)
        return self.page(request, {"pace": Pace(pace).label, "done": True})

    def named(self, token: str) -> tuple[int, str]:
        found = read_stop_token(token)
        if found is None or found[1] not in Pace.values:
            raise Http404(_("This link is not complete. Copy the whole link from the e-mail."))
        return found
