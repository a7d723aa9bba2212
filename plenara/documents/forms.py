"""Forms of documents at the desk: comments, glossary terms, uploaded files."""

from collections.abc import Collection, Mapping

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plenara.core.languages import NAMES, direction, html_code
from plenara.core.refusals import Sentence
from plenara.documents.actions.glossary import Words, note_stamp, words_of, words_typed
from plenara.documents.models import Term


class TermForm(forms.Form):
    """A concept: the words for it in each language, and a note."""

    note = forms.CharField(
        label=pgettext_lazy("glossary", "Note"),
        required=False,
        help_text=_("What the term means in this consultation, or when it is used."),
        widget=forms.Textarea(attrs={"rows": 3, "class": "low", "dir": "auto"}),
    )
    note_was = forms.CharField(required=False, widget=forms.HiddenInput)
    key = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        term: Term | None,
        languages: Collection[str],
        may_edit_note: bool,
        key: str = "",
    ):
        super().__init__(data, initial=_initial(term) if term else {"key": key})
        for code, name in NAMES.items():
            attrs = {"lang": html_code(code), "dir": direction(code)}
            is_closed = code not in languages
            self.fields[f"word_{code}"] = forms.CharField(
                label=name, required=False, disabled=is_closed, widget=forms.TextInput(attrs=attrs)
            )
            self.fields[f"also_{code}"] = forms.CharField(
                label=pgettext_lazy("label", "Other correct words"),
                required=False,
                disabled=is_closed,
                widget=forms.Textarea(attrs={**attrs, "rows": 2, "class": "low"}),
            )
            self.fields[f"was_{code}"] = forms.CharField(required=False, widget=forms.HiddenInput)
        self.fields["note"].disabled = not may_edit_note
        self.languages = languages

    def words(self) -> dict[str, Words]:
        """Return the typed words in the languages that the person may change."""
        data = self.cleaned_data
        return {code: words_typed(data[f"word_{code}"], data[f"also_{code}"]) for code in self.languages}

    def was(self) -> dict[str, str]:
        """Return the stamps that the form was opened on."""
        return {code: self.cleaned_data[f"was_{code}"] for code in self.languages}

    def rows(self) -> list[dict]:
        """Return the fields, a row a language."""
        return [
            {
                "code": code,
                "name": name,
                "html_lang": html_code(code),
                "dir": direction(code),
                "word": self[f"word_{code}"],
                "also": self[f"also_{code}"],
                "was": self[f"was_{code}"],
            }
            for code, name in NAMES.items()
        ]


def _initial(term: Term) -> dict[str, str]:
    found = {"note": term.note, "note_was": note_stamp(term)}
    for code in NAMES:
        words = words_of(term, code)
        found |= {
            f"word_{code}": words.word,
            f"also_{code}": "\n".join(words.also),
            f"was_{code}": words.stamp,
        }
    return found


class FileForm(forms.Form):
    """A file to upload."""

    file = forms.FileField(label=pgettext_lazy("label", "File"), required=False, allow_empty_file=True)

    def __init__(
        self, data: QueryDict | None = None, files: MultiValueDict | None = None, *, hint: Sentence, endings: str
    ):
        super().__init__(data, files)
        self.fields["file"].help_text = hint
        self.fields["file"].widget = forms.FileInput(attrs={"accept": endings})


class ParagraphChoice(forms.Select):
    """A choice among paragraphs, each marked with the language of its words; the page's own options stay plain."""

    spoken: Mapping[str, str] = {}

    def create_option(
        self,
        name: str,
        value: object,
        label: str | int,
        selected: bool,
        index: int,
        subindex: int | None = None,
        attrs: dict[str, object] | None = None,
    ) -> dict:
        option = super().create_option(name, value, label, selected, index, subindex, attrs)
        if str(value).isdecimal():
            option["attrs"] |= self.spoken
        return option


class CommentForm(forms.Form):
    """A reviewer's comment."""

    comment = forms.CharField(
        label=pgettext_lazy("label", "Comment"),
        required=False,
        strip=False,
        help_text=_(
            "The people who write, approve and translate this document can read your comment. Readers never see it."
        ),
        widget=forms.Textarea(attrs={"rows": 4, "class": "low", "dir": "auto"}),
    )
    key = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)


class ResolveForm(forms.Form):
    """Resolving a comment, with or without an answer."""

    answer = forms.CharField(
        label=pgettext_lazy("label", "Your answer"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "low", "dir": "auto"}),
    )
