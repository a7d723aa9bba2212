"""A glossary as CSV in UTF-8: two columns a language, and a note."""

import csv
import io
import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from plenara.core.languages import NAMES
from plenara.core.office_files import BYTE_ORDER_MARK, csv_rows, guard_cell, unguard_cell
from plenara.core.refusals import InvalidInput
from plenara.documents.actions.glossary import BETWEEN, words_typed
from plenara.documents.exchange import validation
from plenara.documents.exchange.units import Concept, bounded, concept_id
from plenara.documents.models import Term

MEDIA_TYPE = "text/csv; charset=utf-8"
#: The first row. The names are the same in every language; their order does not matter when a file is read.
COLUMNS = ("id", *(name for code in NAMES for name in (code, f"{code}_also")), "note")
_MOST_CELLS = 100


def write(slug: str, terms: Iterable[Term]) -> bytes:
    """Return concepts as a table in which no cell is a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for term in terms:
        row = {"id": concept_id(slug, term.pk), "note": term.note}
        for code in NAMES:
            row[code] = term.words.get(code, "")
            row[f"{code}_also"] = f" {BETWEEN} ".join(term.also.get(code, []))
        writer.writerow(guard_cell(row[name]) for name in COLUMNS)
    return (BYTE_ORDER_MARK + out.getvalue()).encode()


def read(data: bytes) -> list[Concept]:
    """Return the concepts of a table. Raises `InvalidInput` if it is not one or has unknown columns."""
    validation.size_fits(data)
    lines = csv_rows(_decoded(data), _MOST_CELLS)
    columns: dict[int, str] = {}
    found: list[Concept] = []
    for number, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if not columns:
            columns = _columns(cells)
            continue
        values = {columns[at]: unguard_cell(cell).strip() for at, cell in enumerate(cells) if at in columns}
        found.append(_concept(number, values))
    return bounded(found)


def _columns(cells: list[str]) -> dict[int, str]:
    """Return which column has which name. A table without a language is not a glossary."""
    names = [re.sub(r"[\s-]+", "_", cell.strip().lower()) for cell in cells]
    columns = {at: name for at, name in enumerate(names) if name in COLUMNS}
    if len(set(columns.values())) < len(columns):
        raise InvalidInput(_("Two columns have the same name. Rename or delete one of them."), "columns", "file")
    if not set(columns.values()) & set(NAMES):
        raise InvalidInput(
            _("The first row must contain the column names: %(names)s.") % {"names": ", ".join(COLUMNS)},
            "columns",
            "file",
        )
    return columns


def _concept(number: int, values: dict[str, str]) -> Concept:
    concept = Concept(number, values.get("id", ""), note=values.get("note", ""))
    for code in NAMES:
        words = words_typed(values.get(code, ""), values.get(f"{code}_also", ""))
        if words.word:
            concept.words[code] = words.word
        if words.also:
            concept.also[code] = list(words.also)
    return concept


def _decoded(data: bytes) -> str:
    """Return the text of a table in UTF-8 or UTF-16. Other encodings would have to be guessed."""
    try:
        encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InvalidInput(_("The file is not in UTF-8. Save it as “CSV UTF-8”."), "encoding", "file") from error
