"""Comments of reviewers: making one, resolving one. What waits is shown beside the statement that it is about."""

import secrets
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from plenara.core.languages import NAMES
from plenara.documents import actions as document_actions
from plenara.documents import rules as document_rules
from plenara.documents.models import Comment, Document, Paragraph, ParagraphText
from plenara.documents.staff.base import OfDocument
from plenara.documents.staff.forms import CommentForm, ResolveForm
from plenara.documents.staff.sides import sides_of


def comments_of(document: Document, language: str = "") -> QuerySet[Comment]:
    """Return the comments on a document, or on its translation into a language, the open ones first."""
    found = document.comments.filter(language=language).select_related("by", "resolved_by", "paragraph")
    return found.order_by("resolved_at", "pk")


def comments_on(document: Document, paragraph: Paragraph | None, language: str = "") -> list[Comment]:
    """Return the comments on one statement, or on the whole."""
    return list(comments_of(document, language).filter(paragraph=paragraph))


def by_statement(document: Document, language: str = "") -> dict[int | None, list[Comment]]:
    """Return all comments by the id of the statement; under `None` those on the whole or on what was deleted."""
    found: dict[int | None, list[Comment]] = {}
    for each in comments_of(document, language):
        found.setdefault(each.paragraph_id, []).append(each)
    return found


class CommentView(OfDocument):
    """A view to a statement that is commented on, or to the whole. Not one itself."""

    def statement(self, paragraph: Paragraph | None, language: str) -> dict[str, Any]:
        """Return what the page shows of what the comment is about."""
        if paragraph is None:
            return {"paragraph": None, "sides": []}
        found = ParagraphText.objects.filter(paragraph=paragraph)
        texts = {each.language: each for each in found.filter(language__in=[self.document.source_language, language])}
        source, mine = texts.get(self.document.source_language), texts.get(language)
        citations = list(paragraph.citations.select_related("edition__byline"))
        return {
            "paragraph": paragraph,
            "text": source,
            "sides": sides_of(paragraph.kind, source, citations),
            "translated": sides_of(paragraph.kind, mine, []) if mine else [],
        }

    def then(self, paragraph: Paragraph | None, language: str) -> str:
        """Return where one goes from here: to the statement among the others."""
        if language:
            return self.address("rendition", language)
        return self.address("review") + (f"#s{paragraph.number}" if paragraph else "#comments")


class NewComment(CommentView):
    """Commenting on the statement that `statement` names, or on the whole; on a translation with `language`."""

    template_name = "documents/desk/comment.html"

    def enter(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        asked = request.GET.get("language", "")
        self.language = asked if asked in NAMES else ""
        return super().enter(request, *args, **kwargs)

    def may(self) -> Any:
        return document_rules.may_comment(self.person, self.document, self.language)

    def about(self, request: HttpRequest) -> Paragraph | None:
        """Return the statement that an address names; a comment typed on one that is gone is one on the whole."""
        asked = request.GET.get("statement", "")
        if not asked:
            return None
        if not (asked.isascii() and asked.isdecimal() and len(asked) < 19):
            raise Http404
        found = self.document.paragraphs.filter(pk=int(asked)).first()
        if found is None and request.method == "GET":
            raise Http404
        return found

    def get(self, request: HttpRequest) -> HttpResponse:
        form = CommentForm(self.kept(request), initial={"key": secrets.token_urlsafe(24)})
        return self.show(request, form, self.about(request))

    def post(self, request: HttpRequest) -> HttpResponse:
        form, paragraph = CommentForm(request.POST), self.about(request)

        def say() -> None:
            document_actions.comment(
                actor=self.person,
                document=self.document,
                paragraph=paragraph,
                text=form.cleaned_data["comment"],
                key=form.cleaned_data["key"] or None,
                language=self.language,
            )

        if self.attempt(request, form, say):
            self.say(request, _("Your comment is kept."))
            return redirect(self.then(paragraph, self.language))
        return self.show(request, form, paragraph)

    def show(self, request: HttpRequest, form: CommentForm, paragraph: Paragraph | None) -> HttpResponse:
        return self.page(
            request,
            self.context(
                form=form,
                language=self.language,
                comments=comments_on(self.document, paragraph, self.language),
                back=self.then(paragraph, self.language),
                **self.statement(paragraph, self.language),
            ),
            status=self.status,
        )


class Resolve(CommentView):
    """Resolving one comment, with or without an answer."""

    template_name = "documents/desk/resolve.html"

    def enter(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.comment_pk = kwargs.pop("comment")
        return super().enter(request, *args, **kwargs)

    def may(self) -> Any:
        found = Comment.objects.select_related("by", "resolved_by", "paragraph", "document")
        self.comment = get_object_or_404(found, pk=self.comment_pk, document=self.document)
        return document_rules.may_resolve(self.person, self.comment, self.document)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request, ResolveForm(self.kept(request)))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ResolveForm(request.POST)

        def settle() -> None:
            document_actions.resolve(actor=self.person, comment=self.comment, answer=form.cleaned_data["answer"])

        if self.attempt(request, form, settle):
            self.say(request, _("The comment is resolved."))
            return redirect(self.then(self.comment.paragraph, self.comment.language))
        return self.show(request, form)

    def show(self, request: HttpRequest, form: ResolveForm) -> HttpResponse:
        it = self.comment
        return self.page(
            request,
            self.context(
                form=form,
                comment=it,
                language=it.language,
                back=self.then(it.paragraph, it.language),
                **self.statement(it.paragraph, it.language),
            ),
            status=self.status,
        )
