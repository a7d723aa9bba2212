"""Leading an outcome on: sending it back with a note, publishing it as a version of a stage."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plenara.consultations.forms.fields import Choice, SixLanguages, Words
from plenara.outcomes.forms.common import Checked
from plenara.outcomes.models import Outcome, Stage
from plenara.outcomes.states import VERSIONS

WHY_LEFT = SixLanguages("why_left", lines=2)


class NoteForm(Checked):
    """Why it goes back to its writers."""

    note = Words(
        lines=4,
        label=gettext_lazy("What should be changed?"),
        help_text=gettext_lazy("Its writers read this in a letter and on the workbench."),
    )


class PublishForm(Checked):
    """As what it is published; and of a final text that leaves contributions unanswered, the public sentence why."""

    stage = Choice(
        label=gettext_lazy("Publish it as"),
        widget=forms.RadioSelect,
        sentence=gettext_lazy("Choose as what it is published."),
    )

    def __init__(self, data: Any = None, *, outcome: Outcome, earlier: str, left: int):
        stages = [each for each in Stage if each in VERSIONS[earlier]]
        super().__init__(data, initial={"stage": stages[0] if len(stages) == 1 else ""})
        self.left = left
        if left and Stage.FINAL in stages:
            self.fields |= WHY_LEFT.fields()
        drafts = outcome.editions.filter(stage=Stage.DRAFT).count()
        labels = {Stage.DRAFT: _("Draft %(number)d") % {"number": drafts + 1}}
        field = self.fields["stage"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(each, labels.get(each) or each.label) for each in stages]
        field.widget.hints = {  # type: ignore[attr-defined]
            Stage.ZERO_DRAFT: _("The first version: it shows where the group begins, and can be opened for comment."),
            Stage.DRAFT: _("A further version, which can be opened for comment."),
            Stage.FINAL: _("What the group hands over. Afterwards only a corrected final text can follow."),
        }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("stage") and "stage" not in self.errors:
            self.add_error("stage", _("Choose as what it is published."))
        return given

    def said(self) -> dict[str, Any]:
        """Return stage and reason as the action takes them."""
        given = self.cleaned_data
        return {"stage": given["stage"], "why_left": WHY_LEFT.texts(given) if "why_left_en" in self.fields else {}}

    def why_fields(self) -> Any:
        """Return the six fields of the sentence, where there is something to explain."""
        return WHY_LEFT.shown(self) if "why_left_en" in self.fields else []
