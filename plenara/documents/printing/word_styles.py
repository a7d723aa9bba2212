"""The styles of a Word document: fonts for each script, sizes, colours."""

from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from plenara.documents.printing import word_notes
from plenara.documents.printing.word_runs import FONTS, SANS, SERIF, SOFT, lang


def set_styles(document: Any, language: str) -> None:
    """Set the styles: everything that a reader may want to change is changed there."""
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
    text.element.set(qn("w:styleId"), word_notes.TEXT)
    text.base_style = styles["Normal"]
    _face(text, SANS, 8.5)
    text.paragraph_format.space_after = Pt(2)
    mark = styles.add_style("footnote reference", WD_STYLE_TYPE.CHARACTER, builtin=True)
    mark.element.set(qn("w:styleId"), word_notes.REFERENCE)
    mark.font.superscript = True


def _face(style: Any, face: str, size: float, *, bold: bool = False, colour: str = "") -> None:
    latin, arabic, chinese = FONTS[face]
    font = style.font
    font.name, font.size, font.bold = latin, Pt(size), bold
    font.color.rgb = RGBColor.from_string(colour or "1C1B18")
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("asciiTheme", "hAnsiTheme", "cstheme", "eastAsiaTheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    for name, value in (("ascii", latin), ("hAnsi", latin), ("cs", arabic), ("eastAsia", chinese)):
        fonts.set(qn(f"w:{name}"), value)
