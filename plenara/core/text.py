"""Untrusted text becomes safe HTML here, and nowhere else.

A contribution may use paragraphs, emphasis, lists, quotes and links. Everything else is shown as literal
characters: raw HTML and entities, images, headings, tables and code; what is nested too deep; a link with a title, with
an address that may not be linked, or without visible words. So a page leaves out no word of the text in our files.

The Markdown reader is limited to that subset, and its output passes an allow-list, so that an error in one of
the two lets nothing through.
"""

import hashlib
import re
import unicodedata
from functools import lru_cache
from html import escape
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Literal

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.helpers import parseLinkDestination, parseLinkLabel
from markdown_it.parser_block import RuleFuncBlockType
from markdown_it.rules_block import StateBlock, blockquote, list_block
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline

_TAGS = {"p", "em", "strong", "ul", "ol", "li", "blockquote", "a", "br"}
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}, "li": {"value"}, "*": set()}
_SCHEMES = {"http", "https", "mailto"}
#: Elements that may be nested in one another. Without a limit a hostile text of ten thousand quote marks would recurse.
_DEEPEST = 12
#: Markdown marks that a page may not show, and letters and symbols that are blank.
_NOT_SEEN = "*_\\\u115f\u1160\u2800\u3164\uffa0"


class _Reader(MarkdownIt):
    """Reads the subset of Markdown, and renders HTML in which every word of the text is visible."""

    def __init__(self, allowed: nh3.Cleaner, *, headings: bool = False):
        super().__init__("zero", {"html": False, "linkify": False, "breaks": True, "maxNesting": _DEEPEST})
        self.enable(["blockquote", "list", "emphasis", "link", "newline", "escape"])
        if headings:
            self.enable("heading")
        ends = ["paragraph", "reference", "blockquote"]  # what ends a quote or a list, as in the library
        self.block.ruler.at("blockquote", _if_not_too_deep(blockquote, 1), {"alt": [*ends, "list"]})
        self.block.ruler.at("list", _if_not_too_deep(list_block, 2), {"alt": ends})
        self.core.ruler.push("numbers", _keep_numbers)
        self.helpers = SimpleNamespace(  # type: ignore[assignment]
            parseLinkLabel=_seen_label, parseLinkDestination=parseLinkDestination, parseLinkTitle=_no_title
        )
        self.allowed = allowed
        # The library makes these lists at the first text, when a second thread could read half a list.
        for ruler in (self.core.ruler, self.block.ruler, self.inline.ruler, self.inline.ruler2):
            ruler.getRules()

    def validateLink(self, url: str) -> bool:
        """Return whether the allow-list permits a link to an address."""
        return " href=" in self.allowed.clean(f'<a href="{escape(url)}"></a>')

    def html(self, text: str) -> SafeString:
        """Return a text as safe HTML."""
        return mark_safe(self.allowed.clean(self.render(text)))  # noqa: S308 - the one place where text becomes HTML


def _if_not_too_deep(rule: RuleFuncBlockType, elements: int) -> RuleFuncBlockType:
    """Return a rule that ignores marks whose content would be too deep: the library drops such content."""

    def read(state: StateBlock, line: int, end: int, silent: bool) -> bool:
        return state.level + elements < _DEEPEST and rule(state, line, end, silent)

    return read


def _seen_label(state: StateInline, start: int, nested: bool = False) -> int:
    """Return the end of a link's text; -1 if a reader would see no text."""
    end = parseLinkLabel(state, start, nested)
    seen = (each for each in state.src[start + 1 : end] if each not in _NOT_SEEN)
    return end if any(unicodedata.category(each)[0] in "LNPS" for each in seen) else -1


def _no_title(*_where: object) -> SimpleNamespace:
    """Find no title of a link, so that a link with a title is not read as one."""
    return SimpleNamespace(ok=False)


def _keep_numbers(state: StateCore) -> None:
    """Give each entry of a list the number that was typed, if counting would give another."""
    lasts: list[int] = []  # the number of the last entry of each open numbered list
    for token in state.tokens:
        if token.type == "ordered_list_open":
            lasts.append(int(token.attrs.get("start", 1)) - 1)
        elif token.type == "ordered_list_close":
            lasts.pop()
        elif token.type == "list_item_open" and token.info:
            if (number := int(token.info)) != lasts[-1] + 1:
                token.attrSet("value", number)
            lasts[-1] = number


def _allow_list(tags: set[str], rel: str, *, relative: Literal["deny", "pass_through"]) -> nh3.Cleaner:
    return nh3.Cleaner(tags=tags, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, url_relative=relative, link_rel=rel)


# A relative address would mean another page in the contribution's page, its feed and its file.
_subset = _Reader(_allow_list(_TAGS, "nofollow ugc noopener", relative="deny"))
_page = _Reader(_allow_list(_TAGS | {"h2", "h3"}, "noopener", relative="pass_through"), headings=True)


@lru_cache(maxsize=512)
def to_html(text: str) -> SafeString:
    """Return a contribution's text (Markdown subset) as safe HTML.

    The same texts are read again in the six languages of the pages, and on a thread with each new contribution.
    """
    return _subset.html(text)


def page_to_html(text: str) -> SafeString:
    """Return an organizer's page (the subset and headings of the second level and below) as safe HTML."""
    return _page.html(text)


class _Plain(HTMLParser):
    """Collects the text of our own HTML, one line for each block; quotations are optional."""

    def __init__(self, quotations: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._quotations = quotations
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "br":
            self.parts.append("\n")
        elif tag == "blockquote":
            self._depth += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in {"p", "li", "blockquote"}:
            self.parts.append("\n")
        if tag == "blockquote":
            self._depth -= 1

    def handle_data(self, data: str) -> None:
        if self._quotations or not self._depth:
            self.parts.append(data)


def plain(text: str, *, quotations: bool = True) -> str:
    """Return a text without its Markdown marks, one line for each paragraph, with or without quotations."""
    reader = _Plain(quotations)
    reader.feed(to_html(text))
    lines = (" ".join(line.split()) for line in "".join(reader.parts).splitlines())
    return "\n".join(line for line in lines if line)


#: A sentence ends with its mark and the closing quotes after it; Chinese needs no space after it, other scripts do.
_SENTENCE_END = re.compile(r"""(?<![.!?…؟۔])[.!?…؟۔]+["'”’»)\]]*(?=\s|$)|[。！？]+[”’」』）]*""")
#: Short words with a full stop that ends no sentence. One letter and letters with stops between count as such.
_ABBREVIATIONS = frozenset(
    {
        "mr", "mrs", "ms", "dr", "prof", "st", "no", "nos", "art", "arts", "para", "paras", "vol", "fig", "cf", "vs",
        "pp", "sr", "sra", "dra", "núm", "ст", "стр", "гл", "им", "см",
    }
)  # fmt: skip
#: A shortened quotation ends with a sentence only if that leaves at least this part of its length.
_LEAST = 3
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def sentence_ends(text: str) -> list[int]:
    """Return the positions after the end of each sentence of a text."""
    return [found.end() for found in _SENTENCE_END.finditer(text) if not _is_abbreviated(text, found)]


def _is_abbreviated(text: str, mark: re.Match[str]) -> bool:
    if text[mark.end() :][:2].strip()[:1].islower():
        return True
    if mark[0] != ".":
        return False
    before = text[max(mark.start() - 12, 0) : mark.start()].split()
    word = before[-1].lstrip("(«“\"'").lower() if before else ""
    return "." in word or (len(word) == 1 and word.isalpha()) or word in _ABBREVIATIONS


def shorten(text: str, limit: int) -> str:
    """Return a text of at most `limit` characters: whole sentences, or cut at a word and marked with an ellipsis."""
    if len(text) <= limit:
        return text
    # One character more shows whether a mark at the very end closes a sentence.
    ends = [end for end in sentence_ends(text[: limit + 1]) if limit // _LEAST < end <= limit]
    return text[: ends[-1]] if ends else cut_at_word(text[: limit + 1])


def cut_at_word(text: str) -> str:
    """Return a text without its last character, cut at a word and with an ellipsis; Chinese is cut anywhere."""
    if not (_UNSPACED.match(text[-1:]) and _UNSPACED.match(text[-2:-1])):
        space = max(text.rfind(" "), text.rfind("\n"))
        text = text[: space + 1] if space > 0 else text
    shown = text[:-1].rstrip(" \n,;:،؛，、；：")
    return f"{shown}…" if _UNSPACED.match(shown[-1:]) else f"{shown}\u00a0…"


def excerpt(text: str, limit: int = 1500) -> tuple[str, bool]:
    """Return the text cut at a paragraph, sentence or word before `limit` characters, and whether it was cut."""
    if len(text) <= limit:
        return text, False
    at = text[:limit].rfind("\n\n")
    return (text[:at].rstrip() if at > limit // 2 else shorten(text, limit)), True


# Chinese has no space between sentences; a space for a line break would be where the text is cut.
_AFTER_CHINESE = re.compile("(?<=[。！？；：，、）”]) (?=[\u3400-\u9fff“（])")


def first_words(text: str, limit: int) -> str:
    """Return the first words of a text on one line, without its Markdown marks: `shorten`ed to `limit`.

    Quotations are another author's: they are shown only if the text has no other words.
    """
    words = _on_one_line(plain(text[: 4 * limit], quotations=False))
    if len(words) <= limit and len(text) > 4 * limit:  # a long quotation comes first
        words = _on_one_line(plain(text, quotations=False))
    return shorten(words or _on_one_line(plain(text)), limit)


def _on_one_line(text: str) -> str:
    return _AFTER_CHINESE.sub("", " ".join(text.split()))


# Control characters, and the two halves of broken UTF-16, which no database and no XML feed can hold.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
# Overrides of direction can turn a whole page around; isolates and plain marks stay, since Arabic needs them.
_OVERRIDES = re.compile("[\u202a-\u202e]")
# Invisible letters; flags of regions are written with them, and stay.
_TAG_LETTERS = re.compile(
    "(\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f)|[\U000e0000-\U000e007f]"
)


def find_control_character(text: str) -> int | None:
    """Return the position of the first control character, which `clean` would remove; None without one."""
    found = _CONTROL.search(text)
    return found.start() if found else None


def clean(text: str) -> str:
    """Return a text as it will be saved: NFC, `\\n` line ends, no control or tag characters, no space at its ends."""
    text = (
        text.replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\u2028", "\n")
        .replace("\x85", "\n")
        .replace("\u2029", "\n\n")
    )
    text = _TAG_LETTERS.sub(r"\1", _OVERRIDES.sub("", _CONTROL.sub("", text)))
    lines = [line.rstrip() for line in unicodedata.normalize("NFC", text).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def clean_line(text: str) -> str:
    """Return a name or title as it will be saved: cleaned, and on one line."""
    # No-break spaces stay: French and Russian have them before and after their marks.
    return re.sub(r"[ \t\n]+", " ", clean(text))


_WORD = re.compile(r"[^\W_]+(?:[’'\-.][^\W_]+)*", re.UNICODE)
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]")


def word_count(text: str) -> int:
    """Return how many words a text has. Two Chinese characters count as one word, as translators count them."""
    text = plain(text)
    characters = len(_CJK.findall(text))
    return len(_WORD.findall(_CJK.sub(" ", text))) + (characters + 1) // 2


def number_in(written: str | None) -> int:
    """Return the number in an address or a form; 0 if there is none.

    A number that is too large for a column counts as none: it would be an error of the database.
    """
    return int(digits(written or "") or 0)


def digits(written: str) -> str:
    """Return a number as it was typed; "" if it is not one that a column could hold."""
    return written if written.isascii() and written.isdecimal() and len(written) < 19 else ""


def revision_in(symbol: str) -> int:
    """Return the revision at the end of an edition's symbol (`/Rev.2`, `/Corr.2`); 0 if there is none."""
    found = re.search(r"/(?:Rev|Corr)\.([0-9]+)$", symbol)
    return int(found[1]) if found else 0


def digest(text: str) -> str:
    """Return the SHA-256 of a text's UTF-8 bytes in hexadecimal, as a receipt shows it."""
    return hashlib.sha256(text.encode()).hexdigest()


def contains_words(text: str, words: str) -> bool:
    """Return whether `words` appear in the text as a reader sees it, whatever the white space."""
    return " ".join(words.split()) in " ".join(plain(text).split())


def words_in_context(text: str, words: str, around: int = 160) -> SafeString:
    """Return the cited words as marked HTML within their sentence, or within some words if it is too long."""
    line = next((line for line in plain(text).split("\n") if words in line), None)
    if line is None:
        return mark_safe(f"<mark>{escape(words)}</mark>")  # noqa: S308
    at = line.index(words)
    before, after = line[:at], line[at + len(words) :]
    if len(before) > around:
        near = before[-around:]
        # A sentence may begin and end with the cited words themselves.
        begins = [end for end in sentence_ends(near + words[:1]) if end <= len(near)]
        before = near[begins[0] :].lstrip() if begins else "… " + near.split(" ", 1)[-1]
    if len(after) > around:
        known = len(words)
        ends = [
            end - known for end in sentence_ends(line[at : at + known + around + 1]) if known <= end <= known + around
        ]
        after = after[: ends[-1]] if ends else cut_at_word(after[: around + 1])
    return mark_safe(f"{escape(before)}<mark>{escape(words)}</mark>{escape(after)}")  # noqa: S308


def mark_words(html: SafeString, marks: list[tuple[str, str, str]]) -> SafeString:
    """Return a text's HTML with each (words, address, label) marked and followed by a raised link.

    Words that cross an element of the HTML (an emphasis, a link) are left unmarked: the list of citations beside the
    text has them anyway.
    """
    marked = str(html)
    for words, address, label in marks:
        # Never inside a tag: a link before the words may have the same address.
        tags = [tag.span() for tag in _TAG.finditer(marked)]
        places = _as_written(words).finditer(marked)
        found = next((it for it in places if not any(begin < it.start() < end for begin, end in tags)), None)
        if found:
            link = f'<sup><a class="cited-in" href="{escape(address)}">{escape(label)}</a></sup>'
            marked = f"{marked[: found.start()]}<mark>{found[0]}</mark>{link}{marked[found.end() :]}"
    return mark_safe(marked)  # noqa: S308


_TAG = re.compile(r"""<[a-z/](?:[^>"']|"[^"]*"|'[^']*')*>""")


def _as_written(words: str) -> re.Pattern[str]:
    """Return a pattern that finds words in our HTML, where white space may be a no-break space or a line's end."""
    return re.compile(r"(?:\s|&nbsp;|<br>)+".join(re.escape(escape(word, quote=False)) for word in words.split()))
