"""Loads our HTML templates without the line breaks and indentation that only lay out their source.

It happens once, before a template is compiled: a page takes no longer to make, and has no byte more. A line break in
a template means

- a space between two parts of one line of text: words, variables, inline elements, tags that write text;
- a space between two attributes of an element;
- nothing anywhere else: beside blocks, just inside an element, before `{% if %}` and its like, beside `{% include %}`;
- nothing on a page in Chinese after a full-width mark, such as "。", which has its space in itself.

Spaces within a line stay. So does everything in `pre`, `textarea`, `script` and `style`, and in the values of
attributes.
Messages stay too: `{% blocktranslate trimmed %}` removes their line breaks.
"""

import re
from collections.abc import Callable, Iterator
from enum import Enum, auto
from pathlib import Path
from typing import NamedTuple

from django.template import Context, Node, NodeList, Origin, Template, TemplateDoesNotExist
from django.template.base import TextNode, tag_re
from django.template.loader_tags import BlockNode
from django.template.loaders import app_directories, base, cached
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from plenara.core.template_nodes import Ours

#: As Django names the folders of templates: absolute, and with the links that a path may have.
OURS = Path(__file__).absolute().parent.parent

# fmt: off
INLINE = frozenset({
    "a", "abbr", "b", "bdi", "bdo", "button", "cite", "code", "data", "del", "dfn", "em", "i", "img", "input", "ins",
    "kbd", "label", "mark", "meter", "output", "progress", "q", "s", "samp", "select", "small", "span", "strong", "sub",
    "sup", "svg", "textarea", "time", "u", "var", "wbr",
})
VOID = frozenset({
    "area", "base", "br", "circle", "col", "embed", "hr", "img", "input", "link", "meta", "path", "source", "wbr",
})
VERBATIM = frozenset({"pre", "textarea", "script", "style"})
#: Tags that write nothing themselves, or whole blocks.
SILENT = frozenset({
    "block", "comment", "csrf_token", "element", "elif", "else", "empty", "extends", "for", "get_current_language",
    "get_current_language_bidi", "if", "include", "load", "outlined", "prose_of", "regroup", "setvar", "side", "slot",
    "with",
})
# fmt: on
_CONTENT = re.compile(r"<!--.*?-->|<!\w[^>]*>|</?[a-zA-Z][\w-]*|[ \t\n]+|[^ \t\n<]+|<", re.DOTALL)
_ATTRIBUTES = re.compile(r"/?>|[ \t\n]+|[\"']|[^ \t\n\"'>/]+|/")
_ENDS = {"comment": "endcomment", "blocktranslate": "endblocktranslate", "blocktrans": "endblocktrans"}


class Kind(Enum):
    """What a piece of a template is."""

    SPACE = auto()
    WORD = auto()  # text, a variable, a tag that writes text, a message
    SILENT = auto()  # a tag that writes none
    OPEN = auto()  # `<p`
    CLOSE = auto()  # `</p`
    ATTRIBUTE = auto()  # what is between these and `>`
    END = auto()  # `>`
    VERBATIM = auto()


class Piece(NamedTuple):
    """A piece of a template, and the name of its element or tag."""

    kind: Kind
    text: str
    name: str = ""


def without_line_breaks(source: str) -> str:
    """Return a template's source without the whitespace that only lays it out."""
    made: list[str] = []
    rule = Rule()
    is_break = False
    for piece in pieces(source):
        if piece.kind is Kind.SPACE and "\n" in piece.text:
            is_break = True
            continue
        if is_break:
            made.append(rule.line_break_before(piece))
        is_break = False
        rule.pass_over(piece)
        made.append(piece.text)
    return "".join(made)


def pieces(source: str) -> Iterator[Piece]:
    """Yield the pieces of a template's source, which together are all of it."""
    html = _Html()
    whole: list[str] = []  # a message or a comment, up to its end
    end = ""
    for index, bit in enumerate(tag_re.split(source)):
        tag = bit[2:-2].split() if index % 2 and bit.startswith("{%") else []
        if end:
            whole.append(bit)
            if tag == [end]:
                yield html.template_tag("".join(whole), whole[0][2:-2].split())
                end = ""
        elif tag and tag[0] in _ENDS:
            end, whole = _ENDS[tag[0]], [bit]
        elif index % 2:
            yield html.template_tag(bit, tag)
        elif bit:
            yield from html.text(bit)


class _Html:
    """Where we are in the HTML: in a text, in a tag, in the value of an attribute, in an element that is verbatim."""

    def __init__(self) -> None:
        self.name = ""  # of the tag that we are in
        self.is_in_tag = False
        self.quote = ""
        self.verbatim = ""

    def template_tag(self, text: str, tag: list[str]) -> Piece:
        if self.is_in_tag:
            return Piece(Kind.ATTRIBUTE, text)
        if self.verbatim:
            return Piece(Kind.VERBATIM, text)
        if text.startswith("{#") or (
            tag and (tag[0] in SILENT or tag[0].startswith("end") or tag[-2:-1] == ["as"] or "asvar" in tag)
        ):
            return Piece(Kind.SILENT, text, tag[0] if tag else "")
        return Piece(Kind.WORD, text)

    def text(self, text: str) -> Iterator[Piece]:
        place = 0
        while place < len(text):
            piece = self._next(text, place)
            place += len(piece.text)
            yield piece

    def _next(self, text: str, place: int) -> Piece:
        if self.quote:
            end = text.find(self.quote, place) + 1
            if end:
                self.quote = ""
            return Piece(Kind.ATTRIBUTE, text[place : end or None])
        if self.verbatim:
            end = text.find(f"</{self.verbatim}", place)
            if end != place:
                return Piece(Kind.VERBATIM, text[place : end if end > 0 else None])
            self.verbatim = ""
        found = (_ATTRIBUTES if self.is_in_tag else _CONTENT).match(text, place)
        assert found  # each of the two matches any character
        return self._in_tag(found[0]) if self.is_in_tag else self._in_text(found[0])

    def _in_tag(self, text: str) -> Piece:
        if not text.strip(" \t\n"):
            return Piece(Kind.SPACE, text)
        if text.endswith(">"):
            self.is_in_tag = False
            self.verbatim = self.name if self.name in VERBATIM else ""
            return Piece(Kind.END, text, self.name)
        if text in {'"', "'"}:
            self.quote = text
        return Piece(Kind.ATTRIBUTE, text)

    def _in_text(self, text: str) -> Piece:
        if not text.strip(" \t\n"):
            return Piece(Kind.SPACE, text)
        if text.startswith("<!"):
            return Piece(Kind.SILENT, text)
        if not text.startswith("<") or text == "<":
            return Piece(Kind.WORD, text)
        self.is_in_tag = True
        is_end = text.startswith("</")
        name = text.strip("</")
        self.name = "" if is_end else name
        return Piece(Kind.CLOSE if is_end else Kind.OPEN, text, name)


class Rule:
    """What a line break means, at each place of a template."""

    def __init__(self) -> None:
        self.is_in_tag = False
        self.tag = Piece(Kind.WORD, "")
        self.follows_text = False  # whether words or an inline element come before, on the same line of text
        self._before_branches: list[bool] = []  # what `follows_text` is where each open `if` or `for` begins
        self._after_branches: list[bool] = []  # and what it can be after it

    def line_break_before(self, piece: Piece) -> str:
        if self.is_in_tag:
            return "" if piece.kind is Kind.END else " "
        is_text = piece.kind is Kind.WORD or (piece.kind is Kind.OPEN and piece.name in INLINE)
        return " " if is_text and self.follows_text else ""

    def pass_over(self, piece: Piece) -> None:
        match piece.kind:
            case Kind.OPEN | Kind.CLOSE:
                self.is_in_tag, self.tag = True, piece
            case Kind.END:
                self.is_in_tag = False
                is_whole = self.tag.kind is Kind.CLOSE or self.tag.name in VOID
                self.follows_text = is_whole and self.tag.name in INLINE
            case Kind.WORD:
                self.follows_text = True
            case Kind.SILENT:
                self._pass_over_tag(piece.name)

    def _pass_over_tag(self, name: str) -> None:
        match name:
            case "if" | "for":
                self._before_branches.append(self.follows_text)
                self._after_branches.append(self.follows_text)
                self.follows_text = self.follows_text or name == "for"
            case "elif" | "else" | "empty" if self._before_branches:
                self._after_branches[-1] |= self.follows_text
                self.follows_text = self._before_branches[-1]
            case "endif" | "endfor" if self._before_branches:
                self._before_branches.pop()
                self.follows_text |= self._after_branches.pop()
            case "block" | "include" | "csrf_token" | "prose_of" | "side" | "outlined":
                self.follows_text = False


_FULL_WIDTH_MARKS = "、。，．：；？！」』）】》〉”’…"
#: What a text with such a mark at its end ends in: the mark, or the end of an element.
_ENDS_OF_FULL_WIDTH = frozenset(_FULL_WIDTH_MARKS + ">")
_FULL_WIDTH = re.compile(rf"[{_FULL_WIDTH_MARKS}](?:</\w+>)*\Z")
_ENDS_OF_ELEMENTS = re.compile(r"(?:</\w+>)+")
_SPACE = re.compile(r"\A((?:</\w+>)*)[ \n]+")


class Joined(Node):
    """Two parts of a template, of which the second may begin with a space."""

    def __init__(self, before: Node, after: Node) -> None:
        self.before, self.after = before, after
        self.nodelist = NodeList([before, after])  # where Django looks for nodes of a type
        self.token, self.origin = before.token, before.origin

    def render(self, context: Context) -> SafeString:
        words, rest = str(self.before.render_annotated(context)), str(self.after.render_annotated(context))
        if words[-1:] in _ENDS_OF_FULL_WIDTH and _FULL_WIDTH.search(words):
            rest = _SPACE.sub(r"\1", rest, count=1)
        return SafeString(words + rest)  # made by the template's nodes


def join_full_width(nodes: NodeList) -> None:
    """Let a full-width mark have no space behind it, in a template's nodes and in those within them."""
    for place, node in enumerate(nodes):
        for each in _within(node):
            join_full_width(each)
        before = nodes[place - 1] if place else None
        if before is None or isinstance(before, (BlockNode, TextNode)) or not _begins_with_space(node):
            continue
        nodes[place - 1], nodes[place] = TextNode(""), Joined(before, node)


def _begins_with_space(node: Node) -> bool:
    """Return whether what a node writes may begin with a space, behind the ends of elements, or is such ends alone."""
    if isinstance(node, TextNode):
        return bool(_SPACE.match(node.s) or _ENDS_OF_ELEMENTS.fullmatch(node.s))
    return any(_begins_with_space(each[0]) for each in _within(node) if each)


def _within(node: Node) -> Iterator[NodeList]:
    """Yield the lists of nodes between a tag and its end."""
    yield from (each for each in vars(node).values() if isinstance(each, NodeList))
    yield from (each for _condition, each in getattr(node, "conditions_nodelists", ()))


def _is_chinese() -> bool:
    return (get_language() or "").startswith("zh")


class Loader(app_directories.Loader):
    """Finds templates in the apps; ours lose the line breaks that only lay them out."""

    def get_contents(self, origin: Origin) -> str:
        source: str = super().get_contents(origin)
        path = Path(origin.name)
        return without_line_breaks(source) if path.suffix == ".html" and path.is_relative_to(OURS) else source


class _Compiling(base.Loader):
    get_contents: Callable[[Origin], str]

    def get_template(self, template_name: str, skip: list[Origin] | None = None) -> Template:
        tried = []
        for origin in self.get_template_sources(template_name):
            if skip is not None and origin in skip:
                tried.append((origin, "Skipped to avoid recursion"))
                continue
            try:
                source = self.get_contents(origin)
            except TemplateDoesNotExist:
                tried.append((origin, "Source does not exist"))
                continue
            is_ours = Path(origin.name).is_relative_to(OURS)
            template = (Ours if is_ours else Template)(source, origin, template_name, self.engine)
            if is_ours and _is_chinese():
                join_full_width(template.nodelist)
            return template
        raise TemplateDoesNotExist(template_name, tried=tried)


class CachedLoader(cached.Loader, _Compiling):
    """Keeps compiled templates, as Django's does: those for Chinese, and those for all other languages."""

    def cache_key(self, template_name: str, skip: list[Origin] | None = None) -> str:
        key: str = super().cache_key(template_name, skip)
        return f"{key} zh" if _is_chinese() else key
