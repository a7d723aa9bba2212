"""One body at the desk: its page, its details, showing it; its outcomes begun and set."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from plenara.core.refusals import Answer, Invalid
from plenara.outcomes import actions, rules
from plenara.outcomes.desk_shown import outcome_rows
from plenara.outcomes.forms.bodies import BodyForm
from plenara.outcomes.forms.outcomes import NewOutcomeForm, SettingsForm
from plenara.outcomes.members import shown as shown_members
from plenara.outcomes.staff.base import BodyView, OutcomeView
from plenara.outcomes.staff.editing import Editing


class BodyPage(BodyView):
    """A body: its mandate, its members, what it writes and how far that is, its meetings."""

    template_name = "outcomes/desk/body.html"

    def get(self, request: HttpRequest, **more: Any) -> HttpResponse:
        members = shown_members(self.body)
        return self.page(
            request,
            self.context(
                rows=outcome_rows([self.body]),
                members=[each for each in members if each.is_present],
                former=[each for each in members if not each.is_present],
                me=rules.member_of(self.person, self.body),
            ),
        )


class EditBody(Editing):
    """Its name, mandate and days."""

    template_name = "outcomes/desk/body_form.html"

    def may(self) -> Answer:
        return rules.may_keep_body(self.person, self.body)

    def form(self, data: Any = None) -> BodyForm:
        return BodyForm(data, body=self.body)

    def about(self) -> tuple[str, int]:
        return "body", self.body.pk

    def save(self, form: BodyForm, stamp: int) -> str:
        actions.edit_body(actor=self.person, body=self.body, stamp=stamp, **form.said())
        self.say(self.request, _("Saved, and public.") if self.body.is_public else _("Saved."))
        return self.body_address("desk_body")


class PublishBody(BodyView):
    """Shows a body's page to everybody."""

    http_method_names = ["post"]

    def may(self) -> Answer:
        return rules.may_keep_body(self.person, self.body)

    def post(self, request: HttpRequest, **more: Any) -> HttpResponse:
        actions.publish_body(actor=self.person, body=self.body)
        self.say(request, _("Everybody can read its page now."))
        return redirect(self.body_address("desk_body"))


class NewOutcome(BodyView):
    """Beginning an outcome."""

    template_name = "outcomes/desk/outcome_form.html"

    def may(self) -> Answer:
        return rules.may_keep_body(self.person, self.body)

    def get(self, request: HttpRequest, **more: Any) -> HttpResponse:
        return self.show(request, NewOutcomeForm(self.kept(request), body=self.body))

    def post(self, request: HttpRequest, **more: Any) -> HttpResponse:
        form = NewOutcomeForm(request.POST, body=self.body)
        if form.is_valid():
            try:
                outcome = actions.make_outcome(actor=self.person, body=self.body, **form.said())
            except Invalid as refused:
                form.put(refused)
            else:
                messages.success(request, _("It is begun. Its first paragraphs can be written."))
                return redirect("outcomes:workbench", body=self.body.slug, outcome=outcome.slug)
        return self.show(request, form, status=422)

    def show(self, request: HttpRequest, form: NewOutcomeForm, status: int = 200) -> HttpResponse:
        return self.page(request, self.context(form=form), status=status)


class Settings(Editing, OutcomeView):
    """What an outcome is called, where it stands and what it answers."""

    template_name = "outcomes/desk/outcome_form.html"

    def may(self) -> Answer:
        return rules.may_keep_body(self.person, self.body)

    def form(self, data: Any = None) -> SettingsForm:
        return SettingsForm(data, outcome=self.outcome)

    def about(self) -> tuple[str, int]:
        return "outcome", self.outcome.pk

    def again(self) -> None:
        self.find()

    def save(self, form: SettingsForm, stamp: int) -> str:
        saved = actions.edit_outcome(actor=self.person, outcome=self.outcome, stamp=stamp, **form.said())
        self.say(self.request, _("Saved."))
        return self.body_address("settings", saved.slug)
