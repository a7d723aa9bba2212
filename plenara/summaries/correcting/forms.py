"""The forms of a request and of its answer, and the seal that a request's form carries."""

import secrets
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plenara.common.languages import NAMES, current, direction, html_code
from plenara.documents.reading import ReadParagraph
from plenara.summaries.correcting.checks import MOST_WORDS
from plenara.summaries.models import Correction

#: The choice that says that something is missing.
MISSING = "missing"
#: Characters of a statement in the list of statements.
OPENING = 70
_SALT, _MONTH = "plenara.correct", 30 * 24 * 3600


@dataclass(frozen=True)
class Seal:
    """What a form was opened for: by whom, about which edition or returned request; and a key that is taken once."""

    key: str
    person: int
    about: str

    def sealed(self) -> str:
        """Return it as the hidden field carries it: readable, but not to be forged."""
        return signing.dumps([self.key, self.person, self.about], salt=_SALT)

    @classmethod
    def fresh(cls, person: Any, about: str) -> "Seal":
        """Return the seal of a form that is opened now."""
        return cls(secrets.token_urlsafe(24), person.pk, about)

    @classmethod
    def read(cls, sealed: str, person: Any, about: str) -> "Seal | None":
        """Return the seal; nothing where it is forged, older than a month, or another form's."""
        found = cls._of(sealed)
        return found if found and (found.person, found.about) == (person.pk, about) else None

    @classmethod
    def owner(cls, sealed: str) -> int | None:
        """Return the id of the person whose form carries this seal; nothing where it is forged or too old."""
        found = cls._of(sealed)
        return found.person if found else None

    @classmethod
    def _of(cls, sealed: str) -> "Seal | None":
        try:
            key, person, about = signing.loads(sealed, salt=_SALT, max_age=_MONTH)
        except (signing.BadSignature, ValueError, TypeError):
            return None
        return cls(key, person, about)


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
        choices=[("", _("Choose a language")), *NAMES.items()],
    )
    seal = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = _(
            "Up to %(limit)d words, in any of the six languages. It helps to say what the contribution says and what "
            "the summary makes of it. Nobody will edit your words."
        ) % {"limit": MOST_WORDS}
        written_in = str((self.data if self.is_bound else self.initial).get("language") or "")
        if written_in in NAMES:
            self.fields["text"].widget.attrs |= {"lang": html_code(written_in), "dir": direction(written_in)}


class RequestForm(WordsForm):
    """Which statement, or what is missing; then the words."""

    statement = forms.ChoiceField(label=_("What is it about?"), required=False)
    about = forms.CharField(
        label=_("Number of the contribution that was left out"),
        required=False,
        help_text=_("Only where something is missing and you know which contribution it is in."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 8}),
    )

    field_order = ("statement", "about", "text", "language", "seal")

    def __init__(self, *args: Any, statements: list[ReadParagraph], **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["statement"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", _("Choose a statement")),
            (MISSING, _("Something is missing in the summary")),
            *((str(each.number), f"{each.number}. {_opening(each.text)}") for each in statements),
        ]


def _opening(text: str) -> str:
    """Return a statement's first words."""
    words = " ".join(text.split())
    return words if len(words) <= OPENING else f"{words[:OPENING].rsplit(' ', 1)[0]} …"


class AnswerForm(forms.Form):
    """Upheld, in part or not, with the reason."""

    verdict = forms.ChoiceField(
        label=_("Your answer"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            (Correction.Verdict.UPHELD, pgettext_lazy("answer", "Uphold it: the summary is opened, to be corrected")),
            (
                Correction.Verdict.PARTLY,
                pgettext_lazy("answer", "Uphold it in part: the summary is opened, to be corrected as the reason says"),
            ),
            (Correction.Verdict.REFUSED, pgettext_lazy("answer", "Do not uphold it: the summary stays as it is")),
        ],
    )
    answer = forms.CharField(
        label=_("The reason"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"class": "words low", "rows": 6, "dir": "auto"}),
    )
    answer_language = forms.ChoiceField(
        label=_("Language of your reason"), required=False, choices=list(NAMES.items()), initial=current
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["answer"].help_text = _("Up to %(limit)d words. Everybody can read it, with the request.") % {
            "limit": MOST_WORDS
        }
