"""The form of a schedule of summaries. What it may be stands in `scheduling.checks`."""

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from plenara.core.languages import NAMES
from plenara.core.vocabulary import weekday_names
from plenara.summaries.models import Schedule


def _weekdays() -> list[tuple[int, str]]:
    return list(enumerate(weekday_names(), 1))


class ScheduleForm(forms.Form):
    """How often a summary is due, and in how many working days."""

    is_on = forms.BooleanField(
        label=_("Summaries are due regularly"),
        required=False,
        help_text=_("Periods are cut by themselves, and rapporteurs and translators are reminded."),
    )
    every = forms.ChoiceField(label=_("How often"), choices=Schedule.Every.choices)
    weekday = forms.TypedChoiceField(
        label=_("A period ends on"),
        coerce=int,
        choices=lazy(_weekdays, list)(),
        help_text=_("Of a month, on the last such day."),
    )
    source_language = forms.ChoiceField(label=_("They are written in"), choices=list(NAMES.items()))
    writing_days = forms.IntegerField(
        label=_("Working days for writing"), help_text=_("From the end of the period until it is sent to review.")
    )
    translating_days = forms.IntegerField(
        label=_("Working days for translating"),
        help_text=_("From its approval until the other five languages are there."),
    )
    was = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean_was(self) -> int:
        """Return the stamp that the form was opened on; none is 0."""
        return self.cleaned_data["was"] or 0
