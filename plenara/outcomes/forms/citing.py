"""Forms by which an outcome answers: what a paragraph cites, how it treats it, and why."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plenara.documents.models import Treatment

_WORDS = {"class": "words low", "rows": 3, "dir": "auto"}


class TreatmentForm(forms.Form):
    """How what is cited is treated, and why."""

    treatment = forms.ChoiceField(
        label=_("How is it treated?"), required=False, choices=Treatment.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Why?"),
        required=False,
        help_text=_(
            "One sentence. It is published, and whoever contributed it reads it. The same reason can stand for many."
        ),
        widget=forms.TextInput(attrs={"list": "reasons", "autocomplete": "off"}),
    )
    was = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, reasons: list[str], language: str, direction: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        #: What was given before, offered as one types.
        self.reasons = reasons
        self.fields["reason"].widget.attrs |= {"lang": language, "dir": direction}


class ParagraphChoice(forms.Select):
    """A choice among paragraphs, each marked with the language of its words."""

    spoken: dict[str, str] = {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if str(value).isdecimal():
            option["attrs"] |= self.spoken
        return option


class AnsweringForm(TreatmentForm):
    """A treatment and its reason, and the paragraph that gives it."""

    paragraph = forms.ChoiceField(label=_("Which paragraph cites it?"), required=False, widget=ParagraphChoice)
    field_order = ["paragraph", "treatment", "reason"]

    def __init__(self, *args: Any, paragraphs: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["paragraph"]
        assert isinstance(field, forms.ChoiceField)
        assert isinstance(field.widget, ParagraphChoice)
        field.choices = [("", _("Choose a paragraph")), *paragraphs]
        field.widget.spoken = {"lang": kwargs["language"], "dir": kwargs["direction"]}


class CiteForm(AnsweringForm):
    """Words of a contribution, or the whole of it, with the paragraph that answers it."""

    sentences = forms.MultipleChoiceField(
        label=_("Sentences"), required=False, widget=forms.CheckboxSelectMultiple(attrs={"class": "sentence"})
    )
    words = forms.CharField(
        label=_("The exact words"),
        required=False,
        strip=False,
        help_text=_("Select them in the contribution, or copy them here. Leave this empty to cite the whole."),
        widget=forms.Textarea(attrs=_WORDS),
    )

    def __init__(self, *args: Any, sentences: list[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        chosen = self.fields["sentences"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [(str(place), sentence) for place, sentence in enumerate(sentences)]
        self.offered = sentences

    def words_cited(self) -> list[str]:
        """Return what is cited, piece by piece; of the whole one empty piece."""
        chosen = [self.offered[int(place)] for place in self.cleaned_data["sentences"]]
        return [*chosen, *filter(str.strip, [self.cleaned_data["words"]])] or [""]
