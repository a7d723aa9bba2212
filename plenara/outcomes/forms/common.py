"""Parts that the forms of the outcomes' desk share: days, errors at their fields, names of six-language fields."""

from django import forms
from django.utils.translation import gettext_lazy, pgettext

from plenara.consultations.forms.fields import StampedForm
from plenara.core.refusals import Sentence
from plenara.core.vocabulary import language_in_sentence


class Day(forms.DateField):
    """A day, or none."""

    def __init__(self, *, label: Sentence, help_text: Sentence = ""):
        super().__init__(
            required=False,
            input_formats=["%Y-%m-%d"],
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={"invalid": gettext_lazy("Enter the date as year-month-day, such as 2027-04-30.")},
            label=label,
            help_text=help_text,
        )


class Edited(StampedForm):
    """A form for data that two people may change at once, with texts in six languages."""

    #: The names of the texts in six languages, by the prefix of their fields.
    texts: dict[str, object] = {}

    def full_label(self, name: str) -> str:
        label = super().full_label(name)
        what = self.texts.get(name[:-3])
        if what is None:
            return label
        return pgettext("option", "%(what)s in %(language)s") % {
            "what": what,
            "language": language_in_sentence(name[-2:]),
        }
