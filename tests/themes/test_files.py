"""The list as files: SKOS and tables go out and come in again, and what comes from others is read with care."""

import json

import pytest
import rdflib
from rdflib import DCTERMS, OWL, RDF, SKOS, Literal, URIRef
from rdflib.compare import to_isomorphic

from plenara.core.refusals import InvalidInput
from plenara.themes import actions, presenters
from plenara.themes.models import Theme
from plenara.themes.queries import concepts_of_list
from plenara.themes.validation import files, plan
from plenara.themes.validation.files import MOST_BYTES, read

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"
HEAD = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"


@pytest.fixture(autouse=True)
def site(settings):
    settings.SITE_URL = SITE


@pytest.fixture
def rich(themes, curator):
    """A list with everything that one can have, hostile words among it."""
    words = {
        "labels": {"en": 'A "quoted" \\ label', "fr": "Espace", "zh": "空间"},
        "alternatives": {"en": ["=1+1", "Space"], "ar": ["فضاء"]},
        "definition": {"en": "Two lines,\n<b>not bold</b>.", "ru": "Космос"},
        "own_labels": ["fr", "zh"],
        "related": ["C2", "C10"],
        "exact_match": ["https://vocab.example/space#1", "http://other.example/a?b=c&d=é"],
    }
    actions.add(actor=curator, code="X.1-space", broader="C7", **words)
    actions.retire(actor=curator, theme=Theme.objects.get(code="C9"), replaced_by=Theme.objects.get(code="C8"))
    actions.retire(actor=curator, theme=Theme.objects.get(code="C11"))
    return concepts_of_list()


def scheme():
    return presenters.Scheme(SITE, {"en": "Themes", "zh": "主题"})


def turtle(concepts):
    return "".join(presenters.turtle(scheme(), concepts))


def of(name, concepts):
    return turtle(concepts) if name.endswith("ttl") else "".join(files.write_table(concepts))


@pytest.mark.parametrize("name", ["themes.ttl", "themes.csv"])
def test_what_goes_out_comes_in_again_the_same(rich, name):
    found = read(of(name, rich).encode(), name=name)
    assert (found.errors, found.notes) == ([], [])
    into_nothing = plan(found.rows, {}, "own")
    assert into_nothing.errors == []
    assert sorted(into_nothing.concepts(), key=lambda each: each.code) == rich
    again = plan(found.rows, {each.code: each for each in rich}, "own")
    assert again.is_empty and again.same == len(rich)


@pytest.mark.parametrize("name", ["themes.ttl", "themes.csv"])
def test_a_file_that_is_brought_in_writes_the_same_bytes_again(rich, curator, name):
    before = of(name, rich)
    Theme.objects.update(broader=None, replaced_by=None)
    Theme.objects.all().delete()
    found = read(before.encode(), name=name)
    kept = actions.store_file(actor=curator, name=name, sha256=found.sha256, vocabulary="own", rows=found.rows)
    kept.refresh_from_db()
    actions.import_file(actor=curator, file_id=kept.pk, digest=plan(kept.rows, {}, "own").digest)
    assert of(name, concepts_of_list()) == before


def test_both_forms_of_skos_say_the_same_and_what_skos_says(rich):
    graph = rdflib.Graph().parse(data=turtle(rich), format="turtle")
    other = rdflib.Graph().parse(data="".join(presenters.json_ld(scheme(), rich)), format="json-ld")
    assert to_isomorphic(graph) == to_isomorphic(other)
    one, all_of_it = URIRef(f"{SITE}/themes/X.1-space"), URIRef(f"{SITE}/themes")
    assert (all_of_it, RDF.type, SKOS.ConceptScheme) in graph
    assert (one, SKOS.notation, Literal("X.1-space")) in graph
    assert (one, SKOS.prefLabel, Literal("空间", lang="zh-Hans")) in graph
    assert (one, SKOS.broader, URIRef(f"{SITE}/themes/C7")) in graph
    assert {each.language for each in graph.objects(one, SKOS.changeNote)} == {"fr", "zh-Hans"}
    assert len(set(graph.objects(one, SKOS.exactMatch))) == 2
    for concept in graph.subjects(RDF.type, SKOS.Concept):
        tags = [each.language for each in graph.objects(concept, SKOS.prefLabel)]
        assert len(tags) == len(set(tags)) and (concept, SKOS.inScheme, all_of_it) in graph
    gone = URIRef(f"{SITE}/themes/C9")
    assert (gone, DCTERMS.isReplacedBy, URIRef(f"{SITE}/themes/C8")) in graph
    assert str(graph.value(gone, OWL.deprecated)) == "true"


def test_the_same_list_gives_the_same_bytes(rich):
    assert turtle(concepts_of_list()) == turtle(rich)
    assert json.loads("".join(presenters.json_ld(scheme(), rich)))["@graph"][0]["id"] == f"{SITE}/themes"


def test_a_vocabulary_of_others_is_read_with_what_of_it_is_left_out(themes):
    text = f"""{HEAD}
    @prefix v: <https://vocab.example/> .
    v:space a skos:Concept ; skos:notation "N1" ; skos:prefLabel "Space"@en-GB, "Raum"@de, "Espace"@fr, "太空"@zh-Hant ;
      skos:altLabel "Cosmos"@en, "Outer space"@en ; skos:narrower v:moon ; skos:related v:nowhere .
    v:moon a skos:Concept ; skos:prefLabel "Moon"@en ; skos:broader v:space, v:sky ; skos:related <{SITE}/themes/C2> .
    v:sky a skos:Concept ; skos:prefLabel "Sky"@en .
    [] a skos:Concept ; skos:prefLabel "Nameless"@en .
    """
    found = read(text.encode(), name="v.ttl")
    rows = {each["code"]: each for each in found.rows}
    assert set(rows) == {"N1", "moon", "sky"} and found.errors == []
    labels = {code: text for code, text in rows["N1"]["labels"].items() if text}
    assert labels == {"en": "Space", "fr": "Espace"}
    assert rows["N1"]["alternatives"]["en"] == ["Cosmos", "Outer space"]
    assert rows["N1"]["exact_match"] == ["https://vocab.example/space"]
    assert (rows["moon"]["broader"], rows["moon"]["related"]) == ("N1", ["C2"])
    assert len(found.notes) == 3
    made = plan(found.rows, {each.code: each for each in concepts_of_list()}, "vocab")
    assert [(each.code, each.position) for each in made.new] == [("moon", 1), ("N1", 12), ("sky", 13)]


def test_two_labels_in_one_language_are_reported(themes):
    text = f'{HEAD}<https://v.example/a> a skos:Concept ; skos:prefLabel "One"@en, "Two"@en .'
    found = read(text.encode(), name="v.ttl")
    assert [(each.code, each.answer.field) for each in found.errors] == [("a", "label_en")]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ("skos:broader <https://v.example/a>", "broader"),
        ('skos:notation "a b c"', "code"),
        ('skos:notation "C7"', "vocabulary"),  # which is another vocabulary's
        ('skos:notation "c7"', "code"),
    ],
)
def test_errors_of_a_file_are_reported_before_anything_is_stored(themes, said, field):
    text = f'{HEAD}<https://v.example/a> a skos:Concept ; skos:prefLabel "One"@en ; {said} .'
    found = read(text.encode(), name="v.ttl")
    made = plan(found.rows, {each.code: each for each in concepts_of_list()}, "vocab")
    assert field in [each.answer.field for each in made.errors]


def test_a_circle_through_a_file_is_reported(themes):
    text = f"{HEAD}@prefix v: <https://v.example/> .\n" + "".join(
        f'v:{one} a skos:Concept ; skos:prefLabel "{one}"@en ; skos:broader v:{up} .\n'
        for one, up in ("ab", "bc", "ca")
    )
    made = plan(read(text.encode(), name="v.ttl").rows, {}, "vocab")
    assert {each.code for each in made.errors if each.answer.code == "cycle"} == {"a", "b", "c"}


def test_a_table_changes_what_it_has_columns_for_alone(themes):
    there = {each.code: each for each in concepts_of_list()}
    made = plan(read(b"code,label_fr\nC9,La presse\n", name="a.csv").rows, there, "wsis")
    (change,) = made.changed
    assert change.attributes == ["labels"]
    assert change.after.labels == {**there["C9"].labels, "fr": "La presse"}
    assert change.was == [("label_fr", "Médias")] and change.becomes == [("label_fr", "La presse")]
    emptied = plan(read(b"code;definition_en\nC9;\n", name="a.csv").rows, there, "wsis").changed[0]
    assert "en" not in emptied.after.definition and "fr" in emptied.after.definition


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("label_en\nSpace\n", "a.csv"),
        ("code,colour\nX,red\n", "a.csv"),
        ("code,code\nX,Y\n", "a.csv"),
        ('code,label_en\nX,"Space\n', "a.csv"),
        ("", "a.csv"),
        ("code\n", "a.csv"),
        ("<rdf:RDF/>", "a.rdf"),
        ('{"@context": "https://elsewhere.example/context.jsonld"}', "a.ttl"),
        ("[]", "a.jsonld"),
        ("this is no Turtle", "a.ttl"),
        (f"{HEAD}<a> a skos:Concept", "a.ttl"),
        (HEAD, "a.ttl"),
    ],
)
def test_what_is_no_list_of_themes_is_refused_in_a_sentence(text, name):
    with pytest.raises(InvalidInput) as refused:
        read(text.encode(), name=name)
    assert refused.value.field == "file" and str(refused.value).endswith(".")


# --- hostile files ---


def test_a_huge_file_is_refused_before_it_is_read():
    with pytest.raises(InvalidInput) as refused:
        read(b"x" * (MOST_BYTES + 1), name="a.ttl")
    assert refused.value.code == "too_large"


def test_more_themes_than_the_list_can_have_are_refused(monkeypatch):
    monkeypatch.setattr("plenara.themes.validation.MOST", 50)
    many = HEAD + "".join(f'<urn:x:{n}> a skos:Concept ; skos:prefLabel "{n}"@en .\n' for n in range(51))
    rows = "code,label_en\n" + "".join(f"N{n},{n}\n" for n in range(51))
    for text, name in ((many, "a.ttl"), (rows, "a.csv")):
        with pytest.raises(InvalidInput) as refused:
            read(text.encode(), name=name)
        assert refused.value.code == "too_many"


def test_what_nests_without_end_is_refused():
    for opening in ("[ <urn:p> ", "( "):
        with pytest.raises(InvalidInput):
            read(f"{HEAD}<urn:a> <urn:p> {opening * 20_000}".encode(), name="a.ttl")


def test_what_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr("plenara.themes.validation.files.SKOS_SECONDS", -1)
    for text in (f"{HEAD}<urn:a> a skos:Concept .", "@prefix p: <urn:p> ."):
        with pytest.raises(InvalidInput) as refused:
            read(text.encode(), name="a.ttl")
        assert refused.value.code == "too_slow"


def test_ten_thousand_prefixes_cost_no_more_each_than_one():
    text = HEAD + "".join(f"@prefix p{n}: <urn:p{n}:> .\n" for n in range(10_000))
    found = read(f'{text}p9999:x a skos:Concept ; skos:prefLabel "X"@en .'.encode(), name="a.ttl")
    assert [each["code"] for each in found.rows] == ["x"]


def test_nothing_is_fetched_and_no_literal_is_taken_for_more_than_its_letters(monkeypatch, themes):
    import socket
    import xml.dom.minidom

    def refuse(*args, **kwargs):
        raise AssertionError("it was asked for")

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(xml.dom.minidom, "parseString", refuse)
    bomb = '<!DOCTYPE a [<!ENTITY b \\"bbbb\\">]><a>&b;</a>'
    text = f"""@base <https://elsewhere.example/> . {HEAD}
    @prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
    <> owl:imports <https://elsewhere.example/more.ttl> .
    <a> a skos:Concept ; skos:prefLabel "Space"@en ; skos:note "{bomb}"^^rdf:XMLLiteral, "{bomb}"^^rdf:HTML ;
      skos:note {"9" * 5000}, "{"9" * 5000}"^^<http://www.w3.org/2001/XMLSchema#integer> .
    """
    try:
        found = read(text.encode(), name="a.ttl")
    except InvalidInput:
        return
    assert [each["code"] for each in found.rows] == ["a"]


def test_signs_that_no_page_can_show_are_left_out(themes, curator):
    rows = read("code,label_en\nX1,Sp\u202eace\x07\n".encode(), name="a.csv").rows
    (new,) = plan(rows, {}, "own").new
    assert new.labels == {"en": "Space"}
