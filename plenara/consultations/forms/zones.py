"""A time zone as somebody types it: what is typed narrows the names of places to choose from. No script is needed."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from plenara.consultations import moments, shown
from plenara.core.text import clean_line


class InputWithList(forms.TextInput):
    """A line of text with a list that a browser offers from, each entry with what it is called."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.offered: Iterable[tuple[str, str]] = ()

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        list_id = f"{name}_list"
        field = super().render(name, value, {**(attrs or {}), "list": list_id}, renderer)
        options = format_html_join("", '<option value="{}">{}</option>', self.offered)
        return format_html('{}<datalist id="{}">{}</datalist>', field, list_id, options)


class ZoneField(forms.CharField):
    """A zone of the IANA list, by its name or by that of its place; `""` where nothing is typed."""

    def __init__(self, **options: Any) -> None:
        widget = InputWithList(attrs={"autocomplete": "off", "dir": "ltr", "spellcheck": "false"})
        super().__init__(**{"required": False, "max_length": 100, "widget": widget, **options})

    def offer(self) -> None:
        """Offer the zones that are named after places, each with its place in the active language."""
        assert isinstance(self.widget, InputWithList)
        self.widget.offered = [(name, f"{shown.city(name)} ({name})") for name in moments.zone_choices()]

    def to_python(self, value: Any) -> str:
        typed = clean_line(super().to_python(value) or "")
        if not typed or moments.zone_exists(typed):
            return typed
        wanted, names = _plain(typed), moments.zone_choices()
        for name in names:
            if wanted in (_plain(name), _plain(name.split("/")[-1]), _plain(shown.city(name))):
                return name
        # An earlier name, such as Kiev or Calcutta.
        earlier = [name for name in moments.zone_names() if wanted in (_plain(name), _plain(name.split("/")[-1]))]
        if len(earlier) == 1:
            return earlier[0]
        raise ValidationError(_("Choose a time zone from the list, such as Europe/Zurich."))


def _plain(name: str) -> str:
    return name.casefold().replace("_", " ").strip("\u2066\u2067\u2068\u2069 ")
