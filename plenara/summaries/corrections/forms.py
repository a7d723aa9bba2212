"""The forms of a request and of its answer, and the seal that a request's form carries."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plenara.core import seals
from plenara.core.languages import NAMES, current, direction, html_code
from plenara.documents.queries.editions import ReadParagraph
from plenara.summaries.corrections.models import MOST_WORDS
from plenara.summaries.models import Correction

#: The choice for an omission.
MISSING = "missing"
#: Characters of a statement in the list of statements.
OPENING = 70


class Seal(seals.Seal):
    """The subject of a form: an edition, or a returned request."""

    salt = "plenara.correct"


class WordsForm(forms.Form):
    """The words of a request and their language."""

    text = forms.CharField(
        label=_("What should be corrected, and why?"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"class": "words", "rows": 8, "dir": "auto"}),
    )
    language = forms.ChoiceField(
        label=_("Language of your text"),
        required=False,
        choices=[("", pgettext_lazy("text", "Choose a language")), *NAMES.items()],
    )
    seal = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, initial: dict[str, str] | None = None):
        super().__init__(data, initial=initial)
        self.fields["text"].help_text = _(
            "Up to %(limit)d words, in any of the six languages. Explain what the contribution says and what the "
            "summary says. We publish your request unedited."
        ) % {"limit": MOST_WORDS}
        written_in = str((self.data if self.is_bound else self.initial).get("language") or "")
        if written_in in NAMES:
            self.fields["text"].widget.attrs |= {"lang": html_code(written_in), "dir": direction(written_in)}


class RequestForm(WordsForm):
    """The statement or the omission; then the words."""

    statement = forms.ChoiceField(label=_("What is the request about?"), required=False)
    about = forms.CharField(
        label=_("Number of the contribution that was left out"),
        required=False,
        help_text=_(
            "Fill in this field only if something is missing from the summary and you know which "
            "contribution contains it."
        ),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 8}),
    )

    field_order = ("statement", "about", "text", "language", "seal")

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        initial: dict[str, str] | None = None,
        statements: list[ReadParagraph],
    ):
        super().__init__(data, initial=initial)
        field = self.fields["statement"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", pgettext_lazy("label", "Choose a statement")),
            (MISSING, _("Something is missing from the summary")),
            *((str(each.number), f"{each.number}. {_opening(each.text)}") for each in statements),
        ]


def _opening(text: str) -> str:
    """Return a statement's first words."""
    words = " ".join(text.split())
    return words if len(words) <= OPENING else f"{words[:OPENING].rsplit(' ', 1)[0]} …"


class AnswerForm(forms.Form):
    """The answer: upheld, in part or not, with the reason."""

    verdict = forms.ChoiceField(
        label=pgettext_lazy("label", "Your answer"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            (
                Correction.Verdict.UPHELD,
                pgettext_lazy("answer", "Correct the summary as requested: the summary is reopened"),
            ),
            (
                Correction.Verdict.PARTLY,
                pgettext_lazy(
                    "answer",
                    "Correct the summary in part: the summary is reopened for the correction that your reason "
                    "describes",
                ),
            ),
            (
                Correction.Verdict.REFUSED,
                pgettext_lazy("answer", "Do not correct the summary: the summary does not change"),
            ),
        ],
    )
    answer = forms.CharField(
        label=pgettext_lazy("label", "The reason"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"class": "words low", "rows": 6, "dir": "auto"}),
    )
    answer_language = forms.ChoiceField(
        label=_("Language of your reason"), required=False, choices=list(NAMES.items()), initial=current
    )

    def __init__(self, data: QueryDict | None = None, *, initial: dict[str, str] | None = None):
        super().__init__(data, initial=initial)
        self.fields["answer"].help_text = _(
            "Write up to %(limit)d words. Everyone can read the reason, with the request."
        ) % {"limit": MOST_WORDS}
