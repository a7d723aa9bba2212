"""Desk views of the review: its page, comments, the history, and changes by others since the last visit."""

import datetime
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from plenara.accounts.models import Person
from plenara.core import clock
from plenara.core.languages import NAMES
from plenara.core.pagination import pages_of
from plenara.core.refusals import Answer
from plenara.core.text import number_in
from plenara.documents import actions, permissions, states
from plenara.documents.actions.renditions import rendition_statuses
from plenara.documents.forms import CommentForm, ResolveForm
from plenara.documents.models import Change, Comment, Document, Paragraph, ParagraphText
from plenara.documents.presenters.statements import sides_of
from plenara.documents.queries.history import by_others, changes_of, last_change, versions
from plenara.documents.validation.publication import Findings
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
    """A mixin for views of comments on a statement or on the whole."""

    def statement(self, paragraph: Paragraph | None, language: str) -> dict[str, object]:
        """Return the context about the statement that the comment is on."""
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
        """Return the next address: the statement among the others."""
        if language:
            return self.address("rendition", language)
        return self.address("review") + (f"#s{paragraph.number}" if paragraph else "#comments")


class NewComment(CommentView):
    """Commenting on the statement that `statement` names, or on the whole; on a translation with `language`."""

    template_name = "documents/desk/comment.html"

    def enter(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        asked = request.GET.get("language", "")
        self.language = asked if asked in NAMES else ""
        return super().enter(request, *args, **kwargs)

    def may(self) -> Answer:
        return permissions.may_comment(self.person, self.document, self.language)

    def about(self, request: HttpRequest) -> Paragraph | None:
        """Return the statement that an address names; if it was deleted, the comment is on the whole."""
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
            actions.comment(
                actor=self.person,
                document=self.document,
                paragraph=paragraph,
                text=form.cleaned_data["comment"],
                key=form.cleaned_data["key"] or None,
                language=self.language,
            )

        if self.attempt(request, form, say):
            self.say(request, _("Your comment was saved."))
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

    def enter(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        self.comment_pk = kwargs.pop("comment")
        return super().enter(request, *args, **kwargs)

    def may(self) -> Answer:
        found = Comment.objects.select_related("by", "resolved_by", "paragraph", "document")
        self.comment = get_object_or_404(found, pk=self.comment_pk, document=self.document)
        return permissions.may_resolve(self.person, self.comment, self.document)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request, ResolveForm(self.kept(request)))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ResolveForm(request.POST)

        def settle() -> None:
            actions.resolve(actor=self.person, comment=self.comment, answer=form.cleaned_data["answer"])

        if self.attempt(request, form, settle):
            self.say(request, _("The comment was resolved."))
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


#: The next action in each state. A person who may not carry it out is shown why.
NEXT = {"draft": "submit_for_review", "in_review": "approve", "approved": "publish"}


class Review[F: forms.Form](OfDocument):
    """A mixin for views of the document with everything that prevents its publication."""

    #: The messages of a kind of document.
    submitted: Promise
    published: Promise

    def may_publish(self) -> Answer:
        """Return the permission to publish this document."""
        return permissions.may_publish(self.person, self.document)

    def publish(self, form: F, *, is_correction: bool) -> None:
        """Publish it."""
        raise NotImplementedError

    @cached_property
    def may_act(self) -> dict[str, Answer]:
        """The permission for each action."""
        person, document = self.person, self.document
        return {
            "submit_for_review": permissions.may_write(person, document),
            "send_back": permissions.may_send_back(person, document),
            "approve": permissions.may_approve(person, document),
            "publish": self.may_publish(),
            "reopen": permissions.may_reopen(person, document),
        }

    @property
    def can(self) -> dict[str, bool]:
        """The actions that the person can carry out now."""
        return {act: bool(may and states.allows(self.document.state, act)) for act, may in self.may_act.items()}

    def review_context(self, findings: Findings, **more: object) -> dict[str, object]:
        """Return the context of a page of review: findings, possible actions, why the next one is not possible."""
        document = self.document
        numbers = {each.number: each.pk for each in document.paragraphs.all()}
        return self.context(
            errors=[(each, numbers.get(each.paragraph)) for each in findings.errors],
            warnings=[(each, numbers.get(each.paragraph)) for each in findings.warnings],
            is_being_compared=findings.is_being_compared,
            can=self.can,
            why_not=getattr(self.may_act.get(NEXT.get(document.state, "")), "sentence", ""),
            self_approval=bool(self.may_act["approve"]) and permissions.has_written(self.person, document),
            rendition_statuses=rendition_statuses(document),
            **more,
        )

    def carry_out(self, request: HttpRequest, act: str, form: F) -> HttpResponse | None:
        """Carry out a button's action and return the next page; None if refused."""
        actor, document = self.person, self.document
        acts: dict[str, tuple[Callable[[], object], str | Promise]] = {
            "submit_for_review": (lambda: actions.submit_for_review(actor=actor, document=document), self.submitted),
            "send_back": (
                lambda: actions.send_back(actor=actor, document=document, note=form.cleaned_data.get("note", "")),
                _("The text is a draft again. We have notified its writers."),
            ),
            "approve": (
                lambda: actions.approve(actor=actor, document=document),
                _("The text was approved. We have notified the translators."),
            ),
            "publish": (lambda: self.publish(form, is_correction=False), self.published),
            "correct": (lambda: self.publish(form, is_correction=True), _("The correction was published.")),
            "reopen": (
                lambda: actions.reopen(actor=actor, document=document),
                _("You can now change the text. The published text remains public until you publish again."),
            ),
        }
        if act not in acts:
            raise Http404
        action, done = acts[act]
        if not self.attempt(request, form, action):
            return None
        self.say(request, done)
        return redirect(self.back_to(request))


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


#: The session key of visits, how long a visit lasts without a page opened, and how many documents are stored.
SEEN = "documents_seen"
VISIT = datetime.timedelta(minutes=30)
MOST_REMEMBERED = 50
#: Changes listed one by one; the history has the others.
MOST_CHANGES = 5


@dataclass(frozen=True)
class ChangesByOthers:
    """What others changed since the person's last visit, newest first."""

    changes: list[Change]
    more: bool  # whether there are older ones that are not among them


def changes_by_others(
    request: HttpRequest, document: Document, person: Person, paragraph: int | None = None
) -> ChangesByOthers:
    """Return the changes by others since the person's last visit, and store this visit. Two queries.

    A visit continues while pages of the document are opened, so that a reload shows the same; changes during it are
    listed too. Visits are stored in the session, so they end with it.
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
