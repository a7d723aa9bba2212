"""The sections of an outcome: added, worded in six languages, ordered, deleted while they are empty."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from plenara.consultations.staff.editing import number_of
from plenara.core.languages import missing
from plenara.core.refusals import Answer, Invalid, Refused
from plenara.core.vocabulary import language_name
from plenara.outcomes import actions, rules
from plenara.outcomes.checks import MOST_SECTIONS
from plenara.outcomes.forms.outcomes import SectionForm
from plenara.outcomes.glance import Glance, glances
from plenara.outcomes.models import Section
from plenara.outcomes.staff.base import OutcomeView
from plenara.outcomes.staff.editing import Editing


class Arranging(OutcomeView):
    """A view for who arranges sections. Not one itself."""

    def may(self) -> Answer:
        return rules.may_arrange(self.person, self.body)


class Sections(Arranging):
    """The sections in their order, with how far each is."""

    template_name = "outcomes/desk/sections.html"

    def get(self, request: HttpRequest, **more: Any) -> HttpResponse:
        seen = glances([self.outcome])[self.outcome.pk].sections
        sections = list(self.outcome.sections.all())
        rows = [
            {
                "section": each,
                "glance": seen.get(each.pk, Glance()),
                "lacking": [language_name(code) for code in missing(each.title)],
                "up": each.number - 1 if each.number > 1 else 0,
                "down": each.number + 1 if each.number < len(sections) else 0,
            }
            for each in sections
        ]
        return self.page(request, self.context(rows=rows, is_full=len(sections) >= MOST_SECTIONS))

    def post(self, request: HttpRequest, **more: Any) -> HttpResponse:
        section = self.outcome.sections.filter(pk=number_of(request, "section")).first()
        try:
            if section is None:
                messages.warning(request, _("This section has been deleted meanwhile."))
            elif request.POST.get("do") == "delete":
                actions.delete_section(actor=self.person, section=section)
                self.say(request, _("The section is deleted."))
            else:
                moved = actions.move_section(actor=self.person, section=section, to=number_of(request, "to"))
                self.say(request, _("It is section %(number)d now.") % {"number": moved.number})
        except Refused as refused:
            messages.warning(request, str(refused))
        return redirect(self.address("sections"))


class NewSection(Arranging):
    """Adding a section."""

    template_name = "outcomes/desk/section_form.html"

    def get(self, request: HttpRequest, **more: Any) -> HttpResponse:
        return self.show(request, SectionForm(self.kept(request), outcome=self.outcome))

    def post(self, request: HttpRequest, **more: Any) -> HttpResponse:
        form = SectionForm(request.POST, outcome=self.outcome)
        if self.attempt(request, form, lambda: self.add(form)):
            self.say(request, _("The section is added."))
            return redirect(self.address("sections"))
        return self.show(request, form)

    def add(self, form: SectionForm) -> Section:
        return actions.add_section(actor=self.person, outcome=self.outcome, **form.said())

    def show(self, request: HttpRequest, form: SectionForm) -> HttpResponse:
        return self.page(request, self.context(form=form), status=self.status)


class EditSection(Editing, Arranging):
    """A section's heading and what belongs there."""

    template_name = "outcomes/desk/section_form.html"
    row: Section | None

    def allowed(self, slug: str = "", *, section: int = 0, **more: Any) -> Answer:
        self.section_pk = section
        return super().allowed(slug, **more)

    def find(self) -> Answer:
        answer = super().find()
        found = self.outcome.sections.filter(pk=self.section_pk).first()
        if found is None and self.request.method != "POST":
            raise Http404
        self.row = found
        return answer

    def form(self, data: Any = None) -> SectionForm:
        if self.row is None:
            raise Invalid(_("This section has been deleted meanwhile."), "gone")
        return SectionForm(data, outcome=self.outcome, section=self.row)

    def about(self) -> tuple[str, int]:
        return "outcome", self.outcome.pk

    def again(self) -> None:
        self.find()

    def save(self, form: SectionForm, stamp: int) -> str:
        assert self.row is not None
        self.row.outcome = self.outcome
        actions.edit_section(actor=self.person, section=self.row, stamp=stamp, **form.said())
        self.say(self.request, _("Saved."))
        return self.address("sections")

    def show(self, request: HttpRequest, form: Any, status: int = 200, **more: Any) -> HttpResponse:
        return super().show(request, form, status, section=self.row, **more)
