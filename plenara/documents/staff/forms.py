"""Forms of the pages that any document has at the desk."""

from django import forms
from django.utils.translation import gettext_lazy as _


class CommentForm(forms.Form):
    """What a reviewer says."""

    comment = forms.CharField(
        label=_("Comment"),
        required=False,
        strip=False,
        help_text=_("Those who write, approve and translate it read this. Readers never see it."),
        widget=forms.Textarea(attrs={"rows": 4, "class": "low", "dir": "auto"}),
    )
    key = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)


class ResolveForm(forms.Form):
    """That a comment is settled, and what there is to answer."""

    answer = forms.CharField(
        label=_("Your answer"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "low", "dir": "auto"}),
    )
