"""Macros are found by what is in a file: content types, relationships, folders; whatever the parts are called."""

import io
import warnings
import zipfile
import zlib

import pytest

from plenara.core import office_files
from plenara.core.office_files import has_macros

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
ENABLED = "application/vnd.ms-word.document.macroEnabled.main+xml"
PROJECT = "application/vnd.ms-office.vbaProject"
RELATION = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"


def packed(*parts):
    """Return a zip of (name, content) pairs; a name may be there twice."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings(action="ignore"):
        for name, content in parts:
            archive.writestr(zipfile.ZipInfo(name), content)
    return file.getvalue()


def types(*listed):
    """Return the list of content types of a Word document, with further ones for parts."""
    rows = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in listed)
    space = "http://schemas.openxmlformats.org/package/2006/content-types"
    return (
        f'<?xml version="1.0"?><Types xmlns="{space}"><Default Extension="xml" ContentType="text/xml"/>{rows}</Types>'
    )


def relations(kind):
    """Return a list of one relationship."""
    return f'<Relationships><Relationship Id="r1" Type="{kind}" Target="x.bin"/></Relationships>'


def word(listed, *parts):
    """Return a Word document with this list of content types, and further parts."""
    return packed(("[Content_Types].xml", listed), ("word/document.xml", "<w/>"), *parts)


BODY = ("word/document.xml", WORD)
OPEN = (("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", "<x/>"))
WITH = {
    "a project by its usual name": word(types(BODY), ("word/vbaProject.bin", "x")),
    "in capitals": word(types(BODY), ("word/VBAPROJECT.BIN", "x")),
    "a project by another name": word(types(BODY, ("word/theme.xml", PROJECT)), ("word/theme.xml", "x")),
    "a project by its ending": word(
        types(BODY).replace("<Override", f'<Default Extension="jpeg" ContentType="{PROJECT}"/><Override', 1)
    ),
    "a main part with macros": word(types(("word/document.xml", ENABLED))),
    "a template": word(types(("word/document.xml", "application/vnd.ms-word.template.macroEnabledTemplate.main+xml"))),
    "a workbook": packed(
        ("[Content_Types].xml", types(("xl/workbook.xml", "application/vnd.ms-excel.sheet.macroEnabled.main+xml")))
    ),
    "macros of Excel 4": packed(
        ("[Content_Types].xml", types(("xl/m.xml", "application/vnd.ms-excel.macrosheet+xml")))
    ),
    "slides": packed(
        (
            "[Content_Types].xml",
            types(("ppt/p.xml", "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml")),
        )
    ),
    "letters as numbers": word(types(("word/document.xml", ENABLED.replace("m", "&#109;").replace("E", "&#x45;")))),
    "in UTF-16": word(types(("word/document.xml", ENABLED)).replace("?>", ' encoding="UTF-16"?>', 1).encode("utf-16")),
    "in apostrophes": word(types(("word/document.xml", ENABLED)).replace('"', "'")),
    "a list that is broken": word("<Types"),
    "a list in no encoding": word(types(BODY).replace("?>", ' encoding="x-none"?>', 1)),
    "a list with another checksum": word(types(BODY)).replace(
        zlib.crc32(types(BODY).encode()).to_bytes(4, "little"), b"CRC!"
    ),
    "two lists": word(types(BODY), ("[Content_Types].xml", types(("word/document.xml", ENABLED)))),
    "a list in small letters": packed(("[content_types].XML", types(("word/document.xml", ENABLED)))),
    "a relationship": word(types(BODY), ("word/_rels/document.xml.rels", relations(RELATION))),
    "Basic in OpenDocument": packed(*OPEN, ("Basic/Standard/Module1.xml", "<x/>")),
    "scripts in OpenDocument": packed(*OPEN, ("Scripts/python/a.py", "x")),
    "in small letters": packed(*OPEN, ("basic/script-lc.xml", "<x/>")),
    "Basic in a document within it": packed(*OPEN, ("Object 1/Basic/Standard/Module1.xml", "<x/>")),
    "OpenDocument known by its list": packed(("META-INF/manifest.xml", "<x/>"), ("Basic/script-lc.xml", "<x/>")),
    "a file of an older program": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    + b"\0" * 600
    + "_VBA_PROJECT".encode("utf-16-le"),
    "something before the zip": b"#!/bin/sh\n" + word(types(("word/document.xml", ENABLED))),
}
WITHOUT = {
    "Word": word(types(BODY), ("word/_rels/document.xml.rels", relations("http://example.org/styles"))),
    "OpenDocument": packed(*OPEN, ("Configurations2/", ""), ("Pictures/basic.png", "x")),
    "an empty folder": packed(*OPEN, ("Basic/", "")),
    "a folder of another kind of zip": packed(("scripts/run.py", "print()"), ("basic/a.txt", "x")),
    "an older program": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "a text about them": b"A vbaProject.bin is a macroEnabled part.",
    "a PDF": b"%PDF-1.4 vbaProject.bin",
    "nothing": b"",
    "half a zip": word(types(("word/document.xml", ENABLED)))[:60],
}


@pytest.mark.parametrize("case", WITH)
def test_macros_are_found_by_what_is_inside(case):
    assert has_macros(WITH[case])


@pytest.mark.parametrize("case", WITHOUT)
def test_what_has_none_is_left_alone(case):
    assert not has_macros(WITHOUT[case])


def test_lists_that_are_too_long_to_look_through_count_as_macros(monkeypatch):
    monkeypatch.setattr(office_files, "_MOST", 100_000)
    assert has_macros(word(types(BODY) + " " * 200_000))
    many = [(f"word/_rels/{number}.rels", relations("http://example.org/styles")) for number in range(30)]
    assert has_macros(word(types(BODY), *many))
    assert not has_macros(word(types(BODY), *many[:10]))


def test_a_list_is_never_unpacked_beyond_its_bound(monkeypatch):
    monkeypatch.setattr(office_files, "_MOST", 100_000)
    read, asked = zipfile.ZipExtFile.read, []

    def counted(self, n=-1):
        asked.append(n)
        return read(self, n)

    monkeypatch.setattr(zipfile.ZipExtFile, "read", counted)
    assert has_macros(word(types(BODY) + " " * 5_000_000))
    assert asked and all(0 <= each <= 100_001 for each in asked)


def test_a_list_with_entities_of_its_own_is_not_expanded():
    entity = '<!DOCTYPE Types [<!ENTITY a "macroEn"><!ENTITY b "&a;abled">]>'
    listed = types(("word/document.xml", "application/vnd.ms-word.document.&b;"))
    assert has_macros(word(listed.replace("?>", f"?>{entity}", 1)))
