"""Regions of the world as the United Nations count them (UN M49), and which countries lie in which.

Names are CLDR's, as countries' are. Each country is in one sub-region, which may lie in a wider one of its continent.
"""

from functools import lru_cache

from babel import Locale

from plenara.core.languages import current, html_code

#: Each region with what it lies in; the continents lie in none. In the order of M49's own list.
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
CONTINENTS = tuple(code for code, above in BROADER.items() if not above)

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
#: In no region of M49's: Antarctica.
NOWHERE = frozenset({"AQ"})

OF_COUNTRY = {country: region for region, countries in _COUNTRIES.items() for country in countries.split()}

#: M49's own name, where CLDR's would leave out the half of it.
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
    """Return the regions that a country lies in, the widest first; none of one that M49 has in none."""
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
    """Return code and name of each region for a form, each below the wider one that it lies in, indented."""
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
