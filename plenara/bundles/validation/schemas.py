"""Schemas of a bundle's rows: tables from keys to fields. Reading a row by one gives clean values, and notes an error
with file, line and key for each value that is wrong.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from plenara.bundles.validation.errors import BundleErrors
from plenara.core.rows import Json
from plenara.core.text import clean_line


def quoted(value: object) -> str:
    """Return a wrong value as a message quotes it."""
    text = json.dumps(value, ensure_ascii=True)
    return text if len(text) <= 60 else f"{text[:57]}..."


@dataclass(frozen=True)
class Row:
    """One JSON object of a bundle, at its place."""

    value: Json
    errors: BundleErrors
    file: str
    line: int | Callable[[str], int] | None
    path: str = ""

    def error(self, key: str, message: str) -> None:
        """Note that a key's value is wrong.

        On which line it is, is looked for only while errors are named: each search reads the file from its beginning.
        """
        place = f"{self.path}{key}"
        line: int | None
        if callable(self.line):
            line = None if self.errors.full else self.line(place)
        else:
            line = self.line
        self.errors.add(message, self.file, line, place)

    def within(self, key: str, value: Json) -> "Row":
        """Return an object within this one."""
        return replace(self, value=value, path=f"{self.path}{key}.")

    def unknown(self, key: str, message: str) -> None:
        """Note that nothing may be called as a key is."""
        self.error(clean_line(key)[:60] or '""', message)

    def once(self, key: str, listed: Iterable[Mapping[str, object]], name: str) -> None:
        """Note the objects of a list whose number, or another key, an earlier one has."""
        known = set()
        for at, each in enumerate(listed):
            if (value := each.get(name)) is not None and value in known:
                self.error(f"{key}[{at}].{name}", f"{value} appears twice")
            known.add(value)


class Wrong(Exception):
    """What is wrong with a value: a sentence that begins with its key."""


@dataclass(frozen=True, kw_only=True)
class Field:
    """What a key may hold: the type that JSON has for it, what that is called, and how it is read. Null is no value."""

    kind: type
    name: str
    #: Returns the clean value, or raises `Wrong`.
    clean: Callable
    required: bool = False
    #: Makes the value where there is none: most keys then are absent.
    default: Callable[[], object] | None = None

    def read(self, _row: Row, _key: str, value: object) -> object:
        """Return the clean value. Raises `Wrong`."""
        return self.clean(value)

    def then(self, check: Callable[[str], str | None]) -> "Field":
        """Return a field whose values have to pass a further check, which returns what is wrong."""

        def clean_and_check(value: object) -> object:
            found = self.clean(value)
            if found and (message := check(found)):
                raise Wrong(message)
            return found

        return replace(self, clean=clean_and_check)


@dataclass(frozen=True, kw_only=True)
class Listed(Field):
    """A list of values, which are put in order where there is one."""

    kind: type = list
    is_set: bool = True
    order: Callable = list
    empty: str = ""

    def read(self, row: Row, key: str, value: object) -> object:
        assert isinstance(value, list)  # its kind
        found: list[object] = []
        seen: set[object] = set()
        for position, each in enumerate(value):
            try:
                one = self.clean(each)
            except Wrong as wrong:
                row.error(f"{key}[{position}]", str(wrong))
                continue
            if self.is_set and one in seen:
                row.error(f"{key}[{position}]", f"names {one} twice")
            elif one != "":
                found.append(one)
                seen.add(one)
        if self.empty and not value:
            raise Wrong(self.empty)
        return self.order(found)


#: Reads an object: a schema, or what chooses one by the object.
type Reader = Callable[[Row], Json]
type Found = Json


@dataclass(frozen=True)
class Schema:
    """The keys that an object may have. Called with a row, it returns the keys that have a value, clean."""

    fields: Mapping[str, Field]
    #: Notes what is wrong with the values together, or changes them.
    check: Callable[[Row, Found], None] = lambda _row, _found: None
    #: Keys that may be there and are not read.
    dropped: Collection[str] = ()

    def __call__(self, row: Row) -> Found:
        found: Found = {}
        for key, each in self.fields.items():
            value = self._value(row, key, each)
            if value is not None and value not in ([], {}, ""):
                found[key] = value
            elif each.default:
                found[key] = each.default()
        for key in row.value:
            if key not in self.fields and key not in self.dropped:
                row.unknown(key, "is not a key of this format")
        self.check(row, found)
        return found

    @staticmethod
    def _value(row: Row, key: str, each: Field) -> object:
        value = row.value.get(key)
        if value is None:
            if each.required:
                row.error(key, "is missing")
            return None
        # JSON's true is an int to Python.
        if not isinstance(value, each.kind) or (each.kind is int and isinstance(value, bool)):
            row.error(key, f"is {quoted(value)}; it must be {each.name}")
            return None
        try:
            return each.read(row, key, value)
        except Wrong as wrong:
            row.error(key, str(wrong))
            return None


def by(key: str, schemas: Mapping[object, Reader], otherwise: Reader) -> Reader:
    """Return what reads an object by the schema that one of its values chooses, or that it has none."""

    def read(row: Row) -> Found:
        value = row.value.get(key)
        is_known = value is None or isinstance(value, (str, bool))
        return (schemas.get(value, otherwise) if is_known else otherwise)(row)

    return read
