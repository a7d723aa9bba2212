"""Spreadsheets of letters and statements: CSV and XLSX as rows of text, and the templates to fill in.

A file is data from outside. No formula is calculated (it is an error), its size is limited before it is unpacked, and
an XML part that declares entities is not read at all. The library is large, and most processes never read a workbook:
it is loaded on first use.
"""

import datetime
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.core.office_files import csv_rows, has_macros
from plenara.core.refusals import InvalidInput
from plenara.core.text import clean

if TYPE_CHECKING:
    from openpyxl.cell import Cell

#: The first row of every spreadsheet; the names are those of `data.csv`, and the same in every language.
COLUMNS = (
    "question",
    "channel",
    "occasion",
    "date",
    "language",
    "title",
    "text",
    "name",
    "name_withheld",
    "stakeholder_group",
    "capacity",
    "organization",
    "country",
    "in_reply_to",
    "consent",
)
NEEDED = ("question", "channel", "date", "language", "text", "stakeholder_group", "capacity", "consent")
MOST_ROWS = 2_000
MOST_BYTES = 5 * 1024 * 1024
#: Limits of an XLSX: bytes of its unpacked parts together, number of parts, and columns that are read.
MOST_UNPACKED = 40 * 1024 * 1024
MOST_PARTS = 500
MOST_COLUMNS = 100
#: The last row that a spreadsheet can have.
_LAST_ROW = 1_048_576
#: Plain numbers that are valid in the column of dates: from 1954 to 2119.
_SERIALS = range(20_000, 80_000)


@dataclass(frozen=True)
class CellError:
    """An error in a spreadsheet, and its place; row 1 is the one with the names of the columns."""

    row: int
    column: str
    sentence: str


@dataclass
class Read:
    """The content of a spreadsheet: its rows with their numbers, and its errors as a spreadsheet."""

    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    errors: list[CellError] = field(default_factory=list)
    #: Missing required columns: reported once, and not again for each row.
    missing: list[str] = field(default_factory=list)


class Formula(str):
    """A cell with a formula. Its text is never read."""


class Broken(str):
    """A cell with an error value."""


def read(data: bytes) -> Read:
    """Return the rows of a spreadsheet. Raises `InvalidInput` where the file as a whole cannot be taken."""
    if len(data) > MOST_BYTES:
        raise InvalidInput(_("The file is larger than 5 MB. Split it into several files."), "too_large", "file")
    if has_macros(data):
        raise InvalidInput(
            _("This file contains macros. Save it without macros and upload it again."), "macros", "file"
        )
    if data.startswith(b"PK"):
        return _rows(_xlsx(data))
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise InvalidInput(
            _("This spreadsheet has an old format or is protected by a password. Save it as XLSX or CSV."),
            "kind",
            "file",
        )
    return _rows(csv_rows(_decoded(data), MOST_COLUMNS))


def _broken() -> InvalidInput:
    return InvalidInput(_("The file cannot be read as a spreadsheet. Save it again as XLSX or CSV."), "broken", "file")


def _rows(lines: Iterable[tuple[int, Sequence[object]]]) -> Read:
    found, columns = Read(), None
    for number, cells in lines:
        if not any(str(cell).strip() for cell in cells):
            continue
        if columns is None:
            columns = _columns(cells, number, found)
            continue
        if len(found.rows) == MOST_ROWS:
            raise InvalidInput(
                ngettext(
                    "A spreadsheet can have up to %(limit)d row. Split it into several files.",
                    "A spreadsheet can have up to %(limit)d rows. Split it into several files.",
                    MOST_ROWS,
                )
                % {"limit": MOST_ROWS},
                "rows",
                "file",
            )
        found.rows.append((number, _values(number, cells, columns, found)))
    if columns is None:
        raise InvalidInput(_("The file is empty. Choose another file."), "empty", "file")
    if not found.rows and not found.errors:
        raise InvalidInput(_("There are no rows below the column names. Enter one row for each text."), "empty", "file")
    return found


def _columns(cells: Sequence[object], number: int, found: Read) -> dict[int, str]:
    """Return the column of each name."""
    columns: dict[int, str] = {}
    for at, cell in enumerate(cells):
        name = re.sub(r"[\s-]+", "_", clean(str(cell)).strip().lower())
        if not name:
            continue
        letter = _letter(at + 1)
        columns[at] = ""  # reported once, at its head
        if name not in COLUMNS:
            sentence = _("This column name is not known. Use the names from the template.")
            found.errors.append(CellError(number, f"{letter} ({name[:40]})", sentence))
        elif name in columns.values():
            found.errors.append(
                CellError(
                    number, f"{letter} ({name})", _("Another column has the same name. Rename or delete one of them.")
                )
            )
        else:
            columns[at] = name
        if len(found.errors) >= MOST_COLUMNS:
            break
    found.missing = [name for name in NEEDED if name not in columns.values()]
    found.errors += [CellError(number, name, _("This column is missing. Add the column.")) for name in found.missing]
    return columns


def _letter(number: int) -> str:
    """Return the letters of a column in spreadsheets: A, B, … Z, AA, AB, …"""
    letters = ""
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters


def _values(number: int, cells: Sequence[object], columns: dict[int, str], found: Read) -> dict[str, str]:
    values: dict[str, str] = {}
    for at, cell in enumerate(cells):
        name = columns.get(at)
        if isinstance(cell, Formula):
            sentence = _("This cell contains a formula. Replace it with its value.")
            found.errors.append(CellError(number, name or _letter(at + 1), sentence))
        elif isinstance(cell, Broken):
            found.errors.append(
                CellError(number, name or _letter(at + 1), _("This cell shows an error. Correct the cell."))
            )
        elif name:
            values[name] = _text(cell, name)
        elif name is None and str(cell).strip():
            sentence = _("There is data in a column without a name. Name the column or delete the data.")
            found.errors.append(CellError(number, _letter(at + 1), sentence))
    return values


def _text(cell: object, column: str) -> str:
    """Return a cell as text: a date as 2026-03-14, a whole number without a point."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, int | float) and column == "date" and int(cell) in _SERIALS:
        from openpyxl.utils.datetime import from_excel

        cell = from_excel(cell)
    if isinstance(cell, datetime.datetime | datetime.date):
        return cell.isoformat()[:10]
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return clean(str(cell))


# --- CSV ---


def _decoded(data: bytes) -> str:
    """Return the text of a CSV in UTF-8 or UTF-16. Any other encoding would have to be guessed."""
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16")
        if b"\x00" in data[:200]:
            text = data.decode("utf-16-be" if data[:1] == b"\x00" else "utf-16-le")
            if not re.match(r"[^\x00]*[a-z]", text, re.IGNORECASE | re.ASCII):  # a picture, or such a file
                raise _broken()
            return text
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(
            _("The file is not in UTF-8. Save it as “CSV UTF-8” or as XLSX."),
            "encoding",
            "file",
        ) from error


# --- XLSX ---


def _xlsx(data: bytes) -> Iterator[tuple[int, list[object]]]:
    """Yield the rows of the first sheet of a workbook."""
    broken = _broken()
    _unpacked_safely(data, broken)
    try:
        import openpyxl

        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        try:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # the size in the file's own header is not trusted
            before = None
            for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), 1):
                if number > _LAST_ROW:
                    break
                if row and row is not before:  # a gap of a million rows is one repeated row
                    yield number, [_cell(cell) for cell in row]
                before = row
        finally:
            book.close()
    except InvalidInput:
        raise
    except Exception as error:  # the library fails in many ways on invalid files
        raise broken from error


def _cell(cell: "Cell") -> object:
    if cell.value is None:
        return ""
    if cell.data_type == "f" or not isinstance(cell.value, str | int | float | datetime.date | datetime.time):
        return Formula(" = ")
    if cell.data_type == "e":
        return Broken(cell.value)
    return cell.value


def _unpacked_safely(data: bytes, broken: InvalidInput) -> None:
    """Raise `InvalidInput` for a workbook that unpacks to too much or declares entities, before it is parsed."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            infos = parts.infolist()
            if len(infos) > MOST_PARTS or sum(info.file_size for info in infos) > MOST_UNPACKED:
                raise InvalidInput(
                    _("The contents of this file are too large when unpacked. Remove pictures and other sheets."),
                    "bomb",
                    "file",
                )
            left = MOST_UNPACKED
            for info in infos:
                if info.flag_bits & 0x1:
                    raise broken
                left = _plain_part(parts, info, left, broken)
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, RuntimeError, ValueError) as error:
        raise broken from error
    except InvalidInput:
        raise
    except Exception as error:  # zlib's own, and lzma's
        raise broken from error


def _plain_part(parts: zipfile.ZipFile, info: zipfile.ZipInfo, left: int, broken: InvalidInput) -> int:
    """Unpack one part without storing it; return the bytes that remain for others."""
    tail = b""
    with parts.open(info) as file:
        while piece := file.read(1 << 16):
            left -= len(piece)  # a header may state a false size
            # XML may have any name here. A spreadsheet's is UTF-8 or UTF-16, and has no document type.
            if left < 0 or (b"<!" in (seen := (tail + piece).replace(b"\x00", b"")) and _declares(seen)):
                raise broken
            tail = piece[-32:]
    return left


def _declares(xml: bytes) -> bool:
    return re.search(rb"<!\s*(?:DOCTYPE|ENTITY)", xml, re.IGNORECASE) is not None


# --- templates to fill in ---


def template_csv() -> bytes:
    """Return an empty spreadsheet with the names of the columns; the mark at its front tells Excel that it is UTF-8."""
    return ("\ufeff" + ",".join(COLUMNS) + "\r\n").encode()


def template_xlsx(explained: Iterable[tuple[str, ...]]) -> bytes:
    """Return the same as a workbook, with a second sheet that explains the columns in the reader's language."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("contributions")
    sheet.freeze_panes = "A2"
    for at, name in enumerate(COLUMNS, 1):
        sheet.column_dimensions[_letter(at)].width = 60 if name == "text" else 18
    sheet.append([_as_text(sheet, name) for name in COLUMNS])
    beside = book.create_sheet("columns")
    for at, width in enumerate((22, 14, 90), 1):
        beside.column_dimensions[_letter(at)].width = width
    for row in explained:
        beside.append([_as_text(beside, cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _as_text(sheet: object, text: str) -> object:
    """Return a cell that is text whatever it begins with: a question may begin like a formula."""
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet)
    cell.value = clean(text)
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell
