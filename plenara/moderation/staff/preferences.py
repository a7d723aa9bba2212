"""How a moderator works: their languages, and the mails about what waits."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from plenara.core.refusals import Invalid
from plenara.core.views import StaffView
from plenara.moderation import actions, queue, rules
from plenara.moderation.queue_forms import PreferenceForm


class Preferences(StaffView):
    """The languages that one reads, and when one is told by mail what waits."""

    template_name = "moderation/preferences.html"

    def allowed(self, **kwargs: Any) -> Any:
        return rules.may_open_queue(self.person)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request, PreferenceForm.of(queue.preference_of(self.person), queue.languages_of(self.person)))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PreferenceForm(request.POST, languages=queue.languages_of(self.person))
        if not form.is_valid():
            return self.show(request, form, status=422)
        try:
            actions.set_preference(actor=self.person, **form.cleaned_data)
        except Invalid as refused:
            form.add_error(refused.field, str(refused))
            return self.show(request, form, status=422)
        messages.success(request, _("Your preferences are kept."))
        return redirect("moderation:queue")

    def show(self, request: HttpRequest, form: PreferenceForm, status: int = 200) -> HttpResponse:
        return self.page(request, {"form": form, "nav_current": "desk"}, status=status)
