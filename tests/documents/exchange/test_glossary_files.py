"""A glossary as CSV and TBX: exported, imported, and its valid rows saved."""

import csv
import io

import pytest
from lxml import etree

from plenara.core.models import AuditEntry
from plenara.core.refusals import AlreadyDone, InvalidInput, NotPermitted
from plenara.documents.actions import glossary
from plenara.documents.actions.glossary import MOST_TERMS, Words
from plenara.documents.exchange import table, tbx
from plenara.documents.exchange.actions import incoming_files, translation_resources
from plenara.documents.models import IncomingFile, Term

pytestmark = pytest.mark.django_db


def all_terms(consultation):
    return Term.objects.filter(consultation=consultation)


def written(consultation, ending):
    terms = all_terms(consultation)
    if ending == "csv":
        return table.write(consultation.slug, terms)
    return tbx.write(consultation.slug, terms, name="Glossary")


def read(data):
    return table.read(data) if not data.lstrip(b"\xef\xbb\xbf").startswith(b"<") else tbx.read(data)


def kept(actor, consultation, data):
    return incoming_files.store_file(
        actor=actor,
        consultation=consultation,
        what=IncomingFile.What.GLOSSARY,
        name="glossary.csv",
        rows=[each.kept() for each in read(data)],
    )


def changes(actor, consultation, data):
    rows = [each.kept() for each in read(data)]
    return [each.outcome for each in translation_resources.glossary_changes(actor, consultation, rows).changes]


def as_csv(*rows):
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


@pytest.mark.parametrize("ending", ["csv", "tbx"])
def test_an_unchanged_file_changes_nothing(ending, rapporteur, consultation, terms):
    before = list(Term.objects.values("words", "also", "note"))
    data = written(consultation, ending)
    assert changes(rapporteur, consultation, data) == ["unchanged", "unchanged"]
    translation_resources.take_glossary(actor=rapporteur, file=kept(rapporteur, consultation, data))
    assert list(Term.objects.values("words", "also", "note")) == before


@pytest.mark.parametrize("ending", ["csv", "tbx"])
def test_a_file_makes_the_same_glossary_elsewhere(ending, rapporteur, consultation, elsewhere, terms):
    from tests import world

    rapporteur = world.grant(rapporteur, elsewhere, "rapporteur")
    data = written(consultation, ending)
    translation_resources.take_glossary(actor=rapporteur, file=kept(rapporteur, elsewhere, data))
    assert list(all_terms(elsewhere).values("words", "also", "note")) == list(
        all_terms(consultation).values("words", "also", "note")
    )


FORMULAS = ['=HYPERLINK("http://x")', "+1", "-isme", "@x", "＝1", " =1", "x\n=1", "x;=1"]


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_is_a_formula_and_each_comes_back_as_it_was(formula, rapporteur, consultation):
    words = glossary.words_typed(formula, "")
    term = Term.objects.create(consultation=consultation, words={"en": words.word}, note=formula)
    data = written(consultation, "csv")
    for cell in next(iter(list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))[1:])):
        assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝"))
        assert "\n=" not in cell
        assert ";=" not in cell
    [concept] = table.read(data)
    assert concept.words["en"] == term.words["en"]
    assert concept.note.strip() == formula.strip()


def test_a_table_can_have_some_columns_in_any_order_and_any_separator(rapporteur, consultation):
    for separator in (",", ";", "\t"):
        data = separator.join(["fr", "en_also", "EN"]) + "\r\n" + separator.join(["pôle", "hub site|node", "hub"])
        [concept] = table.read(data.encode("utf-8-sig"))
        assert (concept.words, concept.also) == ({"fr": "pôle", "en": "hub"}, {"en": ["hub site", "node"]})
        assert table.read(data.encode("utf-16"))[0].words == concept.words


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (as_csv(["word", "translation"], ["a", "b"]), "columns"),
        (as_csv(["en", "en"], ["a", "b"]), "columns"),
        (as_csv(["en"]), "empty"),
        (b"en\r\n\xe9t\xe9", "encoding"),
        (as_csv(["en"], *[[f"word {n}"] for n in range(MOST_TERMS + 1)]), "too_many"),
        (b'en\r\n"' + b"x" * 200_000, "broken"),
    ],
)
def test_a_table_that_is_no_glossary_is_refused_with_a_sentence(data, code):
    with pytest.raises(InvalidInput) as error:
        table.read(data)
    assert error.value.code == code


def test_a_file_adds_and_changes_terms_and_deletes_none(rapporteur, consultation, terms):
    data = as_csv(
        ["en", "fr", "ru", "note"],
        ["document", "document", "", ""],  # known by its English word; French is new
        ["stakeholder", "", "заинтересованная сторона", "Anybody."],
        ["", "pôle", "", ""],  # all of it is there
    )
    assert changes(rapporteur, consultation, data) == ["changed", "added", "unchanged"]
    found = translation_resources.take_glossary(actor=rapporteur, file=kept(rapporteur, consultation, data))
    assert [len(found.of(each)) for each in ("added", "changed")] == [1, 1]
    first = all_terms(consultation).first()
    assert first.words == {"en": "document", "fr": "document", "ar": "وثيقة", "zh": "文件"}
    assert first.also == {"ar": ["مستند"]}
    assert first.note == "A paper of the meeting."
    assert all_terms(consultation).count() == 3
    assert AuditEntry.objects.get(verb="glossary.file_taken").details == {"added": 1, "changed": 1, "refused": 0}


def test_a_word_of_several_terms_is_not_guessed_at(rapporteur, consultation, terms):
    glossary.add_term(actor=rapporteur, consultation=consultation, words={"en": Words("hub"), "es": Words("centro")})
    assert changes(rapporteur, consultation, as_csv(["en", "ru"], ["hub", "узел"])) == ["refused"]
    assert changes(rapporteur, consultation, as_csv(["en", "es", "ru"], ["hub", "centro", "узел"])) == ["changed"]
    known = f"t-{consultation.slug}-{terms[1].pk}"
    assert changes(rapporteur, consultation, as_csv(["id", "en", "ru"], [known, "hub", "узел"])) == ["changed"]


def test_an_id_with_the_words_of_another_term_is_refused(rapporteur, consultation, terms):
    known = f"t-{consultation.slug}-{terms[1].pk}"
    assert changes(rapporteur, consultation, as_csv(["id", "en"], [known, "document"])) == ["refused"]
    foreign = as_csv(["id", "en", "ru"], [f"t-elsewhere-{terms[1].pk}", "wire", "провод"])
    assert changes(rapporteur, consultation, foreign) == ["added"]


def test_the_same_row_twice_is_refused_the_second_time(rapporteur, consultation):
    data = as_csv(["en", "fr"], ["wire", "fil"], ["wire", "fil"])
    assert changes(rapporteur, consultation, data) == ["added", "refused"]


def test_words_that_are_too_long_or_without_a_first_are_refused_and_the_rest_is_taken(rapporteur, consultation):
    data = as_csv(["en", "fr_also", "fr"], ["x" * 121, "", ""], ["", "fil", ""], ["wire", "", "fil"])
    assert changes(rapporteur, consultation, data) == ["refused", "refused", "added"]


def test_a_translator_brings_the_words_of_their_own_language_alone(translator, consultation, terms):
    data = as_csv(
        ["en", "ar", "fr"],
        ["document", "وثائق", ""],  # theirs
        ["hub", "", "centre"],  # another language
        ["stakeholder", "صاحب مصلحة", ""],  # a new term
    )
    assert changes(translator, consultation, data) == ["changed", "refused", "refused"]
    translation_resources.take_glossary(actor=translator, file=kept(translator, consultation, data))
    assert all_terms(consultation).first().words["ar"] == "وثائق"
    assert all_terms(consultation).count() == 2


def test_a_full_glossary_takes_no_more(rapporteur, consultation):
    Term.objects.bulk_create(Term(consultation=consultation, words={"en": f"w{n}"}) for n in range(MOST_TERMS - 1))
    assert changes(rapporteur, consultation, as_csv(["en"], ["one"], ["two"])) == ["added", "refused"]


def test_a_file_is_taken_once_and_by_nobody_without_a_role(rapporteur, moderator, consultation, terms):
    data = as_csv(["en"], ["wire"])
    with pytest.raises(NotPermitted):
        kept(moderator, consultation, data)
    file = kept(rapporteur, consultation, data)
    with pytest.raises(NotPermitted):
        translation_resources.take_glossary(actor=moderator, file=file)
    translation_resources.take_glossary(actor=rapporteur, file=file)
    with pytest.raises(AlreadyDone):
        translation_resources.take_glossary(actor=rapporteur, file=file)
    assert all_terms(consultation).count() == 3


def test_what_leaves_as_tbx_has_the_order_of_its_standard(consultation, terms):
    tree = etree.fromstring(written(consultation, "tbx"))
    assert (tree.tag, tree.get("type")) == ("martif", "TBX-Basic")
    assert [each.tag for each in tree] == ["martifHeader", "text"]
    entry = next(tree.iter("termEntry"))
    assert [each.tag for each in entry] == ["descrip", "langSet", "langSet", "langSet"]
    assert entry[0].get("type") == "definition"
    arabic = entry[1]
    assert arabic.get("{http://www.w3.org/XML/1998/namespace}lang") == "ar"
    assert [[each.tag for each in tig] for tig in arabic] == [["term", "termNote"]] * 2
    assert [tig[1].text for tig in arabic] == ["preferredTerm-admn-sts", "admittedTerm-admn-sts"]
    assert {each.get("id") for each in tree.iter("termEntry")} == {f"t-internet-governance-{each.pk}" for each in terms}


def test_tbx_of_2019_is_read_too():
    status = '<termNote type="administrativeStatus">{}Term-admn-sts</termNote>'
    data = """<?xml version="1.0"?><tbx type="TBX-Basic" style="dca" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2">
    <tbxHeader/><text><body><conceptEntry id="c1"><descrip type="definition">A paper.</descrip>
    <langSec xml:lang="en-GB"><termSec><term>paper</term>%(admitted)s</termSec>
    <termSec><term>document</term>%(preferred)s</termSec>
    <termSec><term>doc</term>%(deprecated)s</termSec></langSec>
    <langSec xml:lang="zh-TW"><termSec><term>文檔</term></termSec></langSec>
    <langSec xml:lang="de"><termSec><term>Dokument</term></termSec></langSec></conceptEntry></body></text></tbx>""" % {
        each: status.format(each) for each in ("admitted", "preferred", "deprecated")
    }
    [concept] = tbx.read(data.encode())
    assert (concept.words, concept.also, concept.note) == ({"en": "document"}, {"en": ["paper"]}, "A paper.")
