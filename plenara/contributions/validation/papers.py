"""What a paper may be: not too large, of a type that its content shows, without macros."""

import io
import zipfile
from pathlib import PurePath

from django.utils.translation import gettext as _

from plenara.core.office_files import has_macros
from plenara.core.refusals import Answer, Denied, InvalidInput
from plenara.core.text import clean_line

MOST_BYTES = 10 * 1024 * 1024
#: The types of papers, by file ending: the media type that it is served as.
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "txt": "text/plain; charset=utf-8",
}
#: Parts that an office document may have.
_MOST_PARTS = 5_000


def size_fits(size: int) -> Answer:
    """A paper is not empty and has ten megabytes at most."""
    if size == 0:
        return Denied(_("The file is empty. Choose another file."), "empty", "paper")
    if size > MOST_BYTES:
        return Denied(_("This file is larger than 10 MB. Choose a smaller file."), "too_large", "paper")
    return True


def ending_of(data: bytes) -> str:
    """Return the type of a file by its content, whatever its name: pdf, docx, odt or txt. Raises `InvalidInput`."""
    if data.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _office(data)
    if _is_text(data):
        return "txt"
    raise _refused()


def ending_of_type(media_type: str) -> str:
    """Return the ending of a paper that is served as this type."""
    bare = media_type.partition(";")[0].strip()
    return next((ending for ending, known in TYPES.items() if known.partition(";")[0] == bare), "")


def _refused() -> InvalidInput:
    return InvalidInput(
        _(
            "The file must be a PDF, Word (DOCX), OpenDocument (ODT) or plain text file. We check "
            "the content of a file, not its name."
        ),
        "kind",
        "paper",
    )


def _office(data: bytes) -> str:
    """Distinguish DOCX and ODT by their required parts; only lists of parts and a name are unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if len(names) > _MOST_PARTS:
                raise _refused()
            if has_macros(data):
                raise InvalidInput(
                    _("This file contains macros. Save it without macros and upload it again."), "macros", "paper"
                )
            if {"[Content_Types].xml", "word/document.xml"} <= names:
                return "docx"
            if {"mimetype", "content.xml"} <= names:
                with archive.open("mimetype") as part:
                    if part.read(100).strip() == TYPES["odt"].encode():
                        return "odt"
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, EOFError):
        pass
    raise _refused()


def _is_text(data: bytes) -> bool:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not any(ord(letter) < 32 and letter not in "\t\n\r\f" for letter in text)


def name_with(ending: str, name: str) -> str:
    """Return the name that a paper is offered under: its own, without a path, with the ending of its type."""
    stem = PurePath(clean_line(name).replace("\\", "/")).stem.strip(". ")[:150]
    return f"{stem or 'paper'}.{ending}"
