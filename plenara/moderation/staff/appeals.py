"""An appeal at the desk: the text, the decision on it, the author's words; upheld or overruled by somebody else."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from plenara.common.doors import StaffView
from plenara.common.refusals import Invalid, No, Refused
from plenara.moderation import actions, appeals, queue, reasons, rules
from plenara.moderation.forms import AppealDecisionForm
from plenara.moderation.models import Appeal, Item
from plenara.moderation.publishable import KINDS
from plenara.moderation.staff.beside import Subject, parts


class AppealDesk(StaffView):
    """One appeal in full, with the decision that it is against."""

    template_name = "moderation/appeal_desk.html"

    appeal: Appeal
    thing: Any

    def allowed(self, pk: int) -> Any:
        found = Appeal.objects.select_related("decision__moderator", "decision__consultation", "decided_by")
        self.appeal = get_object_or_404(found, pk=pk)
        decision = self.appeal.decision
        self.thing = KINDS[decision.kind].find(decision.object_id or 0) if decision.kind in KINDS else None
        if self.thing is None or decision.consultation_id not in rules.moderated_by(self.person):
            raise Http404
        if self.thing.author_id == self.person.pk:
            return No(_("You wrote this yourself. Another moderator decides on it."), "own")
        return rules.may_open_queue(self.person)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(request, AppealDecisionForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = AppealDecisionForm(request.POST)
        if not form.is_valid():
            return self.show(request, form, status=422)
        try:
            decided = actions.decide_appeal(actor=self.person, appeal_id=pk, **form.cleaned_data)
        except Invalid as refused:
            form.add_error(refused.field, str(refused))
            return self.show(request, form, status=422)
        except Refused as refused:
            messages.warning(request, str(refused))
            return redirect("moderation:appeal_desk", pk=pk)
        is_upheld = decided.status == Appeal.Status.UPHELD
        messages.success(
            request,
            _("The appeal is upheld and the contribution is published. The author is told.")
            if is_upheld
            else _("The appeal is overruled and the decision stands. The author is told."),
        )
        following = queue.next_after(self.person)
        return redirect(following.url if following else "moderation:queue")

    def show(self, request: HttpRequest, form: AppealDecisionForm, status: int = 200) -> HttpResponse:
        decision, thing = self.appeal.decision, self.thing
        kind = KINDS[decision.kind]
        version = appeals.version_of(decision, thing) or kind.latest_version(thing)
        item = Item.objects.filter(appeal=self.appeal).first()
        context = {
            "form": form,
            "appeal": self.appeal,
            "decision": decision,
            "reason_label": reasons.label(decision.reason) if decision.reason else "",
            "contribution": thing,
            "consultation": thing.consultation,
            "thread": thing.thread,
            "version": version,
            "edition": kind.shown(version),
            "waits": self.appeal.status == Appeal.Status.PENDING,
            "may_decide": rules.may_decide_appeal(self.person, decision, thing),
            "parts": parts(Subject(self.person, decision.kind, thing, version, item)),
            "nav_current": "desk",
        }
        return self.page(request, context, status=status)
