"""What the form of a list offers, and what is chosen in it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.core.vocabulary import StakeholderGroup, country_choices, language_name
from plenara.directory import collation, occurring, reading
from plenara.directory.fields import Progress
from plenara.directory.models import Mark
from plenara.directory.regions import region_choices
from plenara.directory.wanted import FILTERS, Wanted
from plenara.themes.reading import MOST_OFFERED
from plenara.themes.reading import choices as theme_choices

_What = Mark.What
type Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Field:
    """A choice of the form. `text` is what nothing chosen is called."""

    name: str
    label: str
    text: str
    choices: Pairs
    value: str


@dataclass(frozen=True)
class Chosen:
    """A filter that is set and what it says, with the address without it."""

    label: str
    text: str
    without: str


@dataclass(frozen=True)
class Letter:
    """A letter of the alphabet bar."""

    text: str
    query: str
    is_chosen: bool


def fields(kind: str, wanted: Wanted) -> list[Field]:
    """Return the choices of the form: of countries, regions and languages only those that occur. Four queries."""
    offered = {
        _What.THEME: (_("Theme"), _("All themes"), _themes(wanted)),
        _What.COUNTRY: (_("Country"), _("All countries"), _countries(kind, wanted)),
        _What.REGION: (_("Region"), _("All regions"), _regions(kind, wanted)),
        _What.GROUP: (_("Stakeholder group"), _("All groups"), _pairs(StakeholderGroup.choices)),
        _What.STATE: (pgettext("of a project", "State"), pgettext("of a project", "All states"), _progress()),
        _What.LANGUAGE: (_("Language"), _("All languages"), _languages(kind, wanted)),
    }
    return [
        Field(name, label, text, choices, wanted.fields.get(name, ""))
        for name in FILTERS[kind]  # type: ignore[index]
        if name in offered
        for label, text, choices in [offered[name]]
        if choices
    ]


def chosen(wanted: Wanted, offered: Iterable[Field]) -> list[Chosen]:
    """Return what is chosen that the form does not say: the organization that it belongs to. A query, if there is."""
    if not wanted.organization:
        return []
    number = int(wanted.organization)
    named = reading.named([number]).get(number)
    name = named.name if named else wanted.organization
    return [Chosen(_("Organization"), name, wanted.without("organization").address())]


def letters(wanted: Wanted, there: Iterable[str], language: str) -> list[Letter]:
    """Return the letters under which there is something, in the order of the alphabet."""
    found = set(there)
    order = (collation.DIGITS, *collation.LETTERS[language], collation.OTHER)
    return [Letter(each, wanted.address(letter=each), each == wanted.letter) for each in order if each in found]


def _themes(wanted: Wanted) -> Pairs:
    return theme_choices(most=MOST_OFFERED, also=[wanted.theme])


def _countries(kind: str, wanted: Wanted) -> Pairs:
    there = occurring.values(kind, _What.COUNTRY) | ({wanted.country} - {""})
    return [(code, name) for code, name in country_choices() if code in there]


def _regions(kind: str, wanted: Wanted) -> Pairs:
    there = occurring.values(kind, _What.REGION) | ({wanted.region} - {""})
    return [(code, name) for code, name in region_choices() if code in there]


def _languages(kind: str, wanted: Wanted) -> Pairs:
    there = occurring.values(kind, _What.LANGUAGE) | ({wanted.language} - {""})
    return sorted(((code, language_name(code)) for code in there), key=lambda pair: pair[1].casefold())


def _progress() -> Pairs:
    return _pairs(Progress.choices)


def _pairs(pairs: Iterable[tuple[str, object]]) -> Pairs:
    return [(value, str(label)) for value, label in pairs]
