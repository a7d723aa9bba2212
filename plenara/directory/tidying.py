"""What somebody typed of a listing, as it will be kept: cleaned, in one order, and nothing where there is nothing."""

from collections.abc import Mapping
from typing import Any

from plenara.core.languages import NAMES
from plenara.core.text import clean, clean_line
from plenara.directory.identifiers import bare_orcid, bare_ror
from plenara.directory.models import Kind

#: Of each kind, its fields in the order in which pages and files tell them, and of which sort each is.
LINES, TEXTS, LINE, CODE, CODES, NUMBER, NUMBERS = "lines", "texts", "line", "code", "codes", "number", "numbers"
FIELDS: dict[str, dict[str, str]] = {
    Kind.ORGANIZATION: {
        "name": LINES, "acronym": LINE, "group": CODE, "country": CODE, "site": CODE, "ror": CODE, "themes": CODES,
        "description": TEXTS,
    },
    Kind.PERSON: {
        "name": LINE, "affiliation": NUMBER, "affiliation_name": LINE, "group": CODE, "country": CODE,
        "languages": CODES, "themes": CODES, "orcid": CODE, "site": CODE, "about": TEXTS,
    },
    Kind.PROJECT: {
        "title": LINES, "description": TEXTS, "starts": CODE, "ends": CODE, "progress": CODE, "organizations": NUMBERS,
        "countries": CODES, "themes": CODES, "link": CODE, "results": TEXTS, "results_link": CODE,
    },
}  # fmt: skip
#: The field by which each kind is called.
NAMED_BY = {Kind.ORGANIZATION: "name", Kind.PERSON: "name", Kind.PROJECT: "title"}


def tidy(kind: str, details: Mapping[str, Any]) -> dict[str, Any]:
    """Return details as they will be kept. What is of the wrong sort is left out; `checks` tell the rest."""
    kept: dict[str, Any] = {}
    for name, sort in FIELDS[kind].items():
        value = _CLEANERS[sort](details.get(name))
        if value:
            kept[name] = value
    if ror := kept.get("ror"):
        kept["ror"] = bare_ror(ror)
    if orcid := kept.get("orcid"):
        kept["orcid"] = bare_orcid(orcid)
    if kept.get("affiliation"):
        kept.pop("affiliation_name", None)
    return kept


def _texts(cleaner: Any) -> Any:
    def run(value: Any) -> dict[str, str]:
        if not isinstance(value, Mapping):
            return {}
        found = {code: cleaner(value[code]) for code in NAMES if isinstance(value.get(code), str)}
        return {code: text for code, text in found.items() if text}

    return run


def _string(cleaner: Any) -> Any:
    return lambda value: cleaner(value) if isinstance(value, str) else ""


def _number(value: Any) -> int:
    sound = isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31
    return value if sound else 0


def _all_of(cleaner: Any) -> Any:
    def run(value: Any) -> list[Any]:
        several = value if isinstance(value, (list, tuple)) else []
        return list(dict.fromkeys(each for one in several if (each := cleaner(one))))

    return run


_CLEANERS: dict[str, Any] = {
    LINES: _texts(clean_line),
    TEXTS: _texts(clean),
    LINE: _string(clean_line),
    CODE: _string(clean_line),
    CODES: _all_of(_string(clean_line)),
    NUMBER: _number,
    NUMBERS: _all_of(_number),
}
