"""A contribution's words in a Word document: what its author marked in Markdown, as paragraphs and runs."""

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

from docx.oxml import OxmlElement

from plenara.documents.printing.word_runs import SERIF, add_words, element, fit, link, put


class Prose(HTMLParser):
    """Writes the HTML that we make of a contribution's text into paragraphs."""

    def __init__(self, paragraph: Callable[[], Any], part: Any, language: str):
        super().__init__(convert_charrefs=True)
        self.new, self.part, self.language = paragraph, part, language
        self.paragraph: Any = None
        self.target: Any = None
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
            self.target = link(self.part, fit(given["href"] or ""))
            self.paragraph._p.append(self.target)
        elif tag == "br" and self.target is not None:
            run = OxmlElement("w:r")
            run.append(OxmlElement("w:br"))
            self.target.append(run)

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
        # No slanted letters in Arabic and Chinese: what is emphasized there is bold.
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
        """Begin a paragraph, unless one is open: the first of an entry of a list has the entry's mark."""
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
