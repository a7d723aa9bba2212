"""A participant's appeal against what was decided on one of their contributions."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from plenara.common.doors import MemberView
from plenara.common.refusals import AlreadyDone, Invalid
from plenara.consultations import shown
from plenara.contributions.member.own import mine_or_404
from plenara.moderation import actions, appeals, reasons, rules
from plenara.moderation.forms import AppealForm
from plenara.moderation.publishable import KINDS


class Appealing(MemberView):
    """What an appeal means, the decision it is against, and the author's words; or what became of it."""

    template_name = "moderation/appeal.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(request, mine_or_404(self.person, pk), AppealForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        contribution, form = mine_or_404(self.person, pk), AppealForm(request.POST)
        if not form.is_valid():
            return self.show(request, contribution, form, status=422)
        try:
            actions.appeal(
                actor=self.person,
                kind="contribution",
                pk=pk,
                decision_id=form.cleaned_data["decision"],
                text=form.cleaned_data["text"],
            )
        except (AlreadyDone, Invalid) as refused:
            form.add_error(refused.field, str(refused))
            return self.show(request, contribution, form, status=409 if isinstance(refused, AlreadyDone) else 422)
        messages.success(request, _("Your appeal has been received. You get one mail with the outcome."))
        return redirect("moderation:appeal", pk=pk)

    def show(self, request: HttpRequest, contribution: Any, form: AppealForm, status: int = 200) -> HttpResponse:
        standing = appeals.decision_on("contribution", contribution)
        # Of one that was upheld or taken back the decision stands no more; it is shown with its appeal all the same.
        appeal = appeals.last_of("contribution", contribution)
        if appeal and standing and appeal.decision_id != standing.pk:
            appeal = None
        decision = standing or (appeal.decision if appeal else None)
        context = {
            "form": form,
            "contribution": contribution,
            "consultation": contribution.consultation,
            "thread": contribution.thread,
            "base": shown.address(contribution.consultation),
            "edition": KINDS["contribution"].shown(KINDS["contribution"].latest_version(contribution)),
            "decision": decision,
            "reason_label": reasons.label(decision.reason) if decision and decision.reason else "",
            "reason_text": reasons.text(decision.reason) if decision and decision.reason else "",
            "appeal": appeal,
            "may_appeal": rules.may_appeal(self.person, standing, contribution),
            "until": appeals.last_day(decision, contribution.consultation) if decision else None,
            "nav_current": "my",
        }
        return self.page(request, context, status=status)
