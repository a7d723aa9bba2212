"""What a machine notices about a text before it is sent, for its author alone. Nothing of it keeps a text back."""

from dataclasses import dataclass

from plenara.contributions.models import Edition
from plenara.core import personal_details
from plenara.core.language_guess import differing

#: Places of personal data that are listed.
MOST = 5


@dataclass(frozen=True)
class Noticed:
    """Personal data in a text, each by what it is and its words; and its language where another one is declared."""

    personal: list[tuple[str, str]]
    language: str

    def __bool__(self) -> bool:
        return bool(self.personal or self.language)


def notice(edition: Edition, country: str) -> Noticed:
    """Return what is noticed about what a text would become. Numbers without a prefix are read as of `country`."""
    text = edition.text.content if edition.text else ""
    whole = f"{edition.title}\n{text}"
    found = personal_details.look(whole, country)
    places = personal_details.named(whole, found["places"]) if found else []
    return Noticed(places[:MOST], differing(text, edition.language))
