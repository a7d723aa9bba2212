"""The form of a decision."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plenara.common.languages import in_language
from plenara.consultations.models import Thread
from plenara.moderation import reasons
from plenara.moderation.models import Code


class QuestionField(forms.ModelChoiceField):
    """A choice of a question, by its number and words."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.number}. {in_language(obj.question)}"


class DecisionForm(forms.Form):
    """Approve, return, move or reject, with a reason and a sentence."""

    code = forms.ChoiceField(
        label=_("Decision"),
        widget=forms.RadioSelect,
        required=False,
        choices=[
            (Code.APPROVED, _("Approve and publish")),
            (Code.RETURNED, _("Return for revision")),
            (Code.MOVED, _("Move to another question and publish there")),
            (Code.REJECTED, _("Reject")),
        ],
    )
    reason = forms.ChoiceField(
        label=_("Reason"),
        required=False,
        help_text=_("For returning and rejecting. The author reads its full text in their language."),
    )
    thread = QuestionField(
        label=_("The other question"),
        queryset=Thread.objects.none(),
        required=False,
        empty_label=_("Choose a question"),
    )
    sentence = forms.CharField(
        label=_("A sentence for the author"),
        required=False,
        help_text=_("In your own words; it is sent as you write it."),
        widget=forms.Textarea(attrs={"class": "low", "rows": 3, "dir": "auto"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, threads: Any, before: bool = True, **kwargs: Any):
        super().__init__(*args, **kwargs)
        reason = self.fields["reason"]
        assert isinstance(reason, forms.ChoiceField)
        reason.choices = [
            ("", _("Choose a reason")),
            *((code, f"{code} · {reasons.label(code)}") for code in reasons.codes()),
        ]
        others = self.fields["thread"]
        assert isinstance(others, forms.ModelChoiceField)
        others.queryset = threads
        if not before:
            del self.fields["code"], self.fields["thread"], self.fields["version"]
