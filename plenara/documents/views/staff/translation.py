"""The translator's desk: pending translations, a document beside its source, its headings and reasons."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.accounts.models import Person
from plenara.consultations.models import Consultation
from plenara.consultations.permissions import roles_of
from plenara.consultations.queries import remaining_texts
from plenara.core.differences import Run
from plenara.core.refusals import ActionRefused, AlreadyDone, Answer, NotPermitted
from plenara.core.text import clean_line, digest, number_in
from plenara.core.views import StaffView
from plenara.documents import permissions, states
from plenara.documents.actions import comment, publication, renditions, resolve, suggestions
from plenara.documents.actions.renditions import TypedPhrase, save_phrases
from plenara.documents.models import Comment, RenditionState, State, Term
from plenara.documents.models import Rendition as DocumentRendition
from plenara.documents.presenters.rendition_page import PAGE, PageQuery, RenditionPage
from plenara.documents.presenters.statements import FIELDS, marked
from plenara.documents.queries import translations
from plenara.documents.queries.drafts import REASON, Phrase, phrases_of, readers
from plenara.documents.queries.rendition_drafts import RenditionDraft
from plenara.documents.queries.translations import pending_translations
from plenara.documents.views.staff.base import InLanguage, RenditionView

_KEY = re.compile(r"(?:section|reason)-\d{1,18}\Z")


@dataclass(frozen=True)
class Row:
    """A phrase beside its source."""

    phrase: Phrase
    shown: SafeString  # the source, with the terms of the glossary marked
    text: str
    was: str
    readers: int
    conflict: Phrase | None = None  # as somebody else saved it in the meantime

    @property
    def is_reason(self) -> bool:
        return self.phrase.what == REASON


class Phrases(RenditionView):
    """Headings and reasons in one language. Only those that the form changed are saved."""

    template_name = "documents/desk/phrases.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request, typed=self.kept(request))

    def post(self, request: HttpRequest) -> HttpResponse:
        asked = self.asked(request)
        typed = _typed(request.POST)
        there = {each.key for each in phrases_of(self.document, self.language)}
        lost = [clean_line(it.text) for key, it in typed.items() if key not in there and it.text.strip()]
        try:
            conflicts = save_phrases(actor=self.person, document=self.document, language=self.language, typed=typed)
        except ActionRefused as refused:
            self.status = 403 if isinstance(refused, NotPermitted) else 422
            return self.show(request, typed=request.POST, refused=refused)
        if conflicts or lost:
            self.status = 409
            return self.show(request, typed=request.POST, conflicts=conflicts, lost=lost)
        if "go" not in request.POST:
            self.say(request, pgettext("text", "Saved."))
        return redirect(f"{self.address('reasons', self.language)}?{asked.query}")

    def asked(self, request: HttpRequest) -> PageQuery:
        """Return the page to show: from the pressed button, else from the address."""
        written = request.POST.get("go") or f"{request.GET.get('show', '')}:{request.GET.get('from', '')}"
        asked = PageQuery.read(written)
        return asked if asked.show in {"all", "missing"} else PageQuery()

    def show(
        self,
        request: HttpRequest,
        *,
        typed: Mapping[str, str] | None = None,
        refused: ActionRefused | None = None,
        conflicts: list[Phrase] | None = None,
        lost: list[str] | None = None,
    ) -> HttpResponse:
        every = phrases_of(self.document, self.language)
        missing = [each for each in every if not each.text]
        asked, kinds = self.asked(request), {"all": every, "missing": missing}
        asked = asked if kinds[asked.show] else PageQuery()  # the filter has none left: all are shown
        count = len(kinds[asked.show])
        begin = min(asked.begin, (max(count, 1) - 1) // PAGE * PAGE + 1)
        chosen = kinds[asked.show][begin - 1 : begin - 1 + PAGE]
        if typed:  # after an error, those of the form
            chosen = [each for each in every if each.key in typed]
        begins = range(1, count + 1, PAGE) if count > PAGE else ()
        rendition = DocumentRendition.objects.filter(document=self.document, language=self.language).first()
        state = RenditionState(rendition.state) if rendition else RenditionState.MISSING
        return self.page(
            request,
            self.rendition_context(
                state=state,
                rows=self.rows(chosen, typed, {each.key: each for each in conflicts or []}),
                total=len(every),
                done=len(every) - len(missing),
                asked=PageQuery(asked.show, begin),
                filters=[(PageQuery(show), len(some)) for show, some in kinds.items() if some or show == "all"],
                pages=[(PageQuery(asked.show, each), min(each + PAGE - 1, count)) for each in begins],
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


def taken_over(draft: RenditionDraft, data: QueryDict) -> QueryDict:
    """Return the typed values with the words of a chosen suggestion or earlier translation in their field.

    The previous words of the field are included, so that they can be shown. A choice that no longer exists changes
    nothing.
    """
    typed: QueryDict = data.copy()
    field, _colon, what = data.get("take", "").partition(":")
    key = number_in(field[1:])
    for name, text in _words_of(draft, field[:1], key, what).items():
        stood = str(typed.get(name, ""))
        if stood.strip() and stood != text:
            typed[f"b{name}"] = stood
        typed[name] = text
    return typed


def _words_of(draft: RenditionDraft, letter: str, key: int, what: str) -> dict[str, str]:
    """Return the words to put into fields, by their names."""
    if what == "machine":
        suggestion = draft.suggested.get(key or None)
        if suggestion is None:
            return {}
        if not key:
            return {"title": suggestion.text}
        return {f"{each}{key}": getattr(suggestion, name) for each, name in FIELDS.items() if getattr(suggestion, name)}
    if key not in draft.texts or letter not in FIELDS:
        return {}
    source, target = draft.texts[key]
    if what == "theirs":
        now = {f"{each}{key}": getattr(target, name) for each, name in FIELDS.items()}
        return {**now, f"w{key}": target.digest}
    text = getattr(source, FIELDS[letter])
    segments = translations.segments(draft.document, draft.language, [text], [source.digest])
    found = translations.memory_matches({0: text}, segments, headings=letter == "h").get(0, [])
    chosen = next((each for each in found if translations.name_of(each) == what), None)
    return {f"{letter}{key}": chosen.segment.target} if chosen else {}


class RenditionDesk(InLanguage):
    """Statement by statement: the source, and the translation."""

    template_name = "documents/desk/rendition.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request, typed=self.kept(request))

    def post(self, request: HttpRequest) -> HttpResponse:
        act, _colon, what = request.POST.get("act", "save").partition(":")
        asked = PageQuery.read(request.POST.get("go") or f"{request.GET.get('show', '')}:{request.GET.get('from', '')}")
        try:
            if "take" in request.POST:
                return self.show(request, typed=taken_over(self.draft(), request.POST))
            if act in {"comment", "resolve"}:
                self.remark(request, act, what)
                return self.show(request, typed=self.without_comment(request, what))
            # An organizer who cannot translate may publish, and has nothing to save.
            if act != "publish" or self.may_render:
                conflicts = self.save(request)
                lost = self.draft().lost(request.POST)
                if conflicts or lost:
                    self.status = 409
                    return self.show(request, typed=request.POST, conflicts=conflicts, lost=lost)
            self.carry_out(request, act)
        except AlreadyDone:
            pass
        except ActionRefused as refused:
            self.status = 403 if isinstance(refused, NotPermitted) else 422
            return self.show(request, typed=request.POST, refused=refused)
        return redirect(f"{self.address('rendition', self.language)}?{asked.query}")

    def carry_out(self, request: HttpRequest, act: str) -> None:
        """Carry out the requested action besides saving, and show a message."""
        if act == "review":
            renditions.review_rendition(actor=self.person, rendition=self.row())
            self.say(request, _("The translation was marked as reviewed."))
        elif act == "publish":
            publication.publish_rendition(actor=self.person, rendition=self.row())
            self.say(request, _("The translation was published."))
        elif act == "ask":
            suggestions.ask_for_suggestions(actor=self.person, document=self.document, language=self.language)
            self.say(
                request, _("A machine translation has been requested. The translations appear on this page one by one.")
            )
        elif "go" not in request.POST:
            self.say(request, pgettext("text", "Saved."))

    def remark(self, request: HttpRequest, act: str, what: str) -> None:
        """Comment on a statement's translation, or resolve a comment."""
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
        """Return the typed values without the comment that is now saved."""
        typed = request.POST.copy()
        typed.pop(f"c{number_in(what)}", None)
        return typed

    def row(self) -> DocumentRendition:
        """Return the rendition's row; an unsaved one if nobody has begun it, which no action accepts."""
        found = DocumentRendition.objects.select_related("document__consultation", "translator", "reviewer")
        return found.filter(document=self.document, language=self.language).first() or DocumentRendition(
            document=self.document, language=self.language
        )

    def save(self, request: HttpRequest) -> list[renditions.Conflict]:
        """Save what was typed; return what somebody else changed in the meantime."""
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

    @property
    def may_render(self) -> Answer:
        """The permission to translate it."""
        return permissions.may_render(self.person, self.document, self.language)

    def draft(self) -> RenditionDraft:
        """Return the rendition as it is now."""
        self.document.refresh_from_db(fields=["title", "state"])
        return RenditionDraft(self.document, self.row())

    def show(
        self,
        request: HttpRequest,
        *,
        typed: Mapping[str, str] | None = None,
        conflicts: list[renditions.Conflict] | None = None,
        refused: ActionRefused | None = None,
        lost: list[tuple[str, str]] | None = None,
    ) -> HttpResponse:
        draft = self.draft()
        page = RenditionPage(draft, PageQuery.of(request), may_render=self.may_render, typed=typed, conflicts=conflicts)
        context = self.context(
            **page.context(),
            **self.acts(draft, is_finished=page.is_finished),
            rendition_statuses=renditions.rendition_statuses(self.document),
            refused=refused,
            conflicts=conflicts,
            lost=lost,
            key=secrets.token_urlsafe(24),
            tools=self.tools(),
        )
        return self.page(request, context, status=self.status)

    def acts(self, draft: RenditionDraft, *, is_finished: bool) -> dict[str, object]:
        """Return the possible actions on the rendition, and who else may review a finished one."""
        person, document, row = self.person, self.document, draft.row
        others = permissions.reviewer_names(row.translator or person, document, self.language) if is_finished else []
        return {
            "review": is_finished and permissions.may_review_rendition(person, row),
            "reviewers": others,
            "may_publish": document.state == State.PUBLISHED
            and bool(states.rendition_allows(draft.state, "publish"))
            and bool(permissions.may_publish_rendition(person, row)),
            "may_comment": bool(permissions.may_comment(person, document, self.language)),
        }


class Translations(StaffView):
    """The pending translations: what is left, until when, and who translates."""

    template_name = "documents/desk/translations.html"

    def allowed(self) -> Answer:
        return permissions.may_see_translations(self.person)

    def get(self, request: HttpRequest) -> HttpResponse:
        found = pending_translations(self.person)
        settled = [each for each in found if each.is_settled]
        context = {
            "parts": [
                ("mine", [each for each in settled if each.is_own]),
                ("others", [each for each in settled if not each.is_own]),
                ("unsettled", [each for each in found if not each.is_settled]),
            ],
            "has_mine": any(each.is_own for each in settled),
            "texts": (texts := remaining_texts(self.person, own_consultations(self.person))),
            "is_empty": not found and not texts,
            "crumbs": [(pgettext("label", "Desk"), reverse("desk"), "")],
            "nav_current": "desk",
        }
        return self.page(request, context)


def own_consultations(person: Person) -> list[Consultation]:
    """Return the consultations in which a person has a role, the newest first. One query."""
    return list(Consultation.objects.filter(pk__in={where for where, _n, _l in roles_of(person)}).order_by("-pk"))
