"""Writing a paper, block by block, into a document of python-docx."""

from collections.abc import Callable
from typing import Unpack

from django.utils import translation
from django.utils.translation import pgettext
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm
from docx.table import Table
from docx.text.paragraph import Paragraph

from plenara.core.languages import direction, django_code
from plenara.core.text import to_html
from plenara.documents.presenters import paper as on
from plenara.documents.presenters import word_elements
from plenara.documents.presenters.paper import DOT, goes_right_to_left, name_runs
from plenara.documents.presenters.word_elements import (
    ACCENT,
    SANS,
    SERIF,
    SOFT,
    STOP,
    Footnotes,
    Look,
    Prose,
    add_words,
    bookmark,
    element,
    field,
    fit,
    inner_link,
    link,
    put,
    set_styles,
)


def written(paper: on.Paper) -> WordDocument:
    """Return the document of a paper."""
    with translation.override(django_code(paper.language)):
        writer = _Writer(paper)
        writer.write()
        return writer.document


class _Writer:
    """Writes a document."""

    def __init__(self, paper: on.Paper):
        self.paper = paper
        self.document = Document()
        self.is_right_to_left = direction(paper.language) == "rtl"
        self.notes = Footnotes(self.document)
        self.bookmarks = 0

    def write(self) -> None:
        self.set_properties()
        set_styles(self.document, self.paper.language)
        self.frame()
        self.head()
        known: dict[type, Callable] = {
            on.Heading: self.heading,
            on.Passage: self.passage,
            on.Statement: self.statement,
            on.Table: self.table,
            on.Points: self.points,
            on.Entry: self.entry,
            on.Index: self.index,
            on.Text: self.text,
            on.Notes: lambda _it: None,  # Word sets its notes at the foot of the page
        }
        for block in self.paper.blocks:
            if isinstance(block, on.Heading) and block.anchor == "notes":
                continue
            known[type(block)](block)
        for note in self.paper.notes.values():
            self.notes.add(note.number, self.note(note))
        self.notes.close()

    # --- the document ---

    def set_properties(self) -> None:
        """Set the document's properties. Word allows 255 characters each."""
        about, paper = self.document.core_properties, self.paper
        about.title = fit(f"{paper.eyebrow}: {paper.title.text}")[:255]
        about.subject, about.author = fit(paper.about)[:255], fit(paper.author)[:255]
        about.keywords, about.language = paper.symbol[:255], paper.tag
        about.comments, about.last_modified_by, about.revision = "", "Plenara", 1
        about.created = about.modified = paper.dated_at.replace(tzinfo=None, microsecond=0)
        about.identifier = paper.symbol[:255]

    def frame(self) -> None:
        """Set the page, its header from the second page on, and "3 / 12" as its footer."""
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(30)
        section.top_margin, section.bottom_margin = Mm(26), Mm(26)
        section.different_first_page_header_footer = True
        if self.is_right_to_left:
            put(section._sectPr, element("w:bidi"))
        head = section.header.paragraphs[0]
        self._directed(head, self.paper.language)
        self._symbol(head._p, self.paper.symbol, SERIF, 8, SOFT)
        add_words(head._p, f"{DOT}{self.paper.author}", self.paper.language, size=8, colour=SOFT)
        for foot in (section.footer, section.first_page_footer):
            paragraph = foot.paragraphs[0]
            paragraph.alignment = 1
            field(paragraph._p, "PAGE")
            add_words(paragraph._p, " / ", "en", size=8.5)
            field(paragraph._p, "NUMPAGES")

    def head(self) -> None:
        """Write the kind of paper, its title and its introduction."""
        paper = self.paper
        first = self._paragraph("Soft")
        add_words(first._p, f"{paper.eyebrow}{DOT}", paper.language, colour=SOFT)
        self._symbol(first._p, paper.symbol, SANS, 9, SOFT)
        title = self._paragraph("Title", paper.title)
        add_words(title._p, paper.title.text, paper.language_of(paper.title), face=SERIF, size=22)
        for each in paper.head:
            self.passage(each)

    # --- blocks ---

    def heading(self, it: on.Heading) -> None:
        made = self._paragraph(f"Heading {it.level - 1}", it.words)
        if it.anchor:
            self._bookmark(made._p, it.anchor)
        self._write(made._p, it.words, bold=True)

    def passage(self, it: on.Passage) -> None:
        style = {"soft": "Soft", "notice": "Soft", "lede": "Lede"}.get(it.style, "Normal")
        face, colour = (SERIF, "") if it.style == "lede" else (SANS, SOFT if style == "Soft" else "")
        made = self._paragraph(style, it.words)
        target = made._p
        if it.address:
            target = self._link(it.address)
            made._p.append(target)
        self._write(target, it.words, face=face, colour=colour, bold=it.style == "notice")

    def statement(self, it: on.Statement) -> None:
        if it.heading:
            self._line("Heading 2", it.heading, bold=True)
        if it.source:
            self._soft(it.source)
        if it.is_disagreement:
            made = self._paragraph("Soft")
            made.paragraph_format.keep_with_next = True
            self._numbered(made, it)
            self._write(made._p, on.Words(it.kind), colour=SOFT)
            self._sides(it)
        else:
            made = self._paragraph("Statement", it.sides[0].words)
            self._numbered(made, it)
            self._side(made, it.sides[0])
            self._holder(self._paragraph("Soft"), it.sides[0])
        for point in it.objections:
            made = self._paragraph("Soft")
            self._write(made._p, on.Words(point.label), colour=SOFT)
            if point.words.text:
                self._write(made._p, on.Words(f" {point.words.text}", point.words.language), colour=SOFT)
        for each in it.remarks:
            self._line("Soft", on.Words(each), colour=STOP)

    def _numbered(self, paragraph: Paragraph, it: on.Statement) -> None:
        """Put the number in the margin, and bookmark the statement by it."""
        put(paragraph._p.get_or_add_pPr(), element("w:ind", left=0, hanging=700))
        self._bookmark(paragraph._p, it.anchor)
        add_words(paragraph._p, str(it.number), "en", face=SERIF, size=10.5, colour=ACCENT)
        paragraph._p.append(element("w:r", element("w:tab")))

    def _side(self, paragraph: Paragraph, side: on.Side) -> None:
        self._write(paragraph._p, side.words, face=SERIF, size=10.5)
        for place, number in enumerate(side.notes):
            paragraph._p.append(word_elements.reference(number, is_next=place > 0))

    def _holder(self, paragraph: Paragraph, side: on.Side) -> None:
        """Write in how many contributions the view appears; without a sentence, remove the paragraph again."""
        if side.holder:
            self._write(paragraph._p, on.Words(side.holder), colour=SOFT)
        else:
            paragraph._p.getparent().remove(paragraph._p)

    def _sides(self, it: on.Statement) -> None:
        table = self._table(1, 2)
        for cell, side in zip(table.rows[0].cells, it.sides, strict=True):
            label = cell.paragraphs[0]
            label.style = self.document.styles["Soft"]
            self._directed(label, self.paper.language)
            self._write(label._p, on.Words(side.label), bold=True, colour=SOFT)
            words = cell.add_paragraph(style=self.document.styles["Statement"])
            self._directed(words, self.paper.language_of(side.words))
            self._side(words, side)
            below = cell.add_paragraph(style=self.document.styles["Soft"])
            self._directed(below, self.paper.language)
            self._holder(below, side)

    def table(self, it: on.Table) -> None:
        if it.caption:
            self._soft(it.caption)
        table = self._table(1 + len(it.rows), len(it.columns))
        table.rows[0]._tr.get_or_add_trPr().append(element("w:tblHeader"))
        for place, cells in enumerate([it.columns, *it.rows]):
            table.rows[place]._tr.get_or_add_trPr().append(element("w:cantSplit"))
            for cell, text in zip(table.rows[place].cells, cells, strict=True):
                self._directed(cell.paragraphs[0], self.paper.language)
                self._write(cell.paragraphs[0]._p, on.Words(text), bold=place == 0, size=9)
        self._paragraph("Normal")

    def _table(self, rows: int, columns: int) -> Table:
        table = self.document.add_table(rows, columns)
        table.style = "Table Grid"
        if self.is_right_to_left:
            put(table._tbl.tblPr, element("w:bidiVisual"))
        return table

    def points(self, it: on.Points) -> None:
        for each in it.points:
            made = self._paragraph("List Bullet", each.words)
            target = made._p
            if each.address:
                target = self._link(each.address)
                made._p.append(target)
            self._write(target, each.words)
            if each.byline:
                add_words(made._p, DOT, self.paper.language)
                self._byline(made._p, each.byline)
            if each.label:
                below = self._paragraph("Soft")
                self._write(below._p, on.Words(f"{each.label} "), colour=SOFT)
                if each.more:
                    self._write(below._p, each.more, colour=SOFT)

    def entry(self, it: on.Entry) -> None:
        made = self._paragraph("Heading 2")
        if it.anchor:
            self._bookmark(made._p, it.anchor)
        self._symbol(made._p, str(it.number), SERIF, 11, ACCENT)
        add_words(made._p, "  ", self.paper.language)
        if it.gone:
            self._write(made._p, on.Words(it.gone))
        else:
            self._byline(made._p, it.byline)
        for signed in it.signed:
            also = self._paragraph("Soft")
            self._write(also._p, on.Words(f"{pgettext('label', 'Also signed by')} "), colour=SOFT)
            self._byline(also._p, signed)
        line = self._paragraph("Soft")
        target = link(self.document.part, it.address)
        line._p.append(target)
        self._symbol(target, it.symbol, SANS, 9, SOFT)
        for each in it.details:
            self._write(line._p, on.Words(f"{DOT}{each}"), colour=SOFT)
        if it.title:
            self._line("Contribution", it.title, face=SERIF, bold=True)
        self.text(on.Text(it.words))

    def text(self, it: on.Text) -> None:
        language = self.paper.language_of(it.words)
        prose = Prose(lambda: self._paragraph("Contribution", on.Words("", language)), self.document.part, language)
        prose.feed(to_html(it.words.text))

    def index(self, it: on.Index) -> None:
        for row in it.rows:
            made = self._paragraph("Normal")
            self._write(made._p, row.words, bold=True)
            for text, address in row.places:
                add_words(made._p, "  ", self.paper.language)
                target = self._link(address)
                made._p.append(target)
                self._symbol(target, text, SANS, 9, ACCENT)

    def note(self, it: on.Note) -> list[BaseOxmlElement]:
        """Return the paragraphs of a footnote."""
        part, language = self.notes.part, self.paper.language
        first = self._bare(word_elements.TEXT, language)
        self._byline(first, it.byline, size=8.5)
        found = [first]
        if it.gone:
            found.append(self._bare(word_elements.TEXT, language))
            add_words(found[-1], it.gone, language, size=8.5, colour=SOFT)
        elif it.words.text:
            own = self.paper.language_of(it.words)
            found.append(self._bare(word_elements.TEXT, own))
            add_words(found[-1], it.words.text, own, face=SERIF, size=9)
        if it.response:
            why = self._bare(word_elements.TEXT, language)
            add_words(why, it.response, language, size=8.5, bold=True)
            if it.reason:
                add_words(why, f" {it.reason.text}", self.paper.language_of(it.reason), size=8.5)
            found.append(why)
        where = self._bare(word_elements.TEXT, "en")
        target = link(part, it.address)
        add_words(target, it.address, "en", size=8, colour=SOFT)
        where.append(target)
        if it.whole:
            add_words(where, "  ", "en", size=8)
            inner = inner_link(it.whole)
            whole = pgettext("what a note quotes, further on in the same paper", "in full below")
            add_words(inner, whole, language, size=8, colour=ACCENT)
            where.append(inner)
        return [*found, where]

    # --- what blocks are made of ---

    def _paragraph(self, style: str, words: on.Words | None = None) -> Paragraph:
        made = self.document.add_paragraph(style=style)
        self._directed(made, self.paper.language_of(words) if words else self.paper.language)
        return made

    def _line(self, style: str, words: on.Words, **more: Unpack[Look]) -> Paragraph:
        """Add a paragraph with words."""
        made = self._paragraph(style, words)
        self._write(made._p, words, **more)
        return made

    def _soft(self, text: str) -> None:
        """Add a line that stays on the page of what follows it."""
        self._line("Soft", on.Words(text), colour=SOFT).paragraph_format.keep_with_next = True

    def _directed(self, paragraph: Paragraph, language: str) -> None:
        if direction(language) == "rtl":
            put(paragraph._p.get_or_add_pPr(), element("w:bidi"))

    def _bare(self, style: str, language: str) -> BaseOxmlElement:
        bidi = [element("w:bidi")] if direction(language) == "rtl" else []
        return element("w:p", element("w:pPr", element("w:pStyle", val=style), *bidi))

    def _write(self, target: BaseOxmlElement, words: on.Words, **more: Unpack[Look]) -> None:
        """Add words, each isolated name in its own direction."""
        language = self.paper.language_of(words)
        for piece, is_name in name_runs(words.text):
            add_words(target, piece, self._tongue(piece) if is_name else language, **more)

    def _byline(self, target: BaseOxmlElement, byline: on.Byline, size: float = 10) -> None:
        for place, each in enumerate(byline):
            if place:
                add_words(target, DOT, self.paper.language, size=size)
            if each.is_own:
                add_words(target, each.text, self._tongue(each.text), size=size)
            else:
                self._write(target, on.Words(each.text), bold=each.is_strong, size=size)

    def _tongue(self, name: str) -> str:
        """Return a language with the direction of a name, whose own language is unknown."""
        return "ar" if goes_right_to_left(name) else self.paper.language if not self.is_right_to_left else "en"

    def _symbol(self, target: BaseOxmlElement, symbol: str, face: str, size: float, colour: str) -> None:
        add_words(target, symbol, "en", face=face, size=size, colour=colour)

    def _link(self, address: str) -> BaseOxmlElement:
        """Return an empty link to an address, or to an anchor of the same document."""
        return inner_link(address[1:]) if address.startswith("#") else link(self.document.part, address)

    def _bookmark(self, target: BaseOxmlElement, name: str) -> None:
        self.bookmarks += 1
        target.append(element("w:bookmarkStart", id=self.bookmarks, name=bookmark(name)))
        target.append(element("w:bookmarkEnd", id=self.bookmarks))
