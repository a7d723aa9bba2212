"""A prepared query has the rows of the query itself, whatever its values; it is composed once for each form of them."""

import copy
import datetime
import gc
import sys
import threading
import weakref

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, connections, transaction
from django.db.models import Count, QuerySet
from django.db.models.signals import post_init, pre_init

from plenara.consultations.models import Follow
from plenara.contributions.models import Byline, Contribution, Edition, EditionSignatory, Text
from plenara.core.models import AuditEntry
from plenara.core.prepared import fill_related, find, insert, prepared
from tests import world

NOON = datetime.datetime(2026, 10, 14, 12, tzinfo=datetime.UTC)
composed = []


@prepared
def by_number(consultation: int, number: int, title: str | None = None) -> QuerySet[Edition]:
    composed.append(number)
    found = Edition.objects.filter(consultation=consultation, number=number)
    found = found.filter(title=title) if title else found
    return found.select_related("text", "byline").prefetch_related("signatories").order_by("revision")


@prepared
def among(numbers: list[int], languages: list[str], since: datetime.datetime) -> QuerySet[Edition, int]:
    found = Edition.objects.filter(number__in=numbers, language__in=languages, published_at__gte=since)
    return found.order_by("number").values_list("number", flat=True)


@prepared
def sliced(most: int) -> QuerySet[Edition]:
    return Edition.objects.all()[:most]


@pytest.fixture
def editions(author, moderator, thread):
    return [world.published(author, moderator, thread, f"Text {n}.") for n in range(3)]


def test_it_is_composed_once_and_has_the_rows_of_its_values(editions, django_assert_num_queries):
    one, two, _three = editions
    composed.clear()
    fresh = prepared(by_number.__wrapped__)
    contents = {each.pk: each.text.content for each in editions}
    with django_assert_num_queries(6):  # two each, from the first one on
        for each in (one, two, one):
            (found,) = fresh(each.consultation_id, each.number)
            assert found == each and found.text.content == contents[each.pk]
    assert list(fresh(one.consultation_id, 999)) == []
    assert len(composed) == 1
    with django_assert_num_queries(2):
        (found,) = fresh(one.consultation_id, one.number)
        assert found.byline.name and list(found.signatories.all()) == []


@prepared
def some_columns(number: int) -> QuerySet[Edition]:
    found = Edition.objects.filter(number=number).annotate(among=Count("signatories"))
    return found.select_related("byline", "paper").only("number", "byline__name", "paper")


def test_objects_are_as_the_query_makes_them(editions, django_assert_num_queries):
    def state(found):
        fields = {name: value for name, value in vars(found).items() if not name.startswith("_")}
        related = {name: each and state(each) for name, each in found._state.fields_cache.items()}
        return type(found), fields, found._state.db, found._state.adding, found._state.fetch_mode, related

    one = editions[0]
    for query, args in ((by_number, (one.consultation_id, one.number)), (some_columns, (one.number,))):
        (prepared_one,), (own,) = query(*args), query.__wrapped__(*args)
        assert state(prepared_one) == state(own)
    with django_assert_num_queries(1):  # for a column that was left out
        assert prepared_one.title == one.title


def test_nothing_listens_to_the_making_of_objects():
    assert not [each for each in apps.get_models() if pre_init.has_listeners(each) or post_init.has_listeners(each)]


def test_a_list_without_values_has_no_rows_and_asks_for_none(editions, django_assert_num_queries):
    begin = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    with django_assert_num_queries(0):
        for _again in range(3):
            assert list(among([], ["en"], begin)) == []
    assert not among([], ["en"], begin)


def test_related_rows_are_filled_in_as_they_are_prefetched(author, moderator, thread, django_assert_num_queries):
    one, two = (world.published(author, moderator, thread, f"Text {n}.") for n in range(2))
    for place in (2, 1):
        EditionSignatory.objects.create(edition=two, byline=one.byline, place=place)
    rows = EditionSignatory.objects.order_by("place")
    fill_related([one, two], "signatories", rows, "edition_id")
    with django_assert_num_queries(0):
        assert list(one.signatories.all()) == []
        assert [each.place for each in two.signatories.all()] == [1, 2]


def test_another_form_is_another_statement(editions):
    one = editions[0]
    assert list(by_number(one.consultation_id, one.number, one.title)) == [one]
    assert list(by_number(one.consultation_id, one.number, "another")) == []
    assert list(by_number(one.consultation_id, one.number, None)) == [one]


@pytest.mark.parametrize("numbers", [[], [1], [3, 1], (1, 2, 3), {2, 3}, [1, 2, 3, 4, 5], range(1, 600)])
def test_lists_of_any_length_are_filled_in(editions, numbers):
    begin = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    own = Edition.objects.filter(number__in=numbers).order_by("number").values_list("number", flat=True)
    assert list(among(numbers if isinstance(numbers, set) else list(numbers), ["en", "fr"], begin)) == list(own)
    assert list(among(list(numbers), ["fr"], begin)) == []
    assert list(among(list(numbers), ["en"], begin + datetime.timedelta(days=9999))) == []


@pytest.mark.parametrize("number", [0, -1, 40_000, 2**31, 2**63, 10**30])
def test_numbers_that_no_column_has_find_nothing(editions, number):
    assert list(by_number(editions[0].consultation_id, number)) == []


def test_hostile_texts_are_values(editions):
    one = editions[0]
    for text in ("' OR 1=1 --", "%s", "%(a)s", "\ue00030001\ue000", "%"):
        assert list(by_number(one.consultation_id, one.number, text)) == []


def test_it_cannot_be_changed_and_says_so(editions):
    found = by_number(editions[0].consultation_id, 1)
    changes = [
        lambda: found.filter(number=2), lambda: found.order_by("pk"), lambda: found.first(), lambda: found.count(),
        lambda: found.exists(), lambda: found[:1], lambda: found.explain(), lambda: found.aggregate(Count("pk")),
        lambda: copy.deepcopy(found).filter(number=2), lambda: list(Edition.objects.filter(pk__in=found)),
    ]  # fmt: skip
    for change in changes:
        with pytest.raises(TypeError):
            change()
    assert len(found) == 1 and found[0] == editions[0]  # once its rows are there, they can be counted


def test_what_is_not_there_is_another_form(editions):
    one = editions[0]
    assert list(by_number(one.consultation_id, one.number, "")) == list(by_number(one.consultation_id, one.number))
    assert list(by_number(one.consultation_id, one.number, "x")) == []
    assert list(by_number(one.consultation_id, 0, "")) == []


@pytest.fixture
def hasty():
    """Threads take turns as often as they can."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def test_threads_that_compile_at_once_keep_a_whole_statement(hasty):
    for _round in range(60):
        query = prepared(by_number.__wrapped__)
        compilers = []
        begin = threading.Barrier(6)

        def compiles(query=query, compilers=compilers, begin=begin):
            begin.wait()
            compilers.append(query(1, 1).query.get_compiler("default").as_sql()[0])

        threads = [threading.Thread(target=compiles) for _number in range(6)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert len(compilers) == 6 and len(set(compilers)) == 1 and compilers[0].count("JOIN") == 2


def test_the_connection_of_a_thread_ends_with_it(editions):
    query, connection_of_thread = prepared(by_number.__wrapped__), []

    def asks():
        list(query(1, 1))
        connection_of_thread.append(weakref.ref(connections["default"]))
        connections["default"].close()

    thread = threading.Thread(target=asks)
    thread.start()
    thread.join()
    gc.collect()
    assert connection_of_thread[0]() is None


def test_an_argument_that_is_not_in_the_statement_is_refused(editions):
    with pytest.raises(TypeError, match="not in its statement"):
        list(sliced(2))


def test_a_statement_is_sent_as_django_composes_it(editions):
    with connection.execute_wrapper(lambda execute, *asked: sent.append(asked[:2]) or execute(*asked)):
        sent: list[tuple] = []
        one = editions[0]
        list(by_number(one.consultation_id, one.number, "x"))
        list(by_number.__wrapped__(one.consultation_id, one.number, "x"))
    (first, with_values), (second, own_values) = sent
    assert first == second and [*with_values] == [*own_values]


def test_a_row_is_inserted_as_django_saves_it(thread, author):
    def rows():
        yield Text(content="Words", sha256="0" * 64)
        yield Byline(name="Fatou", stakeholder_group="government", organization_verified=None)
        yield Contribution(thread=thread, consultation=thread.consultation, author=author, channel="web")
        yield AuditEntry(at=NOON, verb="tried", about_kind="text", about_id="1", details={"of": [1, None], "é": "x"})

    for saved, inserted in zip(rows(), rows(), strict=True):
        sent: list[tuple] = []
        with connection.execute_wrapper(lambda execute, *asked, sent=sent: sent.append(asked[:2]) or execute(*asked)):
            for name in ("state_at", "created_at"):  # the clock's
                if hasattr(saved, name):
                    setattr(saved, name, NOON)
                    setattr(inserted, name, NOON)
            saved.save()
            assert insert(inserted)
        (as_django, its_values), (statement, values) = sent
        assert statement == as_django and [*map(str, values)] == [*map(str, its_values)]
        assert inserted.pk == saved.pk + 1 and not inserted._state.adding
        inserted.refresh_from_db()
        saved.refresh_from_db()
        own = {"id", "_state"}
        assert {n: v for n, v in vars(inserted).items() if n not in own} == {
            n: v for n, v in vars(saved).items() if n not in own
        }


def test_a_row_that_is_there_already_is_not_inserted(author):
    one, two = (Follow(person=author, what=Follow.What.REPLIES, pace="daily") for _ in range(2))
    assert insert(one, ignore_conflicts=True) and one.pk
    assert not insert(two, ignore_conflicts=True) and two.pk is None
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(two)
    assert Follow.objects.filter(what=Follow.What.REPLIES).count() == 1


def test_postgresql_plans_rows_by_their_id_and_new_rows_once(author):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite's own cache has them")
    for content in ("One.", "Two."):
        text = Text.of(content)
        assert find(Text, text.pk) == text
    assert find(Text, 2**40) is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        statements = [row[0] for row in cursor.fetchall() if '"contributions_text"' in row[0]]
    assert sorted(each.split()[0] for each in statements) == ["INSERT", "SELECT"]
