"""Two-column DOCX: the original beside the translation, a row for each part of a statement; and such a file read back.

Each row carries its mark as hidden text in its first cell, which Word and LibreOffice preserve. Reading takes the
words from the XML itself: the library omits tracked changes, and takes minutes for many thousand cells.
"""

import io
import re
from collections.abc import Iterator
from copy import deepcopy
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from lxml import etree

from plenara.core.languages import NAMES, direction
from plenara.core.refusals import InvalidInput
from plenara.documents.exchange import validation
from plenara.documents.exchange.units import OutgoingRendition, Part, Returned, Unit, document_of, unit_of
from plenara.documents.queries.drafts import PHRASES

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.shared import Length
    from docx.table import Table, _Cell
    from docx.text.paragraph import Paragraph


MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: What Word calls our languages, and the attribute of `w:lang` and of `w:rFonts` that is theirs.
_TAGS = {"ar": "ar-SA", "zh": "zh-CN", "en": "en-GB", "fr": "fr-FR", "ru": "ru-RU", "es": "es-ES"}
_FONTS = {"ascii": "Arial", "hAnsi": "Arial", "cs": "Arial", "eastAsia": "SimSun"}
#: Widths in twentieths of a point: number, source, target. Together A4 across, without its margins.
_WIDTHS = (1_000, 6_700, 6_700)
_MARK = re.compile(r"\[([a-z0-9-]{1,60})(?:\|([0-9a-f]{16,64})\|([0-9a-f]{16,64}))?\]")
#: Characters of a digest in a mark: enough that no two texts of a document share them.
_LENGTH = 20
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_MOST_ROWS = 5_000


def write(leaving: OutgoingRendition) -> bytes:
    """Return a rendition as a Word document."""
    from docx import Document
    from docx.enum.section import WD_ORIENT
    from docx.shared import Pt, Twips

    document = Document()
    kept = document.core_properties
    kept.title, kept.author, kept.comments = leaving.title or leaving.name, "", ""
    kept.language, kept.identifier = _TAGS[leaving.language], leaving.id
    document.styles["Normal"].font.name, document.styles["Normal"].font.size = _FONTS["ascii"], Pt(11)
    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Twips(16_838), Twips(11_906)
    section.left_margin = section.right_margin = Twips(1_219)
    _words(document.add_paragraph(), leaving.title or leaving.name, leaving.source_language, bold=True)
    document.add_paragraph(
        _(
            "Write the translation in the last column. Do not change the first two columns: we "
            "cannot accept a changed original."
        )
    )
    table = document.add_table(rows=1, cols=3, style="Table Grid")
    table.autofit = False
    head = table.rows[0]
    head._tr.get_or_add_trPr().append(_element("tblHeader"))
    _hidden(head.cells[0].paragraphs[0], f"[{leaving.id}]")
    for cell, language in ((head.cells[1], leaving.source_language), (head.cells[2], leaving.language)):
        _words(cell.paragraphs[0], NAMES[language], language, bold=True)
    for unit in leaving.units:
        _row(table, unit, leaving)
    for column, width in zip(table._tbl.tblGrid.gridCol_lst, _WIDTHS, strict=True):
        column.w = Twips(width)
    for row in table._tbl.tr_lst:
        for cell, width in zip(row.tc_lst, _WIDTHS, strict=True):
            cell.width = Twips(width)
    _notes(document, leaving)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _row(table: "Table", unit: Unit, leaving: OutgoingRendition) -> None:
    number, source, target = table.add_row().cells
    paragraph = number.paragraphs[0]
    run = paragraph.add_run(_named(unit))
    run.font.size = _points(9)
    _hidden(paragraph, f"[{unit.id}|{unit.source_digest[:_LENGTH]}|{unit.target_digest[:_LENGTH]}]")
    _fill(source, unit.source, leaving.source_language)
    _fill(target, unit.target, leaving.language)


def _named(unit: Unit) -> str:
    if unit.part in PHRASES:
        return unit.name
    return {
        "title": pgettext("label", "Title"),
        "heading": _("%(number)s, heading") % {"number": unit.label},
        "text": unit.label,
        "against": _("%(number)s, opposing view") % {"number": unit.label},
    }[unit.part]


def _points(size: int) -> "Length":
    from docx.shared import Pt

    return Pt(size)


def _fill(cell: "_Cell", text: str, language: str) -> None:
    """Write a text into a cell, a paragraph a line, so that it comes back as it was."""
    for at, line in enumerate(text.split("\n")):
        _words(cell.paragraphs[0] if at == 0 else cell.add_paragraph(), line, language)


def _words(paragraph: "Paragraph", text: str, language: str, *, bold: bool = False) -> None:
    """Write words in a language: its direction, its tag, and fonts that have its letters."""
    is_rtl = direction(language) == "rtl"
    if is_rtl:
        paragraph._p.get_or_add_pPr().append(_element("bidi"))
    run = paragraph.add_run(text)
    run.bold = bold or None
    properties = run._r.get_or_add_rPr()
    properties.insert(0, _element("rFonts", **_FONTS, **({"hint": "eastAsia"} if language == "zh" else {})))
    if bold:
        properties.append(_element("bCs"))
    if is_rtl:
        properties.append(_element("rtl"))
    kind = "bidi" if is_rtl else "eastAsia" if language == "zh" else "val"
    properties.append(_element("lang", **{kind: _TAGS[language]}))
    if not text:  # what is typed into an empty paragraph looks like the paragraph's own mark
        paragraph._p.get_or_add_pPr().append(deepcopy(properties))


def _hidden(paragraph: "Paragraph", text: str) -> None:
    run = paragraph.add_run(text)
    run.font.hidden, run.font.size = True, _points(6)


def _element(name: str, **attributes: str) -> "BaseOxmlElement":
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element


def _notes(document: "WordDocument", leaving: OutgoingRendition) -> None:
    """Write the notes below the table. They are not read back."""
    written: set[tuple[str, str]] = set()
    for unit in leaving.units:
        for note in unit.notes:
            if (unit.label, note.text) in written:
                continue
            if not written:
                document.add_paragraph().add_run(_("For reference: cited words and glossary terms")).bold = True
            written.add((unit.label, note.text))
            run = document.add_paragraph().add_run(f"{unit.label} – {note.text}" if unit.label else note.text)
            run.font.size = _points(9)


# --- reading ---


def read(data: bytes) -> Returned:
    """Read a two-column document. Raises `InvalidInput` if it is not ours."""
    if not data.startswith(b"PK"):
        validation.size_fits(data)
        raise InvalidInput(
            _("This is not a DOCX file. Save it as a Word document (.docx), and upload it again."), "kind", "file"
        )
    xml = validation.part_of(data, "word/document.xml")
    try:
        tree = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise validation.broken() from error
    found: Returned | None = None
    for mark, source, target in _rows(tree):
        known = document_of(mark[1])
        if known:
            if found is not None and (found.document, found.language) != known:
                raise _unknown()
            found = found or Returned(known[0], "", known[1])
            continue
        unit = unit_of(mark[1])
        if found is None:
            raise _unknown()  # the row that names the rendition comes first
        if unit is None:
            found.strangers.append(mark[1][:40])
        else:
            found.parts.append(Part(*unit, source, target, mark[2] or "", mark[3] or ""))
    if found is None:
        raise _unknown()
    return found


def _unknown() -> InvalidInput:
    return InvalidInput(
        _(
            "This file does not say which translation it belongs to. Upload the file that you "
            "downloaded from this site."
        ),
        "unknown",
        "file",
    )


def _rows(tree: etree._Element) -> Iterator[tuple[re.Match[str], str, str]]:
    """Yield mark, source and target of each row that has a mark."""
    for count, row in enumerate(tree.iter(_w("tr"))):
        if count >= _MOST_ROWS:
            raise InvalidInput(
                _("The file contains more than we can read. Split it into several files."), "bomb", "file"
            )
        if row.find(f"{_w('trPr')}/{_w('del')}") is not None:
            continue  # a row that was deleted with "track changes" on
        cells = [cell for cell in row.iter(_w("tc")) if next(cell.iterancestors(_w("tr"))) is row]
        mark = _MARK.search(_text(cells[0])) if cells else None
        if mark:
            yield mark, _text(cells[1]) if len(cells) > 1 else "", _text(cells[2]) if len(cells) > 2 else ""


def _w(name: str) -> str:
    return f"{{{_W}}}{name}"


def _text(cell: etree._Element) -> str:
    """Return the words of a cell with every tracked change accepted, one line for each paragraph."""
    return "\n".join("".join(_pieces(paragraph)) for paragraph in cell.iter(_w("p")) if not _is_gone(paragraph))


def _pieces(paragraph: etree._Element) -> Iterator[str]:
    for element in paragraph.iter(_w("t"), _w("br"), _w("cr"), _w("tab"), _w("noBreakHyphen")):
        run = element.getparent()
        if run is None or run.tag != _w("r") or _is_gone(element):
            continue  # a tab stop, or what was deleted or moved away
        yield {"t": element.text or "", "tab": "\t", "noBreakHyphen": "\u2011"}.get(
            etree.QName(element).localname, "\n"
        )


def _is_gone(element: etree._Element) -> bool:
    return next(element.iterancestors(_w("del"), _w("moveFrom")), None) is not None
