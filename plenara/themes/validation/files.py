"""Files of themes: reads SKOS in Turtle, reads and writes a table (CSV). `docs/themes.md` has its columns."""

import csv
import hashlib
import io
import logging
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.core.languages import CODES, NAMES
from plenara.core.office_files import BYTE_ORDER_MARK, guard_cell, unguard_cell
from plenara.core.refusals import Denied, InvalidInput
from plenara.core.rows import Json
from plenara.themes import validation
from plenara.themes.presenters import is_own_label
from plenara.themes.queries import Concept, code_order
from plenara.themes.validation import ThemeError

if TYPE_CHECKING:
    from rdflib import Graph, URIRef
    from rdflib.term import Node

#: The most bytes of a file. A vocabulary of five thousand themes in six languages has about this size.
MOST_BYTES = 4 * 1024 * 1024


@dataclass
class Read:
    """The content of a file: a row for each theme, its errors, and what was left out."""

    rows: list[Json] = field(default_factory=list)
    errors: list[ThemeError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    sha256: str = ""


def read(data: bytes, *, name: str) -> Read:
    """Return the themes in a file. Raises `InvalidInput` if the whole file is unusable."""

    if len(data) > MOST_BYTES:
        raise InvalidInput(_("The file is larger than 4 MB. Split it into several files."), "too_large", "file")
    if not data.strip():
        raise InvalidInput(_("The file is empty. Choose another file."), "empty", "file")
    text = _decoded(data)
    ending = name.lower().rpartition(".")[2]
    if ending in {"rdf", "xml", "jsonld", "json", "nt", "n3"} or text.lstrip()[:1] in {"{", "["}:
        raise InvalidInput(
            _("You can import only SKOS in Turtle (.ttl) and tables (.csv). Save the file in one of these formats."),
            "kind",
            "file",
        )
    found = read_table(text) if ending in {"csv", "tsv", "txt"} else read_skos(text)
    found.sha256 = hashlib.sha256(data).hexdigest()
    if not found.rows and not found.errors:
        raise InvalidInput(_("This file contains no themes. Upload another file."), "empty", "file")
    return found


def _decoded(data: bytes) -> str:
    try:
        text = data.decode("utf-16") if data.startswith((b"\xff\xfe", b"\xfe\xff")) else data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(_("The file is not in UTF-8. Save it as UTF-8."), "encoding", "file") from error
    return text.replace("\x00", "")


#: The most seconds for a file: the largest takes about ten.
SKOS_SECONDS = 30
#: The base of relative addresses: it belongs to nobody.
_NO_PLACE = "urn:x-file:"
_CHINESE = ("zh-hans", "zh", "zh-cn", "zh-sg", "zh-hans-cn")


def read_skos(text: str) -> Read:
    """Return the concepts of a file as rows. Raises `InvalidInput` if it is not Turtle."""
    graph = _parsed(text)
    from rdflib import RDF, SKOS, URIRef

    nodes = {node for node in graph.subjects(RDF.type, SKOS.Concept) if isinstance(node, URIRef)}
    if len(nodes) > validation.MOST:
        sentence = _("The file has %(count)d themes. The list can have %(most)d at most. Remove themes from the file.")
        raise InvalidInput(sentence % {"count": len(nodes), "most": validation.MOST}, "too_many", "file")
    return _Reading(graph, sorted(nodes)).read()


def _parsed(text: str) -> "Graph":
    """Return the graph of a Turtle text."""
    import rdflib
    from rdflib import term

    until = time.monotonic() + SKOS_SECONDS

    class Bounded(rdflib.Graph):
        """A graph that stores no prefixes, whose cost grows with each, and gives up after its time."""

        def bind(self, *args: object, **kwargs: object) -> None:
            _require_time(until)

        def add(self, triple: "tuple[Node, Node, Node]") -> Self:
            _require_time(until)
            return super().add(triple)

    # Literals are plain text. Nothing else here uses the library, so this is safe.
    term._toPythonMapping.clear()
    logging.getLogger("rdflib").setLevel(logging.CRITICAL)
    try:
        return Bounded(bind_namespaces="none").parse(data=text, format="turtle", publicID=_NO_PLACE)
    except TooSlow as error:
        raise InvalidInput(
            _("The file takes too long to read. Split it into several files."), "too_slow", "file"
        ) from error
    except Exception as error:  # any failure of the library, also at deep nesting
        line = getattr(error, "lines", None)
        sentence = (
            _("The file is not valid Turtle. Correct the error on line %(line)d.") % {"line": line + 1}
            if isinstance(line, int)
            else _("The file is not valid Turtle. Correct the file and upload it again.")
        )
        raise InvalidInput(sentence, "turtle", "file") from error


class TooSlow(Exception):
    """The file takes too long to read."""


def _require_time(until: float) -> None:
    if time.monotonic() > until:
        raise TooSlow


class _Reading:
    """One file's concepts, with what is left out of them counted."""

    def __init__(self, graph: "Graph", nodes: "list[URIRef]"):
        self.graph, self.nodes = graph, nodes
        self.found = Read()
        self.left_out = {"language": 0, "broader": 0, "link": 0}
        self.codes: dict[Node, str] = {node: self.code_of(node) for node in nodes}

    def read(self) -> Read:
        # In natural order, since a graph has none: it gives the positions.
        for node in sorted(self.nodes, key=lambda each: code_order(self.codes[each])):
            self.found.rows.append(self.row(node))
        self.found.notes = list(self.notes())
        return self.found

    def row(self, node: "URIRef") -> Json:
        from rdflib import DCTERMS, OWL, SDO, SKOS

        code = self.codes[node]
        broader = sorted(
            {*self.linked(node, SKOS.broader), *self.linked(node, SKOS.narrower, back=True)}, key=code_order
        )
        self.left_out["broader"] += max(len(broader) - 1, 0)
        labels = self.texts(node, SKOS.prefLabel)
        matches = {str(each) for each in self.graph.objects(node, SKOS.exactMatch)}
        if not str(node).startswith(_own("")) and validation.is_address(str(node)):
            matches.add(str(node))
        row: Json = {
            "code": code,
            "labels": {tongue: self.only(code, tongue, texts) for tongue, texts in labels.items()},
            "alternatives": {
                tongue: sorted({text for _tag, text in texts})[: validation.MOST_ALTERNATIVES]
                for tongue, texts in self.texts(node, SKOS.altLabel).items()
            },
            "definition": {
                tongue: min(texts)[1] if texts else "" for tongue, texts in self.texts(node, SKOS.definition).items()
            },
            "own_labels": sorted(self.own_labels(node)),
            "broader": broader[0] if broader else "",
            "related": sorted({*self.linked(node, SKOS.related), *self.linked(node, SKOS.related, back=True)}),
            "exact_match": sorted(each for each in matches if validation.is_address(each))[: validation.MOST_MATCHES],
            "retired": any(str(each) in {"true", "1"} for each in self.graph.objects(node, OWL.deprecated)),
            "replaced_by": next(iter(sorted(self.linked(node, DCTERMS.isReplacedBy))), ""),
        }
        places = [str(each) for each in self.graph.objects(node, SDO.position)]
        if len(places) == 1 and re.fullmatch(r"[0-9]{1,6}", places[0]):
            row["position"] = int(places[0])
        sources = [str(each) for each in self.graph.objects(node, DCTERMS.source)]
        if len(sources) == 1 and validation.vocabulary_fits(sources[0]):
            row["vocabulary"] = sources[0]
        return row

    def code_of(self, node: "URIRef") -> str:
        """Return a concept's code: of ours the end of its address, of others the notation or that end."""
        from rdflib import SKOS

        address = str(node)
        if address.startswith(_own("")):
            return address.removeprefix(_own(""))
        notations = sorted(str(each) for each in self.graph.objects(node, SKOS.notation))
        return (notations[0] if notations else re.split(r"[/#:]", address)[-1])[:200]

    def linked(self, node: "URIRef", predicate: "URIRef", *, back: bool = False) -> Iterator[str]:
        """Yield the codes of linked concepts, including themes of ours that are not in the file."""
        others = self.graph.subjects(predicate, node) if back else self.graph.objects(node, predicate)
        for other in others:
            if other in self.codes:
                yield self.codes[other]
            elif str(other).startswith(_own("")):
                yield str(other).removeprefix(_own(""))
            else:
                self.left_out["link"] += 1

    def texts(self, node: "URIRef", predicate: "URIRef") -> dict[str, list[tuple[int, str]]]:
        """Return the texts by language, each with the fit of its tag: 0 is best. Includes empty ones."""
        found: dict[str, list[tuple[int, str]]] = {code: [] for code in NAMES}
        for literal in self.graph.objects(node, predicate):
            tag = (getattr(literal, "language", None) or "").lower()
            language = tag.split("-")[0]
            if language not in NAMES or (language == "zh" and tag not in _CHINESE):
                self.left_out["language"] += 1
                continue
            rank = _CHINESE.index(tag) if language == "zh" else int(tag != language)
            found[language].append((rank, str(literal)))
        return found

    def only(self, code: str, language: str, texts: list[tuple[int, str]]) -> str:
        """Return the label of a language; two are an error (SKOS S14)."""
        best = sorted({text for rank, text in texts if rank == min(texts)[0]})
        if len(best) > 1:
            sentence = _("There are two labels in the language %(language)s. Leave only one.") % {
                "language": NAMES[language]
            }
            self.found.errors.append(ThemeError(code, Denied(sentence, "two", f"label_{language}")))
        return best[0] if best else ""

    def own_labels(self, node: "URIRef") -> Iterator[str]:
        from rdflib import SKOS

        for literal in self.graph.objects(node, SKOS.changeNote):
            language = (getattr(literal, "language", None) or "").lower().split("-")[0]
            if is_own_label(str(literal), language):
                yield language

    def notes(self) -> Iterable[str]:
        """Yield sentences that say what was left out."""
        if n := self.left_out["language"]:
            yield ngettext(
                "%(count)d text in another language, or without a language, was left out.",
                "%(count)d texts in other languages, or without a language, were left out.",
                n,
            ) % {"count": n}
        if n := self.left_out["broader"]:
            yield ngettext(
                "%(count)d theme has several broader themes: the first by code was used.",
                "%(count)d themes have several broader themes: the first by code was used.",
                n,
            ) % {"count": n}
        if n := self.left_out["link"]:
            yield ngettext(
                "%(count)d link to something that is not in the file was left out.",
                "%(count)d links to things that are not in the file were left out.",
                n,
            ) % {"count": n}


def _own(code: str) -> str:
    return f"{settings.SITE_URL}/themes/{code}"


TABLE_MEDIA_TYPE = "text/csv; charset=utf-8; header=present"
#: Separator of several values in one cell.
TABLE_SEPARATOR = " | "
_ONE = ("vocabulary", "broader", "position", "retired", "replaced_by")
_SEVERAL = ("related", "exact_match", "own_labels")
_BY_LANGUAGE = {"label": "labels", "alternatives": "alternatives", "definition": "definition"}
#: The first row. New columns come at the end; none is ever renamed.
TABLE_COLUMNS = ("code", *_ONE, *_SEVERAL, *(f"{name}_{code}" for name in _BY_LANGUAGE for code in CODES))


def write_table(concepts: Iterable[Concept]) -> Iterator[str]:
    """Yield the list as CSV."""
    yield BYTE_ORDER_MARK + _line(TABLE_COLUMNS)
    for each in concepts:
        yield _line(guard_cell(cell) for cell in _row_cells(each))


def table_cells(concept: Concept) -> dict[str, str]:
    """Return the cells of a theme, by column."""
    return dict(zip(TABLE_COLUMNS, _row_cells(concept), strict=True))


def _row_cells(concept: Concept) -> Iterator[str]:
    yield concept.code
    for name in _ONE:
        value = getattr(concept, name)
        yield ("yes" if value else "") if isinstance(value, bool) else str(value)
    for name in _SEVERAL:
        yield TABLE_SEPARATOR.join(getattr(concept, name))
    for attribute in _BY_LANGUAGE.values():
        for code in CODES:
            value = getattr(concept, attribute).get(code, "")
            yield value if isinstance(value, str) else TABLE_SEPARATOR.join(value)


def _line(cells: Iterable[str]) -> str:
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\r\n").writerow(cells)
    return file.getvalue()


def read_table(text: str) -> Read:
    """Return the rows of a table. A missing column changes nothing; an empty cell deletes the value."""
    found = Read()
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns: list[str] = []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if not columns:
                columns = [cell.strip().lower() for cell in cells]
                _require(columns)
                continue
            if len(found.rows) >= validation.MOST:
                sentence = _(
                    "The list can have %(most)d themes at most, and the file has more. Remove themes from the file."
                )
                raise InvalidInput(sentence % {"most": validation.MOST}, "too_many", "file")
            _take(dict(zip(columns, map(unguard_cell, cells), strict=False)), reader.line_num, found)
    except csv.Error as error:
        sentence = _("Line %(line)d of the table cannot be read. Correct this line.") % {"line": reader.line_num}
        raise InvalidInput(sentence, "csv", "file") from error
    return found


def _require(columns: list[str]) -> None:
    strange = [each for each in columns if each and each not in TABLE_COLUMNS]
    twice = [each for each in columns if each and columns.count(each) > 1]
    if "code" not in columns:
        raise InvalidInput(_("The first row has no “code” column. Add this column."), "columns", "file")
    if strange or twice:
        sentence = _("The first row has an unknown or repeated column: %(name)s. Rename or delete this column.")
        raise InvalidInput(sentence % {"name": (strange or twice)[0][:60]}, "columns", "file")


def _take(cells: dict[str, str], line: int, found: Read) -> None:
    code = cells["code"].strip()
    if not code:
        sentence = _("Line %(line)d has no code. Enter a code.") % {"line": line}
        found.errors.append(ThemeError("", Denied(sentence, "code", "code")))
        return
    row: Json = {"code": code}
    for name in ("vocabulary", "broader", "replaced_by"):
        if name in cells:
            row[name] = cells[name].strip()
    if position := cells.get("position", "").strip():
        if position.isascii() and position.isdecimal() and len(position) <= 6:
            row["position"] = int(position)
        else:
            found.errors.append(
                ThemeError(
                    code, Denied(_("The position is not a whole number. Enter a whole number."), "position", "position")
                )
            )
    if "retired" in cells:
        row["retired"] = cells["retired"].strip().lower() in {"yes", "true", "1"}
    for name in _SEVERAL:
        if name in cells:
            row[name] = _several(cells[name])
    for name, attribute in _BY_LANGUAGE.items():
        texts = {tongue: cells[f"{name}_{tongue}"] for tongue in CODES if f"{name}_{tongue}" in cells}
        if texts:
            row[attribute] = {t: _several(text) for t, text in texts.items()} if name == "alternatives" else texts
    if not row.get("vocabulary"):
        row.pop("vocabulary", None)
    found.rows.append(row)


def _several(cell: str) -> list[str]:
    return [text for part in cell.split("|") if (text := part.strip())]
