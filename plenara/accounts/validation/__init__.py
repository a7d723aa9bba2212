"""Validation of names, addresses, bylines, the installation's mark and colours, and lists of invited people."""

import csv
import re
import struct
import unicodedata
import zlib
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.accounts.validation import svg
from plenara.core import colours
from plenara.core.languages import join_sentences
from plenara.core.refusals import Answer, Denied
from plenara.core.templatetags.plenara import number as localized_number
from plenara.core.text import clean_line
from plenara.core.vocabulary import Capacity, StakeholderGroup, country_names

MOST_NAME = 120
MOST_ORGANIZATION = 160
MOST_MARK_BYTES = 200 * 1024
MOST_MARK_PIXELS = 1024

_ADDRESS_IN_NAME = re.compile(r"://|www\.|\S@\S", re.IGNORECASE)


def a_name(name: str, field: str = "name", most: int = MOST_NAME) -> Answer:
    """A name of at least one letter, on one line, without an address: it is published with contributions."""
    if not any(unicodedata.category(character)[0] in "LN" for character in name):
        return Denied(pgettext("text", "Enter a name."), "name", field)
    if len(name) > most:
        return Denied(_("Enter a name of at most %(most)s characters.") % {"most": most}, "name", field)
    if _ADDRESS_IN_NAME.search(name):
        return Denied(_("Enter the name without an e-mail or web address. The name may be published."), "name", field)
    return True


def an_address(address: str, field: str = "email") -> Answer:
    """An e-mail address that fits the standard, without the quoted forms that let control characters through."""
    try:
        validate_email(address)
    except ValidationError:
        fits = False
    else:
        fits = len(address) <= 254 and not re.search(r"[\s\"(),:;<>\\\x00-\x1f\x7f]", address)
    return fits or Denied(_("Enter an e-mail address such as name@example.org."), "address", field)


def a_byline(
    *, stakeholder_group: str, capacity: str, organization: str, country: str, withholds_country: bool
) -> Answer:
    """A group and a capacity, an organization if the person speaks for one, and a country unless it is withheld."""
    if stakeholder_group not in StakeholderGroup.values:
        return Denied(_("Choose the stakeholder group that you belong to."), "group", "stakeholder_group")
    if capacity not in Capacity.values:
        return Denied(_("Choose whether you speak as an individual or for an organization."), "capacity", "capacity")
    return organization_of(capacity, organization) and country_of(country, withholds_country)


def organization_of(capacity: str, organization: str) -> Answer:
    """A person who speaks for an organization names it."""
    if capacity == Capacity.ORGANIZATION and not organization:
        return Denied(_("Enter the name of the organization that you speak for."), "organization", "organization")
    return not organization or a_name(organization, "organization", MOST_ORGANIZATION)


def country_of(country: str, withholds_country: bool) -> Answer:
    """A byline has a country, unless its author withholds it."""
    if country and country not in country_names("en"):
        return Denied(_("Choose a country from the list."), "country", "country")
    if not country and not withholds_country:
        return Denied(_("Choose your country, or ask us to withhold it."), "country", "country")
    return True


def an_accent(colour: str) -> Answer:
    """A colour in which links are readable wherever they are, or none."""
    weak = colours.weakness_of_accent(colour) if colour else None
    sentence = _("Links in the colour %(colour)s are hard to read on the background %(ground)s.")
    return weak is None or _too_weak("accent", sentence, colour, weak, colours.TEXT)


def a_header(colour: str) -> Answer:
    """A colour in which the header is visible, or none."""
    weak = colours.weakness_of_header(colour) if colour else None
    sentence = _("A header in the colour %(colour)s is hard to see on the background %(ground)s.")
    return weak is None or _too_weak("header", sentence, colour, weak, colours.GRAPHICS)


def _too_weak(field: str, sentence: str, colour: str, weak: colours.Weakness, least: float) -> Denied:
    contrast = _("The contrast is %(ratio)s:1, and WCAG level AA requires at least %(least)s:1.")
    # Rounded down: 4.497 is not 4.5.
    values = {"ratio": localized_number(int(weak.ratio * 100) / 100), "least": localized_number(least)}
    return Denied(
        join_sentences(
            sentence % {"colour": colour, "ground": weak.ground},
            contrast % values,
            _("The nearest colour with enough contrast is %(nearest)s.") % {"nearest": weak.nearest},
        ),
        "contrast",
        field,
    )


class Mark(NamedTuple):
    """A picture that can be shown, and what was removed from it: names of elements."""

    data: bytes
    type: str
    removed: tuple[str, ...] = ()


def read_mark(data: bytes) -> Mark | Denied:
    """Return a PNG or SVG picture without anything but the picture, or why it cannot be shown.

    It has at most 200 KB, a PNG 1,024 pixels a side. The name of the file means nothing.
    """
    if len(data) > MOST_MARK_BYTES:
        return Denied(_("The picture is larger than 200 KB. Choose a smaller one."), "mark", "mark")
    if data[:4] != b"\x89PNG":
        try:
            drawing, removed = svg.clean_svg(data)
        except svg.Unusable as error:
            return _unusable(error.code)
        return Mark(drawing, "svg", tuple(removed))
    try:
        width, height = _png_size(data)
    except (ValueError, struct.error, zlib.error):
        return _unusable("unreadable")
    if max(width, height) > MOST_MARK_PIXELS:
        return Denied(
            _("The picture is %(width)s by %(height)s pixels. Choose a picture of at most 1,024 by 1,024 pixels.")
            % {"width": width, "height": height},
            "pixels",
            "mark",
        )
    return Mark(only_the_picture(data), "png")


def _unusable(code: str) -> Denied:
    sentences = {
        "unreadable": _("This file is not an SVG or PNG picture that we can read. Choose another file."),
        "entities": _("The drawing declares its own XML entities. Export it again as plain SVG."),
        "size": _("The drawing has no size. Export it again with a width and a height."),
        "parts": _("The drawing has too many parts. Choose a simpler one."),
        "empty": _("The file has no shapes that we can show. Export the logo again as paths."),
    }
    return Denied(sentences[code], code, "mark")


# Chunks of the PNG standard that a mark may have. Others carry text, places and data of programs.
_CHUNKS = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"pHYs", b"sBIT", b"bKGD"}
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def only_the_picture(data: bytes) -> bytes:
    """Return a PNG without other chunks than the picture: comments, places, an editor's data."""
    return data[:8] + b"".join(whole for kind, _body, whole in _png_chunks(data) if kind in _CHUNKS)


def _png_chunks(data: bytes) -> list[tuple[bytes, bytes, bytes]]:
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        raise ValueError
    chunks, at = [], 8
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        (checksum,) = struct.unpack_from(">I", data, at + 8 + length)
        if checksum != zlib.crc32(kind + body):
            raise ValueError
        chunks.append((kind, body, data[at : at + 12 + length]))
        at += 12 + length
        if kind == b"IEND":
            break
    if at != len(data):
        raise ValueError  # something was appended to the picture
    return chunks


def _png_size(data: bytes) -> tuple[int, int]:
    """Return width and height, having read the pixels too: no more of them than the size allows."""
    chunks = _png_chunks(data)
    if not chunks or chunks[0][0] != b"IHDR" or chunks[-1][0] != b"IEND":
        raise ValueError
    width, height, depth, colour, _compression, _filter, interlace = struct.unpack(">IIBBBBB", chunks[0][1])
    if not width or not height or colour not in _SAMPLES or depth not in {1, 2, 4, 8, 16} or interlace > 1:
        raise ValueError
    if max(width, height) <= MOST_MARK_PIXELS:
        row = 1 + (width * depth * _SAMPLES[colour] + 7) // 8
        reader = zlib.decompressobj()
        # Interlaced rows are shorter and more: twice the plain size, and a little, holds any of them.
        pixels = reader.decompress(
            b"".join(body for kind, body, _w in chunks if kind == b"IDAT"), row * height * 2 + 1024
        )
        if not reader.eof or (not interlace and len(pixels) != row * height):
            raise ValueError
    return width, height


#: The most people that can be invited at once.
MOST_INVITEES = 50
#: The most errors that are listed; more do not help a person who pasted the wrong text.
MOST_WRONG_LINES = 10
#: Headings of a spreadsheet's column of addresses, in the six languages.
_HEADINGS = frozenset(
    (
        "e-mail", "email", "mail", "e-mail address", "email address", "address", "correo", "correo electrónico",
        "courriel", "adresse électronique", "adresse e-mail", "e-mail адрес", "адрес", "адрес электронной почты",
        "электронная почта", "البريد الإلكتروني", "عنوان البريد الإلكتروني", "邮箱",
        "电子邮件", "电子邮件地址", "电子邮箱",
    )
)  # fmt: skip
_ANGLED = re.compile(r"^(?P<name>[^<>]*)<(?:mailto:)?(?P<address>[^<>]*)>$")
_SEPARATORS = str.maketrans({"，": ",", "、": ",", "،": ",", "؛": ";", "；": ";", "\t": ";"})


class Invitee(NamedTuple):
    """A person to invite."""

    address: str
    name: str = ""


def read_invitees(text: str, field: str) -> tuple[list[Invitee], list[Denied]]:
    """Return everybody listed, each once, and the errors line by line."""
    found: dict[str, Invitee] = {}
    wrong: list[Denied] = []
    lines = text.translate(_SEPARATORS).splitlines()
    for number, line in enumerate(lines, 1):
        for part in re.sub(r">\s*[;,]", ">\n", line).split("\n"):
            one = _read_invitee(part)
            if one is None or (number == 1 and _is_heading(part)):
                continue
            answer = _invitee_fits(one)
            if isinstance(answer, Denied):
                sentence = answer.sentence
                if len(lines) > 1:
                    sentence = _("Line %(number)d: %(sentence)s") % {"number": number, "sentence": sentence}
                wrong.append(Denied(sentence, "line", field))
            else:
                found.setdefault(one.address, one)
    if not found and not wrong:
        wrong.append(Denied(_("Enter an e-mail address such as name@example.org."), "address", field))
    if len(found) > MOST_INVITEES:
        sentence = _("You have entered %(count)d people. Invite at most %(most)d people at once.")
        wrong.insert(0, Denied(sentence % {"count": len(found), "most": MOST_INVITEES}, "too_many", field))
    return list(found.values()), wrong[:MOST_WRONG_LINES]


def _read_invitee(part: str) -> Invitee | None:
    part = clean_line(part).strip(" ,;")
    if not part:
        return None
    if angled := _ANGLED.match(part):
        return Invitee(angled["address"].strip().lower(), angled["name"].strip(" \"'"))
    cells = _cells(part)
    addresses = [cell for cell in cells if "@" in cell]
    if len(addresses) != 1:
        return Invitee(part.lower() if len(cells) == 1 else part)
    address = addresses[0].removeprefix("mailto:").strip("<>").lower()
    return Invitee(address, " ".join(cell for cell in cells if cell != addresses[0]))


def _cells(part: str) -> list[str]:
    separator = ";" if ";" in part else ","
    cells = next(csv.reader([part], delimiter=separator, skipinitialspace=True), [])
    return [cell for each in cells if (cell := each.strip())]


def _is_heading(part: str) -> bool:
    return "@" not in part and any(cell.casefold() in _HEADINGS for cell in _cells(part))


def _invitee_fits(one: Invitee) -> bool | Denied:
    answer = an_address(one.address)
    if answer and one.name:
        answer = a_name(one.name)
    return answer
