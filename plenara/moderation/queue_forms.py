"""The forms of the queue: letting something rest, and how a moderator works."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from plenara.core.languages import NAMES, html_code
from plenara.core.vocabulary import language_name
from plenara.moderation.models import Preference


def _named(code: str) -> str:
    """Return a language by its own name, marked as such; one that is not among the six by the reader's."""
    return (
        format_html('<span lang="{}">{}</span>', html_code(code), NAMES[code]) if code in NAMES else language_name(code)
    )


class HoldForm(forms.Form):
    """Until which day something rests, and why."""

    until = forms.DateField(
        label=_("On hold until"),
        required=False,
        help_text=_("On this day it waits again. At most sixty days from now; it can be decided on meanwhile."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("Write a date, such as 2026-10-20.")},
    )
    reason = forms.CharField(
        label=_("Why it is on hold"),
        required=False,
        help_text=_("For the other moderators. Neither its author nor the public reads it."),
        widget=forms.Textarea(attrs={"class": "low", "rows": 3, "dir": "auto"}),
    )


class PreferenceForm(forms.Form):
    """The languages that a moderator reads, and when they are told by mail what waits."""

    reads = forms.MultipleChoiceField(
        label=_("Languages that you read"),
        required=False,
        help_text=_("What is in these languages comes first in your queue. Choose none to see all by age alone."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose languages from the list.")},
    )
    tell_late = forms.BooleanField(
        label=_("Write to me when something waits longer than half of what is promised"), required=False
    )
    digest = forms.ChoiceField(
        label=_("An e-mail that sums up what waits"),
        help_text=_("Nothing is sent when nothing waits."),
        choices=Preference.Digest.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how often."), "invalid_choice": _("Choose how often.")},
    )

    def __init__(self, *args: Any, languages: Sequence[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        reads = self.fields["reads"]
        assert isinstance(reads, forms.MultipleChoiceField)
        reads.choices = [(code, _named(code)) for code in languages]

    @classmethod
    def of(cls, preference: Preference, languages: Sequence[str]) -> "PreferenceForm":
        """Return the form as it was kept."""
        kept = {"reads": preference.reads, "tell_late": preference.tell_late, "digest": preference.digest}
        return cls(initial=kept, languages=languages)
