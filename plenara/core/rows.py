"""Rows for programs: JSON on a line, no key for what is absent, moments in UTC."""

import datetime
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, overload

#: An object of JSON. Code that reads one knows its keys by the format, and checks what it does not trust.
type Json = dict[str, Any]  # type: ignore[explicit-any] # the one place that says so


def without_absent(values: Mapping[str, object] | None = None, /, **more: object) -> Json:
    """Return the values that there are: what is absent or empty has no key. False and 0 are values."""
    return {name: value for name, value in {**(values or {}), **more}.items() if value not in ("", None, [], {})}


def filled(texts: Mapping[str, str]) -> dict[str, str]:
    """Return a text in those languages that have it."""
    return {code: text for code, text in texts.items() if text}


@overload
def written(moment: datetime.datetime) -> str: ...
@overload
def written(moment: datetime.datetime | None) -> str | None: ...
def written(moment: datetime.datetime | None) -> str | None:
    """Return a moment as a bundle writes it: UTC, to the second, or to the microsecond where it has any."""
    if moment is None:
        return None
    moment = moment.astimezone(datetime.UTC)
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds" if moment.microsecond else "seconds") + "Z"


@overload
def read_moment(text: str) -> datetime.datetime: ...
@overload
def read_moment(text: str | None) -> datetime.datetime | None: ...
def read_moment(text: str | None) -> datetime.datetime | None:
    """Return a moment that was written, and checked since."""
    return datetime.datetime.fromisoformat(text) if text else None


def json_line(value: object) -> str:
    """Return a value as JSON on one line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def json_document(head: Mapping[str, object], name: str, rows: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """Yield one JSON object: what a list is of, then the list under a name, a row a line."""
    yield f'{json_line(head)[:-1]},"{name}":['
    separator = "\n"
    for each in rows:
        yield separator + json_line(each)
        separator = ",\n"
    yield "\n]}\n"
