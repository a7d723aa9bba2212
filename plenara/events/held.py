"""What somebody has typed so far in the steps of a proposal: carried by the form itself, sealed, kept nowhere.

So a proposal can be left and taken up in two windows, works without a script, and nothing of it lies on the server
before it is sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.datastructures import MultiValueDict

from plenara.core.seals import fresh_key, seal, unseal

_SALT = "plenara.events"
#: Characters that all that is typed may have together, and values of one name.
MOST, MOST_VALUES = 150_000, 100


@dataclass
class Held:
    """What was typed, by field; whose it is, which event it changes, and a key that is taken once."""

    key: str
    person: int
    about: int  # id of the event that is changed; 0 of a new one
    values: dict[str, list[str]] = field(default_factory=dict)
    checked: bool = False  # the last page was reached: a step leads back there

    @classmethod
    def fresh(cls, person: Any, about: int, values: Mapping[str, list[str]]) -> "Held":
        """Return what a form that is opened now holds."""
        return cls(fresh_key(), person.pk, about, dict(values))

    def sealed(self) -> str:
        """Return it as the hidden field carries it: readable, but not to be forged."""
        return seal([self.key, self.person, self.about, self.values, self.checked], _SALT, compress=True)

    @classmethod
    def read(cls, sealed: str, person: Any, about: int) -> "Held | None":
        """Return it; nothing where it is forged, older than a month, or another form's."""
        found = cls._of(sealed)
        return found if found and (found.person, found.about) == (person.pk, about) else None

    @classmethod
    def owner(cls, sealed: str) -> int | None:
        """Return the id of the person whose form this is; nothing where it is forged or too old."""
        found = cls._of(sealed)
        return found.person if found else None

    @classmethod
    def _of(cls, sealed: str) -> "Held | None":
        parts = unseal(sealed, _SALT, 5) if len(sealed) <= MOST * 2 else None
        return cls(*parts) if parts else None

    def take(self, data: Mapping[str, Any], names: list[str]) -> None:
        """Take over what a step sent: each of its fields, also those that came empty."""
        for name in names:
            several = data.getlist(name) if hasattr(data, "getlist") else [data[name]] if name in data else []
            self.values[name] = [each.replace("\x00", "") for each in several[:MOST_VALUES]]
        if sum(len(each) for several in self.values.values() for each in several) > MOST:
            for name in names:
                self.values[name] = [each[:MOST_VALUES] for each in self.values[name]]

    @property
    def data(self) -> MultiValueDict[str, str]:
        """What was typed, as a form takes it."""
        return MultiValueDict(self.values)

    def first(self, name: str) -> str:
        """Return what was typed into one field."""
        return (self.values.get(name) or [""])[-1]


def values_of(details: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what a form would hold whose event has these details."""
    values: dict[str, list[str]] = {}
    for name in ("title", "description"):
        values |= {f"{name}_{code}": [text] for code, text in (details.get(name) or {}).items()}
    for name in ("timezone", "place", "country", "online", "prepares"):
        values[name] = [details.get(name) or ""]
    for name in ("themes", "languages"):
        values[name] = list(details.get(name) or [])
    number, written = details.get("organizer"), details.get("organizer_name")
    values["organizer"] = [f"/organizations/{number}/" if number else written or ""]
    dates = [each for each in details.get("dates", []) if not each.get("cancelled")]
    for place, date in enumerate(dates):
        start, end = date["start"], date["end"]
        last = end[:10] if end[:10] != start[:10] else ""
        row = {"day": start[:10], "from": start[11:], "last": last, "until": end[11:], "number": str(date["number"])}
        values |= {f"{name}_{place}": [value] for name, value in row.items()}
    values["rows"] = [str(max(len(dates), 1))]
    for place, paper in enumerate(details.get("documents", [])):
        values |= {f"paper_{place}": [paper["title"]], f"address_{place}": [paper["url"]]}
    values["papers"] = [str(len(details.get("documents", [])))]
    return values
