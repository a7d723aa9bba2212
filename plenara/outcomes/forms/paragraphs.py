"""Forms of a paragraph: words, place, proposals and objections; citations with response and reason."""

from typing import TypedDict, Unpack

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plenara.core.languages import in_language
from plenara.documents.forms import ParagraphChoice
from plenara.documents.models import Paragraph, Response
from plenara.outcomes.kind import KINDS
from plenara.outcomes.models import Section

_REASON_INPUT = {"class": "words low", "rows": 3, "dir": "auto"}


class Known(TypedDict):
    """What every form of a response is made with: earlier reasons, and the outcome's own language."""

    reasons: list[str]
    language: str
    direction: str


class ResponseForm(forms.Form):
    """A response to a citation, with its reason."""

    response = forms.ChoiceField(
        label=_("What is the response?"), required=False, choices=Response.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Why this response?"),
        required=False,
        help_text=_(
            "Write one sentence. The reason is published, and the author of the contribution reads "
            "it. You can use the same reason for several contributions."
        ),
        widget=forms.TextInput(attrs={"list": "reasons", "autocomplete": "off"}),
    )
    was = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        initial: dict[str, str] | None = None,
        **known: Unpack[Known],
    ):
        super().__init__(data, initial=initial)
        #: Earlier reasons, offered while typing.
        self.reasons = known["reasons"]
        self.fields["reason"].widget.attrs |= {"lang": known["language"], "dir": known["direction"]}


class AnsweringForm(ResponseForm):
    """A response with its reason, and the paragraph that gives it."""

    paragraph = forms.ChoiceField(
        label=_("Which paragraph contains the response?"), required=False, widget=ParagraphChoice
    )
    field_order = ["paragraph", "response", "reason"]

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        initial: dict[str, str] | None = None,
        paragraphs: list[tuple[str, str]],
        **known: Unpack[Known],
    ):
        super().__init__(data, initial=initial, **known)
        field = self.fields["paragraph"]
        assert isinstance(field, forms.ChoiceField)
        assert isinstance(field.widget, ParagraphChoice)
        field.choices = [("", _("Choose a paragraph")), *paragraphs]
        field.widget.spoken = {"lang": known["language"], "dir": known["direction"]}


class CiteForm(AnsweringForm):
    """Words of a contribution, or the whole of it, with the paragraph that answers it."""

    sentences = forms.MultipleChoiceField(
        label=pgettext_lazy("label", "Sentences"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "sentence"}),
    )
    words = forms.CharField(
        label=pgettext_lazy("label", "The exact words"),
        required=False,
        strip=False,
        help_text=_(
            "Select the words in the contribution, or copy them into this field. Leave blank to "
            "cite the whole contribution."
        ),
        widget=forms.Textarea(attrs=_REASON_INPUT),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        initial: dict[str, str] | None = None,
        sentences: list[str],
        paragraphs: list[tuple[str, str]],
        **known: Unpack[Known],
    ):
        super().__init__(data, initial=initial, paragraphs=paragraphs, **known)
        chosen = self.fields["sentences"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [(str(place), sentence) for place, sentence in enumerate(sentences)]
        self.offered = sentences

    def words_cited(self) -> list[str]:
        """Return the pieces of words cited; for the whole, one empty piece."""
        chosen = [self.offered[int(place)] for place in self.cleaned_data["sentences"]]
        return [*chosen, *filter(str.strip, [self.cleaned_data["words"]])] or [""]


_WORDS = {"class": "words low", "rows": 6}
_LOW = {"class": "low", "rows": 3, "dir": "auto"}


class Written(forms.Form):
    """A form with words in the outcome's own language."""

    spoken: tuple[str, ...] = ("heading", "text")

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        initial: dict[str, str] | None = None,
        language: str,
        direction: str,
    ):
        super().__init__(data, initial=initial)
        for name in self.spoken:
            self.fields[name].widget.attrs |= {"lang": language, "dir": direction}


class ParagraphForm(Written):
    """A paragraph: section, kind, heading and words."""

    section = forms.ChoiceField(label=pgettext_lazy("label", "Section"), required=False)
    kind = forms.ChoiceField(
        label=pgettext_lazy("label", "Kind"),
        choices=[("", pgettext_lazy("option", "Choose a kind")), *((kind.value, kind.label) for kind in KINDS)],
        required=False,
        help_text=_("A note is an introduction, or says why a section is empty. All other paragraphs need citations."),
    )
    heading = forms.CharField(label=pgettext_lazy("label", "Heading"), required=False)
    text = forms.CharField(
        label=pgettext_lazy("paragraph", "Text"),
        required=False,
        strip=False,
        help_text=_("Write one idea, so that it can be agreed, cited and answered separately."),
        widget=forms.Textarea(attrs=_WORDS),
    )
    was = forms.CharField(required=False, widget=forms.HiddenInput)
    key = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        initial: dict[str, str] | None = None,
        sections: list[Section],
        language: str,
        direction: str,
    ):
        super().__init__(data, initial=initial, language=language, direction=direction)
        self.sections = {str(each.pk): each for each in sections}
        section = self.fields["section"]
        assert isinstance(section, forms.ChoiceField)
        section.choices = [
            (key, f"{each.number}. {in_language(each.title).text}") for key, each in self.sections.items()
        ]

    def values(self) -> dict:
        """Return the arguments of the action."""
        typed = self.cleaned_data
        return {
            "section": self.sections.get(typed["section"]),
            "kind": typed["kind"],
            "heading": typed["heading"],
            "text": typed["text"],
        }


class ProposalForm(Written):
    """Other words for a paragraph, and why."""

    heading = forms.CharField(label=pgettext_lazy("label", "Heading"), required=False)
    text = forms.CharField(
        label=_("Your wording"),
        required=False,
        strip=False,
        help_text=_("Change the wording in this field. A writer of this body will accept your wording or say why not."),
        widget=forms.Textarea(attrs=_WORDS),
    )
    note = forms.CharField(
        label=_("Why do you propose this wording?"),
        required=False,
        strip=False,
        help_text=_("The members will read your reason. It is not published."),
        widget=forms.Textarea(attrs=_LOW),
    )
    was = forms.CharField(required=False, widget=forms.HiddenInput)
    key = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)


class AnswerForm(forms.Form):
    """The answer to a proposal."""

    answer = forms.CharField(
        label=pgettext_lazy("label", "Your answer"),
        required=False,
        strip=False,
        help_text=_(
            "The person who made the proposal will read your answer in an e-mail. If you decline, give the reason."
        ),
        widget=forms.Textarea(attrs=_LOW),
    )
    confirmed = forms.BooleanField(
        label=_(
            "By ticking this box, you confirm that you have compared both texts. The proposed wording "
            "then replaces the current wording."
        ),
        required=False,
    )
    was = forms.CharField(required=False, widget=forms.HiddenInput)


class ObjectionForm(forms.Form):
    """Why a member objects."""

    reason = forms.CharField(
        label=_("Why do you object?"),
        required=False,
        help_text=_(
            "Write one sentence. While you object, the paragraph is in brackets. Your objection is published "
            "with your name and this reason."
        ),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    was = forms.CharField(required=False, widget=forms.HiddenInput)


class PlaceForm(forms.Form):
    """The place of a paragraph: in a section, as the first or after another one."""

    place = forms.ChoiceField(label=_("Position in the section"), required=False)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        initial: dict[str, str] | None = None,
        paragraph: Paragraph,
        places: list[tuple[Section, list[tuple[int, str]]]],
    ):
        """`places` are the sections with their paragraphs: ids and names."""
        super().__init__(data, initial=initial)
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (
                f"{section.number}. {in_language(section.title).text}",
                [
                    (f"{section.pk}:", pgettext_lazy("place of a paragraph", "first")),
                    *(
                        (f"{section.pk}:{pk}", _("after: %(part)s") % {"part": part})
                        for pk, part in there
                        if pk != paragraph.pk
                    ),
                ],
            )
            for section, there in places
        ]
