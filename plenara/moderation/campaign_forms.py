"""The form of a decision on a campaign."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plenara.moderation.forms import DecisionForm
from plenara.moderation.models import UNDO_TIME, Code
from plenara.moderation.publishable import KINDS

ALL, SOME = "all", "some"


class CampaignForm(DecisionForm):
    """Approve, return or reject all that wait, or those that are chosen above."""

    which = forms.ChoiceField(
        label=_("Which of them"),
        widget=forms.RadioSelect,
        choices=[(ALL, _("All that wait")), (SOME, _("Those that are chosen above"))],
        initial=ALL,
    )
    until = forms.IntegerField(widget=forms.HiddenInput)  # the latest item that the page shows or counts

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, kind=KINDS["contribution"], threads=None, **kwargs)
        for name in ("version", "thread", "there"):
            del self.fields[name]
        code = self.fields["code"]
        assert isinstance(code, forms.ChoiceField)
        labels = {
            Code.APPROVED: _("Approve and publish, as one text with all who submitted it"),
            Code.RETURNED: _("Return for revision"),
            Code.REJECTED: _("Reject"),
        }
        code.choices = list(labels.items())
        seconds = int(UNDO_TIME.total_seconds())
        hint = _("They are published after %(seconds)d seconds. Until then you can undo it.") % {"seconds": seconds}
        code.widget.hints = {Code.APPROVED: hint}  # type: ignore[attr-defined]
        self.order_fields(["which", "code", "reason", "sentence", "sentence_language", "until"])
