"""A participant's appeal against what was decided on something they sent: a contribution, or another kind."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from plenara.consultations import shown
from plenara.core.languages import current
from plenara.core.refusals import AlreadyDone, Invalid
from plenara.core.views import MemberView
from plenara.moderation import actions, appeals, reasons, rules
from plenara.moderation.forms import AppealForm
from plenara.moderation.publishable import KINDS


class Appealing(MemberView):
    """What an appeal means, the decision it is against, and the author's words; or what became of it."""

    template_name = "moderation/appeal.html"

    def get(self, request: HttpRequest, pk: int, kind: str = "contribution") -> HttpResponse:
        return self.show(request, self.mine_or_404(kind, pk), AppealForm())

    def mine_or_404(self, kind: str, pk: int) -> Any:
        """Return what the person sent; to anybody else it is not there."""
        found = KINDS[kind].find(pk) if kind in KINDS else None
        if found is None or found.author_id != self.person.pk:
            raise Http404
        return found

    def post(self, request: HttpRequest, pk: int, kind: str = "contribution") -> HttpResponse:
        thing, form = self.mine_or_404(kind, pk), AppealForm(request.POST)
        if not form.is_valid():
            return self.show(request, thing, form, status=422)
        try:
            actions.appeal(
                actor=self.person,
                kind=kind,
                pk=pk,
                decision_id=form.cleaned_data["decision"],
                text=form.cleaned_data["text"],
            )
        except (AlreadyDone, Invalid) as refused:
            form.add_error(refused.field, str(refused))
            return self.show(request, thing, form, status=409 if isinstance(refused, AlreadyDone) else 422)
        messages.success(request, _("Your appeal has been received. You get one mail with the outcome."))
        return redirect(KINDS[kind].appeal_path(thing, current()))

    def show(self, request: HttpRequest, thing: Any, form: AppealForm, status: int = 200) -> HttpResponse:
        publishable = KINDS[thing.kind]
        standing = appeals.decision_on(thing.kind, thing)
        # Of one that was upheld or taken back the decision stands no more; it is shown with its appeal all the same.
        appeal = appeals.last_of(thing.kind, thing)
        if appeal and standing and appeal.decision_id != standing.pk:
            appeal = None
        decision = standing or (appeal.decision if appeal else None)
        context = {
            "form": form,
            "kind": publishable,
            "contribution": thing,
            "mine": publishable.mine_path(thing, current()),
            "consultation": thing.consultation,
            "thread": thing.thread,
            "base": shown.address(thing.consultation),
            "edition": publishable.shown(publishable.latest_version(thing)),
            "decision": decision,
            "reason_label": reasons.label(decision.reason) if decision and decision.reason else "",
            "reason_text": reasons.text(decision.reason) if decision and decision.reason else "",
            "appeal": appeal,
            "may_appeal": rules.may_appeal(self.person, standing, thing),
            "until": appeals.last_day(decision, thing.consultation) if decision else None,
            "nav_current": "my",
        }
        return self.page(request, context, status=status)
