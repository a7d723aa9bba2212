"""The forms of a dispute and of its decision."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plenara.contributions.models import Dispute
from plenara.core.languages import NAMES, current
from plenara.core.refusals import Refused


class Mended(forms.Form):
    """A form that takes a refusal of an action back to the field that it is about."""

    def put(self, refused: Refused) -> None:
        """Show why it was refused, at its field or above all."""
        self.add_error(refused.field if refused.field in self.fields else None, str(refused.sentence))


def _words(label: Any, hint: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"class": "words low", "rows": 6, "dir": "auto"})
    return forms.CharField(label=label, help_text=hint, required=False, strip=False, widget=widget)


def _language() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Language of your text"), required=False, choices=list(NAMES.items()), initial=current
    )


class DisputeForm(Mended):
    """Why a contribution does not speak for the organization."""

    text = _words(
        _("Why does it not speak for the organization?"),
        _("The moderators of the consultation read it; it is not published."),
    )
    language = _language()


class DecisionForm(Mended):
    """Upheld or dismissed, with the reason."""

    status = forms.ChoiceField(
        label=pgettext_lazy("dispute", "What do you decide?"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            (Dispute.Status.UPHELD, _("Uphold it: the contribution says for good that it does not speak for it")),
            (Dispute.Status.DISMISSED, _("Dismiss it: the byline stands, and the mark goes")),
        ],
    )
    answer = _words(_("The reason"), _("The author and the organization get it by mail; it is not published."))
    answer_language = _language()
