"""The details of a listing: how they are cleaned, and what they may be. Errors name the form's field."""

import ipaddress
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from urllib.parse import urlsplit

from babel import Locale
from django.utils.translation import gettext as _

from plenara.accounts.models import Person
from plenara.core.languages import CODES, NAMES
from plenara.core.life_cycle import State
from plenara.core.refusals import Answer, Denied
from plenara.core.rows import Json
from plenara.core.text import clean, clean_line
from plenara.core.validation import short_enough
from plenara.core.vocabulary import StakeholderGroup, country_names
from plenara.directory.models import Kind, Listing, Progress
from plenara.themes import queries as themes

#: https://ror.readme.io/docs/identifier: 0, six characters of Crockford's base 32, two digits of a checksum.
_ROR = re.compile(r"0([a-hj-km-np-tv-z0-9]{6})(\d{2})")
_BASE_32 = "0123456789abcdefghjkmnpqrstvwxyz"
_ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", re.ASCII)
#: Characters that the address of a site may have.
MOST_OF_AN_ADDRESS = 300


def bare_ror(written: str) -> str:
    """Return a ROR identifier without the address that it is often written with."""
    return re.sub(r"^(https?://)?(www\.)?ror\.org/", "", written.strip(), flags=re.IGNORECASE).strip("/").lower()


def is_ror(written: str) -> bool:
    """Return whether a ROR identifier is well formed and its checksum is right (ISO 7064, MOD 97-10)."""
    found = _ROR.fullmatch(written)
    if not found or not written.isascii():
        return False
    number = 0
    for character in found[1]:
        number = number * 32 + _BASE_32.index(character)
    return 98 - number * 100 % 97 == int(found[2])


def bare_orcid(written: str) -> str:
    """Return an ORCID identifier without its address, with its hyphens."""
    bare = re.sub(r"^(https?://)?(www\.)?orcid\.org/", "", written.strip(), flags=re.IGNORECASE).strip("/").upper()
    digits = bare.replace("-", "").replace(" ", "")
    return "-".join(digits[at : at + 4] for at in range(0, 16, 4)) if len(digits) == 16 else bare


def is_orcid(written: str) -> bool:
    """Return whether an ORCID identifier is well formed and its checksum is right (ISO 7064, MOD 11-2)."""
    if not _ORCID.fullmatch(written):
        return False
    total = 0
    for digit in written.replace("-", "")[:15]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    return written[-1] == ("X" if check == 10 else str(check))


def is_site(written: str) -> bool:
    """Return whether this is the https address of a page on a named host: no name and password in it, no number."""
    if len(written) > MOST_OF_AN_ADDRESS or re.search(r"[\s\x00-\x1f\x7f<>\"\\^`{|}]", written):
        return False
    try:
        parts = urlsplit(written)
        port = parts.port
    except ValueError:
        return False
    if parts.scheme != "https" or "@" in parts.netloc or port not in {None, 443}:
        return False
    return bool(host_of(written))


def host_of(site: str) -> str:
    """Return the name of a site's host in its ASCII form, without `www.`; nothing where it has none."""
    try:
        host = (urlsplit(site).hostname or "").rstrip(".")
        host = host.encode("idna").decode("ascii").lower()
    except (ValueError, UnicodeError):
        return ""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        pass
    else:
        return ""
    host = host.removeprefix("www.")
    labels = host.split(".")
    sound = all(re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", label) for label in labels)
    if len(labels) < 2 or len(host) > 253 or not sound or not re.search("[a-z]", labels[-1]):
        return ""
    return host


#: The fields of each kind in the order of pages and files, with their types.
LINES, TEXTS, LINE, CODE, CODE_LIST, NUMBER, NUMBERS = "lines", "texts", "line", "code", "codes", "number", "numbers"
FIELDS: dict[str, dict[str, str]] = {
    Kind.ORGANIZATION: {
        "name": LINES, "acronym": LINE, "group": CODE, "country": CODE, "site": CODE, "ror": CODE, "themes": CODE_LIST,
        "description": TEXTS,
    },
    Kind.PERSON: {
        "name": LINE, "affiliation": NUMBER, "affiliation_name": LINE, "group": CODE, "country": CODE,
        "languages": CODE_LIST, "themes": CODE_LIST, "orcid": CODE, "site": CODE, "about": TEXTS,
    },
    Kind.PROJECT: {
        "title": LINES, "description": TEXTS, "starts": CODE, "ends": CODE, "progress": CODE, "organizations": NUMBERS,
        "countries": CODE_LIST, "themes": CODE_LIST, "link": CODE, "results": TEXTS, "results_link": CODE,
    },
}  # fmt: skip
#: The field with each kind's name.
NAMED_BY = {Kind.ORGANIZATION: "name", Kind.PERSON: "name", Kind.PROJECT: "title"}


def tidy(kind: str, details: Json) -> Json:
    """Return details as they are stored. Values of the wrong type are left out; `problems` reports the rest."""
    cleaned: Json = {}
    for name, sort in FIELDS[kind].items():
        value = _CLEANERS[sort](details.get(name))
        if value:
            cleaned[name] = value
    if ror := cleaned.get("ror"):
        cleaned["ror"] = bare_ror(ror)
    if orcid := cleaned.get("orcid"):
        cleaned["orcid"] = bare_orcid(orcid)
    if cleaned.get("affiliation"):
        cleaned.pop("affiliation_name", None)
    return cleaned


def _texts(cleaner: Callable[[str], str]) -> Callable[[object], dict[str, str]]:
    def run(value: object) -> dict[str, str]:
        if not isinstance(value, Mapping):
            return {}
        found = {code: cleaner(value[code]) for code in NAMES if isinstance(value.get(code), str)}
        return {code: text for code, text in found.items() if text}

    return run


def _string(cleaner: Callable[[str], str]) -> Callable[[object], str]:
    return lambda value: cleaner(value) if isinstance(value, str) else ""


def _number(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31 else 0


def _all_of[V](cleaner: Callable[[object], V]) -> Callable[[object], list[V]]:
    def run(value: object) -> list[V]:
        several = value if isinstance(value, (list, tuple)) else []
        return list(dict.fromkeys(each for one in several if (each := cleaner(one))))

    return run


_CLEANERS: dict[str, Callable[[object], object]] = {
    LINES: _texts(clean_line),
    TEXTS: _texts(clean),
    LINE: _string(clean_line),
    CODE: _string(clean_line),
    CODE_LIST: _all_of(_string(clean_line)),
    NUMBER: _number,
    NUMBERS: _all_of(_number),
}


#: Characters of a name, of a short line, of a text; how many themes, languages, countries, organizations.
MOST_OF_A_NAME, MOST_OF_A_LINE, MOST_OF_A_TEXT, MOST_OF_A_LIST = 200, 40, 2_000, 12
_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
# Each checks a text in a single pass: a text that is far too long is checked before it is refused, too.
_ADDRESS = re.compile(r"[^\s@＠<>]\s?[@＠]\s?[^\s@＠<>]+\.[^\s@＠<>]|mailto:", re.IGNORECASE)
_DIGITS = re.compile(r"[+(]?\d[\d\s().\-/‐‑–]{5,}\d")
_YEARS = re.compile(r"(\s*+(19|20)\d\d\s*+[-–/.,]?)++")


def problems(kind: str, details: Json) -> list[Denied]:
    """Return every error in the details, in the order of their form. Four queries at most."""
    return [answer for answer in _answers(kind, details) if isinstance(answer, Denied)]


def fits(kind: str, details: Json) -> Answer:
    """Return whether details can be sent, or the first error."""
    return next(iter(problems(kind, details)), True)


def _answers(kind: str, details: Json) -> Iterator[Answer]:
    yield is_named(kind, details)
    yield from lengths(kind, details)
    yield from choices(kind, details)
    for name in ("site", "link", "results_link"):
        if details.get(name) and not is_site(details[name]):
            yield Denied(
                _("Enter a web address that begins with https://, such as https://example.org/."), "address", name
            )
    if details.get("ror") and not is_ror(details["ror"]):
        yield Denied(_("Enter a ROR identifier, such as 05a28rw58. You can find it at ror.org."), "ror", "ror")
    if details.get("orcid") and not is_orcid(details["orcid"]):
        yield Denied(_("Enter an ORCID identifier, such as 0000-0002-1825-0097."), "orcid", "orcid")
    yield from days(details)
    unknown = set(details.get("themes", [])) - themes.known(details.get("themes", []))
    if unknown:
        yield Denied(_("Choose themes from the list."), "themes", "themes")
    yield from organizations(details)
    if kind == Kind.PERSON:
        yield no_address(details)


def is_named(kind: str, details: Json) -> Answer:
    """It has a name, in one language at least, with a letter in it."""
    field = NAMED_BY[Kind(kind)]
    found = details.get(field) or ""
    names = list(found.values()) if isinstance(found, dict) else [found]
    if names and all(any(character.isalpha() for character in name) for name in names):
        return True
    if kind == Kind.PROJECT:
        return Denied(_("Enter the project’s title in at least one language."), "name", field)
    if kind == Kind.PERSON:
        return Denied(_("Enter your name."), "name", field)
    return Denied(_("Enter the organization’s name in at least one language."), "name", field)


def lengths(kind: str, details: Json) -> Iterator[Answer]:
    """No text is longer than a list or a page can show."""

    for name, sort in FIELDS[kind].items():
        value = details.get(name)
        if sort in {LINES, TEXTS}:
            most = MOST_OF_A_NAME if sort == LINES else MOST_OF_A_TEXT
            for code, text in (value or {}).items():
                yield short_enough(text, most, f"{name}_{code}")
        elif sort == LINE and value:
            yield short_enough(value, MOST_OF_A_LINE if name == "acronym" else MOST_OF_A_NAME, name)
        elif isinstance(value, list) and len(value) > MOST_OF_A_LIST:
            yield Denied(
                _("Choose at most %(limit)d options from this list.") % {"limit": MOST_OF_A_LIST}, "too_many", name
            )


def choices(kind: str, details: Json) -> Iterator[Answer]:
    """Group, countries, languages and state exist."""
    group = details.get("group")
    if (kind == Kind.ORGANIZATION and not group) or (group and group not in StakeholderGroup.values):
        yield Denied(_("Choose the stakeholder group."), "group", "group")
    countries = country_names("en")
    if details.get("country") and details["country"] not in countries:
        yield Denied(_("Choose a country from the list."), "country", "country")
    if set(details.get("countries", [])) - set(countries):
        yield Denied(_("Choose countries from the list."), "countries", "countries")
    if any(not is_language(tag) for tag in details.get("languages", [])):
        yield Denied(_("Choose languages from the list."), "languages", "languages")
    if details.get("progress") and details["progress"] not in Progress.values:
        yield Denied(_("Choose the state of the project."), "progress", "progress")


def is_language(tag: str) -> bool:
    """Return whether CLDR names a language: its bare tag, such as `fr` or `bm`."""
    return tag in CODES or tag in Locale("en").languages


def known_language(language: str) -> Answer:
    """The original language of an entry is one of the six."""
    return language in NAMES or Denied(_("Choose a language."), "language", "language")


def days(details: Json) -> Iterator[Answer]:
    """Days exist, as a year, a month or a day, and a project does not end before it begins."""
    for name in ("starts", "ends"):
        if details.get(name) and not is_day(details[name]):
            yield Denied(_("Enter a year, a month or a day, such as 2026, 2026-12 or 2026-12-01."), "day", name)
            return
    starts, ends = details.get("starts", ""), details.get("ends", "")
    length = min(len(starts), len(ends))
    if starts and ends and ends[:length] < starts[:length]:
        yield Denied(_("The end is before the start. Check both dates."), "order", "ends")


def is_day(written: str) -> bool:
    """Return whether this is a year, a month of one or a day of one, from 1900 to 2200."""
    import datetime

    found = _DAY.fullmatch(written)
    if not found or not 1900 <= int(found[1]) <= 2200:
        return False
    try:
        datetime.date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        return False
    return True


def organizations(details: Json) -> Iterator[Answer]:
    """The entry's organizations are published in the directory. One query."""
    for name in ("affiliation", "organizations"):
        value = details.get(name)
        numbers = {value} if isinstance(value, int) else set(value or [])
        if numbers - listed(numbers):
            yield Denied(
                _("One of these organizations is not in the directory. Check the names and numbers."),
                "organization",
                name,
            )


def listed(numbers: Collection[int]) -> set[int]:
    """Return which of some numbers are published organizations. One query."""
    found = Listing.objects.filter(of=Kind.ORGANIZATION, number__in=set(numbers), state=State.PUBLISHED)
    return {number for number in found.values_list("number", flat=True) if number} if numbers else set()


def no_address(details: Json) -> Answer:
    """No text contains contact details: an e-mail address or a telephone number."""
    for name in ("name", "affiliation_name", "site", "about"):
        value = details.get(name) or ""
        texts = {f"{name}_{code}": text for code, text in value.items()} if isinstance(value, dict) else {name: value}
        for field, text in texts.items():
            if _ADDRESS.search(text):
                return Denied(
                    _("Delete the e-mail address. The directory does not show e-mail addresses."), "mail", field
                )
            if name != "site" and any(is_telephone(found) for found in _DIGITS.findall(text)):
                return Denied(
                    _("Delete the telephone number. The directory does not show telephone numbers."), "telephone", field
                )
    return True


def is_telephone(written: str) -> bool:
    """Return whether digits look like a telephone number: seven of them or more, and not years."""
    return sum(each.isdigit() for each in written) >= 7 and not _YEARS.fullmatch(written)


def one_each(person: Person) -> Answer:
    """A person has at most one entry."""
    has_one = Listing.objects.filter(owner=person, of=Kind.PERSON).exclude(
        state__in=[State.WITHDRAWN, State.REMOVED, State.REJECTED]
    )
    return not has_one.exists() or Denied(_("You already have an entry for yourself. Change that entry."), "one_each")


def has_changed(listing: Listing, details: Json) -> Answer:
    """A change differs from what it changes."""
    return listing.details != details or Denied(
        _("You have not changed anything. Change the entry before you submit it."), "unchanged"
    )
