"""Limits on uploaded files before anything reads them: their size, their depth, and no entities of their own."""

import io
import re
import zipfile
from dataclasses import dataclass
from xml.parsers import expat

from django.utils.translation import gettext as _

from plenara.core.office_files import has_macros
from plenara.core.refusals import InvalidInput

#: Bytes of a file, of what a packed one unpacks to, and how many parts that has.
MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 60 * 1024 * 1024
MOST_PARTS = 500
#: Elements of an XML file, and how deeply they are nested. The deepest of ours have nine levels.
MOST_ELEMENTS = 600_000
MOST_DEPTH = 60

_PIECE = 1 << 16


@dataclass(frozen=True)
class Root:
    """The outermost element of an XML file."""

    name: str
    namespace: str
    attributes: dict[str, str]


def broken() -> InvalidInput:
    """Return the refusal of a file that cannot be read at all."""
    return InvalidInput(
        _("The file cannot be read. It is damaged, or its name gives the wrong type. Save it again and upload it."),
        "broken",
        "file",
    )


def size_fits(data: bytes) -> None:
    """Raise `InvalidInput` for a file that is empty or too large."""
    if not data:
        raise InvalidInput(_("The file is empty. Choose another file."), "empty", "file")
    if len(data) > MOST_BYTES:
        raise InvalidInput(_("This file is larger than 10 MB. Choose a smaller file."), "too_large", "file")


def root_of(xml: bytes) -> Root:
    """Return the outermost element of an XML file that is well-formed, within the limits, and without declarations.

    A document type may be named, as in TMX files, and is not fetched. One with declarations is refused: entities can
    turn a line into a gigabyte, or fetch other files.
    """
    size_fits(xml)
    return _walked(xml)


def _walked(xml: bytes) -> Root:
    roots: list[Root] = []
    depth = elements = 0

    def begins(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, elements
        depth, elements = depth + 1, elements + 1
        if depth > MOST_DEPTH or elements > MOST_ELEMENTS:
            raise InvalidInput(
                _("The file contains more than we can read. Split it into several files."), "bomb", "file"
            )
        if not roots:
            namespace, _space, local = name.rpartition(" ")
            roots.append(Root(local, namespace, dict(attributes)))

    def ends(name: str) -> None:
        nonlocal depth
        depth -= 1

    def declares(*ignored: object) -> None:
        raise InvalidInput(
            _(
                "The file declares its own XML entities, so we cannot read it. Remove the entities and "
                "upload the file again."
            ),
            "entities",
            "file",
        )

    def document_type(name: str, system: str | None, public: str | None, has_declarations: int) -> None:
        if has_declarations:
            declares()

    # It never loads other files, and entities are refused before it expands them.
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.StartElementHandler, parser.EndElementHandler = begins, ends
    parser.StartDoctypeDeclHandler, parser.EntityDeclHandler = document_type, declares
    try:
        for at in range(0, len(xml), _PIECE):
            parser.Parse(xml[at : at + _PIECE], False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise broken() from error
    return roots[0]


def part_of(packed: bytes, name: str) -> bytes:
    """Return one XML part of a packed file (DOCX), after checking the limits of all and that none has declarations."""
    size_fits(packed)
    if has_macros(packed):
        raise InvalidInput(
            _("This file contains macros. Save it without macros and upload it again."), "macros", "file"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as parts:
            infos, left, wanted = parts.infolist(), MOST_UNPACKED, b""
            if len(infos) > MOST_PARTS or sum(info.file_size for info in infos) > MOST_UNPACKED:
                raise _too_much()
            for info in infos:
                if info.flag_bits & 0x1:
                    raise broken()  # it has a password
                data = _read(parts, info, left)
                left -= len(data)
                if re.search(r"\.(?:xml|rels)$", info.filename, re.IGNORECASE):
                    _walked(data)
                if info.filename == name:
                    wanted = data
    except InvalidInput:
        raise
    except Exception as error:  # zlib and lzma fail in ways of their own
        raise broken() from error
    if not wanted:
        raise broken()
    return wanted


def _read(parts: zipfile.ZipFile, info: zipfile.ZipInfo, left: int) -> bytes:
    pieces, length = [], 0
    with parts.open(info) as file:
        while piece := file.read(_PIECE):
            length += len(piece)  # a header may lie about its size
            if length > left:
                raise _too_much()
            pieces.append(piece)
    return b"".join(pieces)


def _too_much() -> InvalidInput:
    return InvalidInput(
        _("This file is too large when unpacked. Remove the pictures and upload the file again."), "bomb", "file"
    )
