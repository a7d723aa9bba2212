"""The consultation's own texts in one language, beside their originals: saved, reviewed, suggested by a machine."""

from collections.abc import Mapping

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from plenara.consultations import actions, permissions, queries
from plenara.consultations.actions import translations
from plenara.consultations.queries import GUIDANCE, INTRO, QUESTION, TITLE, Pair
from plenara.consultations.views.staff.base import OfConsultation
from plenara.core.languages import NAMES, direction, html_code
from plenara.core.machines import translation
from plenara.core.refusals import ActionRefused, AlreadyDone, Answer
from plenara.core.text import digest

_NAMES = {
    TITLE: pgettext_lazy("label", "Title"),
    INTRO: pgettext_lazy("label", "Introduction"),
    QUESTION: pgettext_lazy("label", "Question %(number)s"),
    GUIDANCE: gettext_lazy("Guidance on question %(number)s"),
}


class Translations(OfConsultation):
    """Shows the state of the consultation's own texts in each language that the person may see."""

    template_name = "consultations/desk/texts.html"
    section = "desk_texts"
    rule = staticmethod(permissions.may_see_texts)

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        rows = [
            queries.RemainingTexts(self.consultation, code, queries.pairs_of(self.consultation, code))
            for code in queries.languages_of(self.person, self.consultation)
        ]
        return self.page(request, {**self.frame(), "rows": [each for each in rows if each.pairs]})


class OneLanguage(OfConsultation):
    """Shows every text in one language, beside its original."""

    template_name = "consultations/desk/texts_in.html"
    section = "desk_texts"
    rule = staticmethod(permissions.may_see_texts)
    status = 200

    def enter(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        self.language = str(kwargs.pop("language"))
        if self.language not in NAMES:
            raise Http404
        return super().enter(request, *args, **kwargs)

    def allowed(self, slug: str, **more: object) -> Answer:
        return super().allowed(slug) and permissions.may_translate_texts(self.person, self.consultation, self.language)

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return self.show(request, self.kept(request))

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        act = request.POST.get("act", "save")
        try:
            conflicts = actions.save_texts(
                actor=self.person,
                consultation=self.consultation,
                language=self.language,
                typed=self.typed(request.POST),
            )
            if conflicts:
                self.status = 409
                return self.show(request, request.POST, conflicts=conflicts)
            if act == "review":
                self.review(request)
            elif act == "ask":
                self.request_drafts(request)
            else:
                messages.success(request, pgettext("text", "Saved."))
        except ActionRefused as refused:
            self.status = 422
            return self.show(request, request.POST, refused=refused)
        return redirect("desk_texts_in", slug=slug, language=self.language)

    def review(self, request: HttpRequest) -> None:
        count = actions.review_texts(actor=self.person, consultation=self.consultation, language=self.language)
        if not count:
            messages.warning(
                request,
                _("There is no translation that you can review. Another person must review your own translations."),
            )
        else:
            sentence = ngettext("%(count)d text has been reviewed.", "%(count)d texts have been reviewed.", count)
            messages.success(request, sentence % {"count": count})

    def request_drafts(self, request: HttpRequest) -> None:
        try:
            actions.ask_machine_for_texts(actor=self.person, consultation=self.consultation, language=self.language)
        except AlreadyDone:
            return  # a double click: the page says that the machine is at work

    @staticmethod
    def typed(data: Mapping[str, str]) -> dict[str, translations.Typed]:
        """Return what was typed, by place."""
        return {
            name[2:]: translations.Typed(
                text=data[name],
                was=data.get(f"w-{name[2:]}", ""),
                source=data.get(f"s-{name[2:]}", ""),
                confirmed=f"ok-{name[2:]}" in data,
            )
            for name in data
            if name.startswith("t-")
        }

    def show(
        self, request: HttpRequest, typed: QueryDict | None = None, *, conflicts: list[str] | None = None,
        refused: ActionRefused | None = None,
    ) -> HttpResponse:  # fmt: skip
        it, language = self.consultation, self.language
        pairs = queries.pairs_of(it, language)
        drafts = [each for each in pairs if each.needs_review]
        reviewable = [each for each in drafts if queries.may_review(self.person, it, each.row)]
        failed = translations.translate_texts.rows().filter(failed_at__isnull=False, arguments__consultation_id=it.pk,
            arguments__language=language,
        )  # fmt: skip
        others = [each for each in drafts if each not in reviewable]
        return self.page(
            request,
            {
                **self.frame(),
                "form": forms.Form(),
                "writer": self.writer(),
                "language": language,
                "html_lang_of": html_code(language),
                "dir_of": direction(language),
                "rows": [self.row(each, typed, conflicts or []) for each in pairs],
                "left": queries.RemainingTexts(it, language, pairs),
                "reviewable": len(reviewable),
                "reviewers": queries.reviewers(it, language, self.person.pk) if others else [],
                "refused": refused,
                "conflicts": conflicts,
                "machine": translation.name(),
                "may_ask": translation.is_configured() and bool(translations.texts_for_machine(it, language)),
                "is_asking": translations.is_translating(it, language),
                "has_failed": failed.exists(),
            },
            status=self.status,
        )

    def row(self, pair: Pair, typed: QueryDict | None, conflicts: list[str]) -> dict[str, object]:
        """Return a text as the page shows it; with what was typed in place of what is saved."""
        key = pair.place.key
        return {
            "pair": pair,
            "key": key,
            "name": _NAMES[pair.place.name] % {"number": pair.place.thread.number if pair.place.thread else ""},
            "source": pair.source,
            "source_lang": html_code(pair.original),
            "source_dir": direction(pair.original),
            "text": typed.get(f"t-{key}", pair.text) if typed else pair.text,
            "was": digest(pair.text),
            "made_from": pair.made_from,
            "theirs": pair.text if key in conflicts else "",
        }
