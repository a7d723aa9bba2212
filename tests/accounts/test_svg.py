"""Drawings that people upload: the shapes are left, and nothing that acts, is fetched or grows without end."""

import re
import time

import pytest

from plenara.accounts.validation.svg import Unusable, clean_svg

pytestmark = pytest.mark.once

NAMES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
SHAPE = '<rect width="9" height="9"/>'


def svg(inner=SHAPE, attributes='viewBox="0 0 9 9"', before=""):
    return f"{before}<svg {NAMES} {attributes}>{inner}</svg>".encode()


CLEAN = clean_svg(svg())[0]

HOSTILE = {
    "script": f"{SHAPE}<script>alert(1)</script>",
    "script of a program": f'{SHAPE}<script xlink:href="https://evil.example/a.js"/>',
    "handler": '<rect width="9" height="9" onclick="alert(1)" onload="alert(1)"/>',
    "frame": f'{SHAPE}<foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="//x.example"/></foreignObject>',
    "html": f'{SHAPE}<body xmlns="http://www.w3.org/1999/xhtml" onload="alert(1)"/>',
    "picture": f'{SHAPE}<image href="https://evil.example/a.png"/>',
    "data": f'{SHAPE}<image xlink:href="data:image/svg+xml;base64,PHN2Zy8+"/>',
    "import": f"<style>@import url(https://evil.example/a.css);</style>{SHAPE}",
    "font": f"<style>@font-face {{ font-family: a; src: url(//evil.example/a) }}</style>{SHAPE}",
    "filter": f'{SHAPE}<filter id="f"><feImage href="https://evil.example"/></filter>',
    "animation": '<rect width="9" height="9"><set attributeName="href" to="javascript:alert(1)"/></rect>',
    "namespace": f'{SHAPE}<x:script xmlns:x="http://www.w3.org/2000/svg">alert(1)</x:script>',
    "comment": f"<!-- secret -->{SHAPE}<![CDATA[<script>]]>",
    "editor": f'<metadata>Noor Haddad</metadata><e:view xmlns:e="http://editor.example/">C:\\Noor</e:view>{SHAPE}',
    "fill": '<rect width="9" height="9" fill="url(https://evil.example/a#b)"/>',
    "style": '<rect width="9" height="9" style="fill: url(//evil.example/a); --x: url(a)"/>',
    "escape": r'<rect width="9" height="9" fill="u\72l(//evil.example/a)"/>',
    "escape in a style": r'<rect width="9" height="9" style="fill: u\72 l(//evil.example/a)"/>',
    "function": '<rect width="9" height="9" fill="image-set(&quot;//evil.example/a&quot;)"/>',
    "class": '<style>.a { stroke: URL("//evil.example/a") }</style><rect width="9" height="9" class="a"/>',
    "base": '<rect width="9" height="9" xml:base="https://evil.example/"/>',
    "data of a page": '<rect width="9" height="9" data-x="1" aria-label="2" role="img"/>',
}


@pytest.mark.parametrize("case", HOSTILE)
def test_only_the_shape_is_left_of_a_hostile_drawing(case):
    assert clean_svg(svg(HOSTILE[case]))[0] == CLEAN


def test_links_lead_nowhere_and_references_only_to_parts_of_the_drawing():
    cleaned = clean_svg(
        svg(
            f'<a xlink:href="javascript:alert(1)" href="https://evil.example">{SHAPE}</a>'
            '<use href="//evil.example/#a"/>'
            '<use xlink:href="data:image/svg+xml,x#a"/><use href="#a"/>',
            'viewBox="0 0 9 9" onload="alert(1)"',
            '<?xml version="1.0"?><?xml-stylesheet href="https://evil.example/a.css"?>',
        )
    )[0].decode()
    assert re.findall(r'href="[^"]*"', cleaned) == ['href="#a"']
    assert f"<g>{SHAPE}</g>" in cleaned
    assert "evil" not in cleaned and "alert" not in cleaned


def entities(definitions, use):
    return svg(f"<text>{use}</text>", before=f"<!DOCTYPE svg [{definitions}]>")


LAUGHS = '<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {after} "{f"&{before};" * 10}">' for before, after in zip("abcdefgh", "bcdefghi", strict=True)
)
NESTED = '<g id="g0"><rect/></g>' + "".join(f'<g id="g{i + 1}">{f"""<use href="#g{i}"/>""" * 9}</g>' for i in range(12))
MASKED = '<mask id="g0"><rect/></mask>' + "".join(
    f'<mask id="g{i + 1}">{f"""<rect mask="url(#g{i})"/>""" * 9}</mask>' for i in range(12)
)
REFUSED = {
    "": "unreadable",
    "GIF89a": "unreadable",
    "<html><body/></html>": "unreadable",
    '<svg><rect width="9"/></svg>': "unreadable",  # in no namespace browsers draw nothing
    svg()[:-1]: "unreadable",
    svg("<g>" * 5_000 + "</g>" * 5_000): "unreadable",
    entities(LAUGHS, "&i;"): "entities",
    svg('<rect fill="&i;"/>', before=f"<!DOCTYPE svg [{LAUGHS}]>"): "entities",
    entities('<!ENTITY a SYSTEM "file:///etc/passwd">', "&a;"): "entities",
    entities('<!ENTITY % a SYSTEM "http://127.0.0.1:9/a"> %a;', "a"): "entities",
    svg(NESTED): "parts",
    svg(MASKED): "parts",
    svg(f'{SHAPE}<g id="a"><use href="#a"/></g>'): "parts",
    svg(SHAPE + "".join(f'<use id="u{i}" href="#u{i + 1}"/>' for i in range(3_000))): "parts",
    svg(SHAPE * 5_001): "parts",
    svg(attributes=""): "size",
    svg(attributes='viewBox="0 0 0 9"'): "size",
    svg(attributes='viewBox="0 0 NaN 1e999"'): "size",
    svg(attributes='width="100%" height="100%"'): "size",
    svg('<image href="data:image/png;base64,AAAA"/>'): "empty",
}


@pytest.mark.parametrize(("data", "code"), REFUSED.items(), ids=range(len(REFUSED)))
def test_what_cannot_be_shown_is_refused_at_once_with_its_reason(data, code):
    began = time.process_time()
    with pytest.raises(Unusable) as refused:
        clean_svg(data if isinstance(data, bytes) else data.encode())
    assert refused.value.code == code
    assert time.process_time() - began < 5  # a bomb would take for ever


def test_removed_parts_of_a_drawing_are_named_and_those_of_an_editor_are_not():
    inner = f'<metadata/><e:x xmlns:e="http://editor.example/"/><script/><image/><script/>{SHAPE}'
    assert clean_svg(svg(inner))[1] == ["image", "script"]


def test_styles_become_attributes_of_the_shapes_as_a_browser_would_apply_them():
    styles = "rect{fill:red;stroke:blue} .a{fill:green!important} #b{fill:#123456} .x .a{fill:gold}"
    shapes = '<rect class="a"/><rect class="a" id="b"/><rect style="fill:rgb(1, 2, 3);stroke:url(#g)" fill="pink"/>'
    cleaned = clean_svg(svg(f"<style>{styles} @media all {{ .a {{ fill: tan }} }}</style>{shapes}"))[0].decode()
    assert re.findall(r' fill="([^"]*)"', cleaned) == ["green", "#123456", "rgb(1, 2, 3)"]
    assert re.findall(r' stroke="([^"]*)"', cleaned) == ["blue", "blue", "url(#g)"]
    assert "class" not in cleaned and "style" not in cleaned


def test_gradients_masks_texts_and_symbols_stay():
    inner = (
        '<defs><linearGradient id="g" gradientTransform="rotate(9 1 1)"><stop offset="0" stop-color="#fff"/>'
        '</linearGradient><clipPath id="c"><circle r="4"/></clipPath><symbol id="s"><path d="M0 0h9z"/></symbol></defs>'
        '<g clip-path="url(#c)"><use href="#s"/>'
        '<text font-family="\'Noto Sans\', serif" x="1">A <tspan>b</tspan> c</text>'
        '<rect width="9" height="9" fill="url(#g)"/></g>'
    )
    assert clean_svg(svg(inner))[0].decode().endswith(f">{inner}</svg>")


def test_a_drawing_has_its_size_and_a_clean_one_is_left_as_it_is():
    cleaned = clean_svg(svg(attributes='width="90px" height="30"'))[0]
    assert b'viewBox="0 0 90 30"' in cleaned
    for drawing in (cleaned, CLEAN):
        assert clean_svg(drawing) == (drawing, [])
