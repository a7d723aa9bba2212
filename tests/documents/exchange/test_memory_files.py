"""A translation memory as TMX: published texts are exported, imported ones counted and saved."""

import io

import pytest
from lxml import etree

from plenara.core.models import AuditEntry
from plenara.core.refusals import AlreadyDone, InvalidInput, NotPermitted
from plenara.core.text import digest
from plenara.documents.actions.renditions import review_rendition
from plenara.documents.exchange import queries, tmx
from plenara.documents.exchange.actions import incoming_files, translation_resources
from plenara.documents.models import IncomingFile, MemoryUnit
from tests.documents import making
from tests.made_once import made_once

pytestmark = pytest.mark.django_db


def written(consultation, *languages):
    out = io.BytesIO()
    tmx.write(out, queries.memory_units(consultation, languages), source_language="en")
    return out.getvalue()


def a_tmx(*units, source="en"):
    body = "".join(
        "<tu>" + "".join(f'<tuv xml:lang="{code}"><seg>{text}</seg></tuv>' for code, text in unit.items()) + "</tu>"
        for unit in units
    )
    return f'<tmx version="1.4"><header srclang="{source}"/><body>{body}</body></tmx>'.encode()


def kept(actor, consultation, data):
    return incoming_files.store_file(
        actor=actor,
        consultation=consultation,
        what=IncomingFile.What.MEMORY,
        name="memory.tmx",
        rows=[(each.source_language, each.language, each.source, each.target) for each in tmx.read(data).pairs],
    )


def taken(actor, consultation, data):
    return translation_resources.take_memory(actor=actor, file=kept(actor, consultation, data))


@pytest.fixture
@made_once
def in_two_languages(rapporteur, organizer, translator, other_translator, two_sides):
    """The edition of a document that is published in English and Arabic."""
    review_rendition(actor=other_translator, rendition=making.translated(translator, two_sides, "ar"))
    return making.published(rapporteur, organizer, two_sides)


def test_what_was_published_leaves_with_the_header_that_the_standard_asks_for(in_two_languages, consultation):
    data = written(consultation, "ar", "fr")
    tree = etree.fromstring(data)
    assert (tree.tag, tree.get("version")) == ("tmx", "1.4")
    assert [each.tag for each in tree] == ["header", "body"]
    header = tree[0].attrib
    assert set(header) == {
        "creationtool", "creationtoolversion", "segtype", "o-tmf", "adminlang", "srclang", "datatype",
    }  # fmt: skip
    assert header["segtype"] == "paragraph"
    assert tree.getroottree().docinfo.system_url == "tmx14.dtd"
    for unit in tree.iter("tu"):
        assert [each.tag for each in unit] == ["note", "tuv", "tuv"]
        assert [each.tag for tuv in unit.iter("tuv") for each in tuv] == ["seg", "seg"]
    pairs = tmx.read(data).pairs
    assert [each.source for each in pairs][:2] == ["What was said", "Documents come too late."]
    assert [each.target for each in pairs] == [f"[ar] {each.source}" for each in pairs]
    assert len(pairs) == 5


def test_only_the_chosen_languages_leave(in_two_languages, consultation):
    assert b"<tuv" not in written(consultation, "fr")
    assert written(consultation, "ar").count(b"<tu ") == 5


def test_what_is_outdated_is_no_pair(in_two_languages, consultation):
    from plenara.documents.models import PublishedText

    PublishedText.objects.filter(language="ar", paragraph__number=1).update(source_digest="0" * 64)
    assert b"Documents come too late." not in written(consultation, "ar")


@pytest.mark.once
def test_a_memory_leaves_in_two_queries_whatever_its_size(in_two_languages, consultation, django_assert_num_queries):
    with django_assert_num_queries(2):
        written(consultation, "ar")


def test_what_comes_is_counted_and_taken(rapporteur, consultation):
    MemoryUnit.objects.create(
        consultation=consultation,
        source_language="en",
        language="fr",
        source="Two",
        target="Deux",
        source_digest=digest("Two"),
    )
    data = a_tmx(
        {"en": "One", "fr": "Un"},
        {"en": "Two", "fr": "Deux"},
        {"en": "One", "fr": "Une"},
        {"en": "Three", "FR-ca": "Trois"},
    )
    found = taken(rapporteur, consultation, data)
    assert (len(found.added), len(found.replaced), found.known, found.refused) == (2, 0, 2, 0)
    assert set(MemoryUnit.objects.values_list("source", "target")) == {
        ("One", "Un"),
        ("Two", "Deux"),
        ("Three", "Trois"),
    }
    again = taken(rapporteur, consultation, a_tmx({"en": "One", "fr": "Une fois"}))
    assert len(again.replaced) == 1
    assert MemoryUnit.objects.get(source="One").target == "Une fois"
    assert MemoryUnit.objects.get(source="One").by == rapporteur
    assert MemoryUnit.objects.count() == 3
    assert AuditEntry.objects.filter(verb="memory.file_taken").count() == 2


def test_a_translator_brings_what_is_in_their_language_alone(translator, consultation):
    found = taken(translator, consultation, a_tmx({"en": "One", "fr": "Un", "ar": "واحد"}))
    assert (len(found.added), found.refused) == (1, 1)
    assert MemoryUnit.objects.get().language == "ar"


def test_who_does_not_translate_brings_none(organizer, moderator, rapporteur, consultation):
    data = a_tmx({"en": "One", "fr": "Un"})
    for somebody in (organizer, moderator):
        with pytest.raises(NotPermitted):
            kept(somebody, consultation, data)
    file = kept(rapporteur, consultation, data)
    with pytest.raises(NotPermitted):
        translation_resources.take_memory(actor=organizer, file=file)
    translation_resources.take_memory(actor=rapporteur, file=file)
    with pytest.raises(AlreadyDone):
        translation_resources.take_memory(actor=rapporteur, file=file)


def test_every_direction_counts_where_a_file_says_so(rapporteur, consultation):
    taken(rapporteur, consultation, a_tmx({"en": "One", "fr": "Un"}, source="*all*"))
    assert set(MemoryUnit.objects.values_list("source", "target")) == {("One", "Un"), ("Un", "One")}


def test_codes_of_other_tools_carry_no_words():
    [pair] = tmx.read(
        a_tmx({"en": 'A <bpt i="1">&lt;b&gt;</bpt>bold<ept i="1">&lt;/b&gt;</ept> <hi>word</hi>', "fr": "Un"})
    ).pairs
    assert pair.source == "A bold word"


def test_other_languages_and_long_texts_are_left_out_and_counted():
    memory = tmx.read(a_tmx({"en": "One", "fr": "Un", "de": "Eins", "zh-TW": "一"}, {"en": "x" * 4_001, "fr": "Un"}))
    assert (len(memory.pairs), memory.left_out) == (1, 3)


@pytest.mark.parametrize("data", [a_tmx(), a_tmx({"de": "Eins", "pt": "Um"}), a_tmx({"en": "One"})])
def test_a_memory_without_a_pair_is_refused(data):
    with pytest.raises(InvalidInput) as error:
        tmx.read(data)
    assert error.value.code == "empty"


def test_a_memory_holds_so_many_pairs_and_no_more(rapporteur, consultation, monkeypatch):
    many = a_tmx(*({"en": f"Source {n}", "fr": f"Cible {n}"} for n in range(tmx.MOST_UNITS + 1)))
    with pytest.raises(InvalidInput) as error:
        tmx.read(many)
    assert error.value.code == "too_many"
    monkeypatch.setattr(translation_resources, "MOST_UNITS", 2)
    found = taken(rapporteur, consultation, a_tmx(*({"en": f"Source {n}", "fr": f"Cible {n}"} for n in range(5))))
    assert (len(found.added), found.too_many) == (2, 3)


def test_what_was_brought_is_proposed_to_translators(rapporteur, consultation, two_sides):
    from plenara.documents.queries.translations import memory_matches, segments

    taken(rapporteur, consultation, a_tmx({"en": "Documents come too late.", "zh": "文件来得太迟。"}))
    text = "Documents come too late."
    found = memory_matches({1: text}, segments(two_sides, "zh", [text], []))
    assert found[1][0].segment.target == "文件来得太迟。"
