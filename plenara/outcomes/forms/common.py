"""What the forms of the outcomes' desk share: days, answers of checks at their fields, names of six-language fields."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plenara.consultations.forms.fields import StampedForm
from plenara.core.refusals import ActionRefused, Answer, Denied
from plenara.core.vocabulary import language_name


class Day(forms.DateField):
    """A day, or none."""

    def __init__(self, **options: Any):
        super().__init__(
            required=False,
            input_formats=["%Y-%m-%d"],
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={"invalid": gettext_lazy("Write the day as year-month-day, such as 2027-04-30.")},
            **options,
        )


class Checked(forms.Form):
    """A form that shows what the checks say at the fields that they name."""

    def ask(self, answers: Iterable[Answer | bool]) -> None:
        """Show each refusal, one a field."""
        for answer in answers:
            if isinstance(answer, Denied) and answer.field not in self.errors:
                self.put(answer)

    def put(self, refused: ActionRefused | Denied) -> None:
        """Show a refusal at its field, or above all where it has none here."""
        self.add_error(refused.field if refused.field in self.fields else None, str(refused.sentence))


class Edited(Checked, StampedForm):
    """A form of something that two may change at once, with texts in six languages."""

    #: What the texts in six languages are called, by the beginning of their fields' names.
    texts: dict[str, Any] = {}

    def full_label(self, name: str) -> str:
        label = super().full_label(name)
        what = self.texts.get(name[:-3])
        if what is None:
            return label
        return _("%(what)s in %(language)s") % {"what": what, "language": language_name(name[-2:])}
