"""Uploaded files: limited and free of declarations before anything reads them."""

import io
import zipfile

import pytest

from plenara.core.refusals import InvalidInput
from plenara.documents.exchange import docx, table, tbx, tmx, validation, xliff
from tests.core.test_macros import WITH

BOMB = b'<?xml version="1.0"?><!DOCTYPE %s [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><%s>&b;</%s>'
FETCHES = b'<?xml version="1.0"?><!DOCTYPE %s [<!ENTITY x SYSTEM "file:///etc/passwd">]><%s>&x;</%s>'
READERS = [(xliff.read, b"xliff"), (tmx.read, b"tmx"), (tbx.read, b"martif")]


def refused(read, data):
    """Return the code with which a file is refused."""
    with pytest.raises(InvalidInput) as error:
        read(data)
    assert str(error.value.sentence)
    return error.value.code


@pytest.mark.parametrize("hostile", [BOMB, FETCHES])
@pytest.mark.parametrize(("read", "root"), READERS)
def test_entities_of_ones_own_are_refused_before_they_are_expanded(read, root, hostile):
    assert refused(read, hostile.replace(b"%s", root)) == "entities"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_entities_are_found_in_any_encoding(encoding):
    xml = BOMB.replace(b"%s", b"xliff").decode().replace("?>", f' encoding="{encoding[:6].rstrip("-s")}"?>', 1)
    assert refused(xliff.read, xml.encode(encoding)) == "entities"


def test_a_document_type_that_is_only_named_is_read_and_not_fetched():
    xml = b"""<?xml version="1.0"?><!DOCTYPE tmx SYSTEM "http://127.0.0.1:9/tmx14.dtd">
    <tmx version="1.4"><header srclang="en"/><body><tu><tuv xml:lang="en"><seg>Yes</seg></tuv>
    <tuv xml:lang="fr"><seg>Oui</seg></tuv></tu></body></tmx>"""
    assert [each.target for each in tmx.read(xml).pairs] == ["Oui"]


@pytest.mark.parametrize(
    "data",
    [
        b"<xliff>", b"\x00\x01\x02", b"<a></b>", b"not xml at all",
        b'<?xml version="1.0" encoding="x-nothing"?><xliff/>',
        b"<xliff>\xff\xfe</xliff>", b"<xliff>&undefined;</xliff>",
    ],
)  # fmt: skip
def test_what_is_no_xml_is_refused_with_a_sentence(data):
    assert refused(xliff.read, data) == "broken"


def test_deep_and_wide_files_are_refused_while_they_are_walked():
    assert refused(xliff.read, b"<a>" * 100 + b"</a>" * 100) == "bomb"
    assert refused(xliff.read, b"<a>" + b"<b/>" * (validation.MOST_ELEMENTS + 1) + b"</a>") == "bomb"


def test_a_document_with_macros_is_refused():
    assert refused(docx.read, WITH["a project by another name"]) == "macros"


def test_a_file_is_so_large_at_most_and_not_empty():
    assert refused(xliff.read, b" " * (validation.MOST_BYTES + 1)) == "too_large"
    assert refused(table.read, b" " * (validation.MOST_BYTES + 1)) == "too_large"
    for read in (xliff.read, tmx.read, tbx.read, table.read, docx.read):
        assert refused(read, b"") == "empty"


def packed(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return out.getvalue()


def test_a_packed_file_that_grows_beyond_measure_is_refused():
    assert (
        refused(docx.read, packed(word__document_xml=b"<a/>", bomb=b"\x00" * (validation.MOST_UNPACKED + 1))) == "bomb"
    )


def test_a_header_that_lies_about_its_size_is_not_believed():
    honest = packed(word__document_xml=b"<a/>", bomb=b"\x00" * (validation.MOST_UNPACKED + 1))
    liar = honest.replace((validation.MOST_UNPACKED + 1).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert liar != honest
    assert refused(docx.read, liar) in {"bomb", "broken"}


def test_entities_in_any_part_of_a_packed_file_are_refused():
    hostile = BOMB.replace(b"%s", b"w")
    assert refused(docx.read, packed(word__document_xml=hostile)) == "entities"
    assert refused(docx.read, packed(word__document_xml=b"<a/>", word__styles_xml=hostile)) == "entities"


@pytest.mark.parametrize("data", [b"PK", b"PK\x03\x04 but nothing more", packed(other_xml=b"<a/>")])
def test_a_packed_file_without_a_document_is_broken(data):
    assert refused(docx.read, data) == "broken"


def test_a_file_of_another_kind_is_refused():
    assert refused(xliff.read, b"<tmx/>") == "kind"
    assert refused(tmx.read, b"<xliff/>") == "kind"
    assert refused(tbx.read, b"<xliff/>") == "kind"
    assert refused(docx.read, b"\xd0\xcf\x11\xe0 an old Word file") == "kind"


def test_xliff_of_another_version_is_refused():
    old = b'<xliff xmlns="urn:oasis:names:tc:xliff:document:1.2" version="1.2"/>'
    assert refused(xliff.read, old) == "version"
