"""What the forms of the desk share: fields, time zones, and a form that two people may have open at once."""

import datetime
import hashlib
import json
from collections.abc import Container, Iterable, Mapping
from typing import NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.forms.renderers import BaseRenderer
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from plenara.consultations import validation
from plenara.consultations.presenters import wording
from plenara.core.clock import zone_names
from plenara.core.forms import ActionForm
from plenara.core.languages import NAMES, direction, html_code
from plenara.core.refusals import Sentence
from plenara.core.rows import Json
from plenara.core.text import clean, clean_line

LOCAL = "%Y-%m-%dT%H:%M"


class Words(forms.CharField):
    """Text as a person types it, cleaned of what no page can show; the rest is for validation."""

    def __init__(
        self,
        *,
        lines: int = 1,
        code: str = "",
        size: int = 0,
        label: Sentence | None = None,
        help_text: Sentence = "",
        widget: forms.Widget | type[forms.Widget] | None = None,
    ):
        marks: dict[str, object] = {"lang": html_code(code), "dir": direction(code)} if code else {"dir": "auto"}
        if size:
            marks["size"] = size
        if widget is None:
            big = {**marks, "rows": lines, "class": "low"}
            widget = forms.Textarea(attrs=big) if lines > 1 else forms.TextInput(attrs=marks)
        self.clean_words = clean if lines > 1 else clean_line
        super().__init__(required=False, strip=False, widget=widget, label=label, help_text=help_text)
        # What a browser cannot send is removed, not refused: nobody can see a null byte to remove it.
        self.validators = []

    def to_python(self, value: object) -> str:
        return self.clean_words(super().to_python(value) or "")

    def bound_data(self, data: object, initial: object) -> object:
        return data.replace("\x00", "") if isinstance(data, str) else data


class LocalTime(forms.DateTimeField):
    """A day and a time as a wall clock shows them; the zone is in another field."""

    def __init__(self, *, label: Sentence):
        super().__init__(
            label=label,
            required=False,
            input_formats=[LOCAL, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL),
            error_messages={"invalid": _("Enter the day and time, for example 2027-04-30 23:59.")},
        )

    def to_python(self, value: str | datetime.datetime | datetime.date | None) -> datetime.datetime | None:
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

    def texts(self, cleaned: Json, saved: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return what was typed, by language; a seventh language (of an import) stays as it is saved."""
        typed = {code: cleaned.get(f"{self.name}_{code}", "") for code in NAMES}
        others = {code: text for code, text in (saved or {}).items() if code not in NAMES}
        return {code: text for code, text in {**typed, **others}.items() if text}

    def shown(self, form: forms.Form, needed: Container[str] = ()) -> list[InOneLanguage]:
        """Return the six bound fields as the page shows them."""
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
    """A choice with our own error for a value that is not offered."""

    def __init__(
        self,
        *,
        sentence: Sentence,
        label: Sentence,
        help_text: Sentence = "",
        choices: Iterable[tuple[str, Sentence]] = (),
        widget: forms.Widget | type[forms.Widget] | None = None,
    ):
        super().__init__(required=False, label=label, help_text=help_text, choices=choices, widget=widget)
        self.sentence = sentence

    def validate(self, value: object) -> None:
        if value and not self.valid_value(value):
            raise ValidationError(self.sentence)


class Differing(NamedTuple):
    """A field that both changed: where it is, and what the other person saved."""

    label: str
    anchor: str
    saved: str


class StampedForm(ActionForm):
    """A form with the stamp of what it was opened on, and a digest of each field as it was shown.

    After a conflict `merge` takes the other person's values where this person changed nothing, keeps what they typed
    elsewhere, and lists the fields that both changed. Saving again then replaces them.
    """

    stamp = forms.IntegerField(widget=forms.HiddenInput, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: QueryDict | None = None, *, stamp: int, initial: Mapping[str, object]):
        super().__init__(data, initial={**initial, "stamp": stamp})
        self.differing: list[Differing] = []

    def begin(self) -> None:
        """Store how each field is shown. Call it once all fields exist."""
        self.initial["seen"] = json.dumps({name: _digest(self._saved_values(name)) for name in self._compared()})

    def merge(self, stamp: int) -> None:
        """Merge what was typed into what is saved now, which the initial values have."""
        seen = self._seen()
        data = self.data.copy() if isinstance(self.data, QueryDict) else QueryDict(mutable=True)
        for name in self._compared():
            typed, saved = _listed(data.getlist(name)), self._saved_values(name)
            if typed == saved or seen.get(name) == _digest(saved):
                continue
            if seen.get(name) == _digest(typed):
                data.setlist(name, saved)
            else:
                field = self[name]
                self.differing.append(
                    Differing(self.full_label(name), str(field.id_for_label), self.display(name, saved))
                )
        self.begin()
        data["stamp"], data["seen"] = str(stamp), self.initial["seen"]
        self.data = data
        self.full_clean()

    def full_label(self, name: str) -> str:
        """Return the name of a field in a sentence."""
        return str(self.fields[name].label)

    def display(self, name: str, saved: list[str]) -> str:
        """Return how a saved value is shown."""
        choices = dict(getattr(self.fields[name], "choices", []))
        return " · ".join(str(choices.get(value, value)) for value in saved)

    def _compared(self) -> list[str]:
        return [name for name in self.fields if name not in {"stamp", "seen", "confirmed"}]

    def _saved_values(self, name: str) -> list[str]:
        value = self.fields[name].prepare_value(self.get_initial_for_field(self.fields[name], name))
        if isinstance(value, (list, tuple)):
            return _listed([str(each) for each in value])
        shown = self.fields[name].widget.format_value(value)
        return _listed(shown if isinstance(shown, list) else [str(shown or "")])

    def _seen(self) -> dict[str, str]:
        try:
            seen = json.loads(self.data.get("seen", ""))
        except (ValueError, RecursionError):
            return {}
        return seen if isinstance(seen, dict) else {}


def _listed(values: list[str]) -> list[str]:
    """Return values that compare equal whatever their line ends and order; an empty one is none."""
    return sorted(text for value in values if (text := value.replace("\r\n", "\n").strip()))


def _digest(values: list[str]) -> str:
    return hashlib.sha256("\x1f".join(values).encode(errors="replace")).hexdigest()[:12]


class InputWithList(forms.TextInput):
    """A line of text with a list of suggestions (`datalist`), each with its label."""

    def __init__(self, attrs: dict[str, object] | None = None) -> None:
        super().__init__(attrs)
        self.offered: Iterable[tuple[str, str]] = ()

    def render(
        self, name: str, value: object, attrs: dict[str, object] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        list_id = f"{name}_list"
        field = super().render(name, value, {**(attrs or {}), "list": list_id}, renderer)
        options = format_html_join("", '<option value="{}">{}</option>', self.offered)
        return format_html('{}<datalist id="{}">{}</datalist>', field, list_id, options)


class ZoneField(forms.CharField):
    """A zone of the IANA list, by its name or by that of its place; `""` where nothing is typed."""

    def __init__(self, *, label: Sentence | None = None, help_text: Sentence = "") -> None:
        widget = InputWithList(attrs={"autocomplete": "off", "dir": "ltr", "spellcheck": "false"})
        super().__init__(required=False, max_length=100, widget=widget, label=label, help_text=help_text)

    def offer(self) -> None:
        """Offer the zones that are named after places, each with its place in the active language."""
        assert isinstance(self.widget, InputWithList)
        self.widget.offered = [(name, f"{wording.city(name)} ({name})") for name in validation.zone_choices()]

    def to_python(self, value: object) -> str:
        typed = clean_line(super().to_python(value) or "")
        if not typed or validation.zone_exists(typed):
            return typed
        wanted, names = _plain(typed), validation.zone_choices()
        for name in names:
            if wanted in (_plain(name), _plain(name.split("/")[-1]), _plain(wording.city(name))):
                return name
        # An earlier name, such as Kiev or Calcutta.
        earlier = [name for name in zone_names() if wanted in (_plain(name), _plain(name.split("/")[-1]))]
        if len(earlier) == 1:
            return earlier[0]
        raise ValidationError(_("Choose a time zone from the list, for example Europe/Zurich."))


def _plain(name: str) -> str:
    return name.casefold().replace("_", " ").strip("\u2066\u2067\u2068\u2069 ")
