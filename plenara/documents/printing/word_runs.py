"""Words in a Word document: runs with their language, script and direction, and the elements that python-docx lacks."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from plenara.core.languages import direction, html_code

SERIF, SANS = "serif", "sans"
#: By kind: Latin and Cyrillic, Arabic, Chinese. Word takes another where one is not installed.
FONTS = {
    SERIF: ("Noto Serif", "Noto Naskh Arabic", "Noto Serif CJK SC"),
    SANS: ("Noto Sans", "Noto Sans Arabic", "Noto Sans CJK SC"),
}
ACCENT, SOFT, STOP = "00594A", "55524A", "A0151F"
# What XML cannot hold; the record has none of it but what an old import may have brought.
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def element(tag: str, /, **attributes: object) -> Any:
    """Return an element such as `w:bidi`, with its attributes."""
    made = OxmlElement(tag)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    return made


#: The order that the schema wants of what stands in a paragraph's, a section's and a table's properties.
_ORDER = {
    "pPr": (
        *("pStyle", "keepNext", "keepLines", "pageBreakBefore", "widowControl", "numPr", "pBdr", "shd", "tabs"),
        *("bidi", "spacing", "ind", "jc", "rPr"),
    ),
    "sectPr": (
        *("headerReference", "footerReference", "footnotePr", "type", "pgSz", "pgMar", "cols", "titlePg"),
        *("bidi", "docGrid"),
    ),
    "tblPr": ("tblStyle", "bidiVisual", "tblW", "jc", "tblBorders", "tblLayout", "tblCellMar", "tblLook"),
}


def put(properties: Any, child: Any) -> None:
    """Put an element among properties, in its place: Word refuses a file where they are out of order."""
    order = _ORDER[properties.tag.rpartition("}")[2]]
    later = order[order.index(child.tag.rpartition("}")[2]) + 1 :]
    for other in properties:
        if other.tag.rpartition("}")[2] in later:
            other.addprevious(child)
            return
    properties.append(child)


def fit(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return _UNFIT.sub("\ufffd", text)


def by_direction(text: str, *, right_to_left: bool) -> Iterator[tuple[str, bool]]:
    """Yield a text in pieces, each with whether it goes from right to left.

    Word draws a run in one direction. Spaces and marks between two directions go with the line's own.
    """
    piece, loose, now = "", "", right_to_left
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind in {"R", "AL", "L"}:
            its = kind != "L"
        elif kind == "EN" and not now:
            its = now  # a digit within Latin words
        else:
            loose += letter
            continue
        if its == now:
            piece += loose + letter
        else:
            if now == right_to_left:
                piece, loose = piece + loose, ""
            if piece:
                yield piece, now
            if loose:
                yield loose, right_to_left
            piece, now = letter, its
        loose = ""
    if loose and piece and now != right_to_left:
        yield piece, now
        piece, now = "", right_to_left
    if piece or loose:
        yield piece + loose, now


def add_words(
    paragraph: Any,
    text: str,
    language: str,
    *,
    face: str = SANS,
    size: float | None = None,
    colour: str = "",
    bold: bool = False,
    italic: bool = False,
    style: str = "",
) -> None:
    """Add words to a paragraph (or a link): a run for each direction, with language and fonts. `size` in points."""
    right_to_left = direction(language) == "rtl"
    for piece, its in by_direction(fit(text), right_to_left=right_to_left):
        run = element("w:r")
        properties = element("w:rPr")
        if style:
            properties.append(element("w:rStyle", val=style))
        latin, arabic, chinese = FONTS[face]
        properties.append(element("w:rFonts", ascii=latin, hAnsi=latin, cs=arabic if its else latin, eastAsia=chinese))
        for wanted, name in ((bold, "w:b"), (bold, "w:bCs"), (italic, "w:i"), (italic, "w:iCs")):
            if wanted:
                properties.append(element(name))
        if colour:
            properties.append(element("w:color", val=colour))
        if size:
            properties.append(element("w:sz", val=round(size * 2)))
            properties.append(element("w:szCs", val=round(size * (2.3 if its else 2))))
        if its:
            properties.append(element("w:rtl"))
        properties.append(lang(language))
        run.append(properties)
        for place, line in enumerate(piece.split("\n")):
            if place:
                run.append(element("w:br"))
            said = element("w:t")
            said.text = line
            said.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            run.append(said)
        paragraph.append(run)


def lang(language: str) -> Any:
    """Return the element that says in which language words are, whatever their script."""
    tag = {"zh": "zh-CN", "und": "x-none"}.get(language, html_code(language))
    return element("w:lang", val=tag, eastAsia=tag, bidi=tag)


def link(part: Any, address: str) -> Any:
    """Return an empty link to an address, which belongs to a part of the document."""
    from docx.opc.constants import RELATIONSHIP_TYPE

    made = OxmlElement("w:hyperlink")
    made.set(qn("r:id"), part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    return made


def inner_link(anchor: str) -> Any:
    """Return an empty link to a bookmark of the same document."""
    return element("w:hyperlink", anchor=bookmark(anchor))


def bookmark(anchor: str) -> str:
    """Return an anchor as Word has it: letters, digits and low lines, forty at most."""
    return anchor.replace("-", "_")[:40]


def field(paragraph: Any, code: str) -> None:
    """Add a field, such as the number of the page, which Word fills in."""
    run = element("w:r")
    run.append(element("w:fldChar", fldCharType="begin", dirty="true"))
    instruction = element("w:instrText")
    instruction.text = f" {code} "
    run.append(instruction)
    run.append(element("w:fldChar", fldCharType="separate"))
    value = element("w:t")
    value.text = "1"
    run.append(value)
    run.append(element("w:fldChar", fldCharType="end"))
    paragraph.append(run)
