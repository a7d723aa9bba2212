"""A translation memory as TMX 1.4b: written and read unit by unit, so that its size needs no memory.

The Translate Toolkit makes the header and the units. Corrected here: it calls every unit a sentence, and ours are
paragraphs.
"""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import permutations
from typing import IO

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from lxml import etree

from plenara.core.languages import html_code
from plenara.core.refusals import InvalidInput
from plenara.core.text import clean
from plenara.documents.exchange import validation
from plenara.documents.exchange.units import language_of

MEDIA_TYPE = "application/x-tmx"
MOST_UNITS = 20_000
#: Characters that a unit may have in one language: as many as a statement.
MOST_CHARACTERS = 4_000
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True)
class Pair:
    """A text and its translation."""

    source_language: str
    language: str
    source: str
    target: str


@dataclass
class Memory:
    """The pairs of a TMX file in our languages, and how many other texts were left out."""

    pairs: list[Pair]
    left_out: int = 0


def write(out: IO[bytes], units: Iterable[tuple[str, str, dict[str, str]]], *, source_language: str) -> None:
    """Write units to a file, each as (what it is, its source's language, its texts by language)."""
    from translate.storage.tmx import tmxfile

    store = tmxfile(sourcelanguage=html_code(source_language))
    header = store.document.getroot().find("header")
    header.set("segtype", "paragraph")
    header.set("datatype", "plaintext")
    empty = io.BytesIO()
    store.serialize(empty)
    before, mark, after = empty.getvalue().partition(b"<body/>")
    assert mark
    out.write(before + b"<body>\n")
    for name, source, texts in units:
        out.write(_unit(name, source, texts))
    out.write(b"</body>" + after)


def _unit(name: str, source: str, texts: dict[str, str]) -> bytes:
    from translate.storage.tmx import tmxunit

    unit = tmxunit(None, empty=True)
    unit.xmlelement = etree.Element("tu", srclang=html_code(source))
    unit.addnote(name)
    for code in (source, *(each for each in texts if each != source)):
        unit.xmlelement.append(unit.createlanguageNode(html_code(code), texts[code], "target"))
    return etree.tostring(unit.xmlelement, encoding="utf-8") + b"\n"


def read(data: bytes) -> Memory:
    """Return the pairs of a TMX file. Raises `InvalidInput` if it is not one or has too many."""
    root = validation.root_of(data)
    if root.name != "tmx":
        raise InvalidInput(_("This is not a TMX file. Upload a TMX file."), "kind", "file")
    memory, default = Memory([]), ""
    try:
        for _event, element in etree.iterparse(
            io.BytesIO(data), tag=("header", "tu"), resolve_entities=False, no_network=True, remove_comments=True
        ):
            if element.tag == "header":
                default = element.get("srclang", "")
                continue
            _add(memory, element, default)
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise validation.broken() from error
    if not memory.pairs:
        raise InvalidInput(
            _("This file has no pair of texts in two of the six languages. Upload another file."), "empty", "file"
        )
    return memory


def _add(memory: Memory, unit: etree._Element, default: str) -> None:
    texts: dict[str, str] = {}
    for tuv in unit.iterchildren("tuv"):
        code, segment = language_of(tuv.get(_LANG) or tuv.get("lang")), tuv.find("seg")
        text = clean("".join(_words(segment))) if segment is not None else ""
        if code and code not in texts and 0 < len(text) <= MOST_CHARACTERS:
            texts[code] = text
        else:
            memory.left_out += 1
    for source, target in _directions(texts, unit.get("srclang") or default):
        memory.pairs.append(Pair(source, target, texts[source], texts[target]))
    if len(memory.pairs) > MOST_UNITS:
        raise InvalidInput(
            ngettext(
                "A translation memory can have up to %(limit)d pair of texts. Split the file into several.",
                "A translation memory can have up to %(limit)d pairs of texts. Split the file into several.",
                MOST_UNITS,
            )
            % {"limit": MOST_UNITS},
            "too_many",
            "file",
        )


def _directions(texts: dict[str, str], source: str) -> Iterator[tuple[str, str]]:
    """Yield which text is a translation of which. `*all*` means each of each (TMX 1.4b)."""
    if source.lower() == "*all*":
        yield from permutations(texts, 2)
        return
    code = language_of(source)
    if code in texts:
        yield from ((code, target) for target in texts if target != code)


def _words(element: etree._Element) -> Iterator[str]:
    """Yield the words of a segment. What is within `ph`, `bpt`, `ept`, `it` and `ut` are codes of another tool."""
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and child.tag in {"hi", "sub"}:
            yield from _words(child)
        yield child.tail or ""
