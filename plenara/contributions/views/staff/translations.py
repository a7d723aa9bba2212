"""Reading across languages at the desk: missing translations, and one text with its translation."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from plenara.accounts.models import Person
from plenara.consultations.models import Consultation, RoleName
from plenara.consultations.permissions import has_role
from plenara.consultations.views.staff.base import OfConsultation, crumbs
from plenara.contributions import permissions
from plenara.contributions.actions import translations
from plenara.contributions.models import LISTED, Edition, Translation
from plenara.contributions.queries.translations import original_of
from plenara.core.languages import NAMES, current, direction, html_code
from plenara.core.machines import translation as machine
from plenara.core.refusals import ActionRefused, Answer, NotPermitted
from plenara.core.text import first_words, number_in

#: Contributions on one page of the list.
PAGE = 20


def may_see_list(person: Person, consultation: Consultation) -> bool:
    """Everybody who works in the consultation."""
    return has_role(person, consultation, *RoleName.values)


class Untranslated(OfConsultation):
    """Published contributions without a translation into a language, oldest first; and the machine's setting."""

    template_name = "contributions/untranslated.html"
    section = "contributions:untranslated"
    rule = staticmethod(may_see_list)

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        language = request.GET.get("language", "")
        language = language if language in NAMES else self.first_language()
        start = request.GET.get("from", "")
        first = int(start) if start.isascii() and start.isdigit() and len(start) < 9 else 0
        there = Translation.objects.filter(language=language, is_public=True)
        found = (
            Edition.objects.filter(LISTED, consultation=self.consultation, status=Edition.Status.PUBLISHED)
            .filter(number__gte=first, text__isnull=False)
            .exclude(language__startswith=language)
            .exclude(text__in=there.values("text"))
            .select_related("text", "byline", "thread")
        )
        editions = list(found.order_by("number")[: PAGE + 1])
        for edition in editions:
            edition.opening = first_words(edition.text.content, 160) if edition.text else ""  # type: ignore[attr-defined]
        return self.page(
            request,
            {
                **self.frame(),
                "language": language,
                "six": NAMES.items(),
                "editions": editions[:PAGE],
                "after": editions[PAGE].number if len(editions) > PAGE else None,
                "machine": machine.name() if machine.is_configured() else "",
                "may_decide": permissions.may_show_machine_translations(self.person, self.consultation),
            },
        )

    def first_language(self) -> str:
        """Return the language of a translator, else the page's."""
        roles = self.consultation.roles.filter(person=self.person, name=RoleName.TRANSLATOR)
        return roles.order_by("pk").values_list("language", flat=True).first() or current()

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        shows = request.POST.get("shows") == "yes"
        try:
            translations.show_machine_translations(actor=self.person, consultation=self.consultation, shows=shows)
        except NotPermitted:
            raise
        except ActionRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(
                request,
                _("Readers now see machine translations.")
                if shows
                else _("Readers no longer see machine translations."),
            )
        return redirect("contributions:untranslated", slug)


class TranslationForm(forms.Form):
    """A translation of a contribution."""

    title = forms.CharField(label=pgettext_lazy("label", "Title"), required=False)
    content = forms.CharField(
        label=pgettext_lazy("label", "Translation"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    was = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None, *, language: str, initial: dict[str, str] | None = None):
        super().__init__(data, initial=initial)
        for name in ("title", "content"):
            self.fields[name].widget.attrs |= {"lang": html_code(language), "dir": direction(language)}


class Translate(OfConsultation):
    """One text beside its translation, with a form to write it, to ask the machine, to delete it."""

    template_name = "contributions/translate.html"
    section = "contributions:untranslated"
    rule = staticmethod(may_see_list)

    def allowed(self, slug: str, **more: object) -> Answer:
        answer = super().allowed(slug)
        found = original_of(self.consultation, number_in(str(self.kwargs["text"])))
        self.language = self.kwargs["language"]
        if self.language not in NAMES or found is None:
            raise Http404
        self.original = found
        return answer and permissions.may_see_original(self.person, found)

    @property
    def may_write(self) -> Answer:
        return permissions.may_translate_original(self.person, self.original, self.language)

    def present(self) -> Translation | None:
        return Translation.objects.filter(text=self.original.text, language=self.language).first()

    def get(self, request: HttpRequest, slug: str, text: int, language: str) -> HttpResponse:
        present = self.present()
        initial = {
            "title": present.title if present else "",
            "content": present.content if present else "",
            "was": translations.stamp(present),
        }
        return self.show(request, TranslationForm(self.kept(request), initial=initial, language=language), present)

    def post(self, request: HttpRequest, slug: str, text: int, language: str) -> HttpResponse:
        data = request.POST.copy()
        for name in ("title", "content", "was"):
            data[name] = data.get(name, "").replace("\x00", "")  # no database stores it
        form = TranslationForm(data, language=language)
        form.is_valid()
        try:
            message = self.act(request.POST.get("act", ""), form.cleaned_data)
        except ActionRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            status = 409 if refused.code == "changed" else refused.status
            present = self.present()
            if refused.code == "changed":
                # The next attempt is based on what the person has now seen.
                data["was"] = translations.stamp(present)
                form.data = data
            return self.show(request, form, present, status, is_conflict=refused.code == "changed")
        messages.success(request, message)
        return redirect("contributions:translate", slug, text, language)

    def act(self, what: str, values: dict[str, str]) -> str:
        """Do what a button asks for, and return its success message."""
        actor, original, language = self.person, self.original, self.language
        if what == "ask":
            translations.ask_machine(actor=actor, original=original, language=language)
            return _("A machine translation has been requested. Reload this page in a minute.")
        if what == "take_away":
            translations.take_translation_away(actor=actor, original=original, language=language)
            return _("The translation was removed.")
        typed = {name: values[name] for name in ("title", "content", "was")}
        translations.save_translation(actor=actor, original=original, language=language, **typed)
        return pgettext("option", "Saved.")

    def show(
        self,
        request: HttpRequest,
        form: TranslationForm,
        present: Translation | None,
        status: int = 200,
        *,
        is_conflict: bool = False,
    ) -> HttpResponse:
        request_task = translations.requests(self.original, self.language).order_by("-pk").first()
        here = reverse("contributions:untranslated", args=[self.consultation.slug])
        return self.page(
            request,
            {
                **self.frame(),
                "crumbs": [
                    *crumbs(self.consultation, is_inner=True),
                    (pgettext("label", "Translations of contributions"), here, ""),
                ],
                "original": self.original,
                "language": self.language,
                "translation": present,
                "is_conflict": is_conflict,
                "form": form,
                "writer": self.writer(),
                "may_write": self.may_write,
                "may_ask": bool(self.may_write) and machine.is_configured() and bool(self.original.source),
                "machine": machine.name(),
                "is_asked": bool(request_task and not request_task.done_at and not request_task.failed_at),
                "has_failed": bool(request_task and request_task.failed_at),
            },
            status=status,
        )
