"""A draft as plain text for colleagues, and the hints of a machine for its author before it is sent."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.contributions.models import Byline, Edition
from plenara.core import personal_details
from plenara.core.language_guess import differing
from plenara.core.templatetags.plenara import country_name, datetime_utc, group_label

#: Matches of personal data that are listed.
MOST_PLACES = 5


@dataclass(frozen=True)
class Noticed:
    """Personal data in a text, each by its kind and its words; and its language where another one is declared."""

    personal: list[tuple[str, str]]
    language: str

    def __bool__(self) -> bool:
        return bool(self.personal or self.language)


def notice(edition: Edition, country: str) -> Noticed:
    """Return the hints about a text before it is sent. Numbers without a prefix are read as of `country`."""
    text = edition.text.content if edition.text else ""
    whole = f"{edition.title}\n{text}"
    found = personal_details.look(whole, country)
    places = personal_details.named(whole, found["places"]) if found else []
    return Noticed(places[:MOST_PLACES], differing(text, edition.language))


def draft_as_text(edition: Edition, question: str, saved_at: datetime.datetime, answers: int | None = None) -> str:
    """Return a draft with its question, what it replies to, its title and co-signatories, in the active language."""
    assert edition.text
    head = [
        _("Draft, not published. Last saved: %(time)s.") % {"time": datetime_utc(saved_at)},
        _("Question: %(question)s") % {"question": question},
        *([_("Reply to contribution %(number)s") % {"number": answers}] if answers else []),
        _byline_in_words(edition.byline),
        *(_byline_in_words(byline) for byline in edition.also_signed_by),
    ]
    parts = ["\n".join(" ".join(line.split()) for line in head), edition.title, edition.text.content]
    return "\n\n".join(part for part in parts if part) + "\n"


def _byline_in_words(byline: Byline | None) -> str:
    if byline is None:
        return ""
    name = pgettext("label", "Name withheld") if byline.withheld else byline.name or pgettext("label", "A participant")
    country = country_name(byline.country)
    return " · ".join(filter(None, [name, group_label(byline.stakeholder_group), byline.organization, country]))
