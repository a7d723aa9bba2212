"""By relevance, what says the same in other words and languages stands among what has the words, and says why."""

import html
import json
import re
import threading
from itertools import chain

import pytest

from plenara.contributions.actions import withdraw
from plenara.contributions.models import Edition
from plenara.core import tasks
from plenara.search import encoder
from plenara.search.models import Meaning
from plenara.search.queries import similarity
from plenara.search.queries.similarity import State
from tests import world
from tests.site.search.finding import PAGE, ask, indexed, numbers, words
from tests.summaries.groups import meaning as stand_in

pytestmark = pytest.mark.django_db

COST, LANGUAGE, PRIVACY = stand_in.TOPICS.values()


@pytest.fixture
def spoken(monkeypatch, settings, author, moderator, thread):
    """Four contributions on costs (1-4), in French by turns, and four on languages; read by a stand-in."""
    settings.MEANING, settings.SEARCH_DEADLINE = True, 60
    monkeypatch.setattr(encoder, "vectors", stand_in.vectors)
    monkeypatch.setattr(encoder, "PATIENCE", 60)
    encoder._known.clear()
    monkeypatch.setattr(encoder, "_thread", None)
    monkeypatch.setattr(encoder, "_loaded", threading.Event())
    for at, text in enumerate([*COST, *LANGUAGE]):
        world.published(author, moderator, thread, text, "fr" if at % 2 else "en")


@pytest.fixture
def read(spoken):
    tasks.run_all()


def test_texts_in_other_words_are_found_and_say_so_with_their_language(client, read):
    page = ask(client, COST[0], order="relevance")
    assert numbers(page)[0] == 1
    assert set(numbers(page)) == {1, 2, 3, 4}
    said = words(page)
    assert said.count("same meaning, in French") == 2
    assert said.count("same meaning, in other words") == 1
    assert "1 result, by relevance" in said
    assert said.index("Related texts in different words") < said.index("same meaning, in French")


def test_the_newest_first_are_found_by_their_words_alone(client, read):
    page = ask(client, COST[0], order="newest")
    assert numbers(page) == [1]
    assert "same meaning" not in page
    assert "Most relevant first" in page


def test_what_is_found_by_meaning_alone_is_apart_on_the_first_page(client, read, thread):
    world.many(thread, 30)
    indexed()
    tasks.run_all()
    first, second = (ask(client, "documents", page=page) for page in (1, 2))
    assert "Related texts" not in second
    by_words = first.partition("Related texts")[0]
    assert len(numbers(by_words)) == 20
    assert "same meaning" not in by_words


def test_a_question_to_which_nothing_is_near_enough_finds_nothing(client, read, monkeypatch):
    asked = f"{COST[1]} {COST[0]}"
    assert numbers(ask(client, asked))
    monkeypatch.setattr(similarity, "enough_for", lambda _likeness, _texts: 1.1)
    assert numbers(ask(client, asked)) == []
    assert set(numbers(ask(client, COST[0]))) == {1, 2, 3, 4}, "its words are found, so it is no nonsense"


def test_a_reader_who_found_nothing_may_look_through_the_nearest_texts(client, read, monkeypatch):
    asked = f"{COST[1]} {COST[0]}"
    monkeypatch.setattr(similarity, "enough_for", lambda _likeness, _texts: 1.1)
    offered = re.search(r'<a href="\?([^"]+)">Show the texts that are nearest in meaning', ask(client, asked))
    page = client.get(f"{PAGE}?{html.unescape(offered[1])}").content.decode()
    assert set(numbers(page)) >= {1, 2}
    assert "They do not contain all of your words" in page
    assert "Show the texts that are nearest" not in page
    assert "Show the texts that are nearest" not in ask(client, COST[0]), "where something is found"
    monkeypatch.setattr(encoder, "vectors", lambda texts: 0 * stand_in.vectors(texts))
    assert "Show the texts that are nearest" not in ask(client, "zzz", order="meaning")


def test_where_meaning_is_off_no_link_leads_to_it(client, read, settings):
    settings.MEANING = False
    assert "Show the texts that are nearest" not in ask(client, "zzz")


def test_filters_hold_for_both(client, read):
    assert set(numbers(ask(client, COST[0], order="relevance", language="fr"))) == {2, 4}
    assert numbers(ask(client, COST[0], order="relevance", group="government")) == []


def test_where_no_text_has_the_words_it_says_so(client, read):
    page = ask(client, f"{COST[1]} {COST[0]}", order="relevance")
    assert "No text contains these words" in page
    assert numbers(page)


def test_a_question_whose_words_nobody_used_is_answered_by_its_meaning_unasked(client, read):
    page = ask(client, f"{COST[1]} {COST[0]}")
    assert "No text contains these words" in page
    assert set(numbers(page)) >= {1, 2}
    assert "same meaning" in page
    assert "Newest first" not in page  # which would find nothing


def test_where_nothing_is_near_either_it_says_that_nothing_was_found(client, read, monkeypatch):
    monkeypatch.setattr(encoder, "vectors", lambda texts: 0 * stand_in.vectors(texts))
    assert "Nothing was found" in ask(client, "zzz")


def test_what_is_withdrawn_is_found_neither_way(client, read):
    edition = Edition.objects.get(number=2)
    withdraw(actor=edition.contribution.author, contribution=edition.contribution)
    assert set(numbers(ask(client, COST[0], order="relevance"))) == {1, 3, 4}


def test_data_say_by_what_each_was_found_and_how_far_the_reading_is(client, read):
    said = json.loads(client.get("/en/search/data.json", {"q": COST[0], "order": "relevance"}).content)
    assert said["by_meaning"] == {"count": 3, "state": "ready", "texts_read": 8, "texts": 8}
    assert sorted(row["found_by"] for row in said["results"]) == ["meaning"] * 3 + ["words"]


def test_before_all_is_read_it_says_how_far_it_is_and_words_are_found(client, spoken):
    page = ask(client, COST[0], order="relevance")
    assert numbers(page) == [1]
    assert re.search(r"\b0 of \d+ texts can be found by meaning so far\.", words(page))


def test_when_more_was_read_the_answer_is_new(client, read):
    path = f"/en/search/data.json?q={COST[0]}&order=relevance"
    etag = client.get(path)["ETag"]
    assert client.get(path, headers={"if-none-match": etag}).status_code == 304
    Meaning.objects.update(done=3)
    assert client.get(path, headers={"if-none-match": etag}).status_code == 200


def test_switched_off_it_says_so(client, read, settings):
    settings.MEANING = False
    page = ask(client, COST[0], order="relevance")
    assert numbers(page) == [1]
    assert "Search by meaning is not available at present. Texts are found by their words." in page


def test_while_it_starts_words_are_found_and_nobody_keeps_the_answer(client, read, monkeypatch):
    monkeypatch.setattr(encoder, "vector_of", lambda *_arguments: None)
    for path in (PAGE, "/en/search/data.json"):
        answer = client.get(path, {"q": COST[0], "order": "relevance"})
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "no-store"
        assert path == PAGE or not answer.has_header("ETag")  # that of a page is of its very bytes
    assert "is starting" in client.get(PAGE, {"q": COST[0], "order": "relevance"}).content.decode()


def test_each_state_that_a_reader_should_know_has_a_sentence():
    from plenara.exports.queries.search import ByMeaning

    said = {state: ByMeaning([], state, 1, 2).sentence for state in State}
    assert [state for state, sentence in said.items() if not sentence] == [State.READY]
    assert len(set(said.values())) == len(State)


def test_no_page_repeats_another(client, read, thread):
    world.many(thread, 30)
    indexed()
    found = [numbers(ask(client, "documents", order="relevance", page=page)) for page in (1, 2, 3)]
    everything = [*chain.from_iterable(found)]
    assert len(everything) == len(set(everything)) == 34
    assert len(found[0]) == 20
