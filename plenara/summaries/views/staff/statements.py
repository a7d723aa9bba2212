"""Statements at the desk: writing, moving, deleting, translating and commenting on them, and their history."""

import secrets
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from plenara.core.languages import direction, html_code
from plenara.core.refusals import ActionRefused, NotPermitted
from plenara.documents import actions as document_actions
from plenara.documents import permissions as document_rules
from plenara.documents.models import Citation, Kind, Paragraph
from plenara.documents.presenters.statements import sides_of
from plenara.documents.queries.history import version_of
from plenara.documents.views.staff import files, review, translation
from plenara.documents.views.staff.review import changes_by_others, comments_on
from plenara.summaries.forms import StatementForm
from plenara.summaries.views.staff.base import SummaryView


class NewComment(review.NewComment, SummaryView):
    """Commenting on a statement, or on the whole."""


class Resolve(review.Resolve, SummaryView):
    """Resolving one comment."""


class History(review.History, SummaryView):
    """The changes of a summary, newest first."""


class WritingView(SummaryView):
    """A view for those who write the summary."""

    def may(self) -> Any:
        return document_rules.may_write(self.person, self.document)

    def form(self, data: Any = None, **initial: Any) -> StatementForm:
        code = self.document.source_language
        return StatementForm(
            data,
            initial=initial,
            language=html_code(code),
            direction=direction(code),
            threads=list(self.consultation.threads.order_by("number")),
        )

    def paragraph(self, pk: int) -> Paragraph:
        """Return a statement of this summary."""
        return get_object_or_404(self.document.paragraphs.select_related("document"), pk=pk)


class NewStatement(WritingView):
    """Adding a statement at the end, or after the one that `after` names."""

    template_name = "summaries/desk/statement.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        form = self.form(
            self.kept(request),
            kind=request.GET.get("kind", ""),
            thread=request.GET.get("thread", ""),
            key=secrets.token_urlsafe(24),
        )
        return self.page(request, self.context(form=form))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST)
        made: list[Paragraph] = []

        def add() -> None:
            key = form.cleaned_data["key"] or None
            made.append(
                document_actions.add_paragraph(actor=self.person, document=self.document, key=key, **form.values())
            )

        if self.attempt(request, form, add):
            if made and made[0].kind != Kind.FRAME:
                self.say(request, _("Added. Now choose the words that it cites."))
                return redirect(self.address("statement", made[0].pk) + "#citations")
            self.say(request, _("Added."))
            return redirect(self.address("workbench") + "#statements")
        return self.page(request, self.context(form=form), status=self.status)


class EditStatement(WritingView):
    """One statement with its citations."""

    template_name = "summaries/desk/statement.html"

    def get(self, request: HttpRequest, statement: int) -> HttpResponse:
        paragraph = self.paragraph(statement)
        source = document_actions.source_of(paragraph, self.document)
        form = self.form(
            self.kept(request),
            kind=paragraph.kind,
            thread=str(paragraph.thread_id or ""),
            heading=source.heading,
            text=source.text,
            against=source.against,
            was=document_actions.stamp(paragraph, source),
        )
        return self.show(request, paragraph, form)

    def post(self, request: HttpRequest, statement: int) -> HttpResponse:
        paragraph = self.document.paragraphs.select_related("document").filter(pk=statement).first()
        form = self.form(request.POST)
        if paragraph is None:
            # Somebody deleted it meanwhile: what was typed is offered as a new one.
            form.is_valid()
            form.add_error(None, _("Somebody deleted this statement while you wrote. You can add it again."))
            return self.page(request, self.context(form=form, deleted=True, key=secrets.token_urlsafe(24)), status=409)

        def save() -> None:
            document_actions.edit_paragraph(
                actor=self.person, paragraph=paragraph, was=form.cleaned_data["was"], **form.values()
            )

        if self.attempt(request, form, save):
            self.say(request, _("Saved."))
            return redirect(self.address("workbench") + f"#s{self.document.paragraphs.get(pk=paragraph.pk).number}")
        return self.show(request, paragraph, form)

    def show(self, request: HttpRequest, paragraph: Paragraph, form: StatementForm) -> HttpResponse:
        paragraph = self.paragraph(paragraph.pk)
        source = document_actions.source_of(paragraph, self.document)
        opened = None
        if self.conflict:
            # The next attempt is made on what the person has now seen.
            data = request.POST.copy()
            opened = version_of(self.document, paragraph.pk, data.get("was", ""))
            data["was"] = document_actions.stamp(paragraph, source)
            form.data = data
        citations = list(paragraph.citations.select_related("edition__byline", "edition__text"))
        return self.page(
            request,
            self.context(
                form=form,
                paragraph=paragraph,
                text=source,
                conflict=self.conflict,
                # What another changed is shown against what this form was opened on; else against what was typed.
                before=opened or {"text": form["text"].value() or "", "against": form["against"].value() or ""},
                citations=citations,
                sides=sides_of(paragraph.kind, source, citations),
                was=document_actions.stamp(paragraph, source),
                meanwhile=changes_by_others(request, self.document, self.person, paragraph.pk),
                comments=comments_on(self.document, paragraph),
                numbers=range(1, self.document.paragraphs.count() + 1),
                is_frame=paragraph.kind == Kind.FRAME,
            ),
            status=self.status,
        )


class Move(WritingView):
    """Letting a statement stand at another number: `move` says which and where, as `id:number`."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        statement, _colon, to = request.POST.get("move", "").partition(":")
        if not (statement.isdecimal() and to.isdecimal() and len(statement) < 19 and len(to) < 9):
            raise Http404
        moved = document_actions.move_paragraph(actor=self.person, paragraph=self.paragraph(int(statement)), to=int(to))
        return redirect(self.address("workbench") + f"#s{moved.number}")


class DeleteStatement(WritingView):
    """Deleting a statement, after a question."""

    template_name = "summaries/desk/delete.html"

    def get(self, request: HttpRequest, statement: int) -> HttpResponse:
        paragraph = self.paragraph(statement)
        return self.show(request, paragraph)

    def show(self, request: HttpRequest, paragraph: Paragraph, refused: ActionRefused | None = None) -> HttpResponse:
        source = document_actions.source_of(paragraph, self.document)
        return self.page(
            request,
            self.context(
                paragraph=paragraph,
                text=source,
                was=document_actions.stamp(paragraph, source),
                citations=paragraph.citations.count(),
                refused=refused,
            ),
            status=409 if refused else 200,
        )

    def post(self, request: HttpRequest, statement: int) -> HttpResponse:
        paragraph = self.document.paragraphs.select_related("document").filter(pk=statement).first()
        if paragraph is not None:
            known = request.POST.get("citations", "")
            try:
                document_actions.delete_paragraph(
                    actor=self.person,
                    paragraph=paragraph,
                    was=request.POST.get("was", ""),
                    citations=int(known) if known.isdecimal() and len(known) < 9 else -1,
                )
            except document_actions.ChangedMeanwhile as refused:
                return self.show(request, paragraph, refused)
        self.say(request, _("Deleted."))
        return redirect(self.address("workbench") + "#statements")


class Accept(WritingView):
    """Accepting what a machine wrote, as it stands: `was` names the words that the person read."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, statement: int) -> HttpResponse:
        paragraph = self.paragraph(statement)
        try:
            document_actions.accept_paragraph(
                actor=self.person, paragraph=paragraph, was=request.POST.get("was", "")[:64]
            )
        except NotPermitted:
            raise
        except ActionRefused as refused:
            messages.warning(request, str(refused))
            return redirect(self.address("statement", paragraph.pk))
        self.say(request, _("Statement %(number)d is accepted.") % {"number": paragraph.number})
        return redirect(self.address("workbench") + f"#s{paragraph.number}")


class Turn(WritingView):
    """Letting a citation of a disagreement count for the other side."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, citation: int) -> HttpResponse:
        found = get_object_or_404(
            Citation.objects.select_related("paragraph__document", "edition"),
            pk=citation,
            paragraph__document=self.document,
        )
        document_actions.cite(
            actor=self.person,
            paragraph=found.paragraph,
            edition=found.edition,
            words=found.words,
            side=request.POST.get("side", "")[:20],
        )
        return redirect(self.address("statement", found.paragraph_id) + "#citations")


class Uncite(WritingView):
    """Taking a citation away."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, citation: int) -> HttpResponse:
        found = (
            Citation.objects.filter(pk=citation, paragraph__document=self.document)
            .select_related("paragraph__document")
            .first()
        )
        if found is None:
            return redirect(self.address("workbench") + "#statements")
        document_actions.uncite(actor=self.person, citation=found)
        self.say(request, _("The citation is taken away."))
        return redirect(self.address("statement", found.paragraph_id) + "#citations")


class Rendition(translation.RenditionDesk, SummaryView):
    """Statement by statement: the source, and the translation."""


class Files(files.Files, SummaryView):
    """The files to take away, and the form to return one."""


class RenditionFile(files.RenditionFile, SummaryView):
    """A rendition as a file."""


class ReturnedFile(files.ReturnedFile, SummaryView):
    """What of a returned file would be taken; the button that takes it."""
