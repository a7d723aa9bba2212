"""Writing a paragraph, changing it, deleting it, and where it stands."""

import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from plenara.core.languages import direction, html_code
from plenara.core.refusals import Refused
from plenara.documents import actions as document_actions
from plenara.documents import rules as document_rules
from plenara.documents.history import version_of
from plenara.documents.models import Kind, Paragraph
from plenara.documents.naming import part_of
from plenara.outcomes import actions
from plenara.outcomes.forms.paragraphs import ParagraphForm, PlaceForm
from plenara.outcomes.models import Section, Stand
from plenara.outcomes.staff.base import OutcomeView
from plenara.outcomes.staff.bench import place_of
from plenara.outcomes.staff.paragraphs import ParagraphView
from plenara.outcomes.staff.workbench import number_in
from plenara.outcomes.standing import standings_of


class WritingView(OutcomeView):
    """A view for those who write the outcome."""

    def may(self) -> Any:
        return document_rules.may_write(self.person, self.document)

    def form(self, data: Any = None, **initial: Any) -> ParagraphForm:
        code = self.document.source_language
        return ParagraphForm(
            data, initial=initial, language=html_code(code), direction=direction(code),
            sections=list(self.outcome.sections.all()),
        )  # fmt: skip


class NewParagraph(WritingView):
    """Writing a paragraph at the end of the section that `section` names."""

    template_name = "outcomes/desk/write.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = request.GET.get("section", "")
        section = self.outcome.sections.filter(slug=asked[:80]).first() or self.outcome.sections.first()
        form = self.form(
            self.kept(request),
            section=str(section.pk) if section else "",
            kind=Kind.FRAME if request.GET.get("kind") == Kind.FRAME else "",
            key=secrets.token_urlsafe(24),
        )
        return self.page(request, self.context(form=form, has_sections=section is not None))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST)
        made: list[Paragraph] = []

        def add() -> None:
            key = form.cleaned_data["key"] or None
            made.append(actions.add_paragraph(actor=self.person, outcome=self.outcome, key=key, **form.values()))

        if self.attempt(request, form, add):
            if made[0].kind == Kind.FRAME:
                self.say(request, _("Added."))
                return redirect(self.address("workbench") + place_of(made[0]))
            self.say(request, _("Added. Now choose what it cites."))
            return redirect(self.address("paragraph", made[0].pk) + "#cites")
        return self.page(request, self.context(form=form, has_sections=True), status=self.status)


class EditParagraph(WritingView, ParagraphView):
    """Changing a paragraph's words, its kind, its heading or its section."""

    template_name = "outcomes/desk/write.html"
    outlives = True

    def get(self, request: HttpRequest) -> HttpResponse:
        source = self.source()
        form = self.form(
            self.kept(request),
            section=str(self.paragraph.stand.section_id),
            kind=self.paragraph.kind,
            heading=source.heading,
            text=source.text,
            was=document_actions.stamp(self.paragraph, source),
        )
        return self.show(request, form)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST)
        if self.is_deleted:
            # Somebody deleted it meanwhile: what was typed is offered as a new one.
            form.is_valid()
            form.add_error(None, _("Somebody deleted this paragraph while you wrote. You can add it again."))
            again = self.context(form=form, deleted=True, has_sections=True, key=secrets.token_urlsafe(24))
            return self.page(request, again, status=409)

        def save() -> None:
            actions.edit_paragraph(
                actor=self.person, paragraph=self.paragraph, was=form.cleaned_data["was"], **form.values()
            )

        if self.attempt(request, form, save):
            self.say(request, _("Saved."))
            return redirect(self.here())
        return self.show(request, form)

    def show(self, request: HttpRequest, form: ParagraphForm) -> HttpResponse:
        source, opened = self.source(), None
        self.paragraph.refresh_from_db(fields=["kind", "number"])
        if self.conflict:
            # The next attempt is made on what the person has now seen.
            data = request.POST.copy()
            opened = version_of(self.document, self.paragraph.pk, data.get("was", ""))
            data["was"] = document_actions.stamp(self.paragraph, source)
            form.data = data
        return self.page(
            request,
            self.told(
                form=form,
                text=source,
                conflict=self.conflict,
                # What another changed is shown against what this form was opened on; else against what was typed.
                before=opened or {"text": form["text"].value() or ""},
                standing=standings_of(self.outcome, self.paragraph.pk)[self.paragraph.pk],
                has_sections=True,
            ),
            status=self.status,
        )


class DeleteParagraph(WritingView, ParagraphView):
    """Deleting a paragraph, after a question."""

    template_name = "outcomes/desk/delete.html"
    outlives = True

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request)

    def show(self, request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
        source = self.source()
        return self.page(
            request,
            self.told(
                text=source,
                was=document_actions.stamp(self.paragraph, source),
                citations=self.paragraph.citations.count() + self.paragraph.references.count(),
                refused=refused,
                changed=isinstance(refused, document_actions.ChangedMeanwhile),
            ),
            status=409 if refused else 200,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        if not self.is_deleted:
            try:
                actions.delete_paragraph(
                    actor=self.person,
                    paragraph=self.paragraph,
                    was=request.POST.get("was", "")[:64],
                    citations=number_in(request.POST.get("citations")),
                )
            except Refused as refused:
                return self.show(request, refused)
        self.say(request, _("Deleted."))
        return redirect(self.address("workbench") + "#paragraphs")


class Place(WritingView, ParagraphView):
    """Letting a paragraph stand in another section, or after another paragraph."""

    template_name = "outcomes/desk/place.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request, self.places())

    def places(self, data: Any = None) -> PlaceForm:
        """Return the form with every place of the outcome, and that of the paragraph chosen."""
        there: dict[int, list[tuple[int, str]]] = {}
        stands = Stand.objects.filter(section__outcome=self.outcome).select_related("paragraph")
        chosen, last = "", 0
        for each in stands.order_by("paragraph__number"):
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
            self.say(request, _("It stands there now."))
            self.paragraph.refresh_from_db(fields=["number"])
            return redirect(self.address("workbench") + place_of(self.paragraph))
        return self.show(request, form)

    def show(self, request: HttpRequest, form: PlaceForm) -> HttpResponse:
        return self.page(request, self.told(form=form, text=self.source()), status=self.status)
