"""Footnotes of a Word document. python-docx knows none: this is the part of the file that holds them."""

from typing import Any

from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml
from lxml import etree

from plenara.documents.printing.word_runs import element

_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
#: The names under which Word itself knows these styles.
TEXT, REFERENCE = "FootnoteText", "FootnoteReference"


class Footnotes:
    """The notes of a document, written with their part when all are there."""

    def __init__(self, document: Any):
        self.root = parse_xml(f"<w:footnotes {nsdecls('w', 'r')}/>")
        for number, kind, mark in (
            (-1, "separator", "w:separator"),
            (0, "continuationSeparator", "w:continuationSeparator"),
        ):
            note = element("w:footnote", type=kind, id=number)
            paragraph, run = OxmlElement("w:p"), OxmlElement("w:r")
            run.append(OxmlElement(mark))
            paragraph.append(run)
            note.append(paragraph)
            self.root.append(note)
        self.part = Part(PackURI("/word/footnotes.xml"), _TYPE, b"", document.part.package)
        document.part.relate_to(self.part, _RELATION)
        settings = document.settings.element
        told = OxmlElement("w:footnotePr")
        for number in (-1, 0):
            told.append(element("w:footnote", id=number))
        # The schema has an order: it stands before `w:compat`, at the latest.
        before = settings.find(qn("w:compat"))
        if before is not None:
            before.addprevious(told)
        else:
            settings.append(told)

    def add(self, number: int, paragraphs: list[Any]) -> None:
        """Add a note of some paragraphs; its own number is put at the beginning of the first."""
        note = element("w:footnote", id=number)
        for each in paragraphs:
            note.append(each)
        first = paragraphs[0]
        mark = OxmlElement("w:r")
        properties = OxmlElement("w:rPr")
        properties.append(element("w:rStyle", val=REFERENCE))
        mark.append(properties)
        mark.append(OxmlElement("w:footnoteRef"))
        place = 1 if first.find(qn("w:pPr")) is not None else 0
        first.insert(place, mark)
        space = OxmlElement("w:r")
        space.append(_space())
        first.insert(place + 1, space)
        self.root.append(note)

    def close(self) -> None:
        """Write the notes into their part."""
        self.part._blob = etree.tostring(self.root, xml_declaration=True, encoding="UTF-8", standalone=True)


def reference(number: int, *, is_next: bool = False) -> Any:
    """Return the run that refers to a note; a space parts it from the mark of another note right before it."""
    run, properties = OxmlElement("w:r"), OxmlElement("w:rPr")
    properties.append(element("w:rStyle", val=REFERENCE))
    run.append(properties)
    if is_next:
        run.append(_space())
    run.append(element("w:footnoteReference", id=number))
    return run


def _space() -> Any:
    said = OxmlElement("w:t")
    said.text = " "
    said.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return said
