"""A paper as plain text, for a terminal, an archive or a screen reader. Notes are below their statement.

People's words are indented, so that they cannot look like the head of a statement.
"""

import unicodedata
from collections.abc import Iterator

from plenara.core.languages import direction
from plenara.core.text import plain
from plenara.documents.presenters import paper as on
from plenara.documents.presenters.paper import byline_in_words, goes_right_to_left, name_runs

MEDIA_TYPE = "text/plain; charset=utf-8"


def as_text(paper: on.Paper) -> str:
    """Return a paper as plain text."""
    lines = [paper.symbol, f"{paper.eyebrow}: {_line(paper.title.text)}", ""]
    for each in paper.head:
        lines += [_line(each.words.text)]
    for block in paper.blocks:
        if isinstance(block, on.Notes) or (isinstance(block, on.Heading) and block.anchor == "notes"):
            continue  # each is below its statement
        lines += list(_block(block, paper.notes))
    return _unmarked("\n".join(lines).strip() + "\n", right_to_left=direction(paper.language) == "rtl")


def _block(it: on.Block, notes: dict[int, on.Note]) -> Iterator[str]:
    if isinstance(it, on.Heading):
        yield from (
            "",
            "",
            _line(it.words.text),
            ("=" if it.level == 2 else "-") * max(_width(_line(it.words.text)), 3),
        )
    elif isinstance(it, on.Passage):
        yield _line(it.words.text)
        if it.address and it.address not in it.words.text and not it.address.startswith("#"):
            yield it.address
    elif isinstance(it, on.Statement):
        yield from _statement(it, notes)
    elif isinstance(it, on.Table):
        yield from ("", *([it.caption] if it.caption else []))
        yield from ("  " + " · ".join((row[0], *row[1:])) for row in it.rows)
    elif isinstance(it, on.Points):
        for point in it.points:
            who = f" {byline_in_words(point.byline)}" if point.byline else ""
            yield f"- {_line(point.words.text)}{who}"
            if point.label:
                yield f"  {point.label} {_line(point.more.text) if point.more else ''}".rstrip()
            if point.address and not point.address.startswith("#"):
                yield f"  {point.address}"
    elif isinstance(it, on.Index):
        yield from (f"- {_line(row.words.text)}: {', '.join(text for text, _address in row.places)}" for row in it.rows)
    elif isinstance(it, on.Text):
        yield from ("", *(f"  {line}" for line in plain(it.words.text).split("\n")))
    elif isinstance(it, on.Entry):
        yield from _entry(it)


def _statement(it: on.Statement, notes: dict[int, on.Note]) -> Iterator[str]:
    if it.heading:
        yield from ("", "", _line(it.heading.text))
    yield ""
    if it.source:
        yield it.source
    for place, side in enumerate(it.sides):
        mark = f"{it.number}. " if place == 0 else ""
        label = f"{side.label}: " if side.label else ""
        yield f"{mark}{label}{_line(side.words.text)}"
        for number in side.notes:
            note = notes[number]
            yield f"  [{number}] {byline_in_words(note.byline)}"
            if note.gone:
                yield f"      {note.gone}"
            elif note.words.text:
                yield f"      “{_line(note.words.text)}”"
            if note.response:
                yield f"      {note.response}: {_line(note.reason.text) if note.reason else ''}".rstrip(": ")
            yield f"      {note.address}"
        if side.holder:
            yield side.holder
    for point in it.objections:
        why = f": “{_line(point.words.text)}”" if point.words.text else ""
        yield f"  {point.label}{why}"
    yield from (f"[{each}]" for each in it.remarks)


def _entry(it: on.Entry) -> Iterator[str]:
    yield from ("", f"{it.number}  {it.gone or byline_in_words(it.byline)}")
    yield from (f"    + {byline_in_words(each)}" for each in it.signed)
    yield _line(" · ".join((it.symbol, *it.details)))
    yield it.address
    if it.title:
        yield f"    {_line(it.title.text)}"
    yield from (f"    {line}" for line in plain(it.words.text).split("\n"))


def _unmarked(text: str, *, right_to_left: bool) -> str:
    """Return a text in which only names of another direction than its lines are isolated."""
    return "".join(
        f"\u2068{piece}\u2069" if is_name and goes_right_to_left(piece) != right_to_left else piece
        for piece, is_name in name_runs(text)
    )


def _line(text: str) -> str:
    return " ".join(text.split())


def _width(text: str) -> int:
    """Return the columns that a text takes: a Chinese character two, a mark above a letter none."""
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
        if unicodedata.category(letter) != "Cf"
    )
