"""Giving back what a form had sent, where nobody behind can: the same fields in a page, with one button."""

from html import escape
from typing import IO
from urllib.parse import parse_qsl

#: Where the fields stand in the page that was made for this.
MARK = '<input type="hidden" name="given-back-here" value="">'
#: Bytes of a form that are given back, and fields of one.
MOST, MOST_FIELDS = 2_000_000, 2_000


def fields(content_type: bytes, body: IO[bytes] | None) -> str | None:
    """Return the fields of a form as HTML; None for what is no form that can be read here, such as one with files."""
    if body is None or content_type.split(b";", 1)[0].strip().lower() != b"application/x-www-form-urlencoded":
        return None
    body.seek(0)
    sent = body.read(MOST + 1)
    if len(sent) > MOST:
        return None
    try:
        pairs = parse_qsl(sent.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        return None
    return "\n".join(_field(name, value) for name, value in pairs) or None


def _field(name: str, value: str) -> str:
    named, label = escape(name), escape(name.replace("_", " "))
    if "password" in name.lower():  # goes into no page
        return f'<div class="field"><label class="label">{label} <input type="password" name="{named}"></label></div>'
    if any(each.isspace() for each in value.strip()):
        # The line break after the tag is the browser's; the next one is the person's.
        area = f'<textarea class="words low" name="{named}" readonly dir="auto">\n{escape(value)}</textarea>'
        return f'<div class="field"><label class="label">{label} {area}</label></div>'
    return f'<input type="hidden" name="{named}" value="{escape(value)}">'
