"""Comments of reviewers, every version of a document, and what others changed since somebody last opened it."""

import datetime
import secrets
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from plenara.accounts.models import Person
from plenara.core import clock
from plenara.core.languages import NAMES
from plenara.core.pagination import pages_of
from plenara.core.text import number_in
from plenara.documents import actions as document_actions
from plenara.documents import permissions as document_rules
from plenara.documents.actions.renditions import rendition_statuses
from plenara.documents.forms import CommentForm, ResolveForm
from plenara.documents.models import Change, Comment, Document, Paragraph, ParagraphText
from plenara.documents.presenters.statements import sides_of
from plenara.documents.queries.history import by_others, changes_of, last_change, versions
from plenara.documents.views.staff.base import OfDocument


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
        source, target = texts.get(self.document.source_language), texts.get(language)
        citations = list(paragraph.citations.select_related("edition__byline"))
        return {
            "paragraph": paragraph,
            "text": source,
            "sides": sides_of(paragraph.kind, source, citations),
            "translated": sides_of(paragraph.kind, target, []) if target else [],
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
        if not (pk := number_in(asked)):
            raise Http404
        found = self.document.paragraphs.filter(pk=pk).first()
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


#: Changes on one page: each is compared with the version before it.
PAGE = 20


class History(OfDocument):
    """The changes of a document, newest first; with `statement`, those of one of its statements, deleted or not."""

    template_name = "documents/desk/history.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = request.GET.get("statement", "")
        statement = 0 if asked == "0" else number_in(asked) or None
        found = changes_of(self.document, statement)
        total = found.count()
        here = min(max(number_in(request.GET.get("page")), 1), max(1, -(-total // PAGE)))
        shown = versions(found[(here - 1) * PAGE : here * PAGE])
        return self.page(
            request,
            self.context(
                versions=shown,
                statement=statement,
                paragraph=self.document.paragraphs.filter(pk=statement).first() if statement else None,
                total=total,
                pages=pages_of(total, here, PAGE, partial(_address, asked if statement is not None else "")),
                rendition_statuses=rendition_statuses(self.document),
            ),
        )


def _address(statement: str, page: int) -> str:
    return "?" + urlencode({key: value for key, value in (("statement", statement), ("page", page)) if value})


#: Where the marks are kept, how long a visit lasts without a page opened, and how many documents are remembered.
SEEN = "documents_seen"
VISIT = datetime.timedelta(minutes=30)
MOST_REMEMBERED = 50
#: Changes told one by one; the history has the others.
MOST_CHANGES = 5


@dataclass(frozen=True)
class ChangesByOthers:
    """What others changed since the person's last visit, newest first."""

    changes: list[Change]
    more: bool  # whether there are older ones that are not among them


def changes_by_others(
    request: HttpRequest, document: Document, person: Person, paragraph: int | None = None
) -> ChangesByOthers:
    """Return what others changed since the person's last visit, and remember this one. Two queries.

    A visit goes on while pages of the document are opened, so that nothing is gone after a reload; what others change
    during it is told too. Kept in the session: whoever signs in anew begins anew.
    """
    seen = dict(request.session.get(SEEN, {}))
    now, last, key = clock.now(), last_change(document), str(document.pk)
    since, until, at = seen.get(key, (last, last, now.isoformat()))
    if now - datetime.datetime.fromisoformat(at) > VISIT:
        since = until
    seen.pop(key, None)
    seen[key] = (since, last, now.isoformat())
    request.session[SEEN] = dict(list(seen.items())[-MOST_REMEMBERED:])
    found = by_others(document, since, person)
    if paragraph is not None:
        found = found.filter(paragraph=paragraph)
    changes = list(found[: MOST_CHANGES + 1])
    return ChangesByOthers(changes[:MOST_CHANGES], len(changes) > MOST_CHANGES)
