"""The form of a contribution, and the seal that a form carries."""

import datetime
import secrets
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from plenara.common import clock
from plenara.common.languages import NAMES, direction, html_code
from plenara.common.vocabulary import language_name
from plenara.consultations.models import Consultation, Thread


@dataclass(frozen=True)
class Seal:
    """What a form was opened for: by whom, for which thread and reply, when; and a key that is taken once."""

    key: str
    person: int
    thread: int
    answers: int  # a contribution's number, or 0
    opened_at: datetime.datetime

    def sealed(self) -> str:
        """Return it as the hidden field carries it: readable, but not to be forged."""
        parts = [self.key, self.person, self.thread, self.answers, int(self.opened_at.timestamp())]
        return signing.dumps(parts, salt="plenara.contribute")

    @classmethod
    def fresh(cls, person: Any, thread: Thread, answers: int, key: str = "") -> "Seal":
        """Return the seal of a form that is opened now."""
        return cls(key or secrets.token_urlsafe(24), person.pk, thread.pk, answers, clock.now())

    @classmethod
    def read(cls, sealed: str, person: Any, thread: Thread, answers: int) -> "Seal | None":
        """Return the seal, or nothing where it is forged, older than a month, or was another form's."""
        try:
            key, owner, where, what, opened = signing.loads(sealed, salt="plenara.contribute", max_age=30 * 24 * 3600)
        except (signing.BadSignature, ValueError, TypeError):
            return None
        if (owner, where, what) != (person.pk, thread.pk, answers):
            return None
        return cls(key, owner, where, what, datetime.datetime.fromtimestamp(opened, datetime.UTC))

    @staticmethod
    def owner(sealed: str) -> int | None:
        """Return the id of the person whose form carries this seal; nothing where it is forged or too old."""
        try:
            owner: int = signing.loads(sealed, salt="plenara.contribute", max_age=30 * 24 * 3600)[1]
        except signing.BadSignature:
            return None
        return owner


class ContributionForm(forms.Form):
    """A text, its language and an optional title."""

    text = forms.CharField(
        label=_("Your contribution"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"class": "words", "rows": 12, "dir": "auto"}),
    )
    language = forms.ChoiceField(label=_("Language of your text"), required=False)
    title = forms.CharField(
        label=_("Title"),
        required=False,
        help_text=_("A few words that say what it is about."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    paper = forms.FileField(
        label=_("A longer paper"),
        required=False,
        help_text=_(
            "One PDF, Word (DOCX), OpenDocument (ODT) or plain text file, up to 10 MB. It is published with your text."
        ),
        widget=forms.FileInput(attrs={"accept": ".pdf,.docx,.odt,.txt"}),
    )
    seal = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any):
        super().__init__(*args, **kwargs)
        accepted = [(code, NAMES.get(code) or language_name(code)) for code in consultation.languages]
        choices = accepted if len(accepted) == 1 else [("", _("Choose a language")), *accepted]
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
        written_in = str((self.data if self.is_bound else self.initial).get("language") or "")
        if written_in in consultation.languages:
            spoken = {"lang": html_code(written_in), "dir": direction(written_in)}
            self.fields["text"].widget.attrs |= spoken
            self.fields["title"].widget.attrs |= spoken
        limit = consultation.word_limit
        self.fields["text"].help_text = (
            _(
                "Up to %(limit)d words. Nobody will edit them. You can use *emphasis*, lists, > quotes and [links](https://…)."
            )
            % {"limit": limit}
            if limit
            else _("Nobody will edit your words. You can use *emphasis*, lists, > quotes and [links](https://…).")
        )
        if limit:
            self.fields["text"].widget.attrs["data-limit"] = limit
