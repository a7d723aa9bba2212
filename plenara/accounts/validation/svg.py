"""Drawings in SVG that people upload: only the shapes are left, without styles. Nothing in them acts or is fetched.

A style is resolved into attributes of the elements, each of which is one of a list and has a value of a known form.
"""

import math
import re

import tinycss2
from lxml import etree

_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
#: The most elements that are drawn, those that are drawn again by a reference included.
MOST_PARTS = 5_000

_SHAPES = {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text"}
_ELEMENTS = _SHAPES | {
    "svg", "g", "defs", "symbol", "use", "title", "desc", "tspan", "linearGradient", "radialGradient", "stop",
    "clipPath", "mask",
}  # fmt: skip
_GEOMETRY = {
    "id", "d", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "fx", "fy", "fr", "dx", "dy", "rotate",
    "width", "height", "points", "pathLength", "textLength", "lengthAdjust", "viewBox", "preserveAspectRatio",
    "transform", "offset", "gradientUnits", "gradientTransform", "spreadMethod", "clipPathUnits", "maskUnits",
    "maskContentUnits",
}  # fmt: skip
#: Attributes that a style may set too.
_STYLE = {
    "clip-path", "clip-rule", "color", "display", "dominant-baseline", "fill", "fill-opacity", "fill-rule",
    "font-family", "font-size", "font-style", "font-weight", "letter-spacing", "mask", "opacity", "paint-order",
    "stop-color", "stop-opacity", "stroke", "stroke-dasharray", "stroke-dashoffset", "stroke-linecap",
    "stroke-linejoin", "stroke-miterlimit", "stroke-opacity", "stroke-width", "text-anchor", "vector-effect",
    "visibility", "word-spacing",
}  # fmt: skip
#: Functions in values.
_FUNCTIONS = {"rgb", "rgba", "hsl", "hsla", "matrix", "translate", "scale", "rotate", "skewx", "skewy"}
_LOCAL = re.compile(r"""url\(\s*(["']?)#([\w:.-]+)\1\s*\)""")
#: Elements that only hold others: a link, and the choice of a program's own data or the drawing.
_GROUPS = {"a", "switch"}


class Unusable(Exception):
    """A file that is no drawing which can be shown; `code` is the reason."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def clean_svg(data: bytes) -> tuple[bytes, list[str]]:
    """Return a drawing without anything but its shapes, and the names of the elements that were removed.

    Raises `Unusable`: "unreadable", "entities", "size", "parts" or "empty".
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unusable("entities" if b"<!ENTITY" in data else "unreadable") from error
    kind = root.getroottree().docinfo.internalDTD
    if kind is not None and any(kind.iterentities()):
        raise Unusable("entities")
    if root.tag != f"{{{_SVG}}}svg":
        raise Unusable("unreadable")
    removed: set[str] = set()
    drawing = _copy(root, _styles(root), removed)
    assert drawing is not None
    _size(drawing)
    try:
        if _parts(drawing) > MOST_PARTS:
            raise Unusable("parts")
    except RecursionError as error:
        raise Unusable("parts") from error
    if not any(etree.QName(each).localname in _SHAPES for each in drawing.iter()):
        raise Unusable("empty")
    return etree.tostring(drawing, encoding="utf-8"), sorted(removed)


#: Declarations, by the selector of their rule: an element, a class or an id.
type _Styles = dict[str, dict[str, str]]


def _copy(element: etree._Element, styles: _Styles, removed: set[str]) -> etree._Element | None:
    """Return a copy of an element with what is allowed in it; None if the element itself is not."""
    if not isinstance(element.tag, str) or etree.QName(element).namespace != _SVG:
        return None  # an editor's own data
    name = etree.QName(element).localname
    name = "g" if name in _GROUPS else name
    if name not in _ELEMENTS:
        if name not in {"style", "metadata"}:
            removed.add(name)
        return None
    copy = etree.Element(
        f"{{{_SVG}}}{name}", _attributes(element, name, styles), nsmap={None: _SVG} if name == "svg" else None
    )
    has_words = name in {"text", "tspan", "title", "desc"}
    copy.text = element.text if has_words else None
    for child in element:
        if (inner := _copy(child, styles, removed)) is not None:
            copy.append(inner)
            inner.tail = child.tail if has_words else None
    return copy


def _attributes(element: etree._Element, name: str, styles: _Styles) -> dict[str, str]:
    """Return the allowed attributes of an element, and what its styles set: the strongest last."""
    given = {key: value for key, value in element.items() if key in _GEOMETRY | _STYLE and _is_safe(value)}
    classes = [f".{each}" for each in element.get("class", "").split()]
    for selector in ("*", name, *classes, f"#{element.get('id')}"):
        given |= styles.get(selector, {})
    given |= _declarations(element.get("style", ""))
    target = (element.get("href") or element.get(f"{{{_XLINK}}}href") or "").strip()
    if name in {"use", "linearGradient", "radialGradient"} and re.fullmatch(r"#[\w:.-]+", target):
        given["href"] = target
    return given


def _is_safe(value: str) -> bool:
    """Return whether a value has no escapes, and no functions but those of colours, moves and parts of the drawing."""
    rest = _LOCAL.sub("", value)
    functions = re.findall(r"([\w-]*)\s*\(", rest)
    return not re.search(r"[\\@<>{};]|/\*|://", rest) and all(each.lower() in _FUNCTIONS for each in functions)


def _styles(root: etree._Element) -> _Styles:
    """Return a drawing's styles. Rules with conditions or with more than one name in a selector are left out."""
    text = "\n".join(each.text or "" for each in root.iter(f"{{{_SVG}}}style"))
    found: _Styles = {}
    for rule in tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True):
        if rule.type == "qualified-rule":
            declarations = _declarations(tinycss2.serialize(rule.content))
            for selector in tinycss2.serialize(rule.prelude).split(","):
                if re.fullmatch(r"\*|[.#]?[\w-]+", selector.strip()):
                    found.setdefault(selector.strip(), {}).update(declarations)
    return found


def _declarations(text: str) -> dict[str, str]:
    """Return the values of a style that an attribute can have too."""
    found = {}
    for each in tinycss2.parse_declaration_list(text, skip_comments=True, skip_whitespace=True):
        if each.type == "declaration" and each.lower_name in _STYLE:
            value = tinycss2.serialize(each.value).strip()
            if _is_safe(value):
                found[each.lower_name] = value
    return found


def _size(drawing: etree._Element) -> None:
    """Set the drawing's width and height to those of its view box, which its picture is fitted to."""
    box = [_number(each) for each in re.split(r"[\s,]+", drawing.get("viewBox", "").strip())]
    if len(box) != 4:
        box = [0, 0, *(_number(re.sub(r"px$", "", drawing.get(name, ""))) for name in ("width", "height"))]
    if not all(map(math.isfinite, box)) or min(box[2:]) <= 0:
        raise Unusable("size")
    drawing.set("viewBox", " ".join(f"{each:.10g}" for each in box))
    for name, value in zip(("width", "height"), box[2:], strict=True):
        drawing.set(name, f"{value:.10g}")


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _parts(drawing: etree._Element) -> float:
    """Return how many elements are drawn; infinity where a reference leads back to itself."""
    by_id = {each.get("id"): each for each in drawing.iter() if each.get("id")}
    known: dict[etree._Element, float] = {}

    def parts(element: etree._Element) -> float:
        if element not in known:
            known[element] = math.inf  # until it is counted: for what refers to itself
            values = f"{element.get('clip-path')} {element.get('mask')}"
            names = [element.get("href", "").removeprefix("#"), *(match[2] for match in _LOCAL.finditer(values))]
            targets = [by_id[name] for name in names if name in by_id]
            known[element] = 1 + sum(map(parts, [*element, *targets]))
        return known[element]

    return parts(drawing)
