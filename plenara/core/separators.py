"""What is between the parts of a line, as letters of the page: dots (`class="dots"`) and strokes (`class="crumbs"`).

A separator that a stylesheet draws is lost where a page is copied or read without styles. Templates name the parts
alone: most are optional, and each of them would have to know whether another one is before it.
"""

import re

_LINE = re.compile(r'<\w+ (?:[^>]* )?class="(?:[^"]* )?(dots|crumbs)[ "][^>]*>')
_TAG = re.compile(r"<(/?)(\w+)[^>]*?(/?)>")
_VOID = frozenset({"br", "img", "input", "wbr"})
#: A separator ends a line, and never begins one. A stroke is not read aloud.
_SEPARATORS = {"dots": "\u00a0· ", "crumbs": '<span aria-hidden="true">\u00a0/ </span>'}


def with_separators(html: str) -> str:
    """Return a page with a separator between the elements of each line of parts; in its text, not by a style."""
    places = []
    for line in _LINE.finditer(html):
        end = depth = 0  # `end`: of the part before
        for tag in _TAG.finditer(html, line.end()):
            closes, name, is_whole = tag.groups()
            if closes and not depth:
                break
            if depth == 0 and end:
                places.append((end, tag.start(), _SEPARATORS[line[1]]))
            depth += -1 if closes else 0 if is_whole or name in _VOID else 1
            if depth == 0:
                end = tag.end()
    made, done = [], 0
    for end, start, separator in sorted(places):
        made += [html[done:end], separator]
        done = start
    return "".join([*made, html[done:]])
