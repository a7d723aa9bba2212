"""A form that two people may have open at once: the second hears it, and both people’s words are merged."""

import hashlib
import json
from typing import Any, NamedTuple

from django import forms
from django.http import QueryDict

from plenara.core.refusals import No, Refused


class Differing(NamedTuple):
    """A field that both changed: where it is, and what the other saved."""

    label: str
    anchor: str
    saved: str


class StampedForm(forms.Form):
    """Carries the stamp of what it was opened on, and a digest of each field as it was shown.

    After a conflict `merge` takes over what the other saved where this person changed nothing, keeps what they typed
    elsewhere, and lists the fields that both changed. Saving again then replaces them knowingly.
    """

    stamp = forms.IntegerField(widget=forms.HiddenInput, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, stamp: int, initial: dict[str, Any]):
        super().__init__(data, initial={**initial, "stamp": stamp})
        self.differing: list[Differing] = []

    def begin(self) -> None:
        """Note how each field is shown. Called once all fields are there."""
        self.initial["seen"] = json.dumps({name: _digest(self._kept(name)) for name in self._compared()})

    def merge(self, stamp: int) -> None:
        """Lay what was typed over what is kept now, as the initial values have it."""
        seen = self._seen()
        data = self.data.copy() if isinstance(self.data, QueryDict) else QueryDict(mutable=True)
        for name in self._compared():
            typed, kept = _listed(data.getlist(name)), self._kept(name)
            if typed == kept or seen.get(name) == _digest(kept):
                continue
            if seen.get(name) == _digest(typed):
                data.setlist(name, kept)
            else:
                field = self[name]
                self.differing.append(Differing(self.full_label(name), str(field.id_for_label), self.told(name, kept)))
        self.begin()
        data["stamp"], data["seen"] = str(stamp), self.initial["seen"]
        self.data = data
        self.full_clean()

    def full_label(self, name: str) -> str:
        """Return what a field is called in a sentence."""
        return str(self.fields[name].label)

    def told(self, name: str, kept: list[str]) -> str:
        """Return how a kept value is shown."""
        choices = dict(getattr(self.fields[name], "choices", []))
        return " · ".join(str(choices.get(value, value)) for value in kept)

    def put(self, refused: Refused | No) -> None:
        """Show a refusal at its field, or above all where it has none here."""
        self.add_error(refused.field if refused.field in self.fields else None, str(refused.sentence))

    def _compared(self) -> list[str]:
        return [name for name in self.fields if name not in {"stamp", "seen", "confirmed"}]

    def _kept(self, name: str) -> list[str]:
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
    """Return values so that they compare: line ends and order aside, an empty one as none."""
    return sorted(text for value in values if (text := value.replace("\r\n", "\n").strip()))


def _digest(values: list[str]) -> str:
    return hashlib.sha256("\x1f".join(values).encode(errors="replace")).hexdigest()[:12]
