"""Listings by their numbers, with their names in a language; current verifications; and the regions of the world."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale
from django.db.models import QuerySet

from plenara.core.languages import Localized, current, html_code, in_language
from plenara.core.life_cycle import State
from plenara.directory.models import Kind, Listing, Mark, Verification

#: The path of each kind's pages.
FOLDERS = {Kind.ORGANIZATION: "organizations", Kind.PERSON: "people", Kind.PROJECT: "projects"}
#: Names of organizations that a field suggests.
MOST_OFFERED = 500


@dataclass(frozen=True)
class Named:
    """An organization's name on pages, with the language of the name."""

    name: str
    language: str
    url: str
    number: int
    acronym: str = ""


def path_of(of: str, number: int, language: str | None = None) -> str:
    """Return the address of a listing's page."""
    return f"/{language or current()}/{FOLDERS[Kind(of)]}/{number}/"


def named(numbers: Iterable[int], language: str | None = None) -> dict[int, Named]:
    """Return public organizations by the requested numbers; for merged ones, what they were merged into.

    One query; others are left out.
    """
    ids = {int(each) for each in numbers}
    if not ids:
        return {}
    reader_language = language or current()
    found = {each.number or 0: _now(each) for each in _public().filter(number__in=ids)}
    return {number: _named(each, reader_language) for number, each in found.items() if each}


def organization(number: int) -> Listing | None:
    """Return a public organization by its number, or what it was merged into, if that is public. One query."""
    listing = _public().filter(number=number).first()
    return _now(listing) if listing else None


def numbers_of(listing: Listing) -> list[int]:
    """Return the numbers by which others may refer to a listing: its own, and those of what was merged into it."""
    return list(family(listing).values())


def family(listing: Listing) -> dict[int, int]:
    """Return a listing's key and number, and those of what was merged into it. One query."""
    merged = Listing.objects.filter(merged_into=listing, number__isnull=False).order_by("number")
    numbers = {pk: number or 0 for pk, number in merged.values_list("pk", "number")}
    return {listing.pk: listing.number or 0, **numbers}


def name_of(listing: Listing, language: str | None = None) -> Localized:
    """Return a public listing's name, in a reader's language if possible, and the language of the name."""
    details = listing.details
    if listing.of == Kind.PERSON:
        return Localized(details.get("name", ""), "")
    return in_language(details.get("title" if listing.of == Kind.PROJECT else "name"), language)


def offered_names(country: str = "") -> list[str]:
    """Return names of listed organizations as suggestions, in alphabetical order: those of a country, and the newest.

    At most `MOST_OFFERED`, however many there are. Two queries.
    """
    listed = Listing.objects.filter(of=Kind.ORGANIZATION, state=State.PUBLISHED, archived_at=None, merged_into=None)
    there = Mark.objects.filter(of=Kind.ORGANIZATION, what=Mark.What.COUNTRY, value=country)
    near = list(listed.filter(pk__in=there.values("listing")).order_by("-number")[:MOST_OFFERED]) if country else []
    newest = listed.order_by("-number")[: MOST_OFFERED + len(near)]
    found = {each.pk: each for each in [*near, *newest]}
    return sorted({name_of(each).text for each in list(found.values())[:MOST_OFFERED]} - {""}, key=str.casefold)


def _public() -> QuerySet[Listing]:
    found = Listing.objects.filter(of=Kind.ORGANIZATION, state=State.PUBLISHED)
    return found.select_related("merged_into")


def _now(listing: Listing) -> Listing | None:
    """Return a public listing, or the public one that it was merged into.

    One step is enough, however often it was merged: `merge` and the import of bundles see to it.
    """
    now = listing.merged_into or listing
    return now if now.is_published else None


def _named(listing: Listing, language: str) -> Named:
    name = name_of(listing, language)
    number = listing.number or 0
    url = path_of(listing.of, number, language)
    return Named(name.text, name.language, url, number, listing.details.get("acronym", ""))


#: Each region and the one that it is in; the continents are in none. In the order of M49's own list.
BROADER = {
    "002": "",
    "015": "002",
    "202": "002",
    "014": "202",
    "017": "202",
    "018": "202",
    "011": "202",
    "019": "",
    "419": "019",
    "029": "419",
    "013": "419",
    "005": "419",
    "021": "019",
    "142": "",
    "143": "142",
    "030": "142",
    "035": "142",
    "034": "142",
    "145": "142",
    "150": "",
    "151": "150",
    "154": "150",
    "039": "150",
    "155": "150",
    "009": "",
    "053": "009",
    "054": "009",
    "057": "009",
    "061": "009",
}

#: The countries of each sub-region, by ISO 3166-1 alpha-2. M49 has no entry for Taiwan; CLDR has it in Eastern Asia.
_COUNTRIES = {
    "015": "DZ EG EH LY MA SD TN",
    "014": "BI DJ ER ET IO KE KM MG MU MW MZ RE RW SC SO SS TF TZ UG YT ZM ZW",
    "017": "AO CD CF CG CM GA GQ ST TD",
    "018": "BW LS NA SZ ZA",
    "011": "BF BJ CI CV GH GM GN GW LR ML MR NE NG SH SL SN TG",
    "029": "AG AI AW BB BL BQ BS CU CW DM DO GD GP HT JM KN KY LC MF MQ MS PR SX TC TT VC VG VI",
    "013": "BZ CR GT HN MX NI PA SV",
    "005": "AR BO BR BV CL CO EC FK GF GS GY PE PY SR UY VE",
    "021": "BM CA GL PM US",
    "143": "KG KZ TJ TM UZ",
    "030": "CN HK JP KP KR MN MO TW",
    "035": "BN ID KH LA MM MY PH SG TH TL VN",
    "034": "AF BD BT IN IR LK MV NP PK",
    "145": "AE AM AZ BH CY GE IL IQ JO KW LB OM PS QA SA SY TR YE",
    "151": "BG BY CZ HU MD PL RO RU SK UA",
    "154": "AX DK EE FI FO GB GG IE IM IS JE LT LV NO SE SJ",
    "039": "AD AL BA ES GI GR HR IT ME MK MT PT RS SI SM VA",
    "155": "AT BE CH DE FR LI LU MC NL",
    "053": "AU CC CX HM NF NZ",
    "054": "FJ NC PG SB VU",
    "057": "FM GU KI MH MP NR PW UM",
    "061": "AS CK NU PF PN TK TO TV WF WS",
}
#: In no region of M49.
NOWHERE = frozenset({"AQ"})

OF_COUNTRY = {country: region for region, countries in _COUNTRIES.items() for country in countries.split()}

#: M49's own names, where CLDR's leave out a half.
_NAMES = {
    "419": {
        "ar": "أمريكا اللاتينية ومنطقة البحر الكاريبي",
        "en": "Latin America and the Caribbean",
        "es": "América Latina y el Caribe",
        "fr": "Amérique latine et Caraïbes",
        "ru": "Латинская Америка и Карибский бассейн",
        "zh": "拉丁美洲和加勒比",
    }
}


def regions_of(country: str) -> list[str]:
    """Return the regions of a country, the widest first; none for one that M49 has in none."""
    found: list[str] = []
    region = OF_COUNTRY.get(country, "")
    while region:
        found.insert(0, region)
        region = BROADER[region]
    return found


def region_name(region: str, language: str | None = None) -> str:
    """Return a region's name in a language (default: the active one); an unknown code as it is."""
    return _region_names(language or current()).get(region, region)


def region_choices(language: str | None = None) -> list[tuple[str, str]]:
    """Return code and name of each region for a form, each below the wider one that it is in, indented."""
    return [(code, "\u2003" * (len(_above(code))) + region_name(code, language)) for code in BROADER]


def _above(region: str) -> list[str]:
    found: list[str] = []
    while region := BROADER[region]:
        found.append(region)
    return found


@lru_cache(maxsize=8)
def _region_names(language: str) -> dict[str, str]:
    territories = Locale.parse(html_code(language).replace("-", "_")).territories
    names = {code: _NAMES.get(code, {}).get(language) or territories[code] for code in BROADER}
    return {code: name[:1].upper() + name[1:] for code, name in names.items()}


def current_verifications(organization_ids: Iterable[int]) -> dict[int, Verification]:
    """Return the current verifications, by the organization's row id. One query; none for no ids."""
    ids = set(organization_ids)
    if not ids:
        return {}
    found = Verification.objects.filter(organization__in=ids, ended_at=None).order_by("at", "pk")
    return {each.organization_id: each for each in found}


def texts_of(listing: Listing) -> dict[str, str]:
    """Return a listing's texts by language."""
    return dict(listing.details.get("about" if listing.of == Kind.PERSON else "description", {}))
