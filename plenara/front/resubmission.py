"""Shows a form again when Django cannot: the same fields in a page, with one button.

Of an incomplete form, only the words that a person typed are shown, to be copied.
"""

import re
from collections.abc import Iterator
from html import escape
from typing import NamedTuple
from urllib.parse import parse_qsl

from plenara.front.bodies import FORM_LIMIT, Body
from plenara.front.requests import FORM, FORM_WITH_FILES

#: The place of the fields in the prepared page.
MARK = '<input type="hidden" name="given-back-here" value="">'
#: The most fields of a form that are shown again.
MOST_FIELDS = 2_000

_BOUNDARY = re.compile(rb'boundary="?([^";]{1,200})"?', re.IGNORECASE)
_NAME, _FILE = re.compile(rb';\s*name="([^"\r\n]*)"'), re.compile(rb';\s*filename\*?="?([^"\r\n]*)')
#: The end of a text with a character that was cut.
_CUT = re.compile(r"(%[0-9A-Fa-f]?)$")


class Field(NamedTuple):
    """A field as it was sent."""

    name: str
    value: str
    is_file: bool = False


def fields(media_type: bytes, content_type: bytes, body: Body | None, *, is_whole: bool = True) -> str | None:
    """Return the fields of a form as HTML; None for an unreadable or very large one."""
    if body is None:
        return None
    body.seek(0)
    sent = body.read(FORM_LIMIT + 1)
    if len(sent) > FORM_LIMIT and is_whole:
        return None
    try:
        if media_type == FORM:
            found = _of_form(sent, is_whole=is_whole)
        elif media_type == FORM_WITH_FILES:
            found = list(_of_form_with_files(content_type, sent, is_whole=is_whole))
        else:
            return None
    except ValueError:
        return None
    made = [_field(each) for each in found] if is_whole else [_words(each) for each in found if _is_typed(each)]
    return "\n".join(made[:MOST_FIELDS]) or None


def _of_form(sent: bytes, *, is_whole: bool) -> list[Field]:
    text = sent.decode("ascii")
    if not is_whole:
        text = _CUT.sub("", text)
    for _byte in range(4):
        try:
            pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
            return [Field(name, value) for name, value in pairs]
        except UnicodeDecodeError:
            if is_whole:
                raise
            text = text[: max(text.rfind("%"), 0)]  # an incomplete character
    return []


def _of_form_with_files(content_type: bytes, sent: bytes, *, is_whole: bool) -> Iterator[Field]:
    """Yield the fields of RFC 7578. Of files only their names: a page cannot choose them again."""
    boundary = _BOUNDARY.search(content_type)
    if boundary is None:
        return
    _before, *parts = (b"\r\n" + sent).split(b"\r\n--" + boundary[1], MOST_FIELDS)
    for part in parts:
        head, _blank, value = part.partition(b"\r\n\r\n")
        if (name := _NAME.search(head)) is None:
            continue
        file = _FILE.search(head)
        if file is None:
            yield Field(name[1].decode(), value.decode(errors="strict" if is_whole else "ignore"))
        elif file[1]:
            yield Field(name[1].decode(), "", is_file=True)


def _is_typed(field: Field) -> bool:
    """Return whether a value looks like words that a person typed and may see, rather than a number or a code."""
    if field.is_file or _is_password(field):
        return False
    return any(each.isspace() for each in field.value.strip()) or not field.value.isascii()


def _is_password(field: Field) -> bool:
    return "password" in field.name.lower()


def _field(field: Field) -> str:
    named, label = escape(field.name), _label(field)
    if _is_password(field):  # is never shown
        return f'<div class="field"><label class="label">{label} <input type="password" name="{named}"></label></div>'
    if field.is_file:
        return f'<div class="field"><label class="label">{label} <input type="file" name="{named}"></label></div>'
    if _is_typed(field):
        return _words(field)
    return f'<input type="hidden" name="{named}" value="{escape(field.value)}">'


def _words(field: Field) -> str:
    named, value = escape(field.name), escape(field.value)
    # The line break after the tag is the browser's; the next one is the person's.
    area = f'<textarea class="words low" name="{named}" readonly dir="auto">\n{value}</textarea>'
    return f'<div class="field"><label class="label">{_label(field)} {area}</label></div>'


def _label(field: Field) -> str:
    return escape(field.name.replace("_", " "))
