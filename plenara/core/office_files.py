"""Files of office programs: the rows of a CSV, cells that no spreadsheet reads as a formula (decision 17), and macros,
found by the content of a document.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from xml.parsers import expat

from django.utils.translation import gettext as _

from plenara.core.refusals import InvalidInput

#: Excel recognizes UTF-8 by this mark only, and most texts here are not English.
BYTE_ORDER_MARK = "\ufeff"

# What begins a formula, also in full width, as East Asian spreadsheets read them. A line or a semicolon begins
# a cell too where a spreadsheet expects other separators than ours, as Excel does in half of Europe.
_AT_START = re.compile(r"[^\S\r\n]*+(?=[=+\-@＝＋－＠])")
_INSIDE = re.compile(r"[\r\n;][^\S\r\n]*+(?=[=+\-@＝＋－＠])")
_GUARDED = re.compile(r"((?:^|[\r\n;])[^\S\r\n]*+)'(?=[=+\-@＝＋－＠])")


def guard_cell(text: str) -> str:
    """Return a text with an apostrophe before what a spreadsheet would read as a formula."""
    text = _INSIDE.sub(r"\g<0>'", text)
    start = _AT_START.match(text)
    return f"{start[0]}'{text[start.end() :]}" if start else text


def unguard_cell(cell: str) -> str:
    """Return a cell as it was before `guard_cell` added apostrophes."""
    return _GUARDED.sub(r"\g<1>", cell)


def csv_rows(text: str, most_cells: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a table with their numbers. The first row shows the separator.

    Raises `InvalidInput` if a row cannot be read.
    """
    text = text.replace("\x00", "")
    first = re.sub(r'"[^"]*"', "", text.lstrip("\ufeff\r\n ").split("\n", 1)[0])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            yield number, cells[:most_cells]
    except csv.Error as error:
        sentence = _(
            "We cannot read row %(number)d, because a cell is too long or a quotation mark is missing. Correct the row."
        )
        raise InvalidInput(sentence % {"number": number + 1}, "broken", "file") from error


#: Parts of a content type or relationship type that mean macros, in lower case.
_TYPES = ("macroenabled", "vbaproject", "vbadata", "macrosheet")
_TYPES_OF_PARTS = "[content_types].xml"
#: Folders of an OpenDocument file, or of a document in it, that hold macros; and the files that identify one.
_FOLDERS = {"basic", "scripts"}
_OPEN_DOCUMENT = {"mimetype", "content.xml", "meta-inf/manifest.xml"}
#: The most bytes of all lists of parts, unpacked. Each counts as at least one page, since there may be many.
_MOST, _LEAST = 5_000_000, 4_096
_PIECE = 65_536
#: The first bytes of files of older Office programs, and the name of a macro project in them.
_OLD, _OLD_PROJECT = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "_VBA_PROJECT".encode("utf-16-le")


def has_macros(data: bytes) -> bool:
    """Return whether a file is an Office document with macros, or one whose lists of parts cannot be read to the end.

    Programs repair damaged files, with unknown results.
    """
    if data.startswith(_OLD):
        return _OLD_PROJECT in data
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _in_parts(archive)
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, EOFError):
        return False


def _in_parts(archive: zipfile.ZipFile) -> bool:
    names = [info.filename.replace("\\", "/").lstrip("/").lower() for info in archive.infolist()]
    folders = {part for name in names for part in name.split("/")[:-1] if not name.endswith("/")}
    if not _OPEN_DOCUMENT.isdisjoint(names) and not _FOLDERS.isdisjoint(folders):
        return True
    if any(name.endswith("vbaproject.bin") for name in names):
        return True
    left = _MOST
    for info, name in zip(archive.infolist(), names, strict=True):
        if name != _TYPES_OF_PARTS and not name.endswith(".rels"):
            continue
        try:
            with archive.open(info) as part:
                listed = part.read(left + 1)
            left -= max(len(listed), _LEAST)
            if left < 0 or any(word in value for value in _types_in(listed) for word in _TYPES):
                return True
        except Exception:  # unpackers and the parser have many exceptions
            return True
    return False


def _types_in(xml: bytes) -> Iterator[str]:
    """Yield the types in a list of parts or relationships, in lower case. Raises if it is not such a list."""
    found: list[str] = []

    def begins(_name: str, attributes: dict[str, str]) -> None:
        found.extend(value.lower() for key, value in attributes.items() if key in {"ContentType", "Type"})

    def declares(*_ignored: object) -> None:
        raise ValueError("such a list has no document type")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.StartDoctypeDeclHandler = begins, declares
    for at in range(0, len(xml), _PIECE):
        parser.Parse(xml[at : at + _PIECE], False)
        yield from found
        found.clear()
    parser.Parse(b"", True)
    yield from found
