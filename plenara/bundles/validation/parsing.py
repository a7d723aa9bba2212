"""The JSON of a bundle: read strictly, and searched for the line of a value."""

import json
import re
from collections import Counter

from plenara.core.rows import Json

_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[{}\[\],:]|[^\s{}\[\],:"]++', re.DOTALL)


class Broken(Exception):
    """Text that is not the JSON that a bundle has; `line` counts within it."""

    def __init__(self, message: str, line: int = 1):
        super().__init__(message)
        self.line = line


def parse(raw: bytes) -> Json:
    """Return the object that a line or a file holds. Raises `Broken`."""
    try:
        value = json.loads(raw.decode(), object_pairs_hook=_object, parse_constant=_constant)
    except UnicodeDecodeError as error:
        raise Broken("is not UTF-8", raw.count(b"\n", 0, error.start) + 1) from error
    except json.JSONDecodeError as error:
        reason = "begins with a byte-order mark" if raw.startswith(b"\xef\xbb\xbf") else "is not JSON"
        raise Broken(f"{reason} ({error.msg.lower()} at column {error.colno})", error.lineno) from error
    except RecursionError as error:
        raise Broken("is nested too deeply") from error
    except ValueError as error:  # a number of thousands of digits
        raise Broken("contains an invalid number") from error
    if not isinstance(value, dict):
        raise Broken("is not a JSON object")
    return value


def _object(pairs: list[tuple[str, object]]) -> Json:
    value = dict(pairs)
    if len(value) != len(pairs):
        twice = next(key for key, count in Counter(key for key, _value in pairs).items() if count > 1)
        raise Broken(f"has the key {twice[:40]!r} twice")
    return value


def _constant(name: str) -> None:
    raise Broken(f"contains {name}, which is not a JSON number")


def line_of(text: str, path: str) -> int:
    """Return the line of a JSON text on which the value at `path` (`threads[2].slug`) stands, or its parent."""
    wanted = re.findall(r"[^.\[\]]+", path)
    trail: list = []  # the keys and positions that lead to where we are
    opened: list[str] = []
    same = 0  # how many of them, from the first on, are those that are wanted
    best, at, is_value = 0, 0, True
    for token in _TOKEN.finditer(text):
        mark = token[0]
        if not is_value and opened and mark not in "{}[],:":
            trail[-1] = mark[1:-1]
            same = _same(wanted, trail, same)
        if mark not in "}],:" and best < same == len(trail) - (bool(trail) and trail[-1] is None):
            best, at = same, token.start()
            if best == len(wanted):
                break
        if mark in "{[":
            opened.append(mark)
            trail.append(0 if mark == "[" else None)
            same = _same(wanted, trail, same)
        elif mark in "}]" and opened:
            opened.pop()
            trail.pop()
            same = min(same, len(trail))
        elif mark == "," and opened and opened[-1] == "[":
            trail[-1] += 1
            same = _same(wanted, trail, same)
        # In an object a text is a key, until a colon says that the value follows.
        is_value = not opened or opened[-1] == "[" or mark == ":"
    return text.count("\n", 0, at) + 1


def _same(wanted: list[str], trail: list, before: int) -> int:
    """Return how many parts of a trail are those that are wanted, after its last part changed."""
    last = len(trail) - 1
    if before < last:
        return before
    return last + (last < len(wanted) and trail[last] is not None and str(trail[last]) == wanted[last])
