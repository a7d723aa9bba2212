"""The form of a contribution, and the seal that a form carries."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from plenara.consultations.models import Consultation, Thread
from plenara.contributions.parts import Part
from plenara.core import clock
from plenara.core.languages import NAMES, direction, html_code
from plenara.core.seals import fresh_key, seal, unseal
from plenara.core.text import number_in, plain
from plenara.core.vocabulary import language_name

_SALT = "plenara.contribute"


def typed(data: Mapping[str, str]) -> dict[str, str]:
    """Return what somebody typed, without the NUL bytes that no database keeps."""
    return {name: data.get(name, "").replace("\x00", "") for name in ("text", "language", "title", "part")}


def as_sent(values: Mapping[str, str]) -> dict[str, Any]:
    """Return what was typed as the actions take it: of the paragraph its number; of nonsense one that is not there."""
    part = values["part"].strip()
    return {**values, "part": number_in(part) if part else None}


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
        return seal(parts, _SALT)

    @classmethod
    def fresh(cls, person: Any, thread: Thread, answers: int, key: str = "") -> "Seal":
        """Return the seal of a form that is opened now."""
        return cls(key or fresh_key(), person.pk, thread.pk, answers, clock.now())

    @classmethod
    def read(cls, sealed: str, person: Any, thread: Thread, answers: int) -> "Seal | None":
        """Return the seal, or nothing where it is forged, older than a month, or was another form's."""
        parts = unseal(sealed, _SALT, 5)
        if not parts or parts[1:4] != [person.pk, thread.pk, answers]:
            return None
        key, owner, where, what, opened = parts
        return cls(key, owner, where, what, datetime.datetime.fromtimestamp(opened, datetime.UTC))

    @staticmethod
    def owner(sealed: str) -> int | None:
        """Return the id of the person whose form carries this seal; nothing where it is forged or too old."""
        parts = unseal(sealed, _SALT, 5)
        return parts[1] if parts else None


class ContributionForm(forms.Form):
    """A text, its language and an optional title; under a draft's section, which paragraph of it is meant."""

    part = forms.ChoiceField(
        label=_("Which paragraph do you speak to?"),
        required=False,
        help_text=_("Leave it open if you speak to the section as a whole."),
    )
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

    def __init__(self, *args: Any, consultation: Consultation, parts: Sequence[Part] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._offer(parts)
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

    def _offer(self, parts: Sequence[Part]) -> None:
        """Offer the paragraphs that the thread is about; where there are none, nothing is asked."""
        if not parts:
            del self.fields["part"]
            return
        field = self.fields["part"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("The section as a whole")), *((str(each.number), _told(each)) for each in parts)]
        field.error_messages["invalid_choice"] = _("Choose one of the paragraphs of this section, or none.")


def _told(part: Part) -> str:
    """Return a paragraph as a choice. Its words may run in the other direction than the page."""
    words = Truncator(plain(part.text)).chars(80)
    return f"{part.label}: \u2068{words}\u2069" if words else part.label
