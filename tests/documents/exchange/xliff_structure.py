"""Checks of a file's structure against the XLIFF 2 core (OASIS, sections 4.2 and 4.3).

Only what we write is checked: no inline codes, no skeleton, no change tracking. `errors` returns a sentence for each
violation, with the place.
"""

import re
from typing import Any

from lxml import etree

CORE = "urn:oasis:names:tc:xliff:document:2.0"
XML = "http://www.w3.org/XML/1998/namespace"
NMTOKEN = re.compile(r"[\w.:\-·]+\Z")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\Z")
STATES = {"initial", "translated", "reviewed", "final"}

#: Attributes of the core that each element may have, and whether `xml:space` is among them. Those of other namespaces
#: are allowed only on xliff, file, group, unit and note.
ATTRIBUTES = {
    "xliff": ({"version", "srcLang", "trgLang"}, True),
    "file": ({"id", "canResegment", "original", "translate", "srcDir", "trgDir"}, True),
    "group": ({"id", "name", "canResegment", "translate", "srcDir", "trgDir", "type"}, True),
    "unit": ({"id", "name", "canResegment", "translate", "srcDir", "trgDir", "type"}, True),
    "segment": ({"id", "canResegment", "state", "subState"}, False),
    "notes": (set(), False),
    "note": ({"id", "appliesTo", "category", "priority"}, False),
    "source": (set(), True),
    "target": ({"order"}, True),
}
#: The children that each may have, in this order. `*` is another namespace.
CHILDREN = {
    "xliff": (("file",),),
    "file": (("*",), ("notes",), ("unit", "group")),
    "group": (("*",), ("notes",), ("unit", "group")),
    "unit": (("*",), ("notes",), ("segment",)),
    "segment": (("source",), ("target",)),
    "notes": (("note",),),
    "note": (),
    "source": (),
    "target": (),
}
NEEDED = {"xliff": {"version", "srcLang"}, "file": {"id"}, "group": {"id"}, "unit": {"id"}}
AT_LEAST_ONE = {"xliff": "file", "unit": "segment", "notes": "note", "segment": "source"}
AT_MOST_ONE = {"notes", "source", "target"}


def errors(data: bytes) -> list[str]:
    """Return every violation of the structure."""
    root = etree.fromstring(data)
    found: list[str] = []
    if _name(root) != "xliff":
        return [f"the root is {root.tag}"]
    if root.get("version") not in {"2.0", "2.1"}:
        found.append("version is neither 2.0 nor 2.1")
    for name in ("srcLang", "trgLang"):
        if root.get(name) and not LANGUAGE.match(root.get(name)):
            found.append(f"{name} is no BCP 47 tag")
    if root.get("trgLang") is None and next(root.iter(f"{{{CORE}}}target"), None) is not None:
        found.append("a target, and no trgLang")
    if len(files := [each.get("id") for each in root]) != len(set(files)):
        found.append("two files of one id")
    for file in root:
        for kind in ("unit", "group"):
            ids = [each.get("id") for each in file.iter(f"{{{CORE}}}{kind}")]
            if len(ids) != len(set(ids)):
                found.append(f"two {kind}s of one id")
        if not any(_name(each) in {"unit", "group"} for each in file):
            found.append("a file without a unit")
    for element in root.iter():
        found += _element(element)
    return found


def _name(element: Any) -> str:
    """Return the local name of an element of the core; `*` of another namespace."""
    name = etree.QName(element)
    return name.localname if name.namespace == CORE else "*"


def _element(element: Any) -> list[str]:
    name = _name(element)
    if name == "*":
        return []
    if name not in CHILDREN:
        return [f"{name} is not in the core, or not among what we write"]
    found = [f"{name} lacks {each}" for each in NEEDED.get(name, set()) if element.get(each) is None]
    known, may_have_space = ATTRIBUTES[name]
    for attribute, value in element.attrib.items():
        parsed = etree.QName(attribute)
        if parsed.namespace == XML:
            if parsed.localname != "space" or not may_have_space or value not in {"preserve", "default"}:
                found.append(f"{name} has {attribute}")
        elif parsed.namespace is None:
            found += _attribute(name, attribute, value, known)
    found += _children(name, element)
    if name == "segment":
        is_translated = any(_name(each) == "target" for each in element)
        if element.get("state", "initial") != "initial" and not is_translated:
            found.append("a state other than initial without a target")
        if element.get("subState") and ":" not in element.get("subState"):
            found.append("a subState without a prefix")
        if element.get("subState") and element.get("state") is None:
            found.append("a subState without a state")
    return found


def _attribute(name: str, attribute: str, value: str, known: set[str]) -> list[str]:
    allowed = {
        "id": NMTOKEN.match(value) is not None,
        "state": value in STATES,
        "canResegment": value in {"yes", "no"},
        "translate": value in {"yes", "no"},
        "srcDir": value in {"ltr", "rtl", "auto"},
        "trgDir": value in {"ltr", "rtl", "auto"},
        "priority": value in set("123456789") | {"10"},
        "appliesTo": value in {"source", "target"},
    }.get(attribute, True)
    return [] if attribute in known and allowed else [f"{name} has {attribute}={value!r}"]


def _children(name: str, element: Any) -> list[str]:
    order, found, reached = CHILDREN[name], [], 0
    names = [_name(child) for child in element]
    for child in names:
        place = next((at for at, kinds in enumerate(order) if child in kinds), None)
        if place is None:
            found.append(f"{name} has a child {child}")
        elif place < reached:
            found.append(f"{name}: {child} comes too late")
        else:
            reached = place
    needed = AT_LEAST_ONE.get(name)
    if needed and needed not in names:
        found.append(f"{name} has no {needed}")
    found += [f"{name} has {each} twice" for each in AT_MOST_ONE if names.count(each) > 1]
    if name not in {"source", "target", "note"}:
        stray = (element.text or "") + "".join(child.tail or "" for child in element)
        if stray.strip():
            found.append(f"{name} has text of its own")
    return found
