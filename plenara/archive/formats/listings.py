"""Entries of the directory as rows: for a table and for programs. Nothing that their pages do not show."""

from collections.abc import Iterable, Iterator
from typing import Any

from plenara.archive import addresses
from plenara.archive.formats.tables import json_line
from plenara.core.cells import guarded
from plenara.core.languages import CODES
from plenara.core.templatetags.plenara import iso
from plenara.directory import reading, verified
from plenara.directory.models import Kind, Listing

FORMAT = "plenara-directory/1"
#: Columns of the table. New ones come at the end; none is ever renamed or moved.
COLUMNS = (
    "number", "kind", "address", "name", *(f"name_{code}" for code in CODES), "acronym", "stakeholder_group",
    "country", "countries", "site", "ror", "orcid", "themes", "languages", "organizations", "affiliation", "starts",
    "ends", "progress", *(f"description_{code}" for code in CODES), "verified_by", "verified_at", "published_at",
    "changed_at", "doubted_at",
)  # fmt: skip
#: Listings whose verification is looked up at a time.
_AT_ONCE = 200


def told(listings: Iterable[Listing]) -> Iterator[dict[str, Any]]:
    """Yield listings for programs, with all their languages. A query for each few hundred."""
    for some in _batches(listings):
        standing = verified.standing(each.pk for each in some if each.of == Kind.ORGANIZATION)
        for each in some:
            verification = standing.get(each.pk)
            yield _present(
                {
                    "number": each.number,
                    "kind": each.of,
                    "address": addresses.site(reading.path_of(each.of, each.number or 0)),
                    **each.details,
                    "verified_by": verification.method if verification else None,
                    "verified_at": iso(verification.at) if verification else None,
                    "published_at": iso(each.published_at),
                    "changed_at": iso(each.changed_at),
                    "doubted_at": iso(each.doubted_at),
                }
            )


def cells(listings: Iterable[Listing]) -> Iterator[dict[str, Any]]:
    """Yield listings as the cells of a table: `name` as the reader's language has it, several values by spaces."""
    for some in _batches(listings):
        for listing, row in zip(some, told(some), strict=True):
            names = row.get("title", row.get("name"))
            texts = row.get("about", row.get("description", {}))
            named = names if isinstance(names, dict) else {}
            values: dict[str, Any] = {
                **{column: row[column] for column in COLUMNS if column in row and column != "name"},
                "name": reading.name_of(listing).text,
                **{f"name_{code}": text for code, text in named.items()},
                **{f"description_{code}": text for code, text in texts.items()},
                "stakeholder_group": row.get("group"),
                "site": row.get("site", row.get("link")),
                "affiliation": row.get("affiliation_name"),
                "organizations": row.get("organizations", [row["affiliation"]] if "affiliation" in row else []),
            }
            yield {name: _cell(value) for name, value in _present(values).items() if name in COLUMNS}


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(map(str, value))
    return guarded(value) if isinstance(value, str) else str(value)


def as_json(listings: Iterable[Listing], address: str, filters: dict[str, str]) -> Iterator[str]:
    """Yield one JSON object: what was asked for, then `entries`, one a line."""
    head: dict[str, Any] = {"format": FORMAT, "address": address}
    if filters:
        head["filters"] = filters
    yield json_line(head)[:-1] + ',"entries":['
    separator = "\n"
    for each in told(listings):
        yield separator + json_line(each)
        separator = ",\n"
    yield "\n]}\n"


def _present(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in ("", None, [], {})}


def _batches(listings: Iterable[Listing]) -> Iterator[list[Listing]]:
    held: list[Listing] = []
    for each in listings:
        held.append(each)
        if len(held) == _AT_ONCE:
            yield held
            held = []
    if held:
        yield held
