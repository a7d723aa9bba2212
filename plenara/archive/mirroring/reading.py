"""Reading pages of a copy back: whose words stand there, letter by letter, whatever the frame around them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "wbr", "area", "col", "source"})


@dataclass
class Found:
    """What stands in one element of a page: its signed words, names, titles and symbols, in their order."""

    words: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    symbols: list[str] = field(default_factory=list)


#: By class: where the words of such an element go. Quotations of a statement are words too, in another element.
_CLASSES = {"words": "words", "who": "names", "title": "titles", "symbol": "symbols"}


class Page(HTMLParser):
    """A page, read once: the elements with these ids, and all of it under the empty one."""

    def __init__(self, html: str, ids: set[str]):
        super().__init__(convert_charrefs=True)
        self.elements: dict[str, Found] = {"": Found()}
        self._ids = ids
        self._depth = 0
        self._within: list[tuple[int, Found]] = [(-1, self.elements[""])]
        self._collects: list[tuple[int, str, list[str]]] = []
        self._silent: int | None = None  # the depth of an element that is not read: a raised number, a quotation
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            self.handle_data(" ")
            return
        self._depth += 1
        told = dict(attrs)
        if (name := told.get("id") or "") in self._ids and name not in self.elements:
            self._within.append((self._depth, self.elements.setdefault(name, Found())))
        if self._silent is None and (tag == "sup" or (tag in {"blockquote", "details"} and not self._collects)):
            self._silent = self._depth
        if self._silent is None:
            for each in (told.get("class") or "").split():
                if each in _CLASSES:
                    self._collects.append((self._depth, _CLASSES[each], []))
                    break
        if tag in {"p", "li", "div", "ul", "ol"}:
            self.handle_data(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if self._collects and self._collects[-1][0] == self._depth:
            _depth, kind, pieces = self._collects.pop()
            text = one_line("".join(pieces))
            for _at, found in self._within:
                getattr(found, kind).append(text)
        if self._silent == self._depth:
            self._silent = None
        if self._within[-1][0] == self._depth:
            self._within.pop()
        self._depth -= 1

    def handle_data(self, data: str) -> None:
        if self._silent is None:
            for _depth, _kind, pieces in self._collects:
                pieces.append(data)


def one_line(text: str) -> str:
    """Return a text with every run of spaces and line ends as one space."""
    return " ".join(text.split())


def words_of(html: str) -> str:
    """Return the words of a piece of HTML as `Page` reads them."""
    return Page(f'<div class="words">{html}</div>', set()).elements[""].words[0]
