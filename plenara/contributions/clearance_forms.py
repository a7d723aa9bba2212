"""Forms of clearance and co-signing: sharing a draft, remarking on it, asking for signatures, signing."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plenara.accounts.forms import BylineForm, Mended
from plenara.contributions.checks import DAYS, MOST_REMARK
from plenara.core.languages import NAMES


class ShareForm(Mended):
    """For how long a link to a draft is open."""

    days = forms.IntegerField(
        label=_("For how many days?"),
        help_text=_("1 to 30. You can end the link at any time."),
        initial=14,
        error_messages={
            "required": _("A link can be open for 1 to 30 days."),
            "invalid": _("A link can be open for 1 to 30 days."),
        },
        widget=forms.NumberInput(attrs={"min": DAYS[0], "max": DAYS[1], "inputmode": "numeric"}),
    )


class AskForm(Mended):
    """Who is asked to sign, and in which language."""

    addresses = forms.CharField(
        label=_("E-mail addresses of those who should sign too"),
        help_text=_("One a line, 50 at most. Each gets one mail with a link; nobody needs an account."),
        error_messages={"required": _("Write the e-mail address of at least one person.")},
        max_length=20_000,
        widget=forms.Textarea(attrs={"class": "low", "rows": 4, "dir": "ltr", "autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=_("Language of the mail"), choices=list(NAMES.items()))

    @property
    def written(self) -> list[str]:
        """The addresses, however they were set apart."""
        return [each for each in re.split(r"[\s,;]+", self.cleaned_data["addresses"]) if each]


class RemarkForm(Mended):
    """What somebody says about a draft."""

    name = forms.CharField(
        label=_("Your name"),
        error_messages={"required": _("Write a name.")},
        max_length=400,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    text = forms.CharField(
        label=_("Your remark"),
        help_text=_("The author alone reads it. At most 2,000 characters."),
        error_messages={"required": _("Write your remark.")},
        max_length=MOST_REMARK * 10,  # what is longer than the limit is told so by the check, and stays in the form
        widget=forms.Textarea(attrs={"class": "low", "rows": 5, "dir": "auto"}),
    )


class SignForm(BylineForm):
    """Under which name somebody signs. A signature has a name, so that cannot be withheld."""

    withholds_name = None  # type: ignore[assignment]  # Django's way to leave a field out
    name = forms.CharField(
        label=_("Your name"),
        help_text=_("It is published with the text."),
        error_messages={"required": _("Write a name.")},
        max_length=400,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    sha256 = forms.CharField(widget=forms.HiddenInput, required=False)
    field_order = ("name", "stakeholder_group", "capacity", "organization", "country", "withholds_country", "sha256")

    @classmethod
    def for_words(cls, sha256: str, **told: Any) -> "SignForm":
        """Return the form for a text with this digest, filled in with what was told before."""
        return cls(initial={**told, "sha256": sha256})
