"""The search page: what is public is found, each filter narrows, and an invalid query gets a sentence."""

import datetime
import gzip
import re
from itertools import chain

import lxml.html
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import etree

from plenara.contributions.actions import withdraw
from plenara.core import clock
from plenara.core.languages import CODES
from plenara.documents.actions.publication import publish_rendition
from plenara.documents.actions.renditions import review_rendition
from plenara.exports.queries import search
from plenara.search.query import Problem, QueryRefused
from tests import world
from tests.hostile import EVERYTHING
from tests.site.search.finding import PAGE, ask, indexed, links, numbers, problem, words
from tests.summaries import making

pytestmark = pytest.mark.django_db
HERE = "/en/consultations/internet-governance/"


@pytest.fixture
def some(consultation, elsewhere, author, participant, moderator, moderator_elsewhere, thread):
    """Five contributions about a ferry: 1, 2 (a reply) and 3 here, of 2026, and two elsewhere, of an earlier year."""
    first = world.published(author, moderator, thread, "The ferry is late.")
    world.published(participant, moderator, thread, "Le ferry est bon.", "fr", in_reply_to=first.contribution)
    world.published(participant, moderator, consultation.threads.get(number=2), "A ferry for all.", title="Boats")
    earlier = clock.now() - datetime.timedelta(days=3)
    with clock.at(earlier):
        for text, language in (("Ferry, ferry, ferry.", "en"), ("Паром и ferry.", "ru")):
            world.published(author, moderator_elsewhere, elsewhere.threads.get(number=1), text, language)
    return earlier.date()


def test_a_result_says_what_it_is_who_said_it_where_and_when(client, edition):
    page = ask(client, "document")
    assert links(page) == [f"{HERE}contributions/1/"]
    said = words(page)
    for part in (edition.symbol, "Contribution", "English", "Aminata Diallo", "Civil society", "Question 1", "Mali"):
        assert part in said
    assert "for Réseau Sahel Numérique (not verified)" in said
    assert '<p class="words" lang="en" dir="ltr"><mark>Documents</mark> should reach us' in page
    assert "1 result, by relevance" in said


def test_what_is_withdrawn_or_waits_is_not_found(client, edition, author, participant, thread):
    world.submitted(participant, thread, "Documents that wait.")
    assert numbers(ask(client, "documents")) == [1]
    withdraw(actor=author, contribution=edition.contribution)
    assert numbers(ask(client, "documents")) == []


def test_the_best_come_first_unless_the_newest_are_asked_for(client, some):
    assert len(links(ask(client, "ferry"))) == 5
    best = ask(client, "ferry")
    assert links(best)[0] == "/en/consultations/digital-cooperation/contributions/1/"
    assert '<a href="?q=ferry&amp;order=newest">Newest first</a>' in best
    newest = ask(client, "ferry", order="newest")
    assert links(newest)[0] == f"{HERE}contributions/3/"
    assert '<a href="?q=ferry">Most relevant first</a>' in newest
    assert '<input type="hidden" name="order" value="newest">' in newest


#: Filters, and how many of `some` they leave.
FILTERS = [
    ({"consultation": "internet-governance"}, 3),
    ({"consultation": "internet-governance", "thread": "2"}, 1),
    ({"consultation": "digital-cooperation", "thread": "2"}, 0),
    ({"thread": "2"}, 5),  # a question of which consultation?
    ({"kind": "contribution"}, 5),
    ({"kind": "reply"}, 1),
    ({"kind": "statement"}, 0),
    ({"group": "civil_society"}, 5),
    ({"group": "government"}, 0),
    ({"country": "NG"}, 2),
    ({"language": "fr"}, 1),
    ({"language": "ru", "country": "ML"}, 1),
    ({"channel": "web"}, 5),
    ({"channel": "letter"}, 0),
    ({"author": "Okafor"}, 2),
    ({"author": "sahel"}, 3),
    ({"theme": "none"}, 0),
]


def test_each_filter_narrows(client, some):
    for filters, found in FILTERS:
        assert len(links(ask(client, "ferry", **filters))) == found, filters
        without_words = links(ask(client, **filters))
        assert len(without_words) == (found if set(filters) != {"thread"} else 0), filters


def test_a_period_is_of_whole_days(client, some):
    day = some.isoformat()
    assert len(links(ask(client, "ferry", since=day, until=day))) == 2
    assert len(links(ask(client, "ferry", until=day))) == 2
    assert len(links(ask(client, "ferry", since=(some + datetime.timedelta(days=1)).isoformat()))) == 3
    assert len(links(ask(client, "ferry", until="9999-12-31", since="0001-01-01"))) == 5


NO_VALUES = [
    "consultation=no-such",
    "consultation=%00",
    "consultation=internet-governance&thread=99999999999999999999",
    "thread=x",
    "kind=nobody",
    "group=%3Cscript%3E",
    "country=XX&country=ZZ",
    "country=ml",
    "language=%22",
    "channel=pigeon",
    "since=2026-02-30&until=yesterday",
    "before=x&page=-1",
    "before=99999999999999999999&page=0",
    "order=price",
    "utm_source=x",
]


def test_what_is_no_value_of_a_parameter_is_ignored(client, some):
    for query in NO_VALUES:
        found = links(client.get(f"{PAGE}?q=ferry&{query}").content.decode())
        assert len(found) == (3 if "consultation=internet" in query else 5), query


def test_a_draft_consultation_is_not_offered_and_not_found(client, some, elsewhere):
    elsewhere.stage = "draft"
    elsewhere.save()
    page = ask(client, "ferry", consultation="digital-cooperation")
    assert "digital-cooperation" not in page[page.index("<main") :]


def test_every_filter_that_is_set_can_be_taken_away(client, some):
    asked = {"consultation": "internet-governance", "thread": "1", "language": "fr", "author": "Okafor"}
    page = ask(client, "ferry", **asked, since="2020-01-01", order="newest")
    taken = re.findall(r'<a href="\?([^"]*)"><span class="hidden">Remove the filter</span>', page)
    assert [each.replace("&amp;", "&") for each in taken] == [
        "q=ferry&language=fr&author=Okafor&since=2020-01-01&order=newest",
        "q=ferry&consultation=internet-governance&language=fr&author=Okafor&since=2020-01-01&order=newest",
        "q=ferry&consultation=internet-governance&thread=1&author=Okafor&since=2020-01-01&order=newest",
        "q=ferry&consultation=internet-governance&thread=1&language=fr&since=2020-01-01&order=newest",
        "q=ferry&consultation=internet-governance&thread=1&language=fr&author=Okafor&order=newest",
    ]


def test_a_filter_that_is_set_is_a_link_that_says_what_it_removes(client, some):
    page = ask(client, "ferry", language="fr")
    link = re.search(r'<ul class="row chips"><li><a href="\?q=ferry">(.*?)</a></li>', page)[1]
    assert " ".join(re.sub(r"<[^>]+>", "", link).split()) == (
        "Remove the filter Language of the text: French&nbsp;×"  # the cross is not alone on a line
    )


def test_the_form_keeps_what_was_chosen(client, some):
    page = ask(client, "ferry", country="NG", until="2030-01-01", author='"O’Brien"')
    assert '<option value="NG" selected>' in page
    assert 'value="2030-01-01"' in page
    assert 'value="&quot;O’Brien&quot;"' in page
    assert "<details open>" in page
    assert '<option value="FJ"' not in page  # nobody from there has said anything


def test_where_nothing_is_found_it_says_what_to_try(client, some):
    said = ask(client, "submarine", language="fr")
    assert "Nothing was found." in said
    assert '<a href="?q=submarine">Search without filters</a>' in said
    assert "any one of these words" not in said
    either = '<a href="?q=ferry+OR+submarine">Search for any one of these words</a>'
    assert either in ask(client, "ferry submarine")
    assert len(links(ask(client, "ferry OR submarine"))) == 5


def test_an_author_and_an_organization_are_found_by_their_names_alone(client, some):
    assert len(links(ask(client, "okafor"))) == 2
    assert len(links(ask(client, "Réseau Sahel"))) == 3
    assert len(links(ask(client, '"Daniel Okafor" ferry'))) == 2
    assert links(ask(client, "Okafor -Daniel")) == []


def test_an_organization_whose_name_has_a_stroke_is_found_by_it(client, moderator, thread):
    person = world.person("Ines Prado", organization="African ICT/IG Stakeholders", capacity="organization")
    world.published(person, moderator, thread, "Boats.")
    assert numbers(ask(client, "African ICT/IG Stakeholders")) == [1]
    assert numbers(ask(client, "ict/ig")) == [1]
    assert numbers(ask(client, "ICT/other")) == []


def test_a_word_that_nobody_used_is_named_and_near_ones_are_offered(
    client, some, author, moderator, thread, monkeypatch
):
    monkeypatch.setattr("plenara.exports.queries.search.SECONDS", 60)  # whatever else runs on the machine
    page = ask(client, "fery late", language="en")
    assert "No text contains the word “ fery ”. Did you mean: ferry" in words(page)
    assert '<a href="?q=ferry+late&amp;language=en"><bdi>ferry</bdi></a>' in page
    assert "“ late ”" not in words(page)
    world.published(author, moderator, thread, "The government got over a cover.")
    both = words(ask(client, "goverment fery"))
    assert (
        "No text contains the word “ goverment ”. Did you mean: government No text contains the word “ fery ”" in both
    )
    assert "Did you mean: Okafor" in words(ask(client, "Okafro"))
    assert '<a href="?q=%D0%9F%D0%B0%D1%80%D0%BE%D0%BC">' in ask(client, "Пором")


#: A word that is misspelt in each language, and what was meant.
MISSPELT = [
    ("en", "Connectivity matters.", "conectivity", "Connectivity"),
    ("en", "Accommodation for all.", "acomodation", "Accommodation"),  # by two letters
    ("fr", "La gouvernance et le gouvernement.", "gouvernanse", "gouvernance"),
    ("es", "La sostenibilidad importa.", "sostenivilidad", "sostenibilidad"),
    ("ru", "Нужна прозрачность решений.", "прозрачнсоть", "прозрачность"),
    ("ar", "نريد الشفافية في القرارات.", "الشفافيه", ""),  # the same word to us
    ("ar", "نريد الشفافية في القرارات.", "الشفاقية", "الشفافية"),
    ("zh", "互联网治理需要透明度。", "互连网", "互联网"),
    ("zh", "互联网治理需要透明度。", "互联网治里", "互联网治理"),
    ("zh", "互联网治理需要透明度。", "透名度", "透明度"),
]


def test_a_misspelt_word_of_each_language_offers_what_was_meant(
    client, author, moderator_elsewhere, elsewhere, monkeypatch
):
    monkeypatch.setattr("plenara.exports.queries.search.SECONDS", 60)
    thread = elsewhere.threads.get(number=1)  # in all languages
    for text, language in dict.fromkeys((text, language) for language, text, _typed, _meant in MISSPELT):
        world.published(author, moderator_elsewhere, thread, text, language)
    for reader, _text, typed, meant in MISSPELT:
        page = ask(client, typed, reader=reader)
        assert re.findall(r'<a href="\?q=[^"]*"><bdi>([^<]*)</bdi></a>', page)[:1] == [meant] * bool(meant), typed
        assert len(links(ask(client, meant or typed))) == 1, meant


def test_what_is_offered_for_several_words_corrects_all_of_them(client, some, author, moderator, thread, monkeypatch):
    monkeypatch.setattr("plenara.exports.queries.search.SECONDS", 60)
    world.published(author, moderator, thread, "The government runs a ferry.")
    offered = '<a href="?q=government+ferry"><bdi>'
    assert ask(client, "goverment fery").count(offered) == 2
    assert numbers(ask(client, "government ferry")) == [4]


def test_a_word_that_is_found_is_never_replaced(client, some, author, moderator, thread):
    world.published(author, moderator, thread, "A fery is a misspelt ferry.")
    page = ask(client, "fery")
    assert numbers(page) == [4]
    assert "Did you mean" not in page


def test_a_word_of_a_withdrawn_text_or_of_a_hidden_name_is_not_offered(
    client, author, participant, moderator, thread, monkeypatch
):
    monkeypatch.setattr("plenara.exports.queries.search.SECONDS", 60)
    edition = world.published(author, moderator, thread, "Hovercraft for all.")
    shy = world.person("Wilhelmina Shyness", withholds_name=True)
    world.published(shy, moderator, thread, "Another text.")
    world.submitted(participant, thread, "Funicular that waits.")
    assert "Did you mean: Hovercraft" in words(ask(client, "hovercaft"))
    withdraw(actor=author, contribution=edition.contribution)
    for typed in ("hovercaft", "Wilhelmna", "Shynes", "funiclar", "Diallo", "Dialo", "hovercrafts"):
        page = ask(client, typed)
        assert "Nothing was found." in page and "Did you mean" not in page, typed


def test_a_word_that_only_the_rendition_for_other_readers_has_is_named(
    client, edition, rapporteur, organizer, translator, consultation
):
    summary = making.summary(rapporteur, consultation)
    making.statement(rapporteur, summary.document, "Nothing was said on question 2.", kind="frame")
    making.statement_of(rapporteur, summary, edition, "The ferry is late.")
    making.published(rapporteur, organizer, summary)
    rendition = making.translated(translator, summary.document, "ar", prefix="zebra ")
    rendition = review_rendition(actor=rapporteur, rendition=rendition)
    publish_rendition(actor=organizer, rendition=rendition)
    assert links(ask(client, "zebra", reader="ar"))
    assert "No text contains the word “ zebra ”." in words(ask(client, "zebra"))


def test_a_word_that_is_hardly_like_it_is_not_offered(client, some, author, moderator, thread, monkeypatch):
    monkeypatch.setattr("plenara.exports.queries.search.SECONDS", 60)
    world.published(author, moderator, thread, "Il faut le dire et le lire avec nous, donc dans la ville.", "fr")
    for word in ("wires", "dance"):
        said = words(ask(client, word))
        assert f"No text contains the word “ {word} ”." in said and "Did you mean" not in said


def test_of_nonsense_it_says_that_no_text_has_it_and_offers_nothing(client, some):
    for word in ("xqzvbkw", "浮浮", "a" * 60):
        said = words(ask(client, word))
        assert "Nothing was found." in said
        assert "Did you mean" not in said
    assert "No text contains the word “ xqzvbkw ”." in words(ask(client, "xqzvbkw"))


def test_before_anything_is_asked_it_says_how(client, consultation):
    page = ask(client)
    assert "How to search" in page
    assert "Nothing was found" not in page
    assert "data.json" not in page


REFUSED = {
    Problem.TOO_LONG: "x " * 300,
    Problem.TOO_MANY: " ".join(f"word{n}" for n in range(30)),
    Problem.STAR: "a*",
    Problem.ONLY_EXCLUDED: "-ferry",
    Problem.ONLY_COMMON: "the of",
    Problem.NOTHING: "!?",
}


@pytest.mark.parametrize("order", ["newest", "relevance"])
def test_a_question_that_cannot_be_asked_is_answered_with_a_sentence_and_stays_in_the_form(client, edition, order):
    for asked in REFUSED.values():
        page = ask(client, asked, order=order, country="ML")
        assert problem(page), asked
        assert f'name="q" value="{asked.strip()}"' in page
        assert '<option value="ML" selected>' in page
        assert not links(page)


def test_each_refusal_has_a_sentence_of_its_own(client, db):
    assert len({problem(ask(client, asked)) for asked in REFUSED.values()}) == len(REFUSED)
    assert set(REFUSED) | {Problem.TOO_SLOW} == set(Problem)


def test_a_search_that_reached_its_deadline_says_so_and_is_cached_by_nobody(client, some, settings):
    settings.SEARCH_DEADLINE = 0
    answer = client.get(f"{PAGE}?q=ferry")
    assert "took too long" in problem(answer.content.decode())
    assert answer["Cache-Control"] == "no-store"


def test_what_cannot_be_put_in_order_in_time_is_shown_the_newest_first_and_kept_by_nobody(client, some, monkeypatch):
    def too_slow(*_arguments, **_named):
        raise QueryRefused(Problem.TOO_SLOW)

    monkeypatch.setattr(search, "relevant", too_slow)
    answer = client.get(f"{PAGE}?q=ferry")
    assert links(answer.content.decode())[0] == f"{HERE}contributions/3/"
    assert answer["Cache-Control"] == "no-store"


def test_words_that_every_text_has_are_left_out_and_named(client, some):
    page = ask(client, "the ferry")
    assert len(links(page)) == 5
    assert "These words were left out, because they appear in nearly every text: the." in words(page)


ODD = [
    "x" * 10_000,
    "a b " * 2_500,
    "文" * 10_000,
    '"',
    '"" ""',
    "\x00",
    "-",
    "*",
    "OR",
    "author:",
    'author:"',
    "-author:x",
]


def test_hostile_questions_break_nothing(client, edition):
    for asked in [*EVERYTHING, *ODD]:
        asked = asked.encode(errors="replace").decode()
        for fields in ({"order": "newest"}, {"order": "relevance"}, {"author": asked, "theme": asked, "kind": asked}):
            page = ask(client, asked, **fields)
            assert runs(page) == [], asked


def test_hostile_texts_are_shown_as_the_characters_they_are(client, hostile):
    indexed()
    for page_of in range(-(-len(hostile) // 20)):
        page = ask(client, "word", order="relevance", page=page_of + 1)
        assert numbers(page)
        strange = re.findall(r"<(?!/?(?:mark|p|span|bdi|a|h3|li|ol|time|svg|circle|path|rect|b)\b)[a-z]+", hits(page))
        assert strange == []


def runs(page):
    """Return what in a page would run or load something of a stranger's."""
    tree = lxml.html.fromstring(page)
    there = tree.iter("script", "img", "iframe", "base", "style", "object", "math")
    found = [each.tag for each in there if not each.get("src", "").startswith("/static/")]
    names = [name for each in tree.iter(etree.Element) for name in each.attrib]
    return found + [name for name in names if name.startswith("on") or name == "style"]


def hits(page):
    return page[page.index('<li class="hit">') : page.rindex("</li>", 0, page.index("</main>"))]


def test_pages_follow_one_another_without_a_gap(client, thread):
    world.many(thread, 45)
    indexed()
    for order in ("newest", "relevance"):
        page, found = ask(client, "documents", order=order), []
        while len(found) < 5:
            found.append(numbers(page))
            following = re.search(r'<a href="([^"]*)" rel="next">', page)
            if not following:
                break
            page = client.get(PAGE + following[1].replace("&amp;", "&")).content.decode()
        assert [len(each) for each in found] == [20, 20, 5]
        assert sorted(chain.from_iterable(found)) == list(range(1, 46))


def test_a_statement_is_found_once_in_the_language_of_its_reader(
    client, edition, rapporteur, organizer, translator, consultation
):
    summary = making.summary(rapporteur, consultation)
    making.statement(rapporteur, summary.document, "Nothing was said on question 2.", kind="frame")
    making.statement_of(rapporteur, summary, edition, "The ferry is late.")
    making.published(rapporteur, organizer, summary)
    making.translated(translator, summary.document, "ar")
    rendition = making.reviewed(translator, rapporteur, making.fresh(summary.document), "ar")
    publish_rendition(actor=organizer, rendition=rendition)
    english = ask(client, kind="statement")
    assert links(english) == [f"{HERE}summaries/1/#s2", f"{HERE}summaries/1/#s1"]
    assert "Summary 1, statement 2" in english
    page = ask(client, kind="statement", reader="ar")
    assert len(links(page)) == 2
    assert 'class="words" lang="ar" dir="rtl"' in page
    assert 'class="words" lang="en"' not in page
    assert len(links(ask(client, kind="statement", language="en", reader="ar"))) == 2


def test_it_takes_the_same_queries_at_10_and_at_200_contributions(client, thread, edition):
    def queries(query):
        client.get(f"{PAGE}?{query}")
        with CaptureQueriesContext(connection) as captured:
            client.get(f"{PAGE}?{query}")
        return len(captured)

    asked = ["", "q=documents", "q=documents&order=relevance", "q=documents&consultation=internet-governance&thread=1"]
    world.many(thread, 10)
    indexed()
    few = [queries(each) for each in asked]
    world.many(thread, 200)
    indexed()
    # One less where nobody on the page speaks for an organization.
    assert all(queries(each) <= before for each, before in zip(asked, few, strict=True))
    assert max(few) <= 22


def test_a_full_page_stays_within_its_budget(client, thread):
    world.many(thread, 60)
    indexed()
    for language in CODES:
        answer = client.get(f"/{language}/search/?q=documents&consultation=internet-governance&country=ML")
        assert len(links(answer.content.decode())) == 20
        assert len(gzip.compress(answer.content, 6)) <= 14_336


def test_search_engines_are_kept_from_it(client, edition):
    answer = client.get(f"{PAGE}?q=documents")
    assert answer["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in answer.content.decode()
    robots = b"".join(client.get("/robots.txt")).decode()
    assert all(f"Disallow: /{code}/search/" in robots for code in CODES)


def test_every_page_leads_to_it(client, edition):
    for path, fields in (
        ("/en/", {}),
        (HERE, {"consultation": "internet-governance"}),
        (f"{HERE}threads/1/", {"consultation": "internet-governance", "thread": "1"}),
    ):
        page = client.get(path).content.decode()
        assert '<li><a href="/en/search/">Search</a></li>' in page
        form = re.search(r'<form class="no-print" method="get" action="/en/search/".*?</form>', page)[0]
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
        assert hidden == fields
    assert numbers(ask(client, "documents", consultation="internet-governance", thread="1")) == [1]


def test_it_speaks_six_languages(client, some):
    for language in CODES:
        found = links(ask(client, "ferry", reader=language))
        assert len(found) == 5
        assert all(each.startswith(f"/{language}/") for each in found)
