"""Statements at the desk: writing, moving, deleting, translating and commenting on them, and their history."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plenara.core.refusals import ActionRefused, NotPermitted
from plenara.core.text import number_in
from plenara.documents import actions
from plenara.documents.models import Citation, Kind, Paragraph, ParagraphText
from plenara.documents.presenters.statements import sides_of
from plenara.documents.views.staff import files, paragraphs, review, translation
from plenara.summaries.forms import StatementForm
from plenara.summaries.views.staff.base import SummaryView


class NewComment(review.NewComment, SummaryView):
    """Commenting on a statement, or on the whole."""


class Resolve(review.Resolve, SummaryView):
    """Resolving one comment."""


class History(review.History, SummaryView):
    """The changes of a summary, newest first."""


class WritingView(paragraphs.WritingView, SummaryView):
    """A view for the writers of the summary."""

    listed = "#statements"

    def form(self, data: QueryDict | None = None, **initial: str) -> StatementForm:
        threads = list(self.consultation.threads.order_by("number"))
        return StatementForm(data, initial=initial, threads=threads, **self.spoken)


class NewStatement(paragraphs.NewParagraph[StatementForm], WritingView):
    """Adding a statement after the others of its question."""

    template_name = "summaries/desk/statement.html"
    to_cite = gettext_lazy("The statement was added. Now choose the words that it cites.")
    citations = "#citations"

    def initial(self, request: HttpRequest) -> dict[str, str]:
        return {name: request.GET.get(name, "") for name in ("kind", "thread")}

    def add(self, form: StatementForm) -> Paragraph:
        key = form.cleaned_data["key"] or None
        return actions.add_paragraph(actor=self.person, document=self.document, key=key, **form.values())


class EditStatement(paragraphs.EditParagraph[StatementForm], WritingView):
    """One statement with its citations."""

    template_name = "summaries/desk/statement.html"
    deleted = gettext_lazy("Someone else deleted this statement while you were writing. You can add it again.")

    def initial(self) -> dict[str, object]:
        return {"thread": str(self.paragraph.thread_id or ""), "against": self.source().against}

    def save(self, form: StatementForm) -> None:
        was = form.cleaned_data["was"]
        actions.edit_paragraph(actor=self.person, paragraph=self.paragraph, was=was, **form.values())

    def place(self) -> str:
        self.paragraph.refresh_from_db(fields=["number"])
        return self.address("workbench") + f"#s{self.paragraph.number}"

    def shown(self, source: ParagraphText) -> dict[str, object]:
        paragraph = self.paragraph
        citations = list(paragraph.citations.select_related("edition__byline", "edition__text"))
        return {
            "citations": citations,
            "sides": sides_of(paragraph.kind, source, citations),
            "was": actions.stamp(paragraph, source),
            "meanwhile": review.changes_by_others(self.request, self.document, self.person, paragraph.pk),
            "comments": review.comments_on(self.document, paragraph),
            "numbers": range(1, self.document.paragraphs.count() + 1),
            "is_frame": paragraph.kind == Kind.FRAME,
        }


class DeleteStatement(paragraphs.DeleteParagraph, WritingView):
    """Deleting a statement, after a confirmation."""

    template_name = "summaries/desk/delete.html"
    shown_refusals = actions.ChangedMeanwhile


class Move(WritingView):
    """Moving a statement to another number: `move` has both as `id:number`."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        pk, to = (number_in(each) for each in request.POST.get("move", "").partition(":")[::2])
        paragraph = self.document.paragraphs.select_related("document").filter(pk=pk).first()
        if paragraph is None or not to:
            raise Http404
        moved = actions.move_paragraph(actor=self.person, paragraph=paragraph, to=to)
        return redirect(self.address("workbench") + f"#s{moved.number}")


class Accept(paragraphs.ParagraphView, WritingView):
    """Accepting a machine's words as they are: `was` is the stamp of the words that the person read."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        paragraph, was = self.paragraph, request.POST.get("was", "")[:64]
        try:
            actions.accept_paragraph(actor=self.person, paragraph=paragraph, was=was)
        except NotPermitted:
            raise
        except ActionRefused as refused:
            messages.warning(request, str(refused))
            return redirect(self.here())
        self.say(request, _("Statement %(number)d was accepted.") % {"number": paragraph.number})
        return redirect(self.address("workbench") + f"#s{paragraph.number}")


class Turn(WritingView):
    """Moving a citation of a disagreement to the other side."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, citation: int) -> HttpResponse:
        found = get_object_or_404(
            Citation.objects.select_related("paragraph__document", "edition"),
            pk=citation,
            paragraph__document=self.document,
        )
        actions.cite(
            actor=self.person,
            paragraph=found.paragraph,
            edition=found.edition,
            words=found.words,
            side=request.POST.get("side", "")[:20],
        )
        return redirect(self.address("statement", found.paragraph_id) + "#citations")


class Uncite(WritingView):
    """Removing a citation."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, citation: int) -> HttpResponse:
        found = (
            Citation.objects.filter(pk=citation, paragraph__document=self.document)
            .select_related("paragraph__document")
            .first()
        )
        if found is None:
            return redirect(self.address("workbench") + "#statements")
        actions.uncite(actor=self.person, citation=found)
        self.say(request, _("The citation was removed."))
        return redirect(self.address("statement", found.paragraph_id) + "#citations")


class Rendition(translation.RenditionDesk, SummaryView):
    """Statement by statement: the source, and the translation."""


class Files(files.Files, SummaryView):
    """The files to download, and the form to return one."""


class RenditionFile(files.RenditionFile, SummaryView):
    """A rendition as a file."""


class ReturnedFile(files.ReturnedFile, SummaryView):
    """What would be saved of a returned file; the button that saves it."""
