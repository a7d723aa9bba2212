"""What is wrong with an answer, by its kind: formulas in cells, what no reader of its kind reads, broken headers."""

import csv
import gzip
import io
import json
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import icalendar
import rdflib
from lxml import etree

#: A cell that some spreadsheet calculates with: `docs/decisions/0017-cells-that-no-spreadsheet-calculates-with.md`.
FORMULA = re.compile(r"(?:\A|[\r\n;])\s*[=+\-@＝＋－＠]")
NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
JSON_LD = re.compile(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', re.DOTALL)
DISPOSITION = re.compile(
    r"(?:attachment|inline)(?:; filename=\"[^\"\\/\x00-\x1f]+\"|; filename\*=utf-8''[A-Za-z0-9%._~-]+)*"
)
#: Endings of files within an archive, and what is in them.
KINDS = {
    "csv": "text/csv", "json": "application/json", "jsonl": "application/x-ndjson", "xml": "application/xml",
    "rels": "application/xml", "svg": "image/svg+xml", "html": "text/html", "ics": "text/calendar",
    "docx": "application/zip", "zip": "application/zip", "xlf": "application/xml", "xlsx": "application/zip",
}  # fmt: skip


def content_of(answer: Any) -> bytes:
    """Return the bytes of an answer."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def errors_of(answer: Any) -> list[str]:
    """Say everything that is wrong with an answer of Django's, its headers among it."""
    errors = [f"header {name} breaks" for name, value in answer.items() if re.search(r"[\r\n\x00]", value)]
    disposition = answer.headers.get("Content-Disposition", "")
    if disposition and not DISPOSITION.fullmatch(disposition):
        errors.append(f"Content-Disposition: {disposition}")
    content = content_of(answer)
    return errors + list(errors_in(content, answer.headers.get("Content-Type", "").partition(";")[0]))


def errors_in(content: bytes, kind: str) -> Iterator[str]:
    """Yield what is wrong with a file of a media type."""
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    try:
        if kind == "application/mbox" or kind.endswith("/gzip"):
            yield from _mailbox(content.decode())
        elif content[:4] == b"PK\x03\x04":
            yield from _archive(content)
        elif kind == "text/csv":
            yield from _cells(content)
        elif kind.endswith(("ndjson", "jsonl")):
            for line in content.decode().split("\n"):
                _read_json(line or "0")
        elif kind.endswith("json"):
            _read_json(content.decode())
        elif kind.endswith("xml"):
            yield from _xml(content)
        elif kind == "text/calendar":
            yield from _calendar(content)
        elif kind == "text/turtle":
            rdflib.Graph().parse(data=content, format="turtle")
        elif kind == "text/html":
            yield from _page(content.decode())
        elif "bibtex" in kind or "research-info-systems" in kind:
            yield from _reference(content.decode())
    except (ValueError, etree.XMLSyntaxError, csv.Error, rdflib.exceptions.ParserError, SyntaxError) as error:
        yield f"cannot be read: {error!r}"[:300]


def _cells(content: bytes) -> Iterator[str]:
    for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True):
        for cell in row:
            if FORMULA.search(cell) and not NUMBER.fullmatch(cell):
                yield f"a formula: {cell[:40]!r}"


def _read_json(text: str) -> None:
    def never(word: str) -> None:
        raise ValueError(word)

    json.dumps(json.loads(text, parse_constant=never), ensure_ascii=False).encode()  # half a character has no bytes


def _xml(content: bytes) -> Iterator[str]:
    tree = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    if tree.getroottree().docinfo.internalDTD is not None and tree.getroottree().docinfo.internalDTD.entities():
        yield "declares entities"
    for each in tree.iter("{*}script", "{*}foreignObject"):
        yield f"has <{each.tag}>"


def _calendar(content: bytes) -> Iterator[str]:
    calendar = icalendar.Calendar.from_ical(content)
    if any(each.name == "VALARM" for each in calendar.walk()):
        yield "has an alarm that nobody set"
    if any(len(line) > 75 for line in content.split(b"\r\n")) or re.search(rb"\r(?!\n)|(?<!\r)\n", content):
        yield "has lines that are none"


def _page(page: str) -> Iterator[str]:
    for said in JSON_LD.findall(page):
        _read_json(said)
    if "<script>owned" in page:
        yield "has a script"


def _mailbox(text: str) -> Iterator[str]:
    for message in re.split(r"^From (?=\S+ )", text, flags=re.MULTILINE)[1:]:
        head = message.partition("\n\n")[0]
        if "evil@" in head or re.search(r"^Bcc:", head, re.MULTILINE) or "Message-ID" not in head:
            yield f"a message that is none: {head[:60]!r}"


def _reference(text: str) -> Iterator[str]:
    if re.search(r"^\s*@evil", text, re.MULTILINE) or re.search(r"^TY  - EVIL", text, re.MULTILINE):
        yield "has a reference that is none"
    if text.startswith("@") and re.sub(r"\\.", "", text).count("{") != re.sub(r"\\.", "", text).count("}"):
        yield "has a brace too many"


def _archive(content: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.startswith("/") or ".." in name.split("/") or re.search(r"[\x00-\x1f\\:]", name):
                yield f"{name!r} leaves the folder"
            for error in errors_in(archive.read(name), KINDS.get(name.rpartition(".")[2].lower(), "")):
                yield f"{name}: {error}"
