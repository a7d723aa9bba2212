"""Words of the field that several packages share: stakeholder groups, capacities, licences, countries."""

from functools import lru_cache

from babel import Locale, UnknownLocaleError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plenara.core.languages import current, html_code


class StakeholderGroup(models.TextChoices):
    """Self-declared, and frozen onto each contribution."""

    GOVERNMENT = "government", _("Government")
    INTERGOVERNMENTAL = "intergovernmental", _("Intergovernmental")
    PRIVATE_SECTOR = "private_sector", _("Private sector")
    CIVIL_SOCIETY = "civil_society", _("Civil society")
    TECHNICAL_ACADEMIC = "technical_academic", _("Technical and academic")
    OTHER = "other", pgettext_lazy("stakeholder group", "Other")


class Capacity(models.TextChoices):
    """For whom a person speaks."""

    INDIVIDUAL = "individual", _("As an individual")
    ORGANIZATION = "organization", _("For an organization")


#: Licences an organizer can choose: identifier, name, address of the text.
LICENCES = {
    "CC-BY-4.0": ("Creative Commons Attribution 4.0 (CC BY 4.0)", "https://creativecommons.org/licenses/by/4.0/"),
    "CC-BY-SA-4.0": (
        "Creative Commons Attribution-ShareAlike 4.0 (CC BY-SA 4.0)",
        "https://creativecommons.org/licenses/by-sa/4.0/",
    ),
    "CC0-1.0": ("Creative Commons Zero 1.0 (CC0)", "https://creativecommons.org/publicdomain/zero/1.0/"),
}


def licence_name(identifier: str) -> str:
    """Return a licence's full name, or the identifier of an unknown licence."""
    return LICENCES[identifier][0] if identifier in LICENCES else identifier


def licence_url(identifier: str) -> str:
    """Return the address of a licence's text, or "" for an unknown licence."""
    return LICENCES[identifier][1] if identifier in LICENCES else ""


@lru_cache(maxsize=16)
def _locale(code: str) -> Locale:
    return Locale.parse(html_code(code).replace("-", "_"))


@lru_cache(maxsize=8)
def country_names(code: str) -> dict[str, str]:
    """Return the names of the ISO 3166-1 countries in a language, by alpha-2 code (source: CLDR)."""
    territories = _locale(code).territories
    # CLDR's two-letter territories include more than countries: unions, outlying islands without a code, test codes.
    not_countries = {"EU", "EZ", "UN", "ZZ", "XA", "XB", "QO", "AC", "CP", "CQ", "DG", "EA", "IC", "TA", "XK"}
    return {key: name for key, name in territories.items() if len(key) == 2 and key not in not_countries}


def country_name(country: str, language: str | None = None) -> str:
    """Return a country's name in a language (default: the active one); an unknown code as it is."""
    return country_names(language or current()).get(country, country)


def country_choices(language: str | None = None) -> list[tuple[str, str]]:
    """Return (code, name) pairs for a form, in the alphabetical order of the names."""
    return list(_countries_in_order(language or current()))


@lru_cache(maxsize=8)
def _countries_in_order(code: str) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(country_names(code).items(), key=lambda pair: (_in_order(pair[1]), pair[1])))


#: Letters that come after the plain one; elsewhere diacritics do not count.
_OWN_LETTERS = str.maketrans({"й": "и\uffff", "ñ": "n\uffff"})
#: First characters of countries that GB 2312 orders by radical, with others of the same sound.
_LIKE_SOUNDING = str.maketrans("斐梵瑙", "匪泛脑")


def _in_order(name: str) -> str | bytes:
    """Return a sort key for names of countries; `directory.collation` sorts any name, with tables that load slowly."""
    from unicodedata import combining, normalize

    if "\u4e00" <= name[0] <= "\u9fff":
        return name.translate(_LIKE_SOUNDING).encode("gb18030")  # as GB 2312: the usual characters by their pinyin
    letters = normalize("NFKD", normalize("NFC", name.casefold()).translate(_OWN_LETTERS))
    return "".join(letter for letter in letters if not combining(letter))


def language_name(tag: str, language: str | None = None) -> str:
    """Return a language's name as a label shows it, with a capital letter; else as `language_in_sentence`."""
    name = language_in_sentence(tag, language)
    return name if name == tag else name[:1].upper() + name[1:]


def language_in_sentence(tag: str, language: str | None = None) -> str:
    """Return a language's name in a language (default: the active one), from CLDR; the tag if CLDR has none.

    CLDR names more languages than it describes: of Fijian it has only the name.
    """
    return _language_in(tag, language or current())


@lru_cache(maxsize=4096)
def _language_in(tag: str, language: str) -> str:
    reader = _locale(language)
    try:
        name = Locale.parse(tag.replace("-", "_")).get_display_name(reader)
    except (ValueError, LookupError, UnknownLocaleError):
        name = reader.languages.get(tag, "")
    return name or tag


def weekday_names(language: str | None = None) -> list[str]:
    """Return the names of the days of the week in a language, Monday first (source: CLDR)."""
    days = _locale(language or current()).days["stand-alone"]["wide"]
    return [days[number] for number in range(7)]
