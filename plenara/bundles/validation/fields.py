"""The fields that the schemas of a bundle's rows are made of."""

import datetime
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from babel import Locale
from babel.core import get_global

from plenara.bundles.format import MOST_TEXT
from plenara.bundles.validation.schemas import Field, Found, Listed, Reader, Row, Schema, Wrong, by, quoted
from plenara.core.clock import zone_names
from plenara.core.languages import CODES
from plenara.core.rows import written
from plenara.core.text import clean, clean_line, find_control_character
from plenara.core.vocabulary import StakeholderGroup, country_names

# RFC 5646, section 2.1, without grandfathered and private-use tags and without extensions.
_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})(?:-(?P<extended>[a-z]{3}))?(?:-(?P<script>[a-z]{4}))?"
    r"(?:-(?P<region>[a-z]{2}|[0-9]{3}))?(?P<variants>(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)",
    re.IGNORECASE,
)
#: Codes that say that there is no language, or which one is not known.
_NO_LANGUAGE = {"und", "mis", "mul", "zxx"}


@lru_cache(maxsize=1)
def _languages() -> frozenset[str]:
    """Return the language subtags that CLDR knows: some 7,200 of the registry's 8,200, every written one among them."""
    listed = (*get_global("likely_subtags"), *get_global("language_aliases"), *Locale("en").languages)
    return frozenset(str(key).split("_")[0] for key in listed) - _NO_LANGUAGE


@lru_cache(maxsize=512)
def canonical_tag(tag: str) -> str | None:
    """Return a tag in the case that BCP 47 recommends (`pt-BR`, `zh-Hant`), or nothing where it names no language."""
    found = _TAG.fullmatch(tag)
    if found is None:
        return None
    language, script, region = (
        found["language"].lower(),
        (found["script"] or "").title(),
        (found["region"] or "").upper(),
    )
    known = Locale("en")
    if (
        language not in _languages()
        or (script and script not in known.scripts)
        or (region and region not in known.territories)
    ):
        return None
    variants = found["variants"].lower().strip("-")
    return "-".join(part for part in (language, (found["extended"] or "").lower(), script, region, variants) if part)


_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(?P<zone>Z|[+-]\d\d:\d\d)?", re.ASCII)
#: The largest whole number that the smallest of our columns for one can hold, and the largest of all.
SMALL, LARGE = 32_767, 2_147_483_647


def _without_control_character(value: str) -> None:
    """Refuse a control character: a record is refused rather than changed without a word."""
    at = find_control_character(value)
    if at is not None:
        code = f"U+{ord(value[at]):04X}"
        raise Wrong(f"has {code} as character {at + 1}, a control character; remove it or correct the text")


def _words(tidy: Callable[[str], str], *, required: bool) -> Field:
    def read(value: str) -> str:
        text = tidy(value)
        if required and not text:
            raise Wrong("is empty")
        return text

    return Field(kind=str, name="a text", clean=read, required=required)


def text(*, required: bool = False) -> Field:
    """A text of several lines, at most 1 MB."""

    def tidy(value: str) -> str:
        if len(value) > MOST_TEXT or len(value.encode(errors="surrogatepass")) > MOST_TEXT:
            raise Wrong("is longer than 1 MB")
        _without_control_character(value)
        return clean(value)

    return _words(tidy, required=required)


def line(most: int, *, required: bool = False) -> Field:
    """A text of one line, at most so many characters."""

    def tidy(value: str) -> str:
        _without_control_character(value)
        text = clean_line(value)
        if len(text) > most:
            raise Wrong(f"has {len(text)} characters; it may have {most} at most")
        return text

    return _words(tidy, required=required)


def one_of(name: str, is_right: Callable[[object], object], *, required: bool = False) -> Field:
    """A word that is one of a kind; `name` says which kind."""

    def read(value: str) -> str:
        if not is_right(value):
            raise Wrong(f"is {quoted(value)}; it must be {name}")
        return value

    return Field(kind=str, name=name, clean=read, required=required)


def _pattern(pattern: str, most: int) -> Callable[[object], object]:
    compiled = re.compile(pattern, re.ASCII)
    return lambda value: isinstance(value, str) and len(value) <= most and compiled.fullmatch(value)


def code(
    pattern: str, most: int, name: str, *, required: bool = False, default: Callable[[], object] | None = None
) -> Field:
    """A text that keeps to a pattern: a slug, a symbol, a reason."""
    return replace(one_of(name, _pattern(pattern, most), required=required), default=default)


def choice(among: Collection[str], *, required: bool = False) -> Field:
    """One of a few words."""
    return one_of("one of " + ", ".join(among), frozenset(among).__contains__, required=required)


def country() -> Field:
    """A country's code."""
    return one_of("a country code of ISO 3166-1 in two capitals", lambda value: value in country_names("en"))


def integer(*, least: int = 0, most: int = LARGE, required: bool = False) -> Field:
    """A whole number."""

    def read(value: int) -> int:
        if not least <= value <= most:
            raise Wrong(f"is {quoted(value)}; it must be from {least} to {most}")
        return value

    return Field(kind=int, name="a whole number", clean=read, required=required)


def small(*, least: int = 1, required: bool = False) -> Field:
    """A whole number that the smallest of our columns can hold."""
    return integer(least=least, most=SMALL, required=required)


def truth() -> Field:
    """True or false."""
    return Field(kind=bool, name="true or false", clean=bool)


def flag() -> Field:
    """True, or false, which is as if the key was not there."""
    return Field(kind=bool, name="true or false", clean=lambda value: value or None)


def _moment(value: str) -> str:
    found = _MOMENT.fullmatch(value)
    try:
        moment = datetime.datetime.fromisoformat(value) if found else None
        if found and not found["zone"]:
            raise Wrong(f"is {quoted(value)}, a date without zone; write 2026-10-14T12:00:00Z")
        if moment is not None:
            return written(moment)
    except (ValueError, OverflowError):
        pass
    raise Wrong(f"is {quoted(value)}; it must be a date with time and zone, such as 2026-10-14T12:00:00Z")


def moment(*, required: bool = False) -> Field:
    """A date with time and zone, read in UTC as a bundle writes it."""
    return Field(kind=str, name="a date with time and zone", clean=_moment, required=required)


def _tag(value: object) -> str:
    tag = canonical_tag(value) if isinstance(value, str) else None
    if tag is None or len(tag) > 35:
        raise Wrong(f"is {quoted(value)}, which is not a BCP 47 tag of a known language")
    return tag


def language(*, required: bool = False) -> Field:
    """A BCP 47 tag, read in its canonical case."""
    return Field(kind=str, name="a language tag", clean=_tag, required=required)


def languages(*, required: bool = False) -> Field:
    """A list of BCP 47 tags, none twice."""
    empty = "is empty" if required else ""
    return Listed(name="a list of language tags", clean=_tag, required=required, empty=empty)


def strings(most: int, order: Callable = list) -> Field:
    """A list of short texts."""

    def read(value: object) -> str:
        if not isinstance(value, str) or len(value) > most:
            raise Wrong(f"is {quoted(value)}; it must be a text of at most {most} characters")
        _without_control_character(value)
        return clean_line(value)

    return Listed(name="a list of texts", clean=read, is_set=False, order=order)


def codes(pattern: str, most: int, name: str, *, required: bool = False, order: Callable = list) -> Field:
    """A list of texts that keep to a pattern, none twice."""
    one = one_of(f"one of {name}", _pattern(pattern, most))
    return Listed(name=f"a list of {name}", clean=one.clean, required=required, order=order)


def of_the_six(*, required: bool = False, name: str = "the six languages") -> Field:
    """A list of some of the six languages, read in order."""
    return codes("|".join(CODES), 2, name, required=required, order=sorted)


def integers(*, least: int = 0, most: int = LARGE) -> Field:
    """A list of whole numbers, none twice."""

    def read(value: object) -> int:
        if type(value) is not int or not least <= value <= most:
            raise Wrong(f"is {quoted(value)}; it must be a whole number from {least} to {most}")
        return value

    return Listed(name="a list of whole numbers", clean=read)


@dataclass(frozen=True, kw_only=True)
class Inner(Field):
    """An object within this one."""

    kind: type = dict
    name: str = "an object"
    clean: Callable = field(default=dict)
    schema: Reader

    def read(self, row: Row, key: str, value: object) -> object:
        assert isinstance(value, dict)  # its kind
        return self.schema(row.within(key, value))


@dataclass(frozen=True, kw_only=True)
class InnerList(Inner):
    """A list of objects within this one."""

    kind: type = list
    name: str = "a list of objects"
    order: Callable[[list[Found]], list[Found]] = list
    empty: str = ""

    def read(self, row: Row, key: str, value: object) -> object:
        assert isinstance(value, list)  # its kind
        found = []
        for position, each in enumerate(value):
            if isinstance(each, dict):
                found.append(self.schema(row.within(f"{key}[{position}]", each)))
            else:
                row.error(f"{key}[{position}]", f"is {quoted(each)}; it must be an object")
        if self.empty and not found:
            raise Wrong(self.empty)
        return self.order(found)


def inner(schema: Reader, *, required: bool = False) -> Field:
    """An object within this one."""
    return Inner(schema=schema, required=required)


def inners(
    schema: Reader,
    *,
    required: bool = False,
    empty: str = "",
    order: Callable[[list[Found]], list[Found]] = list,
    default: Callable[[], object] | None = None,
) -> Field:
    """A list of objects within this one."""
    return InnerList(schema=schema, required=required, empty=empty, order=order, default=default)


@dataclass(frozen=True, kw_only=True)
class Texts(Field):
    """A text in some of the six languages, by code."""

    kind: type = dict
    name: str = "an object of texts by language"
    clean: Callable = field(default=dict)
    schema: Schema

    def read(self, row: Row, key: str, value: object) -> object:
        assert isinstance(value, dict)  # its kind
        if self.required and not value:
            raise Wrong("is empty")
        own = row.within(key, value)
        for each in value:
            if each not in CODES:
                own.unknown(each, f"is not one of the languages {', '.join(CODES)}")
        found = self.schema(replace(own, value={each: value[each] for each in value if each in CODES}))
        return {each: found[each] for each in value if each in found}


#: A text by language, of several lines or of one.
_TEXTS, _LINES = (Schema(dict.fromkeys(CODES, each)) for each in (text(), line(2000)))


def texts(*, required: bool = False) -> Field:
    """A text in some of the six languages, by code."""
    return Texts(schema=_TEXTS, required=required)


def line_by_language(*, required: bool = False) -> Field:
    """A text of one line in some of the six languages, by code."""
    return Texts(schema=_LINES, required=required)


def by_number(schema: Reader) -> Field:
    """Objects by names that are whole numbers."""

    def read(row: Row) -> Found:
        found = {}
        for name, value in row.value.items():
            if not re.fullmatch(r"[1-9][0-9]{0,4}", name, re.ASCII):
                row.unknown(name, "is not a number")
            elif isinstance(value, dict):
                found[name] = schema(row.within(name, value))
            elif value is not None:
                row.error(name, f"is {quoted(value)}; it must be an object")
        return found

    return inner(read)


def counts(many: int) -> Field:
    """Lists of so many whole numbers, or single ones where `many` is 1, by name; a name may be blank."""

    def read(row: Row) -> Found:
        found = {}
        for name, value in row.value.items():
            listed = [value] if many == 1 else value
            whole = isinstance(listed, list) and all(type(each) is int and 0 <= each <= LARGE for each in listed)
            if not whole or len(listed) != many or len(name) > 40 or clean_line(name) != name:
                row.unknown(name, f"is {quoted(value)}; it must be {many} whole number(s)")
            else:
                found[name] = value
        return found

    return inner(read)


SLUG = r"[A-Za-z0-9_-]+"
SLUG_NAME = "letters, digits, - and _ (at most 80)"
#: A symbol is part of addresses, and of paths in static copies: "." and ".." are no parts of it.
_SYMBOL = r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*"


def slug(*, required: bool = False) -> Field:
    """The end of an address."""
    return code(SLUG, 80, SLUG_NAME, required=required)


def symbol(most: int, *, required: bool = False) -> Field:
    """A symbol, at most so many characters."""
    name = f"letters, digits, . _ - and single / between its parts, and no part may begin with . (at most {most})"
    return code(_SYMBOL, most, name, required=required)


def reason(most: int = 40) -> Field:
    """A code of a reason, a state or a kind."""
    return code(r"[A-Za-z0-9_.-]+", most, f"a code of at most {most} letters, digits, _ . and -")


def timezone(*, required: bool = False, default: str = "") -> Field:
    """An IANA time zone."""
    zone = line(60, required=required).then(
        lambda name: None if name in zone_names() else f"is {name!r}, which is not an IANA time zone"
    )
    return replace(zone, default=(lambda: default) if default else None)


def _signed_name(most: int, *more: tuple[str, Field]) -> Reader:
    """Return what reads who signed. A name beside the mark that it is withheld goes no further."""
    withheld = {"withheld": flag(), "name": line(most), **dict(more)}
    signed = withheld | {"name": line(most, required=True)}
    return by("withheld", {True: Schema(withheld, lambda _row, found: found.pop("name", None))}, Schema(signed))


#: Who signed a contribution or a request for correction.
BYLINE = _signed_name(
    200,
    ("stakeholder_group", choice(StakeholderGroup.values, required=True)),
    ("capacity", choice(("individual", "organization"))),
    ("organization", line(300)),
    ("organization_verified", truth()),
    ("country", country()),
)
#: Who wrote and who approved an edition.
SIGNATURES: Mapping[str, Field] = {
    "written_by": inners(_signed_name(120)),
    "approved_by": inners(_signed_name(120)),
    "self_approved": flag(),
}
