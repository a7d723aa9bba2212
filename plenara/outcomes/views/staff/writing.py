"""Sections and paragraphs at the desk: write, edit, order and delete them."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from plenara.consultations.views.staff.details import number_of
from plenara.core.languages import missing
from plenara.core.refusals import ActionRefused, Answer, InvalidInput
from plenara.core.vocabulary import language_name
from plenara.documents.models import Kind, Paragraph, ParagraphText
from plenara.documents.queries.drafts import part_of
from plenara.documents.views.staff import paragraphs
from plenara.outcomes import actions, permissions
from plenara.outcomes.forms.outcomes import SectionForm
from plenara.outcomes.forms.paragraphs import ParagraphForm, PlaceForm
from plenara.outcomes.models import OutcomeParagraph, Section
from plenara.outcomes.queries.positions import Glance, glances, paragraph_states
from plenara.outcomes.queries.workbench import place_of
from plenara.outcomes.validation.contents import MOST_SECTIONS
from plenara.outcomes.views.staff.base import Adding, Editing, OutcomeView
from plenara.outcomes.views.staff.paragraphs import ParagraphView


class Arranging(OutcomeView):
    """A mixin for views for the people who arrange sections."""

    def may(self) -> Answer:
        return permissions.may_arrange(self.person, self.body)


class Sections(Arranging):
    """The sections in their order, with the progress of each."""

    template_name = "outcomes/desk/sections.html"

    def get(self, request: HttpRequest, **more: object) -> HttpResponse:
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

    def post(self, request: HttpRequest, **more: object) -> HttpResponse:
        section = self.outcome.sections.filter(pk=number_of(request, "section")).first()
        try:
            if section is None:
                messages.warning(request, _("This section has been deleted. You can add it again."))
            elif request.POST.get("do") == "delete":
                actions.delete_section(actor=self.person, section=section)
                self.say(request, _("The section has been deleted."))
            else:
                moved = actions.move_section(actor=self.person, section=section, to=number_of(request, "to"))
                self.say(request, _("The section is now number %(number)d.") % {"number": moved.number})
        except ActionRefused as refused:
            messages.warning(request, str(refused))
        return redirect(self.address("sections"))


class NewSection(Arranging, Adding[SectionForm]):
    """Adding a section."""

    template_name = "outcomes/desk/section_form.html"

    def form(self, data: QueryDict | None = None) -> SectionForm:
        return SectionForm(data, outcome=self.outcome)

    def add(self, form: SectionForm) -> str:
        actions.add_section(actor=self.person, outcome=self.outcome, **form.arguments())
        self.say(self.request, _("The section has been added."))
        return self.address("sections")


class EditSection(Editing[SectionForm], Arranging):
    """A section's heading and guidance."""

    template_name = "outcomes/desk/section_form.html"
    edited = "outcome"
    row: Section | None

    def find(self) -> Answer:
        answer = super().find()
        found = self.outcome.sections.filter(pk=self.kwargs["section"]).first()
        if found is None and self.request.method != "POST":
            raise Http404
        self.row = found
        return answer

    def form(self, data: QueryDict | None = None) -> SectionForm:
        if self.row is None:
            raise InvalidInput(_("This section has been deleted. You can add it again."), "gone")
        return SectionForm(data, outcome=self.outcome, section=self.row)

    def save(self, form: SectionForm, stamp: int) -> str:
        assert self.row is not None
        self.row.outcome = self.outcome
        actions.edit_section(actor=self.person, section=self.row, stamp=stamp, **form.arguments())
        self.say(self.request, pgettext("option", "Saved."))
        return self.address("sections")

    def show(self, request: HttpRequest, form: SectionForm, status: int = 200, **more: object) -> HttpResponse:
        return super().show(request, form, status, section=self.row, **more)


class WritingView(paragraphs.WritingView, OutcomeView):
    """A view for the writers of the outcome."""

    has_sections = True

    def form(self, data: QueryDict | None = None, **initial: str) -> ParagraphForm:
        return ParagraphForm(data, initial=initial, sections=list(self.outcome.sections.all()), **self.spoken)

    def context(self, **more: object) -> dict[str, object]:
        return super().context(has_sections=self.has_sections, **more)


class NewParagraph(paragraphs.NewParagraph[ParagraphForm], WritingView):
    """Writing a paragraph at the end of the section that `section` names."""

    template_name = "outcomes/desk/write.html"
    to_cite = gettext_lazy("The paragraph has been added. Now choose the contributions or statements that it cites.")

    def initial(self, request: HttpRequest) -> dict[str, str]:
        asked, sections = request.GET.get("section", ""), self.outcome.sections
        section = sections.filter(slug=asked[:80]).first() or sections.first()
        self.has_sections = section is not None
        kind = str(Kind.FRAME) if request.GET.get("kind") == Kind.FRAME else ""
        return {"section": str(section.pk) if section else "", "kind": kind}

    def add(self, form: ParagraphForm) -> Paragraph:
        key = form.cleaned_data["key"] or None
        return actions.add_paragraph(actor=self.person, outcome=self.outcome, key=key, **form.values())

    def place(self, paragraph: Paragraph) -> str:
        return self.address("workbench") + place_of(paragraph)


class EditParagraph(paragraphs.EditParagraph[ParagraphForm], WritingView, ParagraphView):
    """Changing a paragraph's words, its kind, its heading or its section."""

    template_name = "outcomes/desk/write.html"
    deleted = gettext_lazy("Someone else deleted this paragraph while you were writing. You can add it again.")

    def initial(self) -> dict[str, object]:
        return {"section": str(self.paragraph.outcome_paragraph.section_id)}

    def save(self, form: ParagraphForm) -> None:
        was = form.cleaned_data["was"]
        actions.edit_paragraph(actor=self.person, paragraph=self.paragraph, was=was, **form.values())

    def shown(self, source: ParagraphText) -> dict[str, object]:
        return {"paragraph_state": paragraph_states(self.outcome, self.paragraph.pk)[self.paragraph.pk]}


class DeleteParagraph(paragraphs.DeleteParagraph, WritingView, ParagraphView):
    """Deleting a paragraph, after a confirmation."""

    template_name = "outcomes/desk/delete.html"

    def delete_paragraph(self, *, was: str, citations: int) -> None:
        actions.delete_paragraph(actor=self.person, paragraph=self.paragraph, was=was, citations=citations)


class Place(WritingView, ParagraphView):
    """Moving a paragraph to another section, or after another paragraph."""

    template_name = "outcomes/desk/place.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request, self.places())

    def places(self, data: QueryDict | None = None) -> PlaceForm:
        """Return the form with every place in the outcome, and the paragraph's own place chosen."""
        there: dict[int, list[tuple[int, str]]] = {}
        outcome_paragraphs = OutcomeParagraph.objects.filter(section__outcome=self.outcome).select_related("paragraph")
        chosen, last = "", 0
        for each in outcome_paragraphs.order_by("paragraph__number"):
            found = there.setdefault(each.section_id, [])
            if each.paragraph_id == self.paragraph.pk:
                last = found[-1][0] if found else 0
                chosen = f"{each.section_id}:{last or ''}"
            found.append((each.paragraph_id, part_of(self.document, each.paragraph)))
        sections: list[tuple[Section, list[tuple[int, str]]]] = [
            (each, there.get(each.pk, [])) for each in self.outcome.sections.all()
        ]
        return PlaceForm(data, paragraph=self.paragraph, places=sections, initial={"place": chosen})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.places(request.POST)

        def move() -> None:
            section, _colon, after = form.cleaned_data["place"].partition(":")
            if not section:
                return
            actions.move_paragraph(
                actor=self.person,
                paragraph=self.paragraph,
                section=self.outcome.sections.get(pk=int(section)),
                after=self.document.paragraphs.get(pk=int(after)) if after else None,
            )

        if self.attempt(request, form, move):
            self.say(request, _("The paragraph has been moved."))
            self.paragraph.refresh_from_db(fields=["number"])
            return redirect(self.address("workbench") + place_of(self.paragraph))
        return self.show(request, form)

    def show(self, request: HttpRequest, form: PlaceForm) -> HttpResponse:
        return self.page(request, self.paragraph_context(form=form, text=self.source()), status=self.status)
