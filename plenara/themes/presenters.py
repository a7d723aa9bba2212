"""The list as SKOS, in Turtle and in JSON-LD: the same list gives the same bytes. Written piece by piece."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files

from plenara.core.languages import CODES, html_code
from plenara.themes.queries import Concept


@cache
def own_label_notes() -> dict[str, str]:
    """Return the note by language."""
    found: dict[str, str] = json.loads(files("plenara.themes").joinpath("data/own_label.json").read_text("utf-8"))
    return found


def is_own_label(note: str, language: str) -> bool:
    """Return whether a note of a file is this one."""
    return own_label_notes().get(language) == note


TURTLE, JSONLD = "text/turtle; charset=utf-8", "application/ld+json; charset=utf-8"
_PREFIXES = {
    "dcterms": "http://purl.org/dc/terms/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_SIGNS = re.compile('[\\x00-\\x1f"\\\\\\x7f]')

type Texts = Mapping[str, str]


class Scheme:
    """The list's address and title."""

    def __init__(self, site: str, title: Texts):
        self.address, self.title = f"{site}/themes", title

    def of(self, code: str) -> str:
        """Return a theme's permanent address."""
        return f"{self.address}/{code}"


def turtle(scheme: Scheme, concepts: Iterable[Concept], *, whole: bool = True) -> Iterator[str]:
    """Yield the list as Turtle; without `whole` some of its themes, with only the address of the scheme."""
    yield "".join(f"@prefix {name}: <{address}> .\n" for name, address in _PREFIXES.items())
    concepts = list(concepts)
    if whole:
        tops = [scheme.of(each.code) for each in concepts if not each.broader]
        yield _block(
            scheme.address,
            [
                ("a", "skos:ConceptScheme"),
                ("dcterms:title", _texts(scheme.title)),
                ("skos:hasTopConcept", ", ".join(f"<{each}>" for each in tops)),
            ],
        )
    for each in concepts:
        yield _block(scheme.of(each.code), _statements(scheme, each))


def _statements(scheme: Scheme, concept: Concept) -> list[tuple[str, str]]:
    own = {code: own_label_notes()[code] for code in concept.own_labels if code in own_label_notes()}
    return [
        ("a", "skos:Concept"),
        ("skos:inScheme", f"<{scheme.address}>"),
        ("skos:topConceptOf", "" if concept.broader else f"<{scheme.address}>"),
        ("skos:notation", _string(concept.code)),
        ("skos:prefLabel", _texts(concept.labels)),
        ("skos:altLabel", ", ".join(filter(None, (_several(code, concept.alternatives) for code in CODES)))),
        ("skos:definition", _texts(concept.definition)),
        ("skos:broader", f"<{scheme.of(concept.broader)}>" if concept.broader else ""),
        ("skos:related", ", ".join(f"<{scheme.of(code)}>" for code in concept.related)),
        ("skos:exactMatch", ", ".join(f"<{each}>" for each in concept.exact_match)),
        ("skos:changeNote", _texts(own)),
        ("dcterms:source", _string(concept.vocabulary)),
        ("schema:position", str(concept.position)),
        ("owl:deprecated", "true" if concept.retired else ""),
        ("dcterms:isReplacedBy", f"<{scheme.of(concept.replaced_by)}>" if concept.replaced_by else ""),
    ]


def _block(address: str, properties: Iterable[tuple[str, str]]) -> str:
    return f"\n<{address}> " + " ;\n    ".join(f"{name} {value}" for name, value in properties if value) + " .\n"


def _texts(texts: Texts) -> str:
    return ", ".join(f"{_string(texts[code])}@{html_code(code)}" for code in CODES if texts.get(code))


def _several(code: str, texts: Mapping[str, list[str]]) -> str:
    return ", ".join(f"{_string(text)}@{html_code(code)}" for text in texts.get(code, []))


def _string(text: str) -> str:
    return f'"{_SIGNS.sub(lambda found: _ESCAPES.get(found[0], f"\\u{ord(found[0]):04X}"), text)}"'


# --- JSON-LD ---

_CONTEXT: dict[str, object] = {
    **{name: _PREFIXES[name] for name in ("dcterms", "owl", "schema", "skos", "xsd")},
    "id": "@id",
    "type": "@type",
    "title": {"@id": "dcterms:title", "@container": "@language"},
    "hasTopConcept": {"@id": "skos:hasTopConcept", "@type": "@id", "@container": "@set"},
    "inScheme": {"@id": "skos:inScheme", "@type": "@id"},
    "topConceptOf": {"@id": "skos:topConceptOf", "@type": "@id"},
    "notation": "skos:notation",
    "prefLabel": {"@id": "skos:prefLabel", "@container": "@language"},
    "altLabel": {"@id": "skos:altLabel", "@container": "@language"},
    "definition": {"@id": "skos:definition", "@container": "@language"},
    "broader": {"@id": "skos:broader", "@type": "@id"},
    "related": {"@id": "skos:related", "@type": "@id", "@container": "@set"},
    "exactMatch": {"@id": "skos:exactMatch", "@type": "@id", "@container": "@set"},
    "changeNote": {"@id": "skos:changeNote", "@container": "@language"},
    "source": "dcterms:source",
    "position": {"@id": "schema:position", "@type": "xsd:integer"},
    "deprecated": {"@id": "owl:deprecated", "@type": "xsd:boolean"},
    "isReplacedBy": {"@id": "dcterms:isReplacedBy", "@type": "@id"},
}


def json_ld(scheme: Scheme, concepts: Iterable[Concept], *, whole: bool = True) -> Iterator[str]:
    """Yield the list as JSON-LD, with the context included."""
    concepts = list(concepts)
    yield f'{{"@context":{_json(_CONTEXT)},"@graph":['
    separator = "\n"
    if whole:
        tops = [scheme.of(each.code) for each in concepts if not each.broader]
        head = {"id": scheme.address, "type": "skos:ConceptScheme", "title": _tagged(scheme.title)}
        yield separator + _json(_present({**head, "hasTopConcept": tops}))
        separator = ",\n"
    for each in concepts:
        yield separator + _json(_node(scheme, each))
        separator = ",\n"
    yield "\n]}\n"


def _node(scheme: Scheme, concept: Concept) -> dict[str, object]:
    return _present(
        {
            "id": scheme.of(concept.code),
            "type": "skos:Concept",
            "inScheme": scheme.address,
            "topConceptOf": "" if concept.broader else scheme.address,
            "notation": concept.code,
            "prefLabel": _tagged(concept.labels),
            "altLabel": _tagged(concept.alternatives),
            "definition": _tagged(concept.definition),
            "broader": scheme.of(concept.broader) if concept.broader else "",
            "related": [scheme.of(code) for code in concept.related],
            "exactMatch": concept.exact_match,
            "changeNote": _tagged(
                {code: own_label_notes()[code] for code in concept.own_labels if code in own_label_notes()}
            ),
            "source": concept.vocabulary,
            "position": concept.position,
            "deprecated": concept.retired,
            "isReplacedBy": scheme.of(concept.replaced_by) if concept.replaced_by else "",
        }
    )


def _tagged(texts: Mapping[str, object]) -> dict[str, object]:
    return {html_code(code): texts[code] for code in CODES if texts.get(code)}


def _present(values: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if value or (value == 0 and value is not False)}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
