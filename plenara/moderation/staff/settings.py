"""How a consultation is moderated: its secretariat's calendar, the guide for moderators, what a machine may notice."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plenara.consultations import actions
from plenara.consultations.forms.fields import SixLanguages
from plenara.consultations.forms.stamped import StampedForm
from plenara.consultations.models import Consultation
from plenara.consultations.staff.base import OfConsultation
from plenara.consultations.staff.editing import Conflict
from plenara.core.languages import current
from plenara.core.refusals import Invalid
from plenara.core.vocabulary import language_name, weekday_names
from plenara.moderation.models import Suggestion

GUIDE = SixLanguages("moderation_guide", lines=10)


class SettingsForm(StampedForm):
    """Working days, holidays, the guide in six languages, and the suggestions that are wanted."""

    working_days = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Days on which the secretariat works"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("The promised time to a decision counts these days alone."),
    )
    holidays = forms.CharField(
        label=gettext_lazy("Holidays"),
        required=False,
        help_text=gettext_lazy("Dates on which nobody works, one on each line: 2026-12-25. They do not count either."),
        widget=forms.Textarea(attrs={"rows": 6, "class": "low", "dir": "ltr"}),
    )
    suggestions = forms.MultipleChoiceField(
        label=gettext_lazy("What a machine may point out to moderators"),
        required=False,
        choices=Suggestion.What.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("It is computed on this server and decides nothing. The desk works without it."),
    )

    def __init__(self, data: Any = None, *, consultation: Consultation):
        initial = {
            **GUIDE.initial(consultation.moderation_guide),
            "working_days": consultation.working_days,
            "holidays": "\n".join(consultation.holidays),
            "suggestions": [kind for kind in Suggestion.What.values if kind not in consultation.suggestions_off],
        }
        super().__init__(data, stamp=consultation.stamp, initial=initial)
        self.consultation = consultation
        days = self.fields["working_days"]
        assert isinstance(days, forms.TypedMultipleChoiceField)
        days.choices = list(enumerate(weekday_names(current()), 1))
        self.fields = {**self.fields, **GUIDE.fields()}
        self.begin()

    def full_label(self, name: str) -> str:
        label = super().full_label(name)
        if name.startswith("moderation_guide_"):
            return _("%(what)s in %(language)s") % {
                "what": _("Guide for moderators"),
                "language": language_name(name[-2:]),
            }
        return label

    def changes(self) -> dict[str, Any]:
        """Return what differs from what is kept, by the names that `actions.edit` takes."""
        given, it = self.cleaned_data, self.consultation
        lines = [line.strip() for line in given["holidays"].splitlines()]
        found = {
            "working_days": sorted(given["working_days"]),
            "holidays": sorted({line for line in lines if line}),
            "moderation_guide": GUIDE.texts(given, it.moderation_guide),
            "suggestions_off": [kind for kind in Suggestion.What.values if kind not in given["suggestions"]],
        }
        return {name: value for name, value in found.items() if value != getattr(it, name)}


class Settings(OfConsultation):
    """The page on which an organizer sets how a consultation is moderated."""

    template_name = "moderation/settings.html"
    section = "moderation:settings"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return self.show(request, SettingsForm(self.kept(request), consultation=self.consultation))

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        it = self.consultation
        form = SettingsForm(request.POST, consultation=it)
        if not form.is_valid():
            return self.show(request, form, status=422)
        changes = form.changes()
        if changes and form.cleaned_data["stamp"] != it.stamp:
            return self.conflict(request, form)
        try:
            actions.edit(actor=self.person, consultation=it, stamp=it.stamp, **changes)
        except Invalid as refused:
            if refused.code == "stale":
                self.consultation = Consultation.objects.get(pk=it.pk)
                return self.conflict(request, SettingsForm(request.POST, consultation=self.consultation))
            form.put(refused)
            return self.show(request, form, status=422)
        messages.success(request, _("Saved.") if changes else _("Nothing had changed."))
        return redirect("moderation:settings", slug=slug)

    def conflict(self, request: HttpRequest, form: SettingsForm) -> HttpResponse:
        """Show what was typed, laid over what somebody else has saved meanwhile."""
        form.merge(self.consultation.stamp)
        return self.show(request, form, status=409, conflict=Conflict(form, "consultation", self.consultation.pk))

    def show(self, request: HttpRequest, form: SettingsForm, status: int = 200, **more: Any) -> HttpResponse:
        context = {**self.frame(), "form": form, "writer": self.writer(), "guide_fields": GUIDE.shown(form), **more}
        return self.page(request, context, status=status)
