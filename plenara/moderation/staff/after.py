"""What is decided after publication: removing, restoring."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from plenara.common.doors import StaffView
from plenara.common.refusals import Invalid, Refused
from plenara.consultations.models import Consultation
from plenara.contributions.models import Contribution, State
from plenara.moderation import actions, rules
from plenara.moderation.forms import DecisionForm
from plenara.moderation.publishable import KINDS


class AfterPublication(StaffView):
    """Removing a published contribution, or restoring a removed one."""

    template_name = "moderation/after.html"

    def allowed(self, slug: str, number: int) -> Any:
        consultation = get_object_or_404(Consultation, slug=slug)
        if consultation.pk not in rules.moderated_by(self.person):
            raise Http404
        self.thing = get_object_or_404(
            Contribution.objects.select_related("thread", "consultation", "author"),
            consultation=consultation,
            number=number,
        )
        return rules.may_decide(self.person, self.thing)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.show(request, DecisionForm(threads=None, before=False))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = DecisionForm(request.POST, threads=None, before=False)
        form.is_valid()
        values = {name: form.cleaned_data.get(name, "") for name in ("reason", "sentence")}
        try:
            if self.thing.state == State.REMOVED:
                actions.restore(actor=self.person, kind="contribution", pk=self.thing.pk, sentence=values["sentence"])
            else:
                actions.remove(actor=self.person, kind="contribution", pk=self.thing.pk, **values)
        except Invalid as refused:
            form.add_error(refused.field, str(refused))
            return self.show(request, form, status=422)
        except Refused as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(request, _("Done. The author is told."))
        return redirect("moderation:after", **kwargs)

    def show(self, request: HttpRequest, form: DecisionForm, status: int = 200) -> HttpResponse:
        version = self.thing.versions.select_related("text", "byline").latest("number")
        context = {
            "form": form,
            "contribution": self.thing,
            "consultation": self.thing.consultation,
            "thread": self.thing.thread,
            "edition": KINDS["contribution"].shown(version),
            "nav_current": "desk",
            "is_removed": self.thing.state == State.REMOVED,
            "can": self.thing.state in {State.PUBLISHED, State.REMOVED},
        }
        return self.page(request, context, status=status)
