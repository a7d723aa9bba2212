"""Helpers that make translators' files, and change them as a translator's tool would."""

import io
import re
from typing import Any

from lxml import etree

from plenara.documents.actions.glossary import Words, add_term
from plenara.documents.exchange import docx, xliff
from plenara.documents.exchange.actions import incoming_files
from plenara.documents.exchange.actions.incoming_files import Judgement, judge
from plenara.documents.exchange.queries import outgoing_rendition
from plenara.documents.models import Document, IncomingFile
from tests.documents.making import fresh

CORE = "{urn:oasis:names:tc:xliff:document:2.0}"


def away(document: Document, language: str = "ar", ending: str = "xlf", *, is_open: bool = False) -> bytes:
    """Return a rendition as an exported file."""
    it = outgoing_rendition(fresh(document), language, name="Summary 1", is_open=is_open)
    return xliff.write(it) if ending == "xlf" else docx.write(it)


def translated_xliff(data: bytes, words: dict[str, str], *, state: str = "translated", source: str = "") -> bytes:
    """Return an XLIFF file with targets written into the units of some ids (`*`: into each, `{}` is its source)."""
    tree = etree.fromstring(data)
    for unit in tree.iter(f"{CORE}unit"):
        text = words.get(unit.get("id"), words.get("*"))
        if text is None:
            continue
        segment = unit.find(f"{CORE}segment")
        original = segment.find(f"{CORE}source")
        target = segment.find(f"{CORE}target")
        if target is None:
            target = etree.SubElement(segment, f"{CORE}target")
        target.text = text.replace("{}", original.text)
        segment.set("state", state)
        if source:
            original.text = source
    return etree.tostring(tree, encoding="utf-8", xml_declaration=True)


def translated_docx(data: bytes, words: dict[str, str], *, column: int = 2) -> bytes:
    """Return a Word file with words typed into the rows of some ids (`*`: into each, `{}` is its source)."""
    from docx import Document as Word

    document = Word(io.BytesIO(data))
    for row in document.tables[0].rows[1:]:
        cells = row.cells
        mark = re.search(r"\[([a-z0-9-]+)\|", cells[0].text)[1]
        text = words.get(mark, words.get("*"))
        if text is not None:
            cells[column].text = text.replace("{}", cells[1].text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def read(data: bytes) -> Any:
    """Read a file of any kind."""
    return docx.read(data) if data.startswith(b"PK") else xliff.read(data)


def judged(document: Document, data: bytes, language: str = "ar") -> Judgement:
    """Return the judgement of a file."""
    return judge(fresh(document), language, incoming_files.rows_of(read(data)))


def kept(actor: Any, document: Document, data: bytes, language: str = "ar") -> IncomingFile:
    """Return an unconfirmed file."""
    return incoming_files.store_file(
        actor=actor,
        consultation=document.consultation,
        what=IncomingFile.What.RENDITION,
        name="returned.xlf",
        rows=incoming_files.rows_of(read(data)),
        document=document,
        language=language,
    )


def taken(actor: Any, document: Document, data: bytes, language: str = "ar") -> Judgement:
    """Take a file, as its second page does."""
    return incoming_files.take_rendition(actor=actor, file=kept(actor, document, data, language))


def outcomes(judgement: Judgement) -> dict[int, str]:
    """Return the outcome for each statement, by its number; 0 is the title."""
    return {each.number: each.code or each.outcome for each in judgement.verdicts}


def waiting(rapporteur: Any, translator: Any, document: Document) -> dict[str, int]:
    """Return the ids of a term, and of a file of each kind that a translator into Arabic uploaded."""
    where, known = document.consultation, {"actor": translator, "consultation": document.consultation, "name": "a-file"}
    words = {"en": Words("hub", ("node",)), "ar": Words("مركز"), "zh": Words("枢纽")}
    term = add_term(actor=rapporteur, consultation=where, words=words, note="A place where people meet online.")
    away_and_back = translated_xliff(away(document), {"*": "وصلت الوثائق متأخرة."}).replace(b'"title"', b'"intruder"')
    concepts = [
        {"row": 2, "id": "", "words": {"en": "hub", "ar": "محور"}, "also": {}, "note": ""},
        {"row": 3, "id": "", "words": {"en": "wire", "ar": "سلك"}, "also": {}, "note": "Not theirs to add."},
    ]
    return {
        "term": term.pk,
        "returned": kept(translator, document, away_and_back).pk,
        "terms": incoming_files.store_file(**known, what="glossary", rows=concepts).pk,
        "memory": incoming_files.store_file(
            **known, what="memory", rows=[("en", "ar", "Yes", "نعم"), ("en", "fr", "Yes", "Oui")]
        ).pk,
    }
