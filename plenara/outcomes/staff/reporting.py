"""What a meeting decided, and its report, at the desk."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from plenara.core.refusals import Answer
from plenara.outcomes import actions
from plenara.outcomes.forms.meetings import DecisionForm, ReportForm
from plenara.outcomes.models import MeetingDecision, Outcome
from plenara.outcomes.staff.editing import Editing
from plenara.outcomes.staff.meetings import KeptMeeting


class Report(Editing, KeptMeeting):
    """The report, kept for those who work here or shown to everybody."""

    template_name = "outcomes/desk/meeting_report.html"

    def form(self, data: Any = None) -> ReportForm:
        return ReportForm(data, dossier=self.dossier)

    def about(self) -> tuple[str, int]:
        return "dossier", self.dossier.pk

    def again(self) -> None:
        self.find()

    def save(self, form: ReportForm, stamp: int) -> str:
        kept = actions.write_report(actor=self.person, dossier=self.dossier, stamp=stamp, **form.said())
        self.say(self.request, _("The report is public.") if kept.reported_at else _("Saved."))
        return self.address("meeting")


class DecisionView(KeptMeeting):
    """A view to a decision. Not one itself."""

    def outcomes(self) -> list[Outcome]:
        """Return the outcomes of the body of which a version is published."""
        found = self.body.outcomes.filter(editions__edition__in_force=True).select_related("document")
        return list(found.distinct().order_by("pk"))


class NewDecision(DecisionView):
    """Writing down a decision."""

    template_name = "outcomes/desk/decision_form.html"

    def get(self, request: HttpRequest, **more: Any) -> HttpResponse:
        return self.show(request, self.form(self.kept(request)))

    def post(self, request: HttpRequest, **more: Any) -> HttpResponse:
        form, made = self.form(request.POST), list[MeetingDecision]()

        def write() -> None:
            made.append(actions.write_decision(actor=self.person, dossier=self.dossier, **form.said()))

        if self.attempt(request, form, write):
            self.say(request, _("It is decision %(number)d.") % {"number": made[0].number})
            return redirect(f"{self.address('meeting')}#decisions")
        return self.show(request, form)

    def form(self, data: Any = None) -> DecisionForm:
        """Return the form."""
        return DecisionForm(data, dossier=self.dossier, outcomes=self.outcomes())

    def show(self, request: HttpRequest, form: DecisionForm) -> HttpResponse:
        return self.page(request, self.context(form=form), status=self.status)


class EditDecision(Editing, DecisionView):
    """Correcting a decision; its number stays."""

    template_name = "outcomes/desk/decision_form.html"
    decision: MeetingDecision

    def allowed(self, slug: str = "", *, decision: int = 0, **more: Any) -> Answer:
        self.decision_number = decision
        return super().allowed(slug, **more)

    def find(self) -> Answer:
        answer = super().find()
        found = self.dossier.decisions.filter(number=self.decision_number).first()
        if found is None:
            raise Http404
        self.decision = found
        return answer

    def form(self, data: Any = None) -> DecisionForm:
        return DecisionForm(data, dossier=self.dossier, outcomes=self.outcomes(), decision=self.decision)

    def about(self) -> tuple[str, int]:
        return "dossier", self.dossier.pk

    def again(self) -> None:
        self.find()

    def save(self, form: DecisionForm, stamp: int) -> str:
        self.decision.dossier = self.dossier
        actions.edit_decision(actor=self.person, decision=self.decision, stamp=stamp, **form.said())
        self.say(self.request, _("Saved."))
        return f"{self.address('meeting')}#decisions"

    def show(self, request: HttpRequest, form: Any, status: int = 200, **more: Any) -> HttpResponse:
        return super().show(request, form, status, decision=self.decision, **more)
