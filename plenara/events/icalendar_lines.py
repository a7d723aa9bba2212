"""Lines of iCalendar (RFC 5545, 3.1): escaped, folded, and never more than one however hostile their text is."""

import datetime
import re
from collections.abc import Iterable, Iterator

#: Octets of a line; what is longer goes on in the next one, after a space.
_WIDTH = 75
#: What no text may hold: control characters. A tab may stand, a line break is written as `\n`.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_BREAK = re.compile(r"\r\n|[\r\n\u2028\u2029\x85]")
_NOT_IN_PARAMETER = re.compile(r'["\x00-\x1f\x7f-\x9f]')


def text(value: str) -> str:
    """Return a text as a value (3.3.11)."""
    value = _CONTROL.sub("", _BREAK.sub("\n", value))
    for sign in "\\;,":
        value = value.replace(sign, f"\\{sign}")
    return value.replace("\n", "\\n")


def parameter(value: str) -> str:
    """Return a text as a parameter's value, in quotation marks (3.2)."""
    return f'"{_NOT_IN_PARAMETER.sub("", _BREAK.sub(" ", value))}"'


def uri(value: str) -> str:
    """Return an address as a value: one line without blanks, or nothing where it is none."""
    return value if value.isprintable() and " " not in value else ""


def utc(at: datetime.datetime) -> str:
    """Return a moment in UTC (3.3.5)."""
    return at.astimezone(datetime.UTC).strftime("%Y%m%dT%H%M%SZ")


def local(at: datetime.datetime) -> str:
    """Return a local time, whose zone stands elsewhere."""
    return at.strftime("%Y%m%dT%H%M%S")


def day(at: datetime.date) -> str:
    """Return a day (3.3.4)."""
    return at.strftime("%Y%m%d")


def folded(line: str) -> Iterator[str]:
    """Yield a line in pieces of at most 75 octets, none cut inside a character."""
    if len(line) * 4 <= _WIDTH or len(line.encode()) <= _WIDTH:
        yield f"{line}\r\n"
        return
    piece: list[str] = []
    size, room = 0, _WIDTH
    for character in line:
        octets = len(character.encode())
        if size + octets > room:
            yield f"{''.join(piece)}\r\n "
            piece, size, room = [], 0, _WIDTH - 1
        piece.append(character)
        size += octets
    yield f"{''.join(piece)}\r\n"


def written(lines: Iterable[str]) -> str:
    """Return lines as they are sent."""
    return "".join(piece for line in lines for piece in folded(line))
