"""Desk views of a document's paragraphs: add, change, delete."""

import secrets
from collections.abc import Callable

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.core.refusals import ActionRefused, Answer
from plenara.core.text import number_in
from plenara.documents import actions, permissions
from plenara.documents.models import Kind, Paragraph, ParagraphText
from plenara.documents.queries.drafts import part_of
from plenara.documents.queries.history import version_of
from plenara.documents.views.staff.base import OfDocument


class ParagraphView(OfDocument):
    """A view of one paragraph. If it is deleted while its form is open, the typed text can be added as a new one."""

    outlives = False
    #: Relations that are read with the paragraph.
    related: tuple[str, ...] = ()
    paragraph: Paragraph

    def enter(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        paragraph = kwargs.pop("paragraph")
        assert isinstance(paragraph, int)
        self.paragraph_pk = paragraph
        return super().enter(request, *args, **kwargs)

    def find(self) -> Answer:
        answer = super().find()
        paragraphs = self.document.paragraphs.filter(pk=self.paragraph_pk)
        found = (paragraphs.select_related(*self.related) if self.related else paragraphs).first()
        if found is None and not (self.outlives and self.request.method == "POST"):
            raise Http404
        self.is_deleted = found is None
        if found is not None:
            found.document = self.document
            self.paragraph = found
        return answer

    def source(self) -> ParagraphText:
        """Return the paragraph's words as they are now."""
        return actions.source_of(self.paragraph, self.document)

    def stamp(self) -> str:
        """Return the stamp of the paragraph's words, for the form."""
        return actions.stamp(self.paragraph, self.source())

    def here(self, anchor: str = "") -> str:
        """Return the address of the paragraph's own page."""
        return self.address(self.paragraph_page, self.paragraph.pk) + anchor

    def paragraph_context(self, **more: object) -> dict[str, object]:
        """Return the context of every page about the paragraph."""
        return self.context(paragraph=self.paragraph, part=part_of(self.document, self.paragraph), **more)


class WritingView(OfDocument):
    """A mixin for views for the people who write the document."""

    #: The place of the paragraphs on the workbench.
    listed = "#paragraphs"
    #: Makes the form of a paragraph, from typed or initial values.
    form: Callable

    def may(self) -> Answer:
        return permissions.may_write(self.person, self.document)


class NewParagraph[F: forms.Form](WritingView):
    """A mixin for views that add a paragraph."""

    #: The message about a paragraph without citations, and the place on its page where they are chosen.
    to_cite: Promise
    citations = "#cites"

    def initial(self, request: HttpRequest) -> dict[str, str]:
        """Return the initial values from the address."""
        raise NotImplementedError

    def add(self, form: F) -> Paragraph:
        """Add what was typed."""
        raise NotImplementedError

    def place(self, paragraph: Paragraph) -> str:
        """Return the place of the paragraph on the workbench."""
        return self.address("workbench") + self.listed

    def get(self, request: HttpRequest) -> HttpResponse:
        form = self.form(self.kept(request), key=secrets.token_urlsafe(24), **self.initial(request))
        return self.page(request, self.context(form=form))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST)
        made: list[Paragraph] = []
        if not self.attempt(request, form, lambda: made.append(self.add(form))):
            return self.page(request, self.context(form=form), status=self.status)
        if made[0].kind == Kind.FRAME:
            self.say(request, _("The note has been added."))
            return redirect(self.place(made[0]))
        self.say(request, self.to_cite)
        return redirect(self.address(self.paragraph_page, made[0].pk) + self.citations)


class EditParagraph[F: forms.Form](WritingView, ParagraphView):
    """A mixin for views that change a paragraph."""

    outlives = True
    #: The form's message when somebody deleted the paragraph.
    deleted: Promise

    def initial(self) -> dict[str, object]:
        """Return further initial values besides the paragraph's kind and words."""
        raise NotImplementedError

    def save(self, form: F) -> None:
        """Save what was typed."""
        raise NotImplementedError

    def shown(self, source: ParagraphText) -> dict[str, object]:
        """Return the further context of the page."""
        raise NotImplementedError

    def place(self) -> str:
        """Return the address to go to after saving."""
        return self.here()

    def get(self, request: HttpRequest) -> HttpResponse:
        source = self.source()
        form = self.form(
            self.kept(request),
            kind=self.paragraph.kind,
            heading=source.heading,
            text=source.text,
            was=actions.stamp(self.paragraph, source),
            **self.initial(),
        )
        return self.show(request, form)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST)
        if self.is_deleted:
            # The typed text is offered as a new paragraph.
            form.is_valid()
            form.add_error(None, self.deleted)
            again = self.context(form=form, deleted=True, key=secrets.token_urlsafe(24))
            return self.page(request, again, status=409)
        if self.attempt(request, form, lambda: self.save(form)):
            self.say(request, pgettext("text", "Saved."))
            return redirect(self.place())
        self.paragraph.refresh_from_db()
        return self.show(request, form)

    def show(self, request: HttpRequest, form: forms.Form) -> HttpResponse:
        source, opened = self.source(), None
        if self.conflict:
            # The next attempt is based on the text that the person has now seen.
            data = request.POST.copy()
            opened = version_of(self.document, self.paragraph.pk, data.get("was", ""))
            data["was"] = actions.stamp(self.paragraph, source)
            form.data = data
        # The other person's changes are shown against the version that this form was opened on, else against the typed
        # text.
        typed = {name: form[name].value() or "" for name in ("text", "against") if name in form.fields}
        more = {"form": form, "text": source, "conflict": self.conflict, "before": opened or typed}
        return self.page(request, self.paragraph_context(**more, **self.shown(source)), status=self.status)


class DeleteParagraph(WritingView, ParagraphView):
    """A mixin for views that delete a paragraph, after a confirmation."""

    outlives = True
    #: The refusals that this page shows; others have a page of their own.
    shown_refusals: type[ActionRefused] = ActionRefused

    def delete_paragraph(self, *, was: str, citations: int) -> None:
        """Delete it, if it is as the form showed it, with as many citations."""
        actions.delete_paragraph(actor=self.person, paragraph=self.paragraph, was=was, citations=citations)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request)

    def show(self, request: HttpRequest, refused: ActionRefused | None = None) -> HttpResponse:
        source = self.source()
        return self.page(
            request,
            self.paragraph_context(
                text=source,
                was=actions.stamp(self.paragraph, source),
                citations=self.paragraph.citations.count() + self.paragraph.references.count(),
                refused=refused,
                changed=isinstance(refused, actions.ChangedMeanwhile),
            ),
            status=409 if refused else 200,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        if not self.is_deleted:
            try:
                self.delete_paragraph(
                    was=request.POST.get("was", "")[:64], citations=number_in(request.POST.get("citations"))
                )
            except self.shown_refusals as refused:
                return self.show(request, refused)
        self.say(request, _("The paragraph has been deleted."))
        return redirect(self.address("workbench") + self.listed)
