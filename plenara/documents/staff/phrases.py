"""The headings and reasons of a rendition: each once, beside its source, with how many contributions read it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from plenara.core.differences import Run
from plenara.core.languages import NAMES, direction, html_code
from plenara.core.refusals import NotAllowed, Refused
from plenara.core.text import clean_line, digest
from plenara.documents import rules as document_rules
from plenara.documents.models import Rendition, RenditionState, Term
from plenara.documents.phrases import REASON, Phrase, phrases_of, readers
from plenara.documents.rendition_phrases import TypedPhrase, save_phrases
from plenara.documents.staff.base import OfDocument
from plenara.documents.staff.pairs import marked
from plenara.documents.staff.rendition_page import PAGE, Asked

_KEY = re.compile(r"(?:section|reason)-\d{1,18}\Z")


@dataclass(frozen=True)
class Row:
    """One of them beside its source."""

    phrase: Phrase
    shown: SafeString  # the source, with the terms of the glossary marked
    text: str
    was: str
    readers: int
    conflict: Phrase | None = None  # as somebody else left it meanwhile

    @property
    def is_reason(self) -> bool:
        return self.phrase.what == REASON


class Phrases(OfDocument):
    """What is beside the paragraphs, in one language. Only what the form changed is saved."""

    template_name = "documents/desk/phrases.html"

    def enter(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.language = kwargs.pop("language")
        if self.language not in NAMES:
            raise Http404
        return super().enter(request, *args, **kwargs)

    def may(self) -> Any:
        """Whoever sees the document; in the language that it is written in there is nothing to translate."""
        if self.language == self.document.source_language:
            raise Http404
        return super().may()

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request, typed=self.kept(request))

    def post(self, request: HttpRequest) -> HttpResponse:
        asked = self.asked(request)
        typed = _typed(request.POST)
        there = {each.key for each in phrases_of(self.document, self.language)}
        lost = [clean_line(it.text) for key, it in typed.items() if key not in there and it.text.strip()]
        try:
            conflicts = save_phrases(actor=self.person, document=self.document, language=self.language, typed=typed)
        except Refused as refused:
            self.status = 403 if isinstance(refused, NotAllowed) else 422
            return self.show(request, typed=request.POST, refused=refused)
        if conflicts or lost:
            self.status = 409
            return self.show(request, typed=request.POST, conflicts=conflicts, lost=lost)
        if "go" not in request.POST:
            self.say(request, _("Saved."))
        return redirect(f"{self.address('reasons', self.language)}?{asked.query}")

    def asked(self, request: HttpRequest) -> Asked:
        """Return what is to be shown: what a button of the form asks for, else the address."""
        written = request.POST.get("go") or f"{request.GET.get('show', '')}:{request.GET.get('from', '')}"
        asked = Asked.read(written)
        return asked if asked.show in {"all", "missing"} else Asked()

    def show(
        self,
        request: HttpRequest,
        *,
        typed: Mapping[str, str] | None = None,
        refused: Refused | None = None,
        conflicts: list[Phrase] | None = None,
        lost: list[str] | None = None,
    ) -> HttpResponse:
        every = phrases_of(self.document, self.language)
        missing = [each for each in every if not each.text]
        asked, kinds = self.asked(request), {"all": every, "missing": missing}
        asked = asked if kinds[asked.show] else Asked()  # nothing is left of it: all are shown
        count = len(kinds[asked.show])
        begin = min(asked.begin, (max(count, 1) - 1) // PAGE * PAGE + 1)
        chosen = kinds[asked.show][begin - 1 : begin - 1 + PAGE]
        if typed:  # of a form that comes back, its own
            chosen = [each for each in every if each.key in typed]
        begins = range(1, count + 1, PAGE) if count > PAGE else ()
        rendition = Rendition.objects.filter(document=self.document, language=self.language).first()
        state = RenditionState(rendition.state) if rendition else RenditionState.MISSING
        return self.page(
            request,
            self.context(
                language=self.language,
                html_lang_of=html_code(self.language),
                dir_of=direction(self.language),
                may_render=document_rules.may_render(self.person, self.document, self.language),
                state=state,
                rows=self.rows(chosen, typed, {each.key: each for each in conflicts or []}),
                total=len(every),
                done=len(every) - len(missing),
                asked=Asked(asked.show, begin),
                filters=[(Asked(show), len(some)) for show, some in kinds.items() if some or show == "all"],
                pages=[(Asked(asked.show, each), min(each + PAGE - 1, count)) for each in begins],
                refused=refused,
                conflicts=conflicts,
                lost=lost,
                tools=self.tools(),
            ),
            status=self.status,
        )

    def rows(self, chosen: list[Phrase], typed: Mapping[str, str] | None, conflicts: Mapping[str, Phrase]) -> list[Row]:
        """Return the rows of a page. Two queries."""
        terms = list(Term.objects.filter(consultation=self.document.consultation_id))
        counts, source = readers(self.document), self.document.source_language
        found = []
        for each in chosen:
            text, was = each.text, each.was
            if typed and each.key in typed and digest(clean_line(typed[each.key])) != typed.get(f"was-{each.key}"):
                text = typed[each.key]
            shown = marked([Run("", each.source)], source, terms)
            found.append(
                Row(each, shown, text, was, counts[each.pk] if each.what == REASON else 0, conflicts.get(each.key))
            )
        return found


def _typed(data: Mapping[str, str]) -> dict[str, TypedPhrase]:
    return {name: TypedPhrase(data[name], data.get(f"was-{name}", "")) for name in data if _KEY.match(name)}
