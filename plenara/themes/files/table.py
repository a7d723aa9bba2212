"""The list as a table (CSV): a row a theme. `docs/themes.md` describes the columns."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from plenara.core.cells import BYTE_ORDER_MARK, guarded, unguarded
from plenara.core.languages import CODES
from plenara.core.refusals import Invalid, No
from plenara.themes import checks
from plenara.themes.checks import Fault
from plenara.themes.concepts import Concept
from plenara.themes.files import Read

MEDIA_TYPE = "text/csv; charset=utf-8; header=present"
#: Between several things in one cell.
SEPARATOR = " | "
_ONE = ("vocabulary", "broader", "position", "retired", "replaced_by")
_SEVERAL = ("related", "exact_match", "own_labels")
_BY_LANGUAGE = {"label": "labels", "alternatives": "alternatives", "definition": "definition"}
#: The first row. New columns come at the end; none is ever renamed.
COLUMNS = ("code", *_ONE, *_SEVERAL, *(f"{name}_{code}" for name in _BY_LANGUAGE for code in CODES))


def write(concepts: Iterable[Concept]) -> Iterator[str]:
    """Yield the list as CSV."""
    yield BYTE_ORDER_MARK + _line(COLUMNS)
    for each in concepts:
        yield _line(guarded(cell) for cell in _cells(each))


def cells(concept: Concept) -> dict[str, str]:
    """Return what a table says of a theme, by column."""
    return dict(zip(COLUMNS, _cells(concept), strict=True))


def _cells(concept: Concept) -> Iterator[str]:
    yield concept.code
    for name in _ONE:
        value = getattr(concept, name)
        yield ("yes" if value else "") if isinstance(value, bool) else str(value)
    for name in _SEVERAL:
        yield SEPARATOR.join(getattr(concept, name))
    for attribute in _BY_LANGUAGE.values():
        for code in CODES:
            value = getattr(concept, attribute).get(code, "")
            yield value if isinstance(value, str) else SEPARATOR.join(value)


def _line(cells: Iterable[str]) -> str:
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\r\n").writerow(cells)
    return file.getvalue()


def read(text: str) -> Read:
    """Return the rows of a table. A column that is not there changes nothing; an empty cell empties."""
    found = Read()
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns: list[str] = []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if not columns:
                columns = [cell.strip().lower() for cell in cells]
                _require(columns)
                continue
            if len(found.rows) >= checks.MOST:
                sentence = _("The file has more than %(most)d themes, which is all that the list can have.")
                raise Invalid(sentence % {"most": checks.MOST}, "too_many", "file")
            _take(dict(zip(columns, map(unguarded, cells), strict=False)), reader.line_num, found)
    except csv.Error as error:
        sentence = _("The table cannot be read at line %(line)d.") % {"line": reader.line_num}
        raise Invalid(sentence, "csv", "file") from error
    return found


def _require(columns: list[str]) -> None:
    strange = [each for each in columns if each and each not in COLUMNS]
    twice = [each for each in columns if each and columns.count(each) > 1]
    if "code" not in columns:
        raise Invalid(_("The first row has no column “code”."), "columns", "file")
    if strange or twice:
        sentence = _("The first row has a column that is not known, or twice: %(name)s.")
        raise Invalid(sentence % {"name": (strange or twice)[0][:60]}, "columns", "file")


def _take(cells: dict[str, str], line: int, found: Read) -> None:
    code = cells["code"].strip()
    if not code:
        sentence = _("Line %(line)d has no code.") % {"line": line}
        found.faults.append(Fault("", No(sentence, "code", "code")))
        return
    row: dict[str, Any] = {"code": code}
    for name in ("vocabulary", "broader", "replaced_by"):
        if name in cells:
            row[name] = cells[name].strip()
    if position := cells.get("position", "").strip():
        if position.isascii() and position.isdecimal() and len(position) <= 6:
            row["position"] = int(position)
        else:
            found.faults.append(Fault(code, No(_("The position is no whole number."), "position", "position")))
    if "retired" in cells:
        row["retired"] = cells["retired"].strip().lower() in {"yes", "true", "1"}
    for name in _SEVERAL:
        if name in cells:
            row[name] = _several(cells[name])
    for name, attribute in _BY_LANGUAGE.items():
        texts = {tongue: cells[f"{name}_{tongue}"] for tongue in CODES if f"{name}_{tongue}" in cells}
        if texts:
            row[attribute] = {t: _several(text) for t, text in texts.items()} if name == "alternatives" else texts
    if not row.get("vocabulary"):
        row.pop("vocabulary", None)
    found.rows.append(row)


def _several(cell: str) -> list[str]:
    return [text for part in cell.split("|") if (text := part.strip())]
