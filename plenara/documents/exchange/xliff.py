"""XLIFF 2 (OASIS, 2.0 and 2.1 core): a rendition as a file for translators' tools, and such a file read back.

The Translate Toolkit makes segments and writes the file. One deviation from the standard is corrected here: it puts
notes and `xml:space` on the segment, where the core has neither. A statement is a group, and each of its parts a unit
of one segment. The digest of a unit's source is in the metadata module, which most tools preserve; where it is missing,
it is calculated again.
"""

import io

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from lxml import etree

from plenara.core.languages import direction, html_code
from plenara.core.refusals import InvalidInput
from plenara.documents.exchange import validation
from plenara.documents.exchange.units import (
    PARTS,
    Note,
    OutgoingRendition,
    Part,
    Returned,
    Unit,
    document_of,
    language_of,
    unit_of,
)
from plenara.documents.queries.drafts import PHRASES

MEDIA_TYPE = "application/xliff+xml"
_CORE = "urn:oasis:names:tc:xliff:document:2.0"
_METADATA = "urn:oasis:names:tc:xliff:metadata:2.0"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
#: Each version of the standard has a namespace of its own; the core has not changed since 2.0.
_FAMILY = "urn:oasis:names:tc:xliff:document:"
_STATES = frozenset({"initial", "translated", "reviewed", "final"})
_PREFIX = "plenara"


def write(leaving: OutgoingRendition) -> bytes:
    """Return a rendition as XLIFF 2.0."""
    from translate.storage.xliff2 import Xliff2File

    store = Xliff2File(sourcelanguage=html_code(leaving.source_language), targetlanguage=html_code(leaving.language))
    file = store.body
    for name, value in {
        "id": leaving.id,
        "original": f"{leaving.slug}/{leaving.name}",
        "canResegment": "no",  # returned segments are joined again, but tools need not split them
        "srcDir": direction(leaving.source_language),
        "trgDir": direction(leaving.language),
    }.items():
        file.set(name, value)
    groups: dict[int, etree._Element] = {}
    for unit in leaving.units:
        where = file
        if unit.part in PARTS:
            if unit.paragraph not in groups:
                groups[unit.paragraph] = group = etree.SubElement(file, _core("group"), id=f"s{unit.paragraph}")
                group.set("name", unit.name)
            where = groups[unit.paragraph]
        where.append(_unit(unit))
    out = io.BytesIO()
    store.serialize(out)
    return out.getvalue()


def _core(name: str) -> str:
    return f"{{{_CORE}}}{name}"


def _unit(unit: Unit) -> etree._Element:
    """Return one unit: metadata, notes and segment, in the order that the core wants."""
    from translate.storage.xliff2 import Xliff2Unit

    made = Xliff2Unit(_xml(unit.source))
    segment = made.xmlelement
    segment.attrib.pop(_SPACE, None)
    if unit.target:
        made.target = _xml(unit.target)
        segment.set("state", unit.state)  # the core has a state other than `initial` only where there is a target
    if unit.is_outdated:
        segment.set("state", "initial")
        segment.set("subState", f"{_PREFIX}:outdated")
    element = made.getunitelement()
    element.set("id", unit.id)
    element.set("name", _named(unit))
    element.set(_SPACE, "preserve")
    element.insert(0, _metadata(unit))
    if unit.notes:
        element.insert(1, _notes(unit.notes))
    return element


def _named(unit: Unit) -> str:
    if unit.part in PHRASES:
        return unit.name
    return {
        "title": pgettext("label", "Title"),
        "heading": _("%(part)s: heading") % {"part": unit.name},
        "text": unit.name,
        "against": _("%(part)s: opposing view") % {"part": unit.name},
    }[unit.part]


def _metadata(unit: Unit) -> etree._Element:
    metadata = etree.Element(f"{{{_METADATA}}}metadata", nsmap={"mda": _METADATA})
    group = etree.SubElement(metadata, f"{{{_METADATA}}}metaGroup", category=_PREFIX)
    for kind, value in (("number", str(unit.number)), ("source", unit.source_digest), ("target", unit.target_digest)):
        meta = etree.SubElement(group, f"{{{_METADATA}}}meta", type=kind)
        meta.text = value
    return metadata


def _notes(notes: tuple[Note, ...]) -> etree._Element:
    element = etree.Element(_core("notes"))
    for each in notes:
        note = etree.SubElement(element, _core("note"), category=each.category)
        note.text = _xml(each.text)
    return element


def _xml(text: str) -> str:
    """Return a text without the characters that XML 1.0 forbids. Stored texts are clean already; cited ones, nearly."""
    return "".join(letter for letter in text if letter in "\t\n" or ("\x20" <= letter not in "\ufffe\uffff"))


# --- reading ---


def read(data: bytes) -> Returned:
    """Read an XLIFF file. Raises `InvalidInput` if it is not one, or not ours."""
    from translate.misc.xml_helpers import parse_xml

    root = validation.root_of(data)
    if root.name != "xliff":
        raise InvalidInput(_("This is not an XLIFF file. Upload an XLIFF file."), "kind", "file")
    if not root.namespace.startswith(f"{_FAMILY}2."):
        raise InvalidInput(
            _(
                "This file is in another version of XLIFF. Set your tool to save as XLIFF 2, like the file "
                "you downloaded."
            ),
            "version",
            "file",
        )
    try:
        tree = parse_xml(data, collect_ids=False)
    except etree.XMLSyntaxError as error:
        raise validation.broken() from error
    files = [(known, each) for each in _children(tree, "file") if (known := document_of(each.get("id", "")))]
    if len(files) != 1:
        raise InvalidInput(
            _(
                "This file does not say which translation it belongs to. Upload the file that you "
                "downloaded from this site."
            ),
            "unknown",
            "file",
        )
    (document, language), file = files[0]
    if language_of(tree.get("trgLang")) not in {language, ""}:
        raise InvalidInput(
            _("The target language in this file was changed. Download the file again."),
            "language",
            "file",
        )
    found = Returned(document, language_of(tree.get("srcLang")), language)
    for element in file.iter(f"{{{root.namespace}}}unit"):
        known = unit_of(element.get("id", ""))
        if known is None:
            found.strangers.append(element.get("id", "")[:40])
        else:
            found.parts.append(_part(*known, element))
    return found


def _children(element: etree._Element, *names: str) -> list[etree._Element]:
    return [child for child in element if isinstance(child.tag, str) and etree.QName(child).localname in names]


def _part(paragraph: int, part: str, unit: etree._Element) -> Part:
    segments = _children(unit, "segment", "ignorable")
    kept = _preserved(unit)
    return Part(
        paragraph=paragraph,
        part=part,
        source="".join(_text(segment, "source") for segment in segments),
        target="".join(_text(segment, "target") for segment in _in_order(segments)),
        source_digest=kept.get("source", ""),
        target_digest=kept.get("target", ""),
        state=_state(segments),
    )


def _in_order(segments: list[etree._Element]) -> list[etree._Element]:
    """Return segments in the order of their targets, which a translator may have changed (`order`)."""

    def place(at: int, segment: etree._Element) -> int:
        written = next((each.get("order", "") for each in _children(segment, "target")), "")
        return int(written) - 1 if written.isascii() and written.isdecimal() and len(written) < 6 else at

    return [each for _place, _at, each in sorted((place(at, each), at, each) for at, each in enumerate(segments))]


def _text(segment: etree._Element, name: str) -> str:
    """Return the words of a source or target, without the marks of other tools."""
    found = _children(segment, name)
    if found:
        return str(found[0].xpath("string()"))
    # White space between two sentences that a tool split is preserved if it translated nothing.
    is_gap = etree.QName(segment).localname == "ignorable" and name == "target"
    return _text(segment, "source") if is_gap else ""


def _state(segments: list[etree._Element]) -> str:
    """Return the state of the least advanced segment."""
    order = ["initial", "translated", "reviewed", "final"]
    states = [each.get("state", "initial") for each in segments if etree.QName(each).localname == "segment"]
    return min((state if state in _STATES else "initial" for state in states), key=order.index, default="initial")


def _preserved(unit: etree._Element) -> dict[str, str]:
    groups = unit.iterfind(f"{{{_METADATA}}}metadata/{{{_METADATA}}}metaGroup[@category='{_PREFIX}']")
    return {
        meta.get("type", ""): (meta.text or "").strip()
        for group in groups
        for meta in group.iterfind(f"{{{_METADATA}}}meta")
    }
