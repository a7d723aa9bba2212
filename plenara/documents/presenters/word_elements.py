"""Elements of a Word document: runs in their language and direction, footnotes, an author's Markdown, styles."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import TypedDict

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Pt, RGBColor
from docx.styles.style import CharacterStyle
from docx.text.paragraph import Paragraph
from lxml import etree

from plenara.core.languages import direction, html_code

SERIF, SANS = "serif", "sans"
#: By script: Latin and Cyrillic, Arabic, Chinese. Word replaces one that is not installed.
FONTS = {
    SERIF: ("Noto Serif", "Noto Naskh Arabic", "Noto Serif CJK SC"),
    SANS: ("Noto Sans", "Noto Sans Arabic", "Noto Sans CJK SC"),
}
ACCENT, SOFT, STOP = "00594A", "55524A", "A0151F"
# Characters that XML forbids; only an old import may have brought them.
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def element(tag: str, /, *children: BaseOxmlElement, **attributes: object) -> BaseOxmlElement:
    """Return an element such as `w:bidi`, with its attributes and what is in it."""
    made = OxmlElement(tag)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    made.extend(children)
    return made


def text_element(text: str, tag: str = "w:t", *, keeps_spaces: bool = True) -> BaseOxmlElement:
    """Return an element that has a text."""
    made = OxmlElement(tag)
    made.text = text
    if keeps_spaces:
        made.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return made


#: The order of the properties of a paragraph, a section and a table in the schema.
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


def put(properties: BaseOxmlElement, child: BaseOxmlElement) -> None:
    """Insert an element among properties in the schema's order. Word refuses a file that breaks the order."""
    order = _ORDER[properties.tag.rpartition("}")[2]]
    later = order[order.index(child.tag.rpartition("}")[2]) + 1 :]
    for other in properties:
        if other.tag.rpartition("}")[2] in later:
            other.addprevious(child)
            return
    properties.append(child)


def fit(text: str) -> str:
    """Return a text without the characters that XML forbids."""
    return _UNFIT.sub("\ufffd", text)


def by_direction(text: str, *, right_to_left: bool) -> Iterator[tuple[str, bool]]:
    """Yield a text in pieces, each with whether it goes from right to left.

    Word draws a run in one direction. Spaces and marks between two directions take the line's direction.
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


class Look(TypedDict, total=False):
    """How words look. `size` in points."""

    face: str
    size: float | None
    colour: str
    bold: bool
    italic: bool


def add_words(
    paragraph: BaseOxmlElement,
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
        run = element("w:r", properties)
        for place, line in enumerate(piece.split("\n")):
            if place:
                run.append(element("w:br"))
            run.append(text_element(line))
        paragraph.append(run)


def lang(language: str) -> BaseOxmlElement:
    """Return the element that sets the language of words in any script."""
    tag = {"zh": "zh-CN", "und": "x-none"}.get(language, html_code(language))
    return element("w:lang", val=tag, eastAsia=tag, bidi=tag)


def link(part: Part, address: str) -> BaseOxmlElement:
    """Return an empty link to an address, registered in a part of the document."""
    from docx.opc.constants import RELATIONSHIP_TYPE

    made = OxmlElement("w:hyperlink")
    made.set(qn("r:id"), part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    return made


def inner_link(anchor: str) -> BaseOxmlElement:
    """Return an empty link to a bookmark of the same document."""
    return element("w:hyperlink", anchor=bookmark(anchor))


def bookmark(anchor: str) -> str:
    """Return an anchor that Word accepts: letters, digits and underscores, forty at most."""
    return anchor.replace("-", "_")[:40]


def field(paragraph: BaseOxmlElement, code: str) -> None:
    """Add a field, such as the number of the page, which Word fills in."""
    run = element(
        "w:r",
        element("w:fldChar", fldCharType="begin", dirty="true"),
        text_element(f" {code} ", "w:instrText", keeps_spaces=False),
        element("w:fldChar", fldCharType="separate"),
        text_element("1", keeps_spaces=False),
        element("w:fldChar", fldCharType="end"),
    )
    paragraph.append(run)


_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
#: The names under which Word itself knows these styles.
TEXT, REFERENCE = "FootnoteText", "FootnoteReference"


class Footnotes:
    """The notes of a document, written into their part when all are known."""

    def __init__(self, document: Document):
        self.root = parse_xml(f"<w:footnotes {nsdecls('w', 'r')}/>")
        for number, kind, mark in (
            (-1, "separator", "w:separator"),
            (0, "continuationSeparator", "w:continuationSeparator"),
        ):
            paragraph = element("w:p", element("w:r", element(mark)))
            self.root.append(element("w:footnote", paragraph, type=kind, id=number))
        self.part = Part(PackURI("/word/footnotes.xml"), _TYPE, b"", document.part.package)
        document.part.relate_to(self.part, _RELATION)
        settings = document.settings.element
        properties = element("w:footnotePr", *(element("w:footnote", id=number) for number in (-1, 0)))
        # The schema has an order: it comes before `w:compat`, at the latest.
        before = settings.find(qn("w:compat"))
        if before is not None:
            before.addprevious(properties)
        else:
            settings.append(properties)

    def add(self, number: int, paragraphs: list[BaseOxmlElement]) -> None:
        """Add a note of some paragraphs, with its number at the beginning of the first."""
        first = paragraphs[0]
        place = 1 if first.find(qn("w:pPr")) is not None else 0
        first.insert(place, element("w:r", _reference_style(), element("w:footnoteRef")))
        first.insert(place + 1, element("w:r", text_element(" ")))
        self.root.append(element("w:footnote", *paragraphs, id=number))

    def close(self) -> None:
        """Write the notes into their part."""
        self.part._blob = etree.tostring(self.root, xml_declaration=True, encoding="UTF-8", standalone=True)


def reference(number: int, *, is_next: bool = False) -> BaseOxmlElement:
    """Return the run that refers to a note; a space separates it from another note's mark right before it."""
    space = [text_element(" ")] if is_next else []
    return element("w:r", _reference_style(), *space, element("w:footnoteReference", id=number))


def _reference_style() -> BaseOxmlElement:
    return element("w:rPr", element("w:rStyle", val=REFERENCE))


class Prose(HTMLParser):
    """Writes the HTML that we make of a contribution's text into paragraphs."""

    def __init__(self, paragraph: Callable[[], Paragraph], part: Part, language: str):
        super().__init__(convert_charrefs=True)
        self.new, self.part, self.language = paragraph, part, language
        self.paragraph: Paragraph | None = None
        self.target: BaseOxmlElement | None = None
        self.bold = self.italic = 0
        self.lists: list[int | None] = []  # of each list that is open, the number of its last entry; none: not counted
        self.quotes = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "p":
            self._begin()
        elif tag in {"ul", "ol"}:
            start = given.get("start") or "1"
            self.lists.append(None if tag == "ul" else int(start) - 1 if start.isdecimal() else 0)
            self.paragraph = None
        elif tag == "li":
            self.paragraph = None
            if self.lists and (last := self.lists[-1]) is not None:
                value = given.get("value") or ""
                self.lists[-1] = int(value) if value.isdecimal() else last + 1
            self._begin(mark=True)
        elif tag == "blockquote":
            self.quotes, self.paragraph = self.quotes + 1, None
        elif tag == "strong":
            self.bold += 1
        elif tag == "em":
            self.italic += 1
        elif tag == "a" and given.get("href"):
            self._begin()
            assert self.paragraph is not None
            self.target = link(self.part, fit(given["href"] or ""))
            self.paragraph._p.append(self.target)
        elif tag == "br" and self.target is not None:
            self.target.append(element("w:r", element("w:br")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "p" or tag == "li":
            self.paragraph = self.target = None
        elif tag in {"ul", "ol"} and self.lists:
            self.lists.pop()
            self.paragraph = None
        elif tag == "blockquote":
            self.quotes, self.paragraph = max(self.quotes - 1, 0), None
        elif tag == "strong":
            self.bold = max(self.bold - 1, 0)
        elif tag == "em":
            self.italic = max(self.italic - 1, 0)
        elif tag == "a" and self.paragraph is not None:
            self.target = self.paragraph._p

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split("\n"))
        if not text.strip() and self.paragraph is None:
            return
        self._begin()
        assert self.target is not None
        # No italics in Arabic and Chinese: emphasis is bold there.
        slanted = bool(self.italic) and self.language.split("-")[0] not in {"ar", "zh", "fa", "ur"}
        add_words(
            self.target,
            text,
            self.language,
            face=SERIF,
            size=10.5,
            bold=bool(self.bold or (self.italic and not slanted)),
            italic=slanted,
        )

    def _begin(self, *, mark: bool = False) -> None:
        """Begin a paragraph, unless one is open. The first in a list entry has the entry's mark."""
        if self.paragraph is not None:
            return
        self.paragraph = self.new()
        self.target = self.paragraph._p
        depth = len(self.lists) + self.quotes
        if depth:
            put(self.paragraph._p.get_or_add_pPr(), element("w:ind", left=depth * 400))
        if mark:
            last = self.lists[-1] if self.lists else None
            add_words(self.target, "• " if last is None else f"{last}. ", self.language, face=SERIF, size=10.5)


def set_styles(document: Document, language: str) -> None:
    """Set the styles, in which a reader can change the look of everything."""
    styles = document.styles
    defaults = styles.element.find(qn("w:docDefaults"))
    if defaults is not None and (found := defaults.find(f".//{qn('w:lang')}")) is not None:
        found.getparent().replace(found, lang(language))
    _face(styles["Normal"], SANS, 10)
    _face(styles["Title"], SERIF, 22)
    _face(styles["Heading 1"], SANS, 13, bold=True)
    _face(styles["Heading 2"], SANS, 11, bold=True)
    border = styles["Title"].element.find(f".//{qn('w:pBdr')}")
    if border is not None:
        border.getparent().remove(border)
    for name, face, size, colour in (
        ("Statement", SERIF, 10.5, ""),
        ("Soft", SANS, 9, SOFT),
        ("Lede", SERIF, 12, ""),
        ("Contribution", SERIF, 10.5, ""),
    ):
        made = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        made.base_style = styles["Normal"]
        _face(made, face, size, colour=colour)
    text = styles.add_style("footnote text", WD_STYLE_TYPE.PARAGRAPH, builtin=True)
    text.element.set(qn("w:styleId"), TEXT)
    text.base_style = styles["Normal"]
    _face(text, SANS, 8.5)
    text.paragraph_format.space_after = Pt(2)
    mark = styles.add_style("footnote reference", WD_STYLE_TYPE.CHARACTER, builtin=True)
    mark.element.set(qn("w:styleId"), REFERENCE)
    mark.font.superscript = True


def _face(style: CharacterStyle, face: str, size: float, *, bold: bool = False, colour: str = "") -> None:
    latin, arabic, chinese = FONTS[face]
    font = style.font
    font.name, font.size, font.bold = latin, Pt(size), bold
    font.color.rgb = RGBColor.from_string(colour or "1C1B18")
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("asciiTheme", "hAnsiTheme", "cstheme", "eastAsiaTheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    for name, value in (("ascii", latin), ("hAnsi", latin), ("cs", arabic), ("eastAsia", chinese)):
        fonts.set(qn(f"w:{name}"), value)
