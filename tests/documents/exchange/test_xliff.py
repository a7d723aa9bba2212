"""XLIFF 2: exported files follow the standard, and are read back unchanged."""

import pytest
from lxml import etree

from plenara.core.refusals import InvalidInput
from plenara.documents.actions.renditions import review_rendition
from plenara.documents.exchange import xliff
from plenara.documents.models import ParagraphText
from tests.documents import making as documents
from tests.documents.exchange import making
from tests.documents.exchange.making import CORE
from tests.documents.exchange.xliff_structure import errors

pytestmark = pytest.mark.django_db


def units(data):
    return {unit.get("id"): unit for unit in etree.fromstring(data).iter(f"{CORE}unit")}


def segment(unit):
    return unit.find(f"{CORE}segment")


def test_what_leaves_keeps_the_structure_of_the_standard(two_sides, terms, translator):
    assert errors(making.away(two_sides)) == []
    documents.translated(translator, two_sides, "ar")
    assert errors(making.away(two_sides)) == []


def test_the_checker_of_the_structure_finds_what_the_library_alone_would_write():
    from io import BytesIO

    from translate.storage.xliff2 import Xliff2File

    store = Xliff2File(sourcelanguage="en")
    unit = store.addsourceunit("Words")
    unit.setid("s1-text")
    unit.addnote("A note")
    unit.target = "Mots"
    out = BytesIO()
    store.serialize(out)
    found = errors(out.getvalue())
    assert "segment has a child notes" in found
    assert "a target, and no trgLang" in found
    assert any("space" in each for each in found)


def test_each_part_is_a_unit_with_its_number_and_what_it_was_made_from(two_sides):
    found = units(making.away(two_sides))
    first, second = two_sides.paragraphs.all()
    assert list(found) == [
        "title", f"s{first.pk}-text", f"s{second.pk}-heading", f"s{second.pk}-text", f"s{second.pk}-against",
    ]  # fmt: skip
    digest = documents.source(second).digest
    metadata = [(each.get("type"), each.text) for each in found[f"s{second.pk}-text"][0].iter() if each.get("type")]
    assert ("number", "2") in metadata
    assert ("source", digest) in metadata
    assert segment(found[f"s{second.pk}-text"]).find(f"{CORE}source").text == documents.source(second).text


def test_the_file_names_languages_and_directions(two_sides):
    for language, tag, direction in (("ar", "ar", "rtl"), ("zh", "zh-Hans", "ltr")):
        root = etree.fromstring(making.away(two_sides, language))
        assert (root.get("srcLang"), root.get("trgLang")) == ("en", tag)
        assert (root[0].get("srcDir"), root[0].get("trgDir")) == ("ltr", direction)
        assert root[0].get("id") == f"document-{two_sides.pk}-{language}"


def test_words_cited_and_terms_come_along_as_notes(two_sides, terms):
    second = two_sides.paragraphs.all()[1]
    notes = [
        (note.get("category"), note.text)
        for note in units(making.away(two_sides))[f"s{second.pk}-text"].iter(f"{CORE}note")
    ]
    assert next(each for each in notes if each[0] == "citation")[1].endswith(f"«{documents.WORDS_CITED}»")
    assert ("glossary", "documents = وثيقة | مستند (A paper of the meeting.)") in notes


def test_words_that_were_withdrawn_are_quoted_to_nobody(two_sides, edition, author):
    from plenara.contributions.actions import withdraw

    withdraw(actor=author, contribution=edition.contribution)
    assert documents.WORDS_CITED.encode() not in making.away(two_sides)


def test_states_say_where_a_translation_stands(two_sides, translator, other_translator):
    first, _second = two_sides.paragraphs.all()
    rendition = documents.translated(translator, two_sides, "ar")

    def states():
        return {name: segment(unit).get("state", "initial") for name, unit in units(making.away(two_sides)).items()}

    assert set(states().values()) == {"translated"}
    review_rendition(actor=other_translator, rendition=rendition)
    assert set(states().values()) == {"reviewed"}
    ParagraphText.objects.filter(paragraph=first, language="en").update(text="Documents come late.")
    now = states()
    assert now.pop(f"s{first.pk}-text") == "initial"
    assert set(now.values()) == {"reviewed"}
    outdated = segment(units(making.away(two_sides))[f"s{first.pk}-text"])
    assert outdated.get("subState") == "plenara:outdated"
    assert outdated.find(f"{CORE}target").text
    assert errors(making.away(two_sides)) == []


def test_only_what_is_missing_or_outdated_can_leave(two_sides, translator):
    _first, second = two_sides.paragraphs.all()
    documents.translated(translator, two_sides, "ar")
    assert xliff.read(making.away(two_sides)).parts
    ParagraphText.objects.filter(paragraph=second, language="en").update(against="Some hold that 21 days are long.")
    assert {each.split("-")[0] for each in units(making.away(two_sides, is_open=True))} == {f"s{second.pk}"}


def test_what_left_is_read_as_it_was(two_sides, translator):
    documents.translated(translator, two_sides, "ar")
    found = xliff.read(making.away(two_sides))
    assert (found.document, found.source_language, found.language) == (two_sides.pk, "en", "ar")
    second = documents.source(two_sides.paragraphs.all()[1])
    part = next(each for each in found.parts if each.part == "text" and each.paragraph == second.paragraph_id)
    assert part.source == second.text
    assert part.target == f"[ar] {second.text}"
    assert part.source_digest == second.digest


def test_a_unit_that_a_tool_cut_into_sentences_is_joined_again(two_sides):
    data = making.away(two_sides)
    tree = etree.fromstring(data)
    unit = next(each for each in tree.iter(f"{CORE}unit") if each.get("id").endswith("-text"))
    unit.remove(segment(unit))
    pieces = (("segment", "One. ", "2 "), ("ignorable", " ", None), ("segment", "Two.", "1 "))
    for name, source, target in pieces:
        piece = etree.SubElement(unit, f"{CORE}{name}")
        etree.SubElement(piece, f"{CORE}source").text = source
        if target is not None:
            made = etree.SubElement(piece, f"{CORE}target", order="3" if target == "2 " else "1")
            made.text = target
    unit[-1].set("state", "final")
    found = xliff.read(etree.tostring(tree)).parts[1]
    assert found.source == "One.  Two."
    assert found.target == "1  2 "
    assert found.state == "initial"


def test_marks_and_codes_within_a_target_carry_no_words(two_sides):
    data = making.away(two_sides).replace(
        b"<source>Documents come too late.</source>",
        b"<source>Documents come too late.</source>"
        b"<target><mrk id='m1'>\xd9\x86\xd8\xb5</mrk><!-- no --> <ph id='1'/>x</target>",
    )
    assert xliff.read(data).parts[1].target == "نص x"


def test_a_file_of_nobody_is_refused(two_sides):
    data = making.away(two_sides)
    for wrong in (b"document-x-ar", b"document-1-de", b"f1"):
        with pytest.raises(InvalidInput) as error:
            xliff.read(data.replace(f"document-{two_sides.pk}-ar".encode(), wrong))
        assert error.value.code == "unknown"


def test_a_file_that_names_another_language_is_refused(two_sides):
    with pytest.raises(InvalidInput) as error:
        xliff.read(making.away(two_sides).replace(b'trgLang="ar"', b'trgLang="fr"'))
    assert error.value.code == "language"


def test_unknown_ids_are_listed(two_sides):
    data = making.away(two_sides).replace(b'id="title"', b'id="s12-footnote"')
    found = xliff.read(data)
    assert found.strangers == ["s12-footnote"]
