"""The translator's desk: a document in one language, beside its source."""

import re
import secrets
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from plenara.core.languages import NAMES
from plenara.core.refusals import AlreadyDone, NotAllowed, Refused
from plenara.core.text import number_in
from plenara.documents import publishing, renditions, suggestions
from plenara.documents.actions import comment, resolve
from plenara.documents.models import Comment
from plenara.documents.models import Rendition as RenditionRow
from plenara.documents.staff.base import OfDocument
from plenara.documents.staff.rendition_page import Asked, RenditionPage
from plenara.documents.staff.taking_over import taken_over


class Rendition(OfDocument):
    """Statement by statement: the source, and the translation."""

    template_name = "documents/desk/rendition.html"

    def enter(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.language = kwargs.pop("language")
        if self.language not in NAMES:
            raise Http404
        return super().enter(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request, typed=self.kept(request))

    def post(self, request: HttpRequest) -> HttpResponse:
        act, _colon, what = request.POST.get("act", "save").partition(":")
        asked = Asked.read(request.POST.get("go") or f"{request.GET.get('show', '')}:{request.GET.get('from', '')}")
        try:
            if "take" in request.POST:
                return self.show(request, typed=taken_over(self.page_of(request), request.POST))
            if act in {"comment", "resolve"}:
                self.remark(request, act, what)
                return self.show(request, typed=self.without_comment(request, what))
            # What an organizer cannot translate they can publish: they have nothing to save.
            if act != "publish" or self.page_of(request).may_render:
                conflicts = self.save(request)
                lost = self.page_of(request).lost(request.POST)
                if conflicts or lost:
                    self.status = 409
                    return self.show(request, typed=request.POST, conflicts=conflicts, lost=lost)
            self.carry_out(request, act)
        except AlreadyDone:
            pass
        except Refused as refused:
            self.status = 403 if isinstance(refused, NotAllowed) else 422
            return self.show(request, typed=request.POST, refused=refused)
        return redirect(f"{self.address('rendition', self.language)}?{asked.query}")

    def carry_out(self, request: HttpRequest, act: str) -> None:
        """Do what was asked for besides saving, and say that it is done."""
        if act == "review":
            renditions.review_rendition(actor=self.person, rendition=self.row())
            self.say(request, _("It is reviewed."))
        elif act == "publish":
            publishing.publish_rendition(actor=self.person, rendition=self.row())
            self.say(request, _("It is published."))
        elif act == "ask":
            suggestions.ask_for_suggestions(actor=self.person, document=self.document, language=self.language)
            self.say(request, _("The machine is asked. What it suggests appears here, piece by piece."))
        elif "go" not in request.POST:
            self.say(request, _("Saved."))

    def remark(self, request: HttpRequest, act: str, what: str) -> None:
        """Say something of a statement's translation, or that it is settled."""
        key = number_in(what)
        if act == "comment":
            comment(
                actor=self.person,
                document=self.document,
                paragraph=self.document.paragraphs.filter(pk=key).first(),
                text=request.POST.get(f"c{key}", ""),
                language=self.language,
                key=f"{request.POST.get('key', '')[:40]}-{key}",
            )
        elif found := Comment.objects.filter(pk=key, document=self.document, language=self.language).first():
            resolve(actor=self.person, comment=found)

    @staticmethod
    def without_comment(request: HttpRequest, what: str) -> QueryDict:
        """Return what was typed, besides the comment that is said now."""
        typed = request.POST.copy()
        typed.pop(f"c{number_in(what)}", None)
        return typed

    def row(self) -> RenditionRow:
        """Return the rendition's row; of one that nobody has begun, an unsaved one, which no act takes."""
        found = RenditionRow.objects.select_related("document__consultation", "translator", "reviewer")
        return found.filter(document=self.document, language=self.language).first() or RenditionRow(
            document=self.document, language=self.language
        )

    def save(self, request: HttpRequest) -> list[renditions.Conflict]:
        """Keep what was typed; return what somebody else changed meanwhile."""
        data = request.POST
        typed = {
            int(name[1:]): renditions.Typed(
                heading=data.get(f"h{name[1:]}", ""),
                text=data[name],
                against=data.get(f"a{name[1:]}", ""),
                was=data.get(f"w{name[1:]}", ""),
                source=data.get(f"s{name[1:]}", ""),
                confirmed=f"ok{name[1:]}" in data,
            )
            for name in data
            if re.fullmatch(r"t\d{1,18}", name)
        }
        return renditions.save_rendition(
            actor=self.person,
            document=self.document,
            language=self.language,
            typed=typed,
            title=data.get("title"),
            title_was=data.get("title_was", ""),
            title_source=data.get("title_source", ""),
            title_confirmed="title_ok" in data,
        )

    def page_of(self, request: HttpRequest, **more: Any) -> RenditionPage:
        """Return what is known of the rendition now."""
        self.document.refresh_from_db(fields=["title", "state"])
        return RenditionPage(self.document, self.row(), self.person, Asked.of(request), **more)

    def show(
        self,
        request: HttpRequest,
        *,
        typed: Any = None,
        conflicts: list[renditions.Conflict] | None = None,
        refused: Refused | None = None,
        lost: list[tuple[str, str]] | None = None,
    ) -> HttpResponse:
        page = self.page_of(request, typed=typed, conflicts=conflicts)
        context = self.context(
            **page.context(),
            refused=refused,
            conflicts=conflicts,
            lost=lost,
            key=secrets.token_urlsafe(24),
            tools=self.tools(),
        )
        return self.page(request, context, status=self.status)
