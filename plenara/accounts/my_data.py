"""All that is kept of a person, as one file that they can take with them.

A package that keeps something of persons says so here; a test asks for every column that refers to one:

    @tells("drafts", _("What you are writing"), of=["contributions.Draft.person"])
    def drafts(person) -> Iterator[dict]: …        # one row each: dates, codes, ids and words, nothing of others

    @encloses
    def papers(person) -> Iterator[tuple[str, Stored]]: …      # name in the file, and where the bytes lie
"""

import datetime
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from django.template.loader import render_to_string
from django.utils import translation

from plenara.accounts.installation import installation
from plenara.accounts.models import Person
from plenara.accounts.providers import from_the_bottom_up
from plenara.core import clock
from plenara.core.languages import django_code
from plenara.core.store import Stored

type Rows = Iterator[dict[str, Any]]
type Provider = Callable[[Person], Rows]
type Encloser = Callable[[Person], Iterator[tuple[str, Stored]]]


@dataclass(frozen=True)
class Part:
    """One kind of what is kept: its file's name, what it is in words, and the columns that it covers."""

    name: str
    label: Any
    rows: Provider
    of: tuple[str, ...]


_parts: dict[Provider, Part] = {}
_enclosers: list[Encloser] = []


def tells(name: str, label: Any, *, of: Iterable[str]) -> Callable[[Provider], Provider]:
    """Register what yields one kind of what is kept of a person. `of` are columns, as "app.Model.field"."""

    def register(function: Provider) -> Provider:
        _parts[function] = Part(name, label, function, tuple(of))
        return function

    return register


def encloses(function: Encloser) -> Encloser:
    """Register what yields files that belong to a person."""
    if function not in _enclosers:
        _enclosers.append(function)
    return function


def parts() -> list[Part]:
    """Return the kinds of what is kept, the account's own first."""
    return [_parts[function] for function in from_the_bottom_up(_parts)]


def covered() -> frozenset[str]:
    """Return the columns whose rows are given out."""
    return frozenset(column for part in parts() for column in part.of)


def file_name() -> str:
    """Return what the file is called."""
    return f"my-data-{clock.now():%Y-%m-%d}.zip"


def write(person: Person, target: IO[bytes]) -> None:
    """Write all that is kept of a person: a ZIP with a JSON file of each kind, papers, and a page that explains them.

    Row by row, in as much memory as one row takes.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_member("README.txt"), _explanation(person))
        for part in parts():
            with archive.open(_member(f"{part.name}.json"), "w") as file:
                _write_rows(file, part.rows(person))
        for encloser in from_the_bottom_up(_enclosers):
            for name, stored in encloser(person):
                try:
                    pieces = stored.pieces()
                except FileNotFoundError:
                    continue  # what is missing must not keep the rest from its owner; its name is in the rows
                with archive.open(_member(f"papers/{name}"), "w") as copy:
                    copy.writelines(pieces)


def _member(name: str) -> zipfile.ZipInfo:
    """Return a member that says when it was made, and that is unpacked for its owner alone."""
    found = zipfile.ZipInfo(name, clock.now().timetuple()[:6])
    found.compress_type, found.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
    return found


def _explanation(person: Person) -> str:
    with translation.override(django_code(person.language)):
        context = {"parts": parts(), "installation": installation(), "at": clock.now(), "name": person.name}
        return render_to_string("accounts/my_data.txt", context).strip() + "\n"


def _write_rows(file: IO[bytes], rows: Rows) -> None:
    separator = b"[\n"
    for row in rows:
        file.write(
            separator
            + json.dumps(_filled_in(row), ensure_ascii=False, default=_plain, indent=1).encode(errors="replace")
        )
        separator = b",\n"
    file.write(b"[]\n" if separator == b"[\n" else b"\n]\n")


def _filled_in(value: Any) -> Any:
    """Return a row without what is blank in it, at any depth."""
    if isinstance(value, dict):
        return {key: _filled_in(each) for key, each in value.items() if each not in (None, "")}
    return [_filled_in(each) for each in value] if isinstance(value, list) else value


def _plain(value: Any) -> str:
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return str(value)
