"""SKOS in Turtle as rows of themes.

Turtle has no entities and includes nothing. Nothing is ever fetched: JSON-LD, whose contexts may stand elsewhere, is
not read. What the library would do besides with a literal (an XML fragment is parsed, a number reckoned) is taken away.
"""

import logging
import re
import time
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.core.languages import NAMES
from plenara.core.refusals import Invalid, No
from plenara.themes import checks
from plenara.themes.checks import Fault
from plenara.themes.concepts import counted
from plenara.themes.files import Read
from plenara.themes.files.own_label import is_own_label

#: Seconds that a file may take: one as large as may be takes about ten.
SECONDS = 30
#: What an address that is not whole is below: it belongs to nobody.
_NOWHERE = "urn:x-file:"
_CHINESE = ("zh-hans", "zh", "zh-cn", "zh-sg", "zh-hans-cn")


def read(text: str) -> Read:
    """Return the concepts of a file as rows. Raises `Invalid` where it is no Turtle."""
    graph = _parsed(text)
    from rdflib import RDF, SKOS, URIRef

    nodes = {node for node in graph.subjects(RDF.type, SKOS.Concept) if isinstance(node, URIRef)}
    if len(nodes) > checks.MOST:
        sentence = _("The file has %(count)d themes. The list can have %(most)d at most.")
        raise Invalid(sentence % {"count": len(nodes), "most": checks.MOST}, "too_many", "file")
    return _Reading(graph, sorted(nodes)).read()


def _parsed(text: str) -> Any:
    """Return the graph of a Turtle text."""
    import rdflib
    from rdflib import term

    until = time.monotonic() + SECONDS

    class Bounded(rdflib.Graph):
        """A graph that keeps no names of prefixes, which would cost more with each, and gives up when it is late."""

        def bind(self, *args: Any, **kwargs: Any) -> None:
            _require_time(until)

        def add(self, triple: Any) -> Any:
            _require_time(until)
            return super().add(triple)

    # No literal is anything but its letters. Ours is the only use of the library, so this concerns nobody else.
    term._toPythonMapping.clear()
    logging.getLogger("rdflib").setLevel(logging.CRITICAL)
    try:
        return Bounded(bind_namespaces="none").parse(data=text, format="turtle", publicID=_NOWHERE)
    except TooSlow as error:
        raise Invalid(_("The file takes too long to read. Divide it into several."), "too_slow", "file") from error
    except Exception as error:  # whatever the library stumbles over, also how deep something is nested
        line = getattr(error, "lines", None)
        sentence = (
            _("The file is no valid Turtle: something is wrong at line %(line)d.") % {"line": line + 1}
            if isinstance(line, int)
            else _("The file is no valid Turtle.")
        )
        raise Invalid(sentence, "turtle", "file") from error


class TooSlow(Exception):
    """A file is not read to its end in time."""


def _require_time(until: float) -> None:
    if time.monotonic() > until:
        raise TooSlow


class _Reading:
    """One file's concepts, with what is left out of them counted."""

    def __init__(self, graph: Any, nodes: list[Any]):
        self.graph, self.nodes = graph, nodes
        self.found = Read()
        self.left_out = {"language": 0, "broader": 0, "link": 0}
        self.codes = {node: self.code_of(node) for node in nodes}

    def read(self) -> Read:
        # In the order in which people count, since a graph has none: places are given by it.
        for node in sorted(self.nodes, key=lambda each: counted(self.codes[each])):
            self.found.rows.append(self.row(node))
        self.found.notes = list(self.notes())
        return self.found

    def row(self, node: Any) -> dict[str, Any]:
        from rdflib import DCTERMS, OWL, SDO, SKOS

        code = self.codes[node]
        broader = sorted({*self.linked(node, SKOS.broader), *self.linked(node, SKOS.narrower, back=True)}, key=counted)
        self.left_out["broader"] += max(len(broader) - 1, 0)
        labels = self.texts(node, SKOS.prefLabel)
        matches = {str(each) for each in self.graph.objects(node, SKOS.exactMatch)}
        if not str(node).startswith(_own("")) and checks.is_address(str(node)):
            matches.add(str(node))
        row: dict[str, Any] = {
            "code": code,
            "labels": {tongue: self.only(code, tongue, texts) for tongue, texts in labels.items()},
            "alternatives": {
                tongue: sorted({text for _tag, text in texts})[: checks.MOST_ALTERNATIVES]
                for tongue, texts in self.texts(node, SKOS.altLabel).items()
            },
            "definition": {
                tongue: min(texts)[1] if texts else "" for tongue, texts in self.texts(node, SKOS.definition).items()
            },
            "own_labels": sorted(self.own_labels(node)),
            "broader": broader[0] if broader else "",
            "related": sorted({*self.linked(node, SKOS.related), *self.linked(node, SKOS.related, back=True)}),
            "exact_match": sorted(each for each in matches if checks.is_address(each))[: checks.MOST_MATCHES],
            "retired": any(str(each) in {"true", "1"} for each in self.graph.objects(node, OWL.deprecated)),
            "replaced_by": next(iter(sorted(self.linked(node, DCTERMS.isReplacedBy))), ""),
        }
        places = [str(each) for each in self.graph.objects(node, SDO.position)]
        if len(places) == 1 and re.fullmatch(r"[0-9]{1,6}", places[0]):
            row["position"] = int(places[0])
        sources = [str(each) for each in self.graph.objects(node, DCTERMS.source)]
        if len(sources) == 1 and checks.vocabulary_fits(sources[0]):
            row["vocabulary"] = sources[0]
        return row

    def code_of(self, node: Any) -> str:
        """Return a concept's code: of ours the end of its address, of others the notation, or the end without one."""
        from rdflib import SKOS

        address = str(node)
        if address.startswith(_own("")):
            return address.removeprefix(_own(""))
        notations = sorted(str(each) for each in self.graph.objects(node, SKOS.notation))
        return (notations[0] if notations else re.split(r"[/#:]", address)[-1])[:200]

    def linked(self, node: Any, predicate: Any, *, back: bool = False) -> Iterator[str]:
        """Yield the codes that a concept is linked with. A theme of ours that is not in the file is one too."""
        others = self.graph.subjects(predicate, node) if back else self.graph.objects(node, predicate)
        for other in others:
            if other in self.codes:
                yield self.codes[other]
            elif str(other).startswith(_own("")):
                yield str(other).removeprefix(_own(""))
            else:
                self.left_out["link"] += 1

    def texts(self, node: Any, predicate: Any) -> dict[str, list[tuple[int, str]]]:
        """Return texts by each of the six languages, each with how well its tag fits: 0 is best. Empty ones too."""
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
        """Return the one label of a language; a concept with two of them is wrong (SKOS S14)."""
        best = sorted({text for rank, text in texts if rank == min(texts)[0]})
        if len(best) > 1:
            sentence = _("There are two labels in the language %(language)s.") % {"language": NAMES[language]}
            self.found.faults.append(Fault(code, No(sentence, "two", f"label_{language}")))
        return best[0] if best else ""

    def own_labels(self, node: Any) -> Iterator[str]:
        from rdflib import SKOS

        for literal in self.graph.objects(node, SKOS.changeNote):
            language = (getattr(literal, "language", None) or "").lower().split("-")[0]
            if is_own_label(str(literal), language):
                yield language

    def notes(self) -> Iterable[str]:
        """Yield sentences that say what was left out."""
        if n := self.left_out["language"]:
            yield ngettext(
                "%(count)d text in another language, or without one, is left out.",
                "%(count)d texts in other languages, or without one, are left out.",
                n,
            ) % {"count": n}
        if n := self.left_out["broader"]:
            yield ngettext(
                "%(count)d theme stands below several: the first by code is taken.",
                "%(count)d themes stand below several: the first by code is taken.",
                n,
            ) % {"count": n}
        if n := self.left_out["link"]:
            yield ngettext(
                "%(count)d link to what is not in the file is left out.",
                "%(count)d links to what is not in the file are left out.",
                n,
            ) % {"count": n}


def _own(code: str) -> str:
    return f"{settings.SITE_URL}/themes/{code}"
