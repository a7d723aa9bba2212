"""A glossary as TBX (ISO 30042): written as TBX-Basic of 2008, which every tool reads; read of 2008 and of 2019.

The Translate Toolkit makes the entries and the file. Its deviations from the standard are corrected here: the type of
the file and its document type, the place of the definition (before the languages), and several words of one language,
each with its status.
"""

import io
from collections.abc import Iterable

from django.utils.translation import gettext as _
from lxml import etree

from plenara.core.languages import NAMES, html_code
from plenara.core.refusals import InvalidInput
from plenara.core.text import clean
from plenara.documents.actions.glossary import words_typed
from plenara.documents.exchange import validation
from plenara.documents.exchange.units import Concept, bounded, concept_id, language_of
from plenara.documents.models import Term

MEDIA_TYPE = "application/x-tbx"
#: The elements for an entry, a language and a term, in the standards of 2008 and 2019.
_ENTRIES = frozenset({"termEntry", "conceptEntry"})
_LANGUAGES = frozenset({"langSet", "langSec"})
_TERMS = frozenset({"tig", "ntig", "termSec"})
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_PREFERRED, _ADMITTED = "preferredTerm-admn-sts", "admittedTerm-admn-sts"
_DOCTYPE = '<!DOCTYPE martif SYSTEM "TBXBasiccoreStructV02.dtd">'


def write(slug: str, terms: Iterable[Term], *, name: str) -> bytes:
    """Return concepts as TBX-Basic."""
    from translate.storage.tbx import tbxfile

    store = tbxfile(sourcelanguage="en")
    root = store.document.getroot()
    root.set("type", "TBX-Basic")
    root.find("martifHeader/fileDesc/sourceDesc/p").text = name
    for term in terms:
        entry = _entry(slug, term)
        if entry is not None:
            store.body.append(entry)
    store.XMLdoctype = _DOCTYPE  # type: ignore[assignment]
    out = io.BytesIO()
    store.serialize(out)
    return out.getvalue()


def _entry(slug: str, term: Term) -> etree._Element:
    from translate.storage.tbx import tbxunit

    unit = tbxunit(None, empty=True)
    unit.xmlelement = etree.Element("termEntry", id=concept_id(slug, term.pk))
    if term.note:
        definition = etree.SubElement(unit.xmlelement, "descrip", type="definition")
        definition.text = term.note
    languages = [code for code in NAMES if term.words.get(code)]
    for code in languages:
        unit.set_target_terms([term.words[code], *term.also.get(code, [])], lang=html_code(code))
    for language in unit.xmlelement.iter("langSet"):
        for at, tig in enumerate(language.iter("tig")):
            note = etree.SubElement(tig, "termNote", type="administrativeStatus")
            note.text = _ADMITTED if at else _PREFERRED
    return unit.xmlelement if languages else None


def read(data: bytes) -> list[Concept]:
    """Return the concepts of a TBX file. Raises `InvalidInput` if it is not one."""
    root = validation.root_of(data)
    if root.name not in {"martif", "tbx"}:
        raise InvalidInput(_("This is not a TBX file. Upload a TBX file."), "kind", "file")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        tree = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise validation.broken() from error
    entries = [each for each in tree.iter() if _local(each) in _ENTRIES]
    return bounded([_concept(number, entry) for number, entry in enumerate(entries, 1)])


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _text(element: etree._Element) -> str:
    return clean("".join(element.itertext()))


def _concept(number: int, entry: etree._Element) -> Concept:
    concept = Concept(number, entry.get("id", ""))
    for each in entry.iter():
        # In the standard of 2019 a data category may be an element's own name.
        if (_local(each), each.get("type")) == ("descrip", "definition") or _local(each) == "definition":
            concept.note = concept.note or _text(each)
    for language in (each for each in entry.iter() if _local(each) in _LANGUAGES):
        code = language_of(language.get(_LANG) or language.get("lang"))
        if not code or code in concept.words:
            continue
        # The preferred one comes first, whatever the order of the file; deprecated ones are left out.
        terms = sorted(_terms(language), key=lambda each: each[0])
        words = words_typed(terms[0][1] if terms else "", [text for _place, text in terms[1:]])
        if words.word:
            concept.words[code] = words.word
        if words.also:
            concept.also[code] = list(words.also)
    return concept


def _terms(language: etree._Element) -> list[tuple[int, str]]:
    """Return the words of a language that may be used, each with its place: 0 is preferred."""
    found = []
    for section in (each for each in language.iter() if _local(each) in _TERMS):
        status = next((_text(each) for each in section.iter() if _is_current(each)), "").lower()
        text = next((_text(each) for each in section.iter() if _local(each) == "term"), "")
        if text and not status.startswith(("deprecated", "superseded", "forbidden", "obsolete")):
            found.append((0 if status.startswith("preferred") else 1, text))
    return found


def _is_current(element: etree._Element) -> bool:
    return element.get("type") == "administrativeStatus" or _local(element) == "administrativeStatus"
