"""Cells that no spreadsheet reckons with: `docs/decisions/0017-cells-that-no-spreadsheet-reckons-with.md`."""

import re

#: Excel takes a file for UTF-8 by this mark alone, and most texts here are not English.
BYTE_ORDER_MARK = "\ufeff"

# What begins a formula, also in full width, as East Asian spreadsheets read it. A line or a semicolon begins a cell
# too where a spreadsheet expects other separators than ours, as Excel does in half of Europe.
_AT_START = re.compile(r"[^\S\r\n]*+(?=[=+\-@＝＋－＠])")
_INSIDE = re.compile(r"[\r\n;][^\S\r\n]*+(?=[=+\-@＝＋－＠])")
_GUARDED = re.compile(r"((?:^|[\r\n;])[^\S\r\n]*+)'(?=[=+\-@＝＋－＠])")


def guarded(text: str) -> str:
    """Return a text with an apostrophe before whatever a spreadsheet would take for a formula."""
    text = _INSIDE.sub(r"\g<0>'", text)
    start = _AT_START.match(text)
    return f"{start[0]}'{text[start.end() :]}" if start else text


def unguarded(cell: str) -> str:
    """Return a cell as it was before `guarded` put apostrophes into it."""
    return _GUARDED.sub(r"\g<1>", cell)
