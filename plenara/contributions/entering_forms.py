"""The forms by which the secretariat enters letters and meeting statements."""

import re
import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from plenara.consultations.forms.fields import Words
from plenara.consultations.models import Consultation
from plenara.contributions.models import Channel, Contribution
from plenara.contributions.papers import MOST_BYTES
from plenara.core.languages import NAMES, in_language
from plenara.core.refusals import No, Refused
from plenara.core.text import first_words
from plenara.core.vocabulary import Capacity, StakeholderGroup, country_choices, language_name

_KEY = re.compile(r"[A-Za-z0-9_-]{32}", re.ASCII)
#: What the question and what is answered are when something is corrected: they stay.
FIXED = ("question", "in_reply_to")


class EnteringForm(forms.Form):
    """One letter or statement. What it may be is said by `entries.read`, which reads a spreadsheet's row too."""

    question = forms.CharField(label=gettext_lazy("Question"), required=False, widget=forms.Select)
    channel = forms.CharField(
        label=gettext_lazy("How it reached you"),
        required=False,
        widget=forms.RadioSelect(
            choices=[
                (Channel.LETTER, pgettext_lazy("channel", "Letter")),
                (Channel.MEETING, pgettext_lazy("channel", "Said at a meeting")),
            ]
        ),
    )
    occasion = Words(
        label=gettext_lazy("Meeting, or reference of the letter"),
        help_text=gettext_lazy("Public. Such as “Open Consultation, Geneva”. A letter need not have any."),
    )
    date = Words(
        label=gettext_lazy("Day on which it was received or said"), widget=forms.TextInput(attrs={"type": "date"})
    )
    in_reply_to = Words(
        label=gettext_lazy("Number of the contribution that it answers"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 8}),
    )
    language = forms.CharField(label=gettext_lazy("Language of the text"), required=False, widget=forms.Select)
    title = Words(label=gettext_lazy("Title"))
    text = Words(
        lines=12,
        label=gettext_lazy("Text"),
        widget=forms.Textarea(attrs={"class": "words", "rows": 12, "dir": "auto"}),
        help_text=gettext_lazy("Word for word. You can use *emphasis*, lists, > quotes and [links](https://…)."),
    )
    name = Words(label=gettext_lazy("Name of its author"))
    name_withheld = forms.BooleanField(
        label=gettext_lazy("The name is withheld"),
        required=False,
        help_text=gettext_lazy("It is not kept here at all, not even for moderators."),
    )
    stakeholder_group = forms.CharField(
        label=gettext_lazy("Stakeholder group"),
        required=False,
        widget=forms.RadioSelect(choices=StakeholderGroup.choices),
    )
    capacity = forms.CharField(
        label=gettext_lazy("In which capacity its author speaks"),
        required=False,
        widget=forms.RadioSelect(choices=Capacity.choices),
    )
    organization = Words(
        label=gettext_lazy("Organization"), help_text=gettext_lazy("Only where its author speaks for one.")
    )
    country = forms.CharField(label=gettext_lazy("Country"), required=False, widget=forms.Select)
    original = forms.FileField(
        label=gettext_lazy("Original document"),
        required=False,
        allow_empty_file=True,
        help_text=gettext_lazy(
            "PDF, Word (DOCX), OpenDocument (ODT) or plain text, 10 MB at most. Only moderators see it."
        ),
        widget=forms.FileInput(attrs={"accept": ".pdf,.docx,.odt,.txt"}),
    )
    publishes_original = forms.BooleanField(
        label=gettext_lazy("Publish the original with the contribution"),
        required=False,
        help_text=gettext_lazy("Anyone can download it then. Look whether it shows an address or a signature."),
    )
    consent = Words(
        lines=2,
        label=gettext_lazy("How and when its author agreed to its publication"),
        help_text=gettext_lazy("Never public. Such as “In the letter itself” or “By telephone on 3 March”."),
    )
    key = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, consultation: Consultation, corrects: Contribution | None = None, **kwargs: Any):
        kwargs.setdefault("initial", {}).setdefault("key", secrets.token_urlsafe(24))
        super().__init__(*args, **kwargs)
        choose = [("", _("Choose"))]
        self._offer("question", [*choose, *_questions(consultation)])
        accepted = [(code, NAMES.get(code) or language_name(code)) for code in consultation.languages]
        self._offer("language", accepted if len(accepted) == 1 else [*choose, *accepted])
        self._offer("country", [("", _("Not told")), *country_choices()])
        if corrects:
            for name in FIXED:
                del self.fields[name]
            if corrects.original_id:
                self.fields["original"].help_text = _("Another one takes the place of the one that is there.")

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        widget = self.fields[name].widget
        assert isinstance(widget, forms.Select)
        widget.choices = choices

    def values(self) -> dict[str, str]:
        """Return what was typed as a spreadsheet's row has it."""
        names = self.fields.keys() - {"original", "publishes_original", "key"}
        values = {name: self.cleaned_data.get(name) or "" for name in names}
        return {name: ("yes" if value else "") if name == "name_withheld" else value for name, value in values.items()}

    def key_sent(self) -> str:
        """Return the key that makes this form one, or another where it was tampered with."""
        key = self.cleaned_data.get("key", "")
        return f"entered-{key if _KEY.fullmatch(key) else secrets.token_urlsafe(24)}"

    def document(self) -> tuple[str, bytes] | None:
        """Return name and bytes of the original; of what is too large only as much as shows that it is."""
        file = self.cleaned_data.get("original")
        return (file.name, file.read(MOST_BYTES + 1)) if file else None

    def put(self, refused: Refused | No) -> None:
        """Show why it was refused, at its field or above all."""
        field = {"paper": "original"}.get(refused.field or "", refused.field)
        self.add_error(field if field in self.fields else None, str(refused.sentence))


def _questions(consultation: Consultation) -> list[tuple[str, str]]:
    return [
        (str(each.number), f"{each.number}. {first_words(in_language(each.question).text, 90)}")
        for each in consultation.threads.all()
    ]


class SheetForm(forms.Form):
    """A spreadsheet to upload."""

    file = forms.FileField(
        label=gettext_lazy("Spreadsheet"),
        required=False,
        allow_empty_file=True,
        help_text=gettext_lazy("CSV or XLSX, 5 MB and 2,000 rows at most."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )
