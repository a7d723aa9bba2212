"""Whatever somebody types, they get results or a sentence: never an error of a database, and never a long wait."""

import time

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plenara.search import analyser
from plenara.search.engines import TooSlow, engine
from plenara.search.queries import results
from plenara.search.queries.results import Asked, Clock, newest, relevant
from plenara.search.query import Problem, QueryRefused, parse
from tests.search import corpus, reference

#: Enough for a slow machine that does other things too; what is tested is that nothing breaks.
PATIENT = 60.0

HOSTILE = [
    "", " ", "-", "--", "*", "**", "-*", '"', '""', '"""', '" "', "-\"\"", "OR", "OR OR OR", "a OR", "OR -a", "-a",
    "-a -b", "a*", "ab*", "abc*", "*abc", "a*b*c*", "网*", "*网", "the of", "the", "OR the OR of", '"the of"', "'",
    "''", "'; --", "a'b", 'a"b', '"a', 'a"', '"a" "b', "a\\", "\\", "\\\\'", "a\\'b", "a:b", ":a", "a:", "::",
    "a:*", "words:a", "filters:¤kcontribution", "¤kcontribution", "¤", "{words}: a", "a AND b", "a NOT b", "NOT a",
    "NEAR(a b)", "NEAR(a b, 2)", "a NEAR/2 b", "^a", "a + b", "a && b", "a & b", "a | b", "!a", "!!a", "a <-> b",
    "a <2> b", "(a", "a)", "(((((((((((a)))))))))))", "()", "a:*b", "a:ABCD", "a%", "_", "%_%", "\x00", "a\x00b",
    "\x1b[31m", "a\nb", "a\r\nb", "\ud800", "a\ud800b", "\udfff\ud800", "\u202e\u202dabc\u202c", "\u200f\u200e",
    "\ufeff", "😀", "👨‍👩‍👧‍👦 a", "🇫🇷", "…", "。、！？", "٪؟،", "½ ² ①", "ﷺ" * 400, "ﷺ", "İ ı ß ﬀ", "ا" * 500,
    "ـ" * 500,
    "é" * 500, "x" * 500, "x" * 10_000, "网" * 500, "网" * 10_000, "a " * 250, "ab " * 5_000, '"' * 500, '" ' * 250,
    "-" * 500, "- " * 250, "(" * 500, "a/b/c", "/", "a/", "/a", "a//b", "WGIG/" + "9" * 400,
    "http://example.org/?q=a&b=c#d", "<script>alert(1)</script>", "%00", "0" * 400, "1,000" * 80, "a-b-c-d-e-f-g",
    "-" + "a-" * 200 + "b", "author:", "author:*", 'author:"', 'author:""', "author:author:a", "-author:a",
    "author:-a", "author:" + "a " * 200, "автор:", "作者:" + "王" * 300,
    " OR ".join(["internet", "governance", "publish", "access", "rights", "data", "school", "meeting"]),
    " OR ".join(f"w{n}" for n in range(24)), " OR ".join(f"w{n}" for n in range(60)),
    " ".join(f"-w{n}" for n in range(24)), "a " + " ".join(f"-w{n}" for n in range(23)),
    " ".join(f'"a{n} b{n} c{n}"' for n in range(24)), '"' + "a " * 240 + '"', '"' + "网" * 490 + '"',
    " ".join(f"abc{n}*" for n in range(24)), "ا*", "الا*", "при*", "क्ष*", "हिन्दी", "ภาษาไทย", "조선말",
    "日本語のテキスト",
    "שָׁלוֹם", "Ελλάδα",
]  # fmt: skip


def answer(order, text):
    """Return what somebody gets: numbers of things, or why not. Anything else is an error."""
    try:
        page = order(Asked(parse(text), {"kind": [corpus.KIND]}), clock=Clock(PATIENT))
    except QueryRefused as refused:
        return Problem(refused.problem)
    return [hit.object_id for hit in page.hits]


def test_every_hostile_query_gets_results_or_a_sentence(index_of):
    index_of(corpus.contents())
    for text in HOSTILE:
        for order in (newest, relevant):
            assert answer(order, text) != Problem.TOO_SLOW, text[:50]


def test_what_cannot_be_asked_is_refused_with_the_part_that_is_why():
    for text, problem, part in (
        ("x" * 10_000, Problem.TOO_LONG, ""),
        ("ab " * 100, Problem.TOO_MANY, ""),
        ("schools a*", Problem.STAR, "a*"),
        ("-schools", Problem.ONLY_EXCLUDED, ""),
        ("the of", Problem.ONLY_COMMON, "the of"),
        ("؟؟؟", Problem.NOTHING, ""),
    ):
        with pytest.raises(QueryRefused) as refused:
            parse(text)
        assert (refused.value.problem, refused.value.part) == (problem, part)


SIGNS = [*"\"-*():^&|!<>\\/'{}+~@#.,;¤\x00\u200f的  ", " OR ", " AND ", " NOT ", "NEAR", "author:"]
WORDS = ["internet", "gouvernance", "derechos", "свобода", "حقوق", "互联网", "règles", "naïve", "WGIG/2026", "a", "ab"]
PIECES = st.one_of(st.sampled_from(SIGNS), st.sampled_from(WORDS), st.text(max_size=6), st.characters())
TYPED = st.lists(PIECES, max_size=30).map("".join)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TYPED)
def test_random_strings_get_what_the_reference_finds_or_a_sentence(filled, text):
    try:
        query = parse(text)
    except QueryRefused:
        return
    asked = Asked(query, {"kind": [corpus.KIND]})
    found = newest(asked, limit=1000, clock=Clock(PATIENT))
    expected = reference.matching(asked.expression, filled)
    assert [hit.id for hit in found.hits] == expected
    assert found.count == len(expected)
    assert {hit.id for hit in relevant(asked, limit=1000, clock=Clock(PATIENT)).hits} == set(expected)


@pytest.fixture
def filled(index_of):
    """The corpus, and some texts of odd characters."""
    return index_of(corpus.contents())


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=300), language=st.sampled_from(["en", "fr", "es", "ru", "ar", "zh", "de", "pt-BR", ""]))
def test_any_text_can_be_indexed_and_its_words_find_it(db, text, language):
    from plenara.search.models import Entry

    text = text.replace("\x00", "")
    Entry.objects.all().delete()
    (content,) = [
        each.__class__(**{**each.__dict__, "title": "", "text": text, "language": language})
        for each in corpus.contents()[:1]
    ]
    entries = reference.entries([content])
    Entry.objects.bulk_create(entries)
    assert engine().errors() == []
    from plenara.search import analyser

    for word in list(analyser.words(text))[:5]:
        try:
            query = parse(f'"{word}"', language)
        except QueryRefused:
            continue
        assert [hit.id for hit in newest(Asked(query), clock=Clock(PATIENT)).hits] == [entries[0].pk], word


def test_pages_that_no_list_has_are_empty_or_the_first(filled):
    asked = Asked(parse("internet"), {"kind": [corpus.KIND]})
    for before in (-5, 0, 1, 2**62, 2**63, 2**200):
        newest(asked, before=before)
    for low, high in ((-(2**70), 2**70), (2**70, -(2**70)), (5, 4)):
        newest(Asked(parse("internet"), low=low, high=high))
        relevant(Asked(parse("internet"), low=low, high=high))
    for page in (-3, 0, 10**9, 2**70):
        relevant(asked, page=page)


def test_filters_of_any_value_are_only_values(filled):
    for value in ("", "'", '"', "\\", "a b", "\x00", "\ud800", "¤k", "*", ":*", "x" * 10_000, "网" * 500, "😀"):
        for name in ("kind", "group", "language", "theme", "author", "symbol", "country"):
            newest(Asked(parse("internet"), {name: [value]}, {"not_for": [value]}), clock=Clock(PATIENT))


def test_a_question_without_time_is_refused_and_the_next_one_is_answered(filled):
    asked = Asked(parse("internet"), {"kind": [corpus.KIND]})
    for order in (newest, relevant):
        with pytest.raises(QueryRefused) as refused:
            order(asked, clock=Clock(0))
        assert refused.value.problem == Problem.TOO_SLOW
        assert order(asked).count > 3


def test_an_engine_that_takes_too_long_is_stopped(index_of):
    contents = corpus.contents()
    index_of(
        [
            each.__class__(**{**each.__dict__, "object_id": n + 1, "at": None, "text": each.text * 40})
            for n, each in enumerate(contents)
        ]
    )
    with pytest.raises(TooSlow), engine().deadline(0.02), connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE more(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more WHERE n < 300000000) "
            "SELECT max(n) FROM more"
        )
    assert newest(Asked(parse("internet"))).count > 3


def test_the_time_that_our_own_calculation_takes_counts(filled, monkeypatch):
    clock = Clock(PATIENT)
    slow = results._counted

    def counted(*args):
        clock._until = time.monotonic() - 1
        return slow(*args)

    monkeypatch.setattr(results, "_counted", counted)
    with pytest.raises(QueryRefused) as refused:
        relevant(Asked(parse("internet")), clock=clock)
    assert refused.value.problem == Problem.TOO_SLOW


@pytest.mark.parametrize(
    "word",
    ["क" * 400, "a" * 400, "കമ്പ്യൂട്ടർ" * 30, "a-" * 200 + "_", "1.111" * 80],
)
def test_reading_a_long_word_takes_no_longer_than_its_letters(word):
    began = time.process_time()
    list(analyser.compounds(word))
    analyser.for_index(word, f"{word * 100} well-known", "hi")
    assert time.process_time() - began < 10  # milliseconds; what backtracks takes for ever


def test_words_with_signs_of_vowels_are_whole_and_joined_by_hyphens():
    assert list(analyser.compounds("हिन्दी-भाषा x_a-b 中a-b कि")) == [
        ("हिन्दी", "भाषा"), ("x",), ("a", "b"), ("中",), ("a", "b"), ("कि",)
    ]  # fmt: skip
