"""Reading one JSON object key by key: each method returns a clean value, or notes an error and returns nothing. Also
what several kinds of rows share: language tags, signatures.
"""

import datetime
import json
import re
from collections import Counter
from collections.abc import Callable, Collection
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.core import get_global

from plenara.bundles.errors import BundleErrors
from plenara.bundles.format import MOST_TEXT
from plenara.core.languages import CODES
from plenara.core.rows import without_absent
from plenara.core.text import clean, clean_line, find_control_character

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


@lru_cache(maxsize=1)
def _scripts() -> frozenset[str]:
    return frozenset(Locale("en").scripts)


@lru_cache(maxsize=1)
def _regions() -> frozenset[str]:
    return frozenset(Locale("en").territories)


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
    if language not in _languages() or (script and script not in _scripts()) or (region and region not in _regions()):
        return None
    variants = found["variants"].lower().strip("-")
    return "-".join(part for part in (language, (found["extended"] or "").lower(), script, region, variants) if part)


_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(?P<zone>Z|[+-]\d\d:\d\d)?", re.ASCII)
#: The largest whole number that the smallest of our columns for one can hold, and the largest of all.
SMALL, LARGE = 32_767, 2_147_483_647


class Broken(Exception):
    """Text that is not the JSON that a bundle has; `line` counts within it."""

    def __init__(self, message: str, line: int = 1):
        super().__init__(message)
        self.line = line


def parse(raw: bytes) -> dict[str, Any]:
    """Return the object that a line or a file holds. Raises `Broken`."""
    try:
        value = json.loads(raw.decode(), object_pairs_hook=_object, parse_constant=_constant)
    except UnicodeDecodeError as error:
        raise Broken("is not UTF-8", raw.count(b"\n", 0, error.start) + 1) from error
    except json.JSONDecodeError as error:
        reason = "begins with a byte-order mark" if raw.startswith(b"\xef\xbb\xbf") else "is not JSON"
        raise Broken(f"{reason} ({error.msg.lower()} at column {error.colno})", error.lineno) from error
    except RecursionError as error:
        raise Broken("is nested too deeply") from error
    except ValueError as error:  # a number of thousands of digits
        raise Broken("holds a number that is none") from error
    if not isinstance(value, dict):
        raise Broken("is not a JSON object")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        twice = next(key for key, count in Counter(key for key, _value in pairs).items() if count > 1)
        raise Broken(f"has the key {twice[:40]!r} twice")
    return value


def _constant(name: str) -> None:
    raise Broken(f"holds {name}, which is no number of JSON's")


def quoted(value: Any) -> str:
    """Return a wrong value as a message quotes it."""
    text = json.dumps(value, ensure_ascii=True)
    return text if len(text) <= 60 else f"{text[:57]}..."


class Row:
    """One JSON object of a bundle, at its place. A key that nobody asked for is a fault in the end."""

    def __init__(
        self,
        value: dict[str, Any],
        faults: BundleErrors,
        file: str,
        line: int | Callable[[str], int] | None,
        path: str = "",
    ):
        self.value = value
        self._faults = faults
        self._file = file
        self._line = line
        self._path = path
        self._known: set[str] = set()

    def fault(self, key: str, message: str) -> None:
        """Note that a key's value is wrong.

        On which line it is, is looked for only while faults are named: each search reads the file from its beginning.
        """
        field = f"{self._path}{key}"
        line: int | None
        if callable(self._line):
            line = None if self._faults.full else self._line(field)
        else:
            line = self._line
        self._faults.add(message, self._file, line, field)

    def once(self, key: str, value: Any, known: set[Any]) -> None:
        """Note a key's value that an earlier object of the same list has; `known` are those so far."""
        if value is not None and value in known:
            self.fault(key, f"{value} stands twice")
        known.add(value)

    def has(self, key: str) -> bool:
        """Say whether a key has a value; null is none."""
        return self.value.get(key) is not None

    def drop(self, *keys: str) -> None:
        """Know these keys, and do not read them."""
        self._known.update(keys)

    def finish(self) -> None:
        """Note the keys that no method asked for."""
        for key in self.value:
            if key not in self._known:
                self.fault(clean_line(key)[:60] or '""', "is not a key of this format")

    def _get(self, key: str, kind: type, name: str, required: bool) -> Any:
        self._known.add(key)
        value = self.value.get(key)
        if value is None:
            if required:
                self.fault(key, "is missing")
            return None
        # JSON's true is an int to Python.
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.fault(key, f"is {quoted(value)}; it must be {name}")
            return None
        return value

    def text(self, key: str, *, required: bool = False) -> str | None:
        """Return a text of several lines, at most 1 MB."""
        value = self._get(key, str, "a text", required)
        if value is None:
            return None
        if len(value) > MOST_TEXT or len(value.encode(errors="surrogatepass")) > MOST_TEXT:
            self.fault(key, "is longer than 1 MB")
            return None
        if self._has_control_character(key, value):
            return None
        return self._not_empty(key, clean(value), required)

    def line(self, key: str, most: int, *, required: bool = False) -> str | None:
        """Return a text of one line, at most so many characters."""
        value = self._get(key, str, "a text", required)
        if value is None or self._has_control_character(key, value):
            return None
        value = clean_line(value)
        if len(value) > most:
            self.fault(key, f"has {len(value)} characters; it may have {most} at most")
            return None
        return self._not_empty(key, value, required)

    def _has_control_character(self, key: str, value: str) -> bool:
        """Note a control character: a record is refused rather than changed without a word."""
        at = find_control_character(value)
        if at is not None:
            code = f"U+{ord(value[at]):04X}"
            self.fault(key, f"has {code} as character {at + 1}, a control character; remove it or correct the text")
        return at is not None

    def _not_empty(self, key: str, value: str, required: bool) -> str | None:
        if required and not value:
            self.fault(key, "is empty")
        return value or None

    def code(self, key: str, pattern: str, most: int, name: str, *, required: bool = False) -> str | None:
        """Return a text that keeps to a pattern: a slug, a symbol, a reason."""
        value = self._get(key, str, name, required)
        if value is not None and (len(value) > most or not re.fullmatch(pattern, value, re.ASCII)):
            self.fault(key, f"is {quoted(value)}; it must be {name}")
            return None
        return value

    def choice(self, key: str, among: Collection[str], *, required: bool = False) -> str | None:
        """Return one of a few words."""
        value = self._get(key, str, "one of " + ", ".join(among), required)
        if value is not None and value not in among:
            self.fault(key, f"is {quoted(value)}; it must be one of {', '.join(among)}")
            return None
        return value

    def country(self, key: str, among: Collection[str]) -> str | None:
        """Return a country's code."""
        value = self._get(key, str, "a country code of ISO 3166-1 in two capitals", False)
        if value is not None and value not in among:
            self.fault(key, f"is {quoted(value)}; it must be a country code of ISO 3166-1 in two capitals")
            return None
        return value

    def integer(self, key: str, *, least: int = 0, most: int = LARGE, required: bool = False) -> int | None:
        """Return a whole number."""
        value = self._get(key, int, "a whole number", required)
        if value is not None and not least <= value <= most:
            self.fault(key, f"is {quoted(value)}; it must be from {least} to {most}")
            return None
        return value

    def truth(self, key: str) -> bool | None:
        """Return true or false."""
        return self._get(key, bool, "true or false", False)

    def moment(self, key: str, *, required: bool = False) -> str | None:
        """Return a date with time and zone, in UTC as a bundle writes it."""
        value = self._get(key, str, "a date with time and zone", required)
        if value is None:
            return None
        found = _MOMENT.fullmatch(value)
        try:
            moment = datetime.datetime.fromisoformat(value) if found else None
            if found and not found["zone"]:
                self.fault(key, f"is {quoted(value)}, a date without zone; write 2026-10-14T12:00:00Z")
                return None
            if moment is not None:
                return written(moment)
        except (ValueError, OverflowError):
            pass
        self.fault(key, f"is {quoted(value)}; it must be a date with time and zone, such as 2026-10-14T12:00:00Z")
        return None

    def language(self, key: str, *, required: bool = False) -> str | None:
        """Return a BCP 47 tag in its canonical case."""
        value = self._get(key, str, "a language tag", required)
        if value is None:
            return None
        tag = canonical_tag(value)
        if tag is None or len(tag) > 35:
            self.fault(key, f"is {quoted(value)}, which is not a BCP 47 tag of a known language")
            return None
        return tag

    def languages(self, key: str, *, required: bool = False) -> list[str]:
        """Return a list of BCP 47 tags, none twice."""
        tags: dict[str, None] = {}  # in their order
        for position, value in enumerate(self._get(key, list, "a list of language tags", required) or []):
            tag = canonical_tag(value) if isinstance(value, str) else None
            if tag is None or len(tag) > 35:
                self.fault(f"{key}[{position}]", f"is {quoted(value)}, which is not a BCP 47 tag of a known language")
            elif tag in tags:
                self.fault(f"{key}[{position}]", f"names {tag} twice")
            else:
                tags[tag] = None
        if required and self.value.get(key) == []:
            self.fault(key, "is empty")
        return list(tags)

    def texts(self, key: str, *, required: bool = False, one_line: bool = False) -> dict[str, str]:
        """Return a text in some of the six languages, by code."""
        value = self._get(key, dict, "an object of texts by language", required)
        inner = Row(value or {}, self._faults, self._file, self._line, f"{self._path}{key}.")
        texts = {}
        for code in value or {}:
            if code not in CODES:
                inner.fault(clean_line(code)[:60] or '""', f"is not one of the languages {', '.join(CODES)}")
            elif text := (inner.line(code, 2000) if one_line else inner.text(code)):
                texts[code] = text
        if required and value == {}:
            self.fault(key, "is empty")
        return texts

    def strings(self, key: str, most: int) -> list[str]:
        """Return a list of short texts."""
        strings = []
        for position, value in enumerate(self._get(key, list, "a list of texts", False) or []):
            if not isinstance(value, str) or len(value) > most:
                self.fault(f"{key}[{position}]", f"is {quoted(value)}; it must be a text of at most {most} characters")
            elif not self._has_control_character(f"{key}[{position}]", value) and (text := clean_line(value)):
                strings.append(text)
        return strings

    def codes(self, key: str, pattern: str, most: int, name: str, *, required: bool = False) -> list[str]:
        """Return a list of texts that keep to a pattern, none twice."""
        found: dict[str, None] = {}
        for position, value in enumerate(self._get(key, list, f"a list of {name}", required) or []):
            if not isinstance(value, str) or len(value) > most or not re.fullmatch(pattern, value, re.ASCII):
                self.fault(f"{key}[{position}]", f"is {quoted(value)}; it must be one of {name}")
            elif value in found:
                self.fault(f"{key}[{position}]", f"names {value} twice")
            else:
                found[value] = None
        return list(found)

    def integers(self, key: str, *, least: int = 0, most: int = LARGE) -> list[int]:
        """Return a list of whole numbers, none twice."""
        found: dict[int, None] = {}
        for position, value in enumerate(self._get(key, list, "a list of whole numbers", False) or []):
            if type(value) is not int or not least <= value <= most:
                self.fault(
                    f"{key}[{position}]", f"is {quoted(value)}; it must be a whole number from {least} to {most}"
                )
            elif value in found:
                self.fault(f"{key}[{position}]", f"names {value} twice")
            else:
                found[value] = None
        return list(found)

    def row(self, key: str, *, required: bool = False) -> "Row | None":
        """Return an object within this one."""
        value = self._get(key, dict, "an object", required)
        return None if value is None else Row(value, self._faults, self._file, self._line, f"{self._path}{key}.")

    def rows(self, key: str, *, required: bool = False) -> list["Row"]:
        """Return a list of objects within this one."""
        rows = []
        for position, value in enumerate(self._get(key, list, "a list of objects", required) or []):
            if isinstance(value, dict):
                rows.append(Row(value, self._faults, self._file, self._line, f"{self._path}{key}[{position}]."))
            else:
                self.fault(f"{key}[{position}]", f"is {quoted(value)}; it must be an object")
        return rows

    def rows_by(self, key: str) -> dict[str, "Row"]:
        """Return the objects within this one, by names that are whole numbers."""
        inner, found = self.row(key), {}
        for name in inner.value if inner else ():
            assert inner
            if not re.fullmatch(r"[1-9][0-9]{0,4}", name, re.ASCII):
                inner.fault(clean_line(name)[:60] or '""', "is not a number")
            elif (row := inner.row(name)) is not None:
                found[name] = row
        return found

    def numbers(self, key: str, many: int) -> dict[str, list[int]]:
        """Return lists of so many whole numbers, or single ones where `many` is 1, by name; a name may be blank."""
        inner, found = self.row(key), {}
        for name, value in inner.value.items() if inner else ():
            assert inner
            listed = [value] if many == 1 else value
            whole = isinstance(listed, list) and all(type(each) is int and 0 <= each <= LARGE for each in listed)
            if not whole or len(listed) != many or len(name) > 40 or clean_line(name) != name:
                inner.fault(clean_line(name)[:60] or '""', f"is {quoted(value)}; it must be {many} whole number(s)")
            else:
                found[name] = listed
        return found


def written(moment: datetime.datetime) -> str:
    """Return a moment as a bundle writes it: UTC, to the second, or to the microsecond where it has any."""
    moment = moment.astimezone(datetime.UTC)
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds" if moment.microsecond else "seconds") + "Z"


_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[{}\[\],:]|[^\s{}\[\],:"]++', re.DOTALL)


def line_of(text: str, path: str) -> int:
    """Return the line of a JSON text on which the value at `path` (`threads[2].slug`) stands, or its parent."""
    wanted = re.findall(r"[^.\[\]]+", path)
    trail: list[Any] = []  # the keys and positions that lead to where we are
    opened: list[str] = []
    same = 0  # how many of them, from the first on, are those that are wanted
    best, at, is_value = 0, 0, True
    for token in _TOKEN.finditer(text):
        mark = token[0]
        if not is_value and opened and mark not in "{}[],:":
            trail[-1] = mark[1:-1]
            same = _same(wanted, trail, same)
        if mark not in "}],:" and best < same == len(trail) - (bool(trail) and trail[-1] is None):
            best, at = same, token.start()
            if best == len(wanted):
                break
        if mark in "{[":
            opened.append(mark)
            trail.append(0 if mark == "[" else None)
            same = _same(wanted, trail, same)
        elif mark in "}]" and opened:
            opened.pop()
            trail.pop()
            same = min(same, len(trail))
        elif mark == "," and opened and opened[-1] == "[":
            trail[-1] += 1
            same = _same(wanted, trail, same)
        # In an object a text is a key, until a colon says that the value follows.
        is_value = not opened or opened[-1] == "[" or mark == ":"
    return text.count("\n", 0, at) + 1


def _same(wanted: list[str], trail: list[Any], before: int) -> int:
    """Return how many parts of a trail are those that are wanted, after its last part changed."""
    last = len(trail) - 1
    if before < last:
        return before
    return last + (last < len(wanted) and trail[last] is not None and str(trail[last]) == wanted[last])


def read_signatures(row: Row) -> dict[str, Any]:
    """Return who wrote and who approved an edition, with the keys that have a value, clean."""
    return without_absent(
        written_by=[_signatory(each) for each in row.rows("written_by")],
        approved_by=[_signatory(each) for each in row.rows("approved_by")],
        self_approved=row.truth("self_approved") or None,
    )


def _signatory(row: Row) -> dict[str, Any]:
    withheld = row.truth("withheld") or None
    # A name beside the mark that it is withheld goes no further.
    name = row.line("name", 120, required=not withheld)
    row.finish()
    return without_absent(name=None if withheld else name, withheld=withheld)
