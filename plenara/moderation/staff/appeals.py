"""An appeal at the desk: the text, the decision on it, the author's words; upheld or overruled by somebody else."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from plenara.core.languages import current
from plenara.core.refusals import Invalid, Refused, require_valid
from plenara.core.text import clean, digest
from plenara.moderation import actions, appeals, checks, letters, reasons, rules
from plenara.moderation.forms import AppealDecisionForm
from plenara.moderation.models import Appeal, Item
from plenara.moderation.publishable import KINDS
from plenara.moderation.staff.beside import Subject, marked, parts
from plenara.moderation.staff.claiming import lease
from plenara.moderation.staff.looking import WithinQueue


class AppealDesk(WithinQueue):
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
        return rules.may_read_aside(self.person, self.thing)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(request, self.form())

    def form(self, data: Any = None) -> AppealDecisionForm:
        return AppealDecisionForm(data, kind=KINDS[self.appeal.decision.kind])

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(request, form, status=422)
        values = {**form.cleaned_data, "answer_language": form.cleaned_data["answer_language"] or current()}
        try:
            if "take_over" in request.POST:
                return self.take_over(request, form)
            letter = self.letter(**values)
            if request.POST.get("shown") != digest(letter):
                return self.show(request, form, letter=letter, changed="shown" in request.POST)
            decided = actions.decide_appeal(actor=self.person, appeal_id=pk, **values)
        except Invalid as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            return self.show(request, form, status=422)
        except Refused as refused:
            if self.has_decided(values["outcome"]):
                return self.onward()  # a double click
            messages.warning(request, str(refused))
            return redirect(reverse("moderation:appeal_desk", args=[pk]) + self.within)
        is_upheld = decided.status == Appeal.Status.UPHELD
        messages.success(
            request,
            str(KINDS[decided.decision.kind].says["upheld"])
            if is_upheld
            else _("The appeal is overruled and the decision stands. The author is told."),
        )
        return self.onward()

    def has_decided(self, outcome: str) -> bool:
        """Say whether the same person has decided so already."""
        return Appeal.objects.filter(pk=self.appeal.pk, status=outcome, decided_by=self.person).exists()

    def take_over(self, request: HttpRequest, form: AppealDecisionForm) -> HttpResponse:
        """Let what another has open be one's own, and keep what was typed."""
        if item := self.item():
            actions.take_over(actor=self.person, item=item)
        return self.show(request, form)

    def item(self) -> Item | None:
        return Item.objects.filter(appeal=self.appeal).first()

    def letter(self, outcome: str, answer: str, answer_language: str) -> str:
        """Return what the author will read. Raises `Invalid` for what cannot be decided."""
        require_valid(*checks.appeal_decision_fits(outcome, clean(answer), answer_language))
        proposed = Appeal(status=outcome, answer=clean(answer), answer_language=answer_language)
        language = self.thing.author.language if self.thing.author else current()
        return f"{letters.appeal_letter(proposed, self.thing, language)}\n\n{clean(answer)}"

    def show(
        self, request: HttpRequest, form: AppealDecisionForm, *, status: int = 200, letter: str = "", **more: Any
    ) -> HttpResponse:
        decision, thing = self.appeal.decision, self.thing
        kind = KINDS[decision.kind]
        version = appeals.version_of(decision, thing) or kind.latest_version(thing)
        item = self.item()
        context: dict[str, Any] = {
            "form": form,
            "kind": kind,
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
            "letter": letter,
            "letter_language": thing.author.language if thing.author else current(),
            "digest": digest(letter) if letter else "",
            "nav_current": "desk",
            **lease(request, self.person, item),
            **more,
        }
        context["marked"] = marked(context["parts"])
        return self.page(request, context, status=status)
