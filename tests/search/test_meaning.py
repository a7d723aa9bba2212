"""Finding by meaning: read by tasks, in cells or by pgvector, within every filter, and gone with the record."""

import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara.core import tasks
from plenara.core.models import BackgroundTask
from plenara.search import encoder, vector_store
from plenara.search.actions import embeddings, index
from plenara.search.entries import bounds
from plenara.search.models import Entry, Meaning, Page, Related, Unread, Vector
from plenara.search.queries import similarity
from plenara.search.queries.results import Clock
from plenara.search.queries.similarity import State, fused, nearest_to
from tests.search.reading import AT, Things, asked, found, is_pgvector
from tests.summaries.groups import meaning as stand_in

pytestmark = pytest.mark.django_db

COST, LANGUAGE, PRIVACY = stand_in.TOPICS.values()


def test_what_is_near_is_found_whatever_its_language_the_nearest_first(read):
    answer = nearest_to(asked("connection costs rural villages"))
    assert {hit.object_id for hit, _cosine in answer.hits} == {1, 2, 3, 4}
    cosines = [cosine for _hit, cosine in answer.hits]
    assert cosines == sorted(cosines, reverse=True) and cosines[-1] >= similarity.LEAST
    assert (answer.state, answer.done, answer.total) == (State.READY, 12, 12)


def test_every_filter_holds(read):
    question = "connection costs rural villages"
    assert found(question, filters={"language": ["fr"]}) == {1, 3}
    assert found(question, filters={"language": ["fr"], "consultation": ["1"]}) == {1}
    assert found(question, filters={"kind": ["other"]}) == set()
    assert found(question, without={"language": ["fr"]}) == {2, 4}
    low, high = bounds(AT.replace(minute=2), AT.replace(minute=4))
    assert found(question, low=low, high=high) == {2, 3}
    assert found(question, low=low) == {2, 3, 4}
    assert found(question, high=high) == {1, 2, 3}


def test_excluded_words_hold_too(read):
    assert found("connection costs rural villages -operators") == {1, 2, 3}
    assert found('connection costs rural villages -"far too high"') == {2, 3, 4}


def test_where_filters_leave_many_the_nearest_are_filtered(read, monkeypatch):
    monkeypatch.setattr(similarity, "MOST_AMONG", 2)
    test_every_filter_holds(read)
    test_excluded_words_hold_too(read)


@pytest.fixture
def picked(monkeypatch):
    """The index picks those within filters out of all that are near, as it does where they are many, but few of all."""
    monkeypatch.setattr(similarity, "MOST_AMONG", 0)
    monkeypatch.setattr(similarity, "PART_OF_ALL", 1.0)


def test_where_the_index_picks_those_within_filters_every_filter_holds(read, picked):
    test_every_filter_holds(read)
    test_excluded_words_hold_too(read)


def test_where_the_index_picks_nothing_withdrawn_or_changed_is_found(read, picked):
    question, english = "connection costs rural villages", {"language": ["en"]}
    before = found(question, filters=english)
    changed, withdrawn = sorted(before)[:2]
    read.publish(changed, PRIVACY[0] + " Again.")
    read.withdraw(withdrawn)
    assert found(question, filters=english) == before - {changed, withdrawn}
    tasks.run_all()
    assert found(question, filters=english) == before - {changed, withdrawn}
    read.publish(changed, COST[0], "fr")
    tasks.run_all()
    assert found(question, filters=english) == before - {changed, withdrawn}


def test_however_many_outside_of_filters_are_nearer_those_within_are_found(read, picked, monkeypatch):
    monkeypatch.setattr(similarity, "MOST_NEAR", 1)  # is in French
    question, english = "connection costs rural villages", {"language": ["en"]}
    assert len(found(question, filters=english)) == 1


def test_what_is_withdrawn_is_found_no_more_from_that_moment_on(read):
    read.withdraw(2)
    assert found("connection costs rural villages") == {1, 3, 4}
    assert not Vector.objects.filter(object_id__in=Entry.objects.filter(object_id=2)).exists()
    assert Vector.objects.count() == 11


def test_what_gets_other_words_is_not_found_by_the_earlier_ones(read):
    read.publish(2, PRIVACY[0] + " Again.")
    assert found("connection costs rural villages") == {1, 3, 4}
    tasks.run_all()
    assert found("connection costs rural villages") == {1, 3, 4}
    assert found("strong encryption personal privacy") == {2, 9, 10, 11, 12}


def test_what_gets_other_filters_alone_is_not_read_again(read):
    before = Vector.objects.in_bulk()
    stand_in.CALLS.clear()
    read.publish(2, COST[1], "en", consultation=["9"])
    tasks.run_all()
    assert not stand_in.CALLS and Vector.objects.in_bulk() == before
    assert found("connection costs rural villages", filters={"consultation": ["9"]}) == {2}


def test_before_all_is_read_it_is_said_how_far_it_is(things):
    assert nearest_to(asked("privacy")).state is State.READY
    things.publish(1, COST[0])
    assert nearest_to(asked("privacy")).state is State.BEHIND


def test_of_very_many_that_wait_no_question_counts_all(read, monkeypatch):
    for pk in range(20, 26):
        read.publish(pk, f"{COST[0]} {pk}")
    totals = [nearest_to(asked("privacy")).total]
    monkeypatch.setattr(similarity, "MOST_UNREAD", 4)
    totals.append(nearest_to(asked("privacy")).total)  # of those that wait, at least these
    Meaning.objects.update(total=18)  # as the last reading counted
    totals.append(nearest_to(asked("privacy")).total)
    assert totals == [18, 16, 18]


def test_one_task_is_queued_however_many_things_appear(things):
    for pk in range(1, 6):
        things.publish(pk, COST[0] + str(pk))
    assert BackgroundTask.objects.filter(task="search.read").count() == 1


def test_a_piece_is_a_few_texts_and_the_next_is_queued(things, monkeypatch):
    monkeypatch.setattr(embeddings, "AT_ONCE", 5)
    index.put([Things(words={pk: ("en", f"{COST[0]} {pk}")}).content(pk) for pk in range(1, 13)])
    things.words |= {pk: ("en", f"{COST[0]} {pk}") for pk in range(1, 13)}
    progress = []
    while some := tasks.take(limit=1):
        tasks.run(some[0])
        progress.append(Meaning.objects.get().done)
    assert [each for each in progress if each] == [5, 10, 12]
    assert BackgroundTask.objects.filter(done_at=None).count() == 0


def test_paused_it_rests_and_goes_on_where_it_was(read):
    index.pause_reading()
    read.publish(13, COST[0] + " And more.")
    tasks.run_all()
    answer = nearest_to(asked("connection costs rural villages"))
    assert {hit.object_id for hit, _ in answer.hits} == {1, 2, 3, 4}
    assert answer.state is State.PAUSED
    index.resume_reading()
    tasks.run_all()
    answer = nearest_to(asked("connection costs rural villages"))
    assert {hit.object_id for hit, _ in answer.hits} == {1, 2, 3, 4, 13}
    assert answer.state is State.READY


class Killed(BaseException):
    pass


@pytest.mark.parametrize("where", ["_encoded", "_store_vectors", "_numbers", "_count"])
def test_killed_anywhere_it_loses_nothing_and_doubles_nothing(things, monkeypatch, where):
    for pk, text in enumerate([*COST, *LANGUAGE], 1):
        things.publish(pk, text)

    def killed(*_arguments):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(embeddings, where, killed)
        with pytest.raises(Killed):
            tasks.run_all()
    BackgroundTask.objects.update(lease_until=None)  # as when its lease has ended
    tasks.run_all()
    assert found("connection costs rural villages") == {1, 2, 3, 4}
    assert Vector.objects.count() == 8 == sum(Page.objects.values_list("count", flat=True)) or is_pgvector()
    assert Related.objects.count() == 8 and not Unread.objects.exists()


def test_what_one_task_is_at_another_leaves(read):
    read.publish(13, COST[0] + " And more.")
    first = Meaning.objects.get().number
    assert embeddings.begin_reading(first)
    assert embeddings.begin_reading(first + 1) is None
    meaning_row = embeddings.begin_reading(first)
    embeddings.read_on(meaning_row)
    embeddings.end_reading(first)
    assert Vector.objects.count() == 13
    with pytest.raises(embeddings.Lost):
        embeddings.lock_meaning(first)


def test_what_comes_while_the_last_piece_ends_is_queued(read):
    number = Meaning.objects.get().number
    read.publish(13, COST[0] + " And more.")
    embeddings.read_on(embeddings.begin_reading(number))
    read.publish(14, COST[0] + " And more still.")
    embeddings.end_reading(number)
    tasks.run_all()
    assert 14 in found("connection costs rural villages")


def test_a_text_that_the_encoder_fails_at_holds_up_no_other(things, monkeypatch):
    def fails(texts):
        if "poison" in texts[0]:
            raise ValueError
        return stand_in.vectors(texts)

    monkeypatch.setattr(encoder, "vectors", fails)
    for pk, text in enumerate([*COST, "poison in these words"], 1):
        things.publish(pk, text)
    tasks.run_all()
    assert found("connection costs rural villages") == {1, 2, 3, 4}
    assert Meaning.objects.get().unreadable == 1 and not Unread.objects.exists()


def test_where_the_encoder_fails_at_everything_it_is_tried_again_later(things, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(encoder, "vectors", lambda texts: 1 / 0)
        things.publish(1, COST[0])
        tasks.run_all()
    assert BackgroundTask.objects.get(task="search.read", done_at=None).last_error == "ZeroDivisionError"
    BackgroundTask.objects.update(due_at=AT)
    tasks.run_all()
    assert Vector.objects.count() == 1


def test_rebuilt_it_is_the_same(read):
    def kept():
        return (
            {each.object_id: bytes(each.numbers) for each in Vector.objects.all()},
            {each.object_id: bytes(each.others) for each in Related.objects.all()},
        )

    before = kept()
    index.reread()
    assert nearest_to(asked("connection costs rural villages")).state is State.BEHIND
    tasks.run_all()
    assert kept() == before
    assert found("connection costs rural villages") == {1, 2, 3, 4}


def test_vectors_of_another_encoder_are_rebuilt(read, monkeypatch):
    monkeypatch.setattr(encoder, "name", lambda: "another")
    index.enqueue_reading()
    tasks.run_all()
    assert set(Vector.objects.values_list("encoder", flat=True)) == {"another"}
    assert found("connection costs rural villages") == {1, 2, 3, 4}


def test_what_is_near_is_kept_with_each_and_new_things_enter_the_lists(read):
    def near(pk):
        return {other for other, _product in similarity.related_to("thing", pk)}

    assert near(1) == {2, 3, 4} and near(9) == {10, 11, 12}
    read.publish(13, COST[0] + " Indeed.")
    tasks.run_all()
    assert near(13) == {1, 2, 3, 4} and near(1) == {13, 2, 3, 4}
    read.withdraw(13)
    tasks.run_all()
    assert near(1) == {2, 3, 4} and near(13) == set()


def test_off_it_says_so_and_nothing_is_queued(things, settings):
    settings.MEANING = False
    things.publish(1, COST[0])
    assert nearest_to(asked("privacy")).state is State.OFF
    assert not BackgroundTask.objects.filter(task="search.read").exists()


def test_while_the_encoder_is_loaded_a_question_goes_without(read, monkeypatch):
    loads = threading.Event()
    monkeypatch.setattr(encoder, "PATIENCE", 0.01)
    monkeypatch.setattr(encoder, "_load_encoder", loads.wait)
    answer = nearest_to(asked("privacy"))
    assert (answer.state, answer.hits) == (State.STARTING, [])
    loads.set()


def test_an_encoder_that_cannot_be_loaded_is_off(read, monkeypatch):
    monkeypatch.setattr(encoder, "_has_failed", threading.Event())

    def fails(_texts):
        raise OSError

    monkeypatch.setattr(encoder, "vectors", fails)
    encoder.start()
    encoder._thread.join()
    assert nearest_to(asked("privacy")).state is State.OFF


def test_a_question_takes_the_same_queries_of_12_things_and_of_200(read):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            assert found("connection costs rural villages", filters={"language": ["fr"]})
        return len(caught)

    few = queries()
    for pk in range(20, 208):
        read.publish(pk, f"{COST[pk % 4]} number{pk}", "fr")
    tasks.run_all()
    assert queries() == few <= 16


def test_a_question_without_words_finds_nothing(read):
    assert nearest_to(asked("author:Okafor")).hits == []
    assert nearest_to(asked("")).hits == []


def test_both_searches_in_one_order_begin_with_what_both_found(read):
    hits = nearest_to(asked("connection costs rural villages")).hits
    ids = [hit.id for hit, _cosine in hits]
    order = fused([999, ids[2]], hits)
    assert order[0].id == ids[2] and order[0].by_words
    assert {each.id for each in order} == {999, *ids}
    assert next(each for each in order if each.id == 999).cosine is None
    assert fused([], []) == []


def test_an_answer_must_be_nearer_among_more_texts_and_for_a_query_like_nonsense():
    assert similarity.enough_for(0, 1) == 0
    assert 0.15 < similarity.enough_for(0, 10) < similarity.enough_for(0, 1_000) < similarity.enough_for(0, 10**6) < 0.5
    assert similarity.enough_for(0.5, 10) > similarity.enough_for(0.1, 10)


def test_where_nothing_is_near_enough_nothing_is_found_and_otherwise_all_that_is_near(read, monkeypatch):
    question = "connection costs rural villages"
    cosines = [cosine for _hit, cosine in nearest_to(asked(question)).hits]
    assert cosines[0] > cosines[-1]
    monkeypatch.setattr(similarity, "MORE_OF_FEW", 0)
    for enough, count in ((cosines[0] - 0.001, 4), (cosines[0] + 0.001, 0)):
        monkeypatch.setattr(similarity, "enough_for", lambda _likeness, _texts, enough=enough: enough)
        assert len(nearest_to(asked(question)).hits) == count


def test_a_text_of_few_words_must_be_nearer_to_be_an_answer(read, monkeypatch):
    question = "connection costs rural villages"
    nearest = nearest_to(asked(question)).hits[0][1]
    monkeypatch.setattr(similarity, "enough_for", lambda _likeness, _texts: nearest - 0.01)
    assert nearest_to(asked(question)).hits == []
    Entry.objects.update(size=similarity.FEW_TOKENS)
    assert len(nearest_to(asked(question)).hits) == 4


def test_within_filters_it_counts_the_texts_within_them(read, monkeypatch):
    counted = []
    monkeypatch.setattr(similarity, "enough_for", lambda _likeness, texts: counted.append(texts) or 0)
    nearest_to(asked("privacy"))
    nearest_to(asked("privacy", filters={"consultation": ["1"]}))
    assert counted == [12, 4]


def test_a_question_that_takes_too_long_goes_without(read, monkeypatch):
    from plenara.search.engines import TooSlow

    def slow(*_arguments, **_more):
        raise TooSlow

    monkeypatch.setattr(vector_store, "nearest", slow)
    answer = nearest_to(asked("privacy"), clock=Clock(5))
    assert (answer.state, answer.hits) == (State.SLOW, [])


# The true encoder

LONG = [
    (
        "fr",
        "Le câble sous-marin a été coupé par le cyclone, et l’île est restée sans réseau pendant trois jours. Les "
        "écoles, les hôpitaux et les banques n’avaient plus aucune liaison avec le continent.",
    ),
    (
        "en",
        "Trains cross the mountains twice a day. In winter the line is closed for weeks, and those who depend on it "
        "have no other way to the hospital or the market in the valley.",
    ),
    (
        "ru",
        "Библиотека в нашем селе открыта два часа в день, и компьютеры стоят без дела. Мы просим, чтобы её открывали "
        "по вечерам, когда люди возвращаются с работы.",
    ),
]
UNANSWERED = [
    "xqkvz brtmpl", "gadube kirota", "щцфж ъыкпрт", "ضظغث قفصج", "猫钉 砖椅", "how to bake sourdough bread",
    "quelle équipe a gagné la Coupe du monde", "aperturas de ajedrez", "рецепт шоколадного торта",
    "تقليم أشجار التفاح", "怎样去除地毯上的红酒渍",
]  # fmt: skip


@pytest.mark.once
def test_a_question_in_any_language_finds_what_answers_it_in_another(things, monkeypatch):
    monkeypatch.undo()
    texts = {
        1: (
            "fr",
            "Le câble sous-marin a été coupé par le cyclone, et l’île est restée sans réseau pendant trois jours.",
        ),
        2: ("es", "Las lenguas indígenas necesitan diccionarios y teclados propios."),
        3: ("ru", "Библиотека в нашем селе открыта два часа в день, и компьютеры стоят без дела."),
    }
    for pk, (language, text) in texts.items():
        things.publish(pk, text, language)
    tasks.run_all()
    encoder._loaded.set()
    for question, answer in [
        ("the storm cut the cable and the network was down", 1),
        ("台风过后网络中断", 1),
        ("معاجم ولوحات مفاتيح للغات الشعوب الأصلية", 2),
        ("library opening hours", 3),
    ]:
        hits = nearest_to(asked(question), clock=Clock(60)).hits
        assert hits and hits[0][0].object_id == answer, question


@pytest.mark.once
def test_nonsense_and_a_question_without_an_answer_find_nothing(things, monkeypatch):
    monkeypatch.undo()
    for pk, (language, text) in enumerate(LONG, 1):
        things.publish(pk, text, language)
    tasks.run_all()
    encoder._loaded.set()
    for question in ("how often do trains cross the mountains", "как часто поезда ходят через горы"):
        assert found(question), question
    for question in UNANSWERED:
        hits = nearest_to(asked(question), clock=Clock(60)).hits
        assert hits == [], question
