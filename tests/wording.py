"""The words of a text and those of a page, to be compared: whoever looks for words that nobody sees."""

import re
from collections import Counter
from html.parser import HTMLParser
from urllib.parse import unquote

_WORD = re.compile(r"[^\W_]+")


def words_in(text: str) -> Counter[str]:
    """Return the words and numbers of a text as it is kept, with its marks and the addresses of its links."""
    return Counter(_WORD.findall(unquote(text)))


def words_on(html: str) -> Counter[str]:
    """Return the words and numbers that a page shows, and those of the addresses that its links lead to."""
    page = _Page()
    page.feed(html)
    page.close()
    return words_in(" ".join(page.parts))


class _Page(HTMLParser):
    """Reads what a browser shows: texts, where links lead, the numbers of lists."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.lists: list[int | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in {"ul", "ol"}:
            self.lists.append(int(given.get("start") or 1) - 1 if tag == "ol" else None)
        elif tag == "li" and self.lists and (last := self.lists[-1]) is not None:
            self.lists[-1] = number = int(given.get("value") or last + 1)
            self.parts.append(f" {number} ")
        elif tag == "a":
            self.parts.append(f" {given.get('href') or ''} ")
        elif tag in {"p", "br", "blockquote"}:
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"ul", "ol"}:
            self.lists.pop()

    def handle_data(self, data: str) -> None:
        self.parts.append(data)
