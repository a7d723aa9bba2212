"""Fields that the forms of the desk share: words, words in six languages, a local time."""

import datetime
from collections.abc import Mapping
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from plenara.core.languages import NAMES, direction, html_code
from plenara.core.text import clean, clean_line

LOCAL = "%Y-%m-%dT%H:%M"


class Words(forms.CharField):
    """Text as somebody types it, cleaned of what no page can show; its checks say the rest."""

    def __init__(self, *, lines: int = 1, code: str = "", size: int = 0, **options: Any):
        marks: dict[str, Any] = {"lang": html_code(code), "dir": direction(code)} if code else {"dir": "auto"}
        if size:
            marks["size"] = size
        widget: forms.Widget = forms.TextInput(attrs=marks)
        if lines > 1:
            widget = forms.Textarea(attrs={**marks, "rows": lines, "class": "low"})
        self.clean_words = clean if lines > 1 else clean_line
        super().__init__(**{"required": False, "strip": False, "widget": widget, **options})
        # What a browser cannot send is taken out, not refused: nobody sees a null byte to remove it.
        self.validators = []

    def to_python(self, value: Any) -> str:
        return self.clean_words(super().to_python(value) or "")

    def bound_data(self, data: Any, initial: Any) -> Any:
        return data.replace("\x00", "") if isinstance(data, str) else data


class LocalTime(forms.DateTimeField):
    """A day and a time as a clock on the wall shows them; the zone is another field's."""

    def __init__(self, *, label: Any):
        super().__init__(
            label=label,
            required=False,
            input_formats=[LOCAL, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL),
            error_messages={"invalid": _("Write day and time, such as 2027-04-30 23:59.")},
        )

    def to_python(self, value: Any) -> datetime.datetime | None:
        found = super().to_python(value)
        return found.replace(tzinfo=None, second=0, microsecond=0) if found else None


class InOneLanguage(NamedTuple):
    """One language's field of a text in six, as the template lays it out."""

    field: BoundField
    code: str
    name: str
    html_lang: str
    is_missing: bool
    is_needed: bool


class SixLanguages:
    """A text in six languages: six fields of a form, `name_ar` to `name_es`."""

    def __init__(self, name: str, *, lines: int = 1):
        self.name, self.lines = name, lines

    def fields(self) -> dict[str, Words]:
        """Return the six fields, in the order of the languages."""
        return {f"{self.name}_{code}": Words(lines=self.lines, code=code, label=own) for code, own in NAMES.items()}

    def initial(self, texts: Mapping[str, str]) -> dict[str, str]:
        """Return what the six fields begin with."""
        return {f"{self.name}_{code}": texts.get(code, "") for code in NAMES}

    def texts(self, cleaned: Mapping[str, Any], kept: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return what was typed, by language; a language that is none of the six (an import's) stays as it is kept."""
        typed = {code: cleaned.get(f"{self.name}_{code}", "") for code in NAMES}
        others = {code: text for code, text in (kept or {}).items() if code not in NAMES}
        return {code: text for code, text in {**typed, **others}.items() if text}

    def shown(self, form: forms.Form, needed: Any = ()) -> list[InOneLanguage]:
        """Return the six bound fields with what the page says of each."""
        return [
            InOneLanguage(
                field := form[f"{self.name}_{code}"],
                code,
                own,
                html_code(code),
                not str(field.value() or "").strip(),
                code in needed,
            )
            for code, own in NAMES.items()
        ]


class Choice(forms.ChoiceField):
    """A choice that says in our own words that it is none of those offered."""

    def __init__(self, *, sentence: Any, **options: Any):
        super().__init__(**{"required": False, **options})
        self.sentence = sentence

    def validate(self, value: Any) -> None:
        if value and not self.valid_value(value):
            raise ValidationError(self.sentence)
