"""What a member holds of a paragraph, and the chair's declaration: of one paragraph, and of many at once."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.core.refusals import Answer
from plenara.documents.models import Paragraph
from plenara.outcomes import actions, rules
from plenara.outcomes.forms.paragraphs import ObjectionForm
from plenara.outcomes.staff.base import OutcomeView
from plenara.outcomes.staff.bench import bench_of
from plenara.outcomes.staff.paragraphs import ParagraphPage
from plenara.outcomes.staff.workbench import number_in
from plenara.outcomes.states import takes_positions


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


class AgreeWithMany(OutcomeView):
    """The paragraphs that a member has not spoken of, or that a chair can declare agreed, with a box beside each."""

    template_name = "outcomes/desk/agree_many.html"

    def may(self) -> Answer:
        return rules.may_take_position(self.person, self.body) or rules.may_declare(self.person, self.body)

    @property
    def decides(self) -> bool:
        """Whether the person agrees and objects."""
        return bool(rules.may_take_position(self.person, self.body))

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request, forms.Form())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = forms.Form(request.POST)
        declares = request.POST.get("act") == "declare"
        chosen = self.chosen(request.POST.getlist("shown" if "all" in request.POST else "chosen"))
        done = 0

        def act() -> None:
            nonlocal done
            many = actions.declare_many_agreed if declares else actions.agree_with_many
            done = many(actor=self.person, chosen=chosen)

        if not self.attempt(request, form, act):
            return self.show(request, form)
        if declares:
            said = ngettext(
                "%(count)d paragraph is declared agreed.", "%(count)d paragraphs are declared agreed.", done
            )
        else:
            said = ngettext("You agree with %(count)d paragraph.", "You agree with %(count)d paragraphs.", done)
        self.say(request, said % {"count": done})
        if left := len(chosen) - done:
            self.say(
                request,
                ngettext(
                    "%(count)d paragraph was left out: its words changed, or a member objects to it.",
                    "%(count)d paragraphs were left out: their words changed, or members object to them.",
                    left,
                )
                % {"count": left},
            )
        return redirect(self.address("agree_with_many"))

    def chosen(self, written: list[str]) -> list[tuple[Paragraph, str]]:
        """Return the paragraphs that boxes name, each with the digest of the words that were shown."""
        pairs = [each.partition(":") for each in dict.fromkeys(written)]
        known = {each.pk: each for each in self.document.paragraphs.select_related("document")}
        return [(known[number_in(pk)], was) for pk, _colon, was in pairs if number_in(pk) in known]

    def show(self, request: HttpRequest, form: forms.Form) -> HttpResponse:
        page = number_in(request.GET.get("page"))
        bench = bench_of(self.outcome, self.person, show="undecided" if self.decides else "open", page=page)
        return self.page(
            request,
            self.context(
                form=form,
                bench=bench,
                decides=self.decides,
                may_declare=bool(rules.may_declare(self.person, self.body)),
                takes_positions=takes_positions(self.document.state),
            ),
            status=self.status,
        )
