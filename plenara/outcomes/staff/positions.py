"""What a member holds of a paragraph, and the chair's declaration: buttons of the paragraph's page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from plenara.outcomes import actions, rules
from plenara.outcomes.forms.paragraphs import ObjectionForm
from plenara.outcomes.staff.paragraphs import ParagraphPage


class Hold(ParagraphPage):
    """Agreeing, objecting with a reason, or taking back what one held. A refusal shows the page with what was typed."""

    http_method_names = ["post"]

    def may(self) -> Any:
        return rules.may_take_position(self.person, self.body)

    def post(self, request: HttpRequest) -> HttpResponse:
        form, act = ObjectionForm(request.POST), request.POST.get("act", "")

        def hold() -> None:
            person, it, typed = self.person, self.paragraph, form.cleaned_data
            if act == "take_back":
                actions.take_back_position(actor=person, paragraph=it)
            elif act == "agree":
                actions.agree(actor=person, paragraph=it, was=typed["was"])
            else:
                actions.object_to(actor=person, paragraph=it, reason=typed["reason"], was=typed["was"])

        if self.attempt(request, form, hold):
            said = {"take_back": _("You hold nothing of it any more."), "agree": _("You agree.")}
            self.say(request, said.get(act, _("You object. It stands in brackets.")))
            return redirect(self.here("#standing"))
        return self.show(request, form)


class Declare(ParagraphPage):
    """Declaring a paragraph agreed, or opening it again: by the chair."""

    http_method_names = ["post"]

    def may(self) -> Any:
        return rules.may_declare(self.person, self.body)

    def post(self, request: HttpRequest) -> HttpResponse:
        form, again = ObjectionForm(request.POST), "open_again" in request.POST

        def declare() -> None:
            if again:
                actions.open_again(actor=self.person, paragraph=self.paragraph)
            else:
                actions.declare_agreed(actor=self.person, paragraph=self.paragraph, was=form.cleaned_data["was"])

        if self.attempt(request, form, declare):
            self.say(request, _("It is open again.") if again else _("It is declared agreed."))
            return redirect(self.here("#standing"))
        return self.show(request, form)
