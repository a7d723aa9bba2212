"""Finding by meaning among many: cells of our own, or pgvector."""

import numpy
import pytest

from plenara.core import tasks
from plenara.search import encoder, vector_store
from plenara.search.actions import embeddings, index
from plenara.search.models import Arrangement, Meaning, Page
from plenara.search.queries.results import Asked
from plenara.search.queries.similarity import nearest_to
from plenara.search.query import parse
from tests.search.reading import asked, is_pgvector

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(things, monkeypatch):
    """Six hundred things around thirty middles, in cells."""
    monkeypatch.setattr(embeddings, "MOST_ALONE", 100)
    monkeypatch.setattr(embeddings, "AT_ONCE", 300)
    monkeypatch.setattr(embeddings, "arrangement_way", lambda: Arrangement.Way.CELLS)
    monkeypatch.setattr(vector_store, "IN_PAGE", 16)
    monkeypatch.setattr(vector_store, "PROBED", (6, 6))
    rng = numpy.random.default_rng(1)
    middles = rng.normal(size=(30, 512))
    rows = middles[numpy.arange(600) % 30] + 0.5 * rng.normal(size=(600, 512))
    rows = rows / numpy.linalg.norm(rows, axis=1, keepdims=True)
    monkeypatch.setattr(
        encoder, "vectors", lambda texts: rows[[int(each.split()[-1].strip("Helo.") or 0) for each in texts]]
    )
    monkeypatch.setattr(encoder, "NONSENSE", ["number 0"])
    monkeypatch.setattr(encoder, "without_nonsense", lambda row: row)
    things.words = {pk: ("en", f"number {pk}") for pk in range(600)}
    index.put(things.everything())
    tasks.run_all()
    return rows


def test_of_many_a_question_looks_into_the_nearest_cells_alone_and_finds_them(many):
    used = Meaning.objects.get().used
    assert used.cells > 1 and sum(Page.objects.values_list("count", flat=True)) == 600 == used.packed
    assert Arrangement.objects.count() == 1
    for at in range(0, 60, 7):
        hits = nearest_to(Asked(parse(f"number {at}")), limit=10).hits
        exact = numpy.argsort(-(many @ many[at]), kind="stable")[:10]
        assert len({hit.object_id for hit, _ in hits} & set(exact.tolist())) >= 9


def test_cells_are_the_same_whenever_they_are_made(many):
    before = bytes(Meaning.objects.get().used.centres)
    Meaning.objects.update(used=None)
    Arrangement.objects.all().delete()
    index.enqueue_reading()
    tasks.run_all()
    first = bytes(Meaning.objects.get().used.centres)
    Meaning.objects.update(used=None)
    index.enqueue_reading()
    tasks.run_all()
    assert bytes(Meaning.objects.get().used.centres) == first
    assert len(first) and before  # of fewer vectors the centres were others


def test_pages_are_swept_when_much_is_gone(many, things, monkeypatch):
    monkeypatch.setattr(embeddings, "MOST_DELETED", 50)
    for pk in range(300):
        del things.words[pk]
    index.take_out("thing", range(300))
    index.enqueue_reading()
    tasks.run_all()
    assert sum(Page.objects.values_list("count", flat=True)) == 300


# pgvector


def test_with_pgvector_the_same_is_found_as_without(read, monkeypatch):
    from plenara.search.engines import pgvector

    if not pgvector.is_possible():
        pytest.skip("this PostgreSQL has no pgvector")
    assert is_pgvector() and not Page.objects.exists()
    questions = ["connection costs rural villages", "translated documents official", "encryption privacy"]
    with_it = [nearest_to(asked(each)).hits for each in questions]
    monkeypatch.setattr(pgvector, "is_possible", lambda: False)
    index.enqueue_reading()
    tasks.run_all()
    assert not is_pgvector() and Page.objects.exists()
    assert [nearest_to(asked(each)).hits for each in questions] == with_it
