"""Indexes of their own, beside whatever else is published."""

import threading

import pytest

from plenara.search.models import Entry
from tests.search import corpus, reference


@pytest.fixture
def index_of(db):
    """A function that fills the index with some things, and returns its entries."""

    def fill(contents):
        entries = reference.entries(contents)
        Entry.objects.bulk_create(entries, batch_size=500)
        return entries

    return fill


@pytest.fixture
def indexed(index_of):
    """The texts of the corpus, in an index of their own."""
    return index_of(corpus.contents())


@pytest.fixture
def things(monkeypatch, settings):
    """Things that are read by a stand-in for the encoder, which is loaded already."""
    from plenara.search import encoder
    from plenara.search.entries import _kinds, _related, register
    from tests.search.reading import Things
    from tests.summaries.groups import meaning as stand_in

    settings.MEANING, settings.SEARCH_DEADLINE = True, 60
    monkeypatch.setattr(encoder, "vectors", stand_in.vectors)
    monkeypatch.setattr(encoder, "PATIENCE", 60)
    encoder._known.clear()
    monkeypatch.setattr(encoder, "_thread", None)
    monkeypatch.setattr(encoder, "_loaded", threading.Event())
    made = Things()
    register(made, related=True)
    yield made
    del _kinds[made.code]
    _related.discard(made.code)


@pytest.fixture
def read(things):
    """Twelve things, on costs (1-4), languages (5-8) and privacy (9-12), that were read."""
    from plenara.core import tasks
    from tests.summaries.groups import meaning as stand_in

    cost, language, privacy = stand_in.TOPICS.values()
    for pk, text in enumerate([*cost, *language, *privacy], 1):
        things.publish(pk, text, "fr" if pk % 2 else "en", consultation=[str(pk % 3)])
    tasks.run_all()
    return things
