"""Lays out our HTML templates: one element a line, indented by two, at most 120 characters.

    python -m tools.format_templates                 templates whose line breaks are spaces, as browsers read them
    python -m tools.format_templates --again         templates that are laid out already
    python -m tools.format_templates --check         say which would change, and change none

What a template makes stays the same but for whitespace that no browser shows; where this cannot be shown, the template
is left alone and named.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.utils.text import smart_split
from django.utils.translation import trim_whitespace

from plenara.core.template_loader import INLINE, VERBATIM, VOID, Kind, Piece, Rule, pieces, without_line_breaks

ROOT = Path(__file__).resolve().parent.parent / "plenara"
WIDTH = 120
STEP = 2
LITERAL = r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\''
TRANSLATE = re.compile(rf"{{% translate ({LITERAL})( context (?:{LITERAL}))? %}}")
MESSAGE = re.compile(
    r"({% blocktranslate .*?%}|{% blocktranslate %})(.*?)(?:{% plural %}(.*?))?({% endblocktranslate %})", re.DOTALL
)
#: Tags with an end, whose contents are indented.
OPENERS = frozenset({"if", "for", "with", "block", "side", "outlined", "slot", "element"})
MIDDLES = frozenset({"elif", "else", "empty"})
#: Templates of blocks and of fields that nobody sees.
FIELDS = frozenset({"core/field.html", "core/form.html", "accounts/next.html"})


# --- What the whitespace of today means


@dataclass
class Bit:
    """A piece with the whitespace before it, as it is to be written, and whether a line break means the same."""

    piece: Piece
    gap: str
    meant: str = ""  # by a line break
    is_fixed: bool = False

    @property
    def may_break(self) -> bool:
        return self.gap == self.meant and not self.is_verbatim

    is_verbatim: bool = False


class Reach:
    """What can be beside a place of a template: blocks ("B") or text ("T")."""

    def __init__(self, found: list[Piece]) -> None:
        self.pieces = found
        self.match: dict[int, list[int]] = {}  # each branch tag to all of its `if` or `for`
        stack: list[list[int]] = []
        for index, piece in enumerate(found):
            if piece.kind is not Kind.SILENT:
                continue
            if piece.name in {"if", "for"}:
                stack.append([index])
            elif piece.name in MIDDLES and stack:
                stack[-1].append(index)
            elif piece.name in {"endif", "endfor"} and stack:
                group = [*stack.pop(), index]
                for each in group:
                    self.match[each] = group

    def forward(self, index: int, seen: set[int] | None = None) -> set[str]:
        seen = set() if seen is None else seen
        while index < len(self.pieces):
            if index in seen:
                return set()
            seen.add(index)
            piece = self.pieces[index]
            if piece.kind is Kind.SILENT and index in self.match:
                group = self.match[index]
                if piece.name in {"if", "for"}:
                    found = set()
                    for each in group[:-1]:
                        found |= self.forward(each + 1, seen)
                    has_else = any(self.pieces[each].name in {"else", "empty"} for each in group)
                    return found if has_else else found | self.forward(group[-1] + 1, seen)
                if piece.name in MIDDLES:  # the end of a branch
                    found = self.forward(group[0] + 1, seen) if self.pieces[group[0]].name == "for" else set()
                    return found | self.forward(group[-1] + 1, seen)
                if piece.name == "endfor":
                    return self.forward(group[0] + 1, seen) | self.forward(index + 1, seen)
            elif kind := kind_of(piece, first=True):
                return kind
            index += 1
        return {"B"}

    def backward(self, index: int, seen: set[int] | None = None) -> set[str]:
        seen = set() if seen is None else seen
        while index >= 0:
            if index in seen:
                return set()
            seen.add(index)
            piece = self.pieces[index]
            if piece.kind is Kind.SILENT and index in self.match:
                group = self.match[index]
                if piece.name in {"endif", "endfor"}:
                    found = set()
                    for each in group[1:]:
                        found |= self.backward(each - 1, seen)
                    has_else = any(self.pieces[each].name in {"else", "empty"} for each in group)
                    return found if has_else else found | self.backward(group[0] - 1, seen)
                if piece.name in MIDDLES:  # the beginning of a branch
                    return self.backward(group[0] - 1, seen)
                if piece.name == "for":
                    return self.backward(group[-1] - 1, seen) | self.backward(index - 1, seen)
            elif kind := kind_of(piece, first=False):
                return kind
            index -= 1
        return {"B"}


def kind_of(piece: Piece, *, first: bool) -> set[str]:
    """Return what a piece is beside whitespace; nothing where it writes nothing."""
    match piece.kind:
        case Kind.WORD | Kind.VERBATIM:
            return {"T"}
        case Kind.OPEN | Kind.CLOSE | Kind.END:
            return {"T"} if piece.name in INLINE else {"B"}
        case Kind.SILENT if piece.name in {"block", "endblock"}:
            return {"T"}  # perhaps
        case Kind.SILENT if piece.name in {"csrf_token", "prose_of", "side", "outlined", "endside", "endoutlined"}:
            return {"B"}
        case Kind.SILENT if piece.name == "include":
            named = re.match(r'{% include "([^"]+)"', piece.text)
            return edge(named[1], first=first) if named else {"B", "T"}
        case Kind.SILENT if piece.name.startswith(("element", "slot", "endslot", "endelement")):
            return {"T"}
    return set()


@cache
def edge(name: str, *, first: bool) -> set[str]:
    """Return what a template begins or ends with."""
    if name in FIELDS:
        return {"B"}
    files = list(ROOT.glob(f"*/templates/{name}"))
    if not files:
        return {"B", "T"}
    found = [each for each in pieces(files[0].read_text()) if each.kind not in {Kind.SPACE, Kind.ATTRIBUTE}]
    reach = Reach(name_ends(found))
    return reach.forward(0) if first else reach.backward(len(found) - 1)


def name_ends(found: list[Piece]) -> list[Piece]:
    """Return the pieces with the name of its element on each `>`; also on that of an end tag."""
    named, name = [], ""
    for piece in found:
        if piece.kind in {Kind.OPEN, Kind.CLOSE}:
            name = piece.name
        named.append(piece._replace(name=name) if piece.kind is Kind.END else piece)
    return named


def bits_of(source: str, *, again: bool) -> list[Bit]:
    """Return a template's pieces without its layout."""
    raw = list(pieces(source))
    every = name_ends(raw)
    solid = [each for each in every if each.kind is not Kind.SPACE]
    reach, rule = (
        Reach([each._replace(kind=Kind.SPACE) if each.kind is Kind.ATTRIBUTE else each for each in solid]),
        Rule(),
    )
    bits: list[Bit] = []
    space = ""
    is_verbatim = False  # whether whitespace here is part of what a reader gets
    is_child, depth = "{% extends" in source, 0  # what a child has outside its blocks is not shown
    for plain, piece in zip(raw, every, strict=True):
        if piece.kind is Kind.SPACE:
            space = piece.text
            continue
        meant = rule.line_break_before(piece)
        index = len(bits)
        if piece.name == "block":
            depth += 1
        if (is_child and not depth) or (piece.name == "block" and depth == 1 and is_child):
            space = ""
        if piece.name == "endblock":
            depth -= 1
        if "\n" in space:
            if again:
                space = meant
            elif rule.is_in_tag:
                space = "" if piece.kind is Kind.END else " "
            else:
                beside = (reach.backward(index - 1), reach.forward(index))
                space = "" if {"B"} in beside else " "
        elif rule.is_in_tag and piece.kind is Kind.END:
            space = ""
        bits.append(Bit(piece, space, meant, rule.is_in_tag or is_verbatim, is_verbatim or piece.kind is Kind.VERBATIM))
        is_verbatim = piece.kind is Kind.VERBATIM or (piece.kind is Kind.END and plain.name in VERBATIM)
        rule.pass_over(piece)
        space = ""
    move_spaces(bits, reach)
    return bits


def move_spaces(bits: list[Bit], reach: Reach) -> None:
    """Move spaces to where a line break is one, where between any two things that can meet there is one as before."""
    through: dict[int, list[list[int]]] = {}
    for path in paths(bits, reach):
        for index in path:
            through.setdefault(index, []).append(path)
    for wanted in (" ", "", " ", ""):
        for index, bit in enumerate(bits):
            if bit.is_fixed or bit.meant != wanted or bit.gap not in {"", " "} or bit.gap == wanted:
                continue
            if all(any(bits[each].gap for each in path if each != index) for path in through.get(index, [])):
                bit.gap = wanted


def paths(bits: list[Bit], reach: Reach) -> Iterator[list[int]]:
    """Yield the places of whitespace between any two parts of a line of text that can meet, past tags between them."""

    def from_place(index: int, path: list[int]) -> Iterator[list[int]]:
        if index >= len(bits):
            if not any(piece.name == "extends" for piece in reach.pieces):
                yield path
            return
        if index in path:
            return
        path = [*path, index]
        piece = reach.pieces[index]
        if index not in reach.match:
            if kind := kind_of(piece, first=True):
                if kind != {"B"}:
                    yield path
                return
            if piece.kind is Kind.SPACE:  # an attribute
                return
            yield from from_place(index + 1, path)
            return
        group = reach.match[index]
        has_else = any(reach.pieces[each].name in {"else", "empty"} for each in group)
        is_loop = reach.pieces[group[0]].name == "for"
        if index == group[0]:
            following = [each + 1 for each in group[:-1]] + ([] if has_else else [group[-1] + 1])
        elif is_loop and (index == group[1] or index == group[-1] == group[1]):
            following = [group[0] + 1, group[-1] + 1]
        else:
            following = [group[-1] + 1]
        for each in following:
            yield from from_place(each, path)

    if not any(piece.name == "extends" for piece in reach.pieces):  # it may be included in a line of text
        yield from from_place(0, [])
    for index, piece in enumerate(reach.pieces):
        if index in reach.match or piece.kind in {Kind.SPACE, Kind.OPEN, Kind.CLOSE}:
            continue
        kind = kind_of(piece, first=False)
        if kind and kind != {"B"}:
            yield from from_place(index + 1, [])


# --- The tree of a template


@dataclass
class Item:
    """What is written at once: a tag, a word, a message."""

    gap: str
    may_break: bool
    text: str
    parts: list[tuple[str, str]] = field(
        default_factory=list
    )  # of an opening tag: the attributes, with the gaps before
    is_text: bool = False

    @property
    def flat(self) -> str:
        return self.text

    weight = 0


@dataclass
class Group:
    """An element, or a tag with its contents: what opens it, contents, what comes between, …, what closes it."""

    parts: list[Item | list["Item | Group"]]
    is_element: bool

    @property
    def gap(self) -> str:
        return self.parts[0].gap  # type: ignore[union-attr]

    @property
    def may_break(self) -> bool:
        return self.parts[0].may_break  # type: ignore[union-attr]

    is_text = False

    @property
    def flat(self) -> str:
        made = []
        for index, part in enumerate(self.parts):
            if isinstance(part, Item):
                made += [part.gap if index else "", part.text]
            else:
                made += [flat_of(part)]
        return "".join(made)

    @property
    def weight(self) -> int:
        """How much is in it: elements and tags with contents, itself included."""
        return 1 + sum(each.weight for part in self.parts if isinstance(part, list) for each in part)

    @property
    def has_blocks(self) -> bool:
        for part in self.parts:
            if isinstance(part, Item):
                if (named := re.match(r"<([a-z][\w-]*)", part.text)) and named[1] not in INLINE | {
                    "title",
                    "option",
                    "td",
                    "th",
                    "li",
                    "p",
                    "dt",
                    "dd",
                    "legend",
                    "summary",
                    "h1",
                    "h2",
                    "h3",
                }:
                    return True
            elif any(isinstance(each, Group) and each.has_blocks for each in part):
                return True
        return False


def flat_of(items: "list[Item | Group]") -> str:
    return "".join(each.gap + each.flat for each in items)


@dataclass
class Frame:
    """A group that is still open."""

    name: str
    is_element: bool
    parts: list[Item | list["Item | Group"]]

    @property
    def inside(self) -> "list[Item | Group]":
        return self.parts[-1]  # type: ignore[return-value]


def tree_of(bits: list[Bit]) -> "list[Item | Group]":
    """Return the elements and tags of a template, each with its contents."""
    stack = [Frame("", False, [[]])]

    def dissolve() -> None:
        """Make of an element that is not closed here single pieces."""
        frame = stack.pop()
        for part in frame.parts:
            stack[-1].inside.extend([part] if isinstance(part, Item) else part)

    for item, kind, name in items_of(bits):
        if kind is Kind.OPEN and name not in VOID:
            stack.append(Frame(name, True, [item, []]))
        elif kind is Kind.CLOSE:
            while (
                stack[-1].is_element
                and stack[-1].name != name
                and any(each.is_element and each.name == name for each in stack_to_tag(stack))
            ):
                dissolve()
            if stack[-1].is_element and stack[-1].name == name:
                frame = stack.pop()
                stack[-1].inside.append(Group([*frame.parts, item], True))
            else:
                stack[-1].inside.append(item)
        elif kind is Kind.SILENT and name in OPENERS:
            stack.append(Frame(name, False, [item, []]))
        elif kind is Kind.SILENT and name in MIDDLES:
            while stack[-1].is_element:
                dissolve()
            stack[-1].parts += [item, []]
        elif kind is Kind.SILENT and name.startswith("end"):
            while stack[-1].is_element:
                dissolve()
            frame = stack.pop()
            if frame.name != name[3:]:
                raise ValueError(f"{item.text} does not close {{% {frame.name} %}}")
            stack[-1].inside.append(Group([*frame.parts, item], False))
        else:
            stack[-1].inside.append(item)
    while stack[-1].is_element:
        dissolve()
    if len(stack) != 1:
        raise ValueError(f"{{% {stack[-1].name} %}} is not closed")
    return stack[0].inside


def stack_to_tag(stack: list[Frame]) -> Iterator[Frame]:
    """Yield the open elements within the innermost open tag."""
    for frame in reversed(stack):
        if not frame.is_element:
            return
        yield frame


def items_of(bits: list[Bit]) -> Iterator[tuple[Item, Kind, str]]:
    """Yield what is written at once, of what kind it is, and its name."""
    place = 0
    while place < len(bits):
        bit = bits[place]
        piece = bit.piece
        if piece.kind in {Kind.OPEN, Kind.CLOSE}:
            end = next(index for index in range(place, len(bits)) if bits[index].piece.kind is Kind.END)
            parts: list[tuple[str, str]] = []
            for each in bits[place : end + 1]:
                if parts and (each.gap == "" or each.piece.kind is Kind.END):
                    parts[-1] = (parts[-1][0], parts[-1][1] + each.gap + each.piece.text)
                else:
                    parts.append((each.gap if parts else "", each.piece.text))
            parts = joined(parts)
            text = "".join(gap + text for gap, text in parts)
            yield Item(bit.gap, bit.may_break, text, parts), piece.kind, piece.name
            place = end + 1
            continue
        text, place = piece.text, place + 1
        while (
            piece.kind in {Kind.WORD, Kind.VERBATIM}
            and place < len(bits)
            and bits[place].gap == ""
            and bits[place].piece.kind is piece.kind
        ):
            text, place = text + bits[place].piece.text, place + 1
        yield (
            Item(
                bit.gap, bit.may_break, text, is_text=piece.kind is Kind.WORD and not text.startswith("{% blocktrans")
            ),
            piece.kind,
            piece.name,
        )


def joined(parts: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return an opening tag's parts so that no `if` is in another part than its end."""
    made: list[tuple[str, str]] = []
    depth = 0
    for gap, text in parts:
        if depth:
            made[-1] = (made[-1][0], made[-1][1] + gap + text)
        else:
            made.append((gap, text))
        depth += len(re.findall(r"{% (?:if|for|with) ", text)) - len(re.findall(r"{% end(?:if|for|with) ", text))
    return made


# --- Its layout


class Page:
    """The lines written so far."""

    def __init__(self) -> None:
        self.lines = [""]
        self.is_new = True

    def line(self, indent: int) -> None:
        if self.lines[-1].strip():
            self.lines.append("")
        self.lines[-1] = " " * indent
        self.is_new = True

    def write(self, text: str) -> None:
        self.lines[-1] += text
        self.is_new = False

    @property
    def room(self) -> int:
        return WIDTH - len(self.lines[-1])


def as_text(items: "list[Item | Group]") -> str:
    page = Page()
    lay(page, items, 0)
    return "\n".join(line.rstrip() if line.strip() else "" for line in page.lines).strip("\n") + "\n"


def lay(page: Page, items: "list[Item | Group]", indent: int, tail: int = 0) -> None:
    for index, item in enumerate(items):
        before = items[index - 1] if index else None
        after = stuck(items, index + 1, tail)
        if not page.is_new:
            fills = before and before.is_text and item.is_text and not page.lines[-1].lstrip().startswith("{% end")
            if item.may_break and not (fills and len(item.gap + item.flat) + after <= page.room):
                page.line(indent)
            else:
                page.write(item.gap)
        put(page, item, indent, after)


def stuck(items: "list[Item | Group]", index: int, tail: int) -> int:
    """Return how many characters must be on the line of the item before `index`."""
    length = 0
    while index < len(items):
        item = items[index]
        if item.may_break:
            return length
        if isinstance(item, Group):
            return length + len(item.gap) + len(item.parts[0].text)  # type: ignore[union-attr]
        length += len(item.gap) + len(item.text)
        index += 1
    return length + tail


def put(page: Page, item: "Item | Group", indent: int, after: int) -> None:
    if isinstance(item, Item):
        put_item(page, item, indent, after)
    elif fits(item, page.room - after):
        page.write(item.flat)
    else:
        for index, part in enumerate(item.parts):
            if isinstance(part, list):
                following = item.parts[index + 1]
                assert isinstance(following, Item)
                lay(page, part, indent + STEP, 0 if following.may_break else len(following.gap + following.text))
                continue
            if index and not page.is_new:
                if part.may_break:
                    page.line(indent)
                else:
                    page.write(part.gap)
            put_item(page, part, indent, after if index == len(item.parts) - 1 else 0)
            if index < len(item.parts) - 1:
                inner = item.parts[index + 1]
                if isinstance(inner, list) and inner and inner[0].may_break:
                    page.line(indent + STEP)


def fits(group: Group, room: int) -> bool:
    """Say whether a group is short and simple enough for one line."""
    length = len(group.flat)
    if length > room or "\n" in group.flat or (group.has_blocks and group.weight > 1):
        return False
    weight = group.weight
    return weight == 1 or (weight == 2 and length <= 100) or (weight == 3 and length <= 80)


def put_item(page: Page, item: Item, indent: int, after: int) -> None:
    if len(item.text) + after <= page.room:
        page.write(item.text)
    elif len(item.parts) > 1:
        (_gap, name), *attributes = item.parts
        page.write(name)
        ends = attributes[-1][1].endswith(">")
        for _gap, text in attributes[:-1]:
            page.line(indent + STEP)
            page.write(text)
        page.line(indent + STEP)
        last = attributes[-1][1]
        if ends and not last.endswith("/>"):
            page.write(last[:-1])
            page.line(indent)
            page.write(">")
        else:
            page.write(last)
    elif (item.text.startswith("{% translate") and (lines := of_translate(item.text, WIDTH - indent - STEP))) or (
        item.text.startswith("{% blocktrans") and (lines := of_message(item.text, WIDTH - indent - STEP))
    ):
        put_message(page, lines, indent)
    elif item.text.startswith("{#") and not item.text.startswith("{# Translators"):
        put_message(
            page,
            [
                "{% comment %}",
                *("  " + each for each in filled(item.text[2:-2].split(), WIDTH - indent - STEP)),
                "{% endcomment %}",
            ],
            indent,
        )
    elif item.text.startswith("{% comment"):
        put_message(page, of_comment(item.text, WIDTH - indent - STEP), indent)
    else:
        page.write(item.text)


def put_message(page: Page, lines: list[str], indent: int) -> None:
    page.write(lines[0])
    for each in lines[1:]:
        page.line(indent)
        page.write(each)


def of_translate(text: str, width: int) -> list[str]:
    """Return a long message between tags of its own; nothing where it would not be the same."""
    found = TRANSLATE.fullmatch(text)
    if not found:
        return []
    message = found[1][1:-1]
    if "\\" in message or "{" in message or message != trim_whitespace(message) or "  " in message:
        return []
    return [
        f"{{% blocktranslate trimmed{found[2] or ''} %}}",
        *("  " + each for each in filled(words_of(message), width)),
        "{% endblocktranslate %}",
    ]


def of_message(text: str, width: int) -> list[str]:
    """Return a message with its words in lines; nothing where it would not be the same."""
    found = MESSAGE.fullmatch(text)
    if not found:
        return []
    opening, *forms, end = found.groups()
    is_trimmed = " trimmed" in opening
    if not is_trimmed:
        if any(form is not None and form != trim_whitespace(form) for form in forms):
            return []
        opening = opening.replace("{% blocktranslate", "{% blocktranslate trimmed", 1)
    lines = [opening]
    for index, form in enumerate(forms):
        if form is None:
            continue
        lines += ["{% plural %}"] if index else []
        lines += ["  " + each for each in filled(words_of(trim_whitespace(form)), width)]
    return [*lines, end]


def of_comment(text: str, width: int) -> list[str]:
    inner = text.removeprefix("{% comment %}").removesuffix("{% endcomment %}")
    return ["{% comment %}", *("  " + each for each in filled(inner.split(), width)), "{% endcomment %}"]


def words_of(message: str) -> list[str]:
    """Return a message in the parts between which a line may break."""
    return re.findall(r"(?:{{.*?}}|<[^>]*>|[^ ])+", message)


def filled(words: list[str], width: int) -> list[str]:
    lines = [""]
    for word in words:
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append("")
        lines[-1] += f" {word}" if lines[-1] else word
    return lines


# --- That nothing has changed


def meaning(source: str) -> str:
    """Return what a template makes, however its messages and comments are written: to compare two sources."""
    made: list[str] = []
    for piece in pieces(source):
        text = piece.text
        if text.startswith(("{#", "{% comment")) and not text.startswith("{# Translators"):
            continue
        if found := TRANSLATE.fullmatch(text):
            text = f"{{message {found[2] or ''}}}{found[1][1:-1]}"
        elif text.startswith("{% blocktrans") and (parts := MESSAGE.fullmatch(text)):
            opening, one, many, _end = parts.groups()
            options = list(smart_split(opening[2:-2]))[1:]
            if "trimmed" in options:
                options.remove("trimmed")
                one, many = trim_whitespace(one), many and trim_whitespace(many)
            is_plain = all(
                option == "context" or options[index - 1] == "context" for index, option in enumerate(options)
            )
            start = " ".join(["", *options]) if is_plain and options else " ".join(options)
            text = f"{{message {start}}}{one}" + (f"{{plural}}{many}" if many is not None else "")
        made.append(text)
    return "".join(made)


def expected(bits: list[Bit]) -> str:
    return meaning("".join(bit.gap + bit.piece.text for bit in bits))


def formatted(source: str, *, again: bool) -> str:
    """Return a template laid out; ValueError where it would make something else."""
    bits = bits_of(source, again=again)
    made = as_text(tree_of(bits))
    if meaning(without_line_breaks(made)) != expected(bits):
        raise Different(meaning(without_line_breaks(made)), expected(bits))
    return made


class Different(ValueError):
    """The layout would make something else."""


def show(made: str, was: str) -> None:
    """Print where two texts begin to differ."""
    place = next((i for i, (one, other) in enumerate(zip(made, was, strict=False)) if one != other), 0)
    for label, text in (("made", made), ("was", was)):
        print(f"    {label}: {text[max(0, place - 60) : place + 60]!r}", file=sys.stderr)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--again", action="store_true", help="line breaks mean what the template loader makes of them")
    parser.add_argument("--check", action="store_true", help="change nothing")
    options = parser.parse_args()
    files = options.paths or sorted(ROOT.glob("*/templates/**/*.html"))
    changed, failed = [], []
    made = {}
    for file in files:
        source = file.read_text()
        try:
            new = formatted(source, again=options.again)
        except (ValueError, StopIteration, IndexError) as error:
            failed.append(file)
            print(
                f"{file}: left alone: {'it would differ' if isinstance(error, Different) else error}", file=sys.stderr
            )
            if isinstance(error, Different):
                show(*error.args)
            continue
        if new != source:
            changed.append(file)
            made[file] = new
    if not options.check:
        for file, new in made.items():
            file.write_text(new)
    print(f"{len(files)} templates, {len(changed)} changed, {len(failed)} left alone")
    return 1 if failed or (options.check and changed) else 0


if __name__ == "__main__":
    sys.exit(main())
