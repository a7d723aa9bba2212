"""Events are found by their words, and by their filters."""

import pytest

from plenara.search.entries import kind_of
from plenara.search.models import Entry
from tests import world
from tests.events import entered

pytestmark = pytest.mark.django_db


def found(client, query, language="en"):
    answer = client.get(f"/{language}/search/data.json?{query}")
    assert answer.status_code == 200
    return [each["title"] for each in answer.json()["results"] if each["kind"] == "event"]


def test_an_event_is_found_by_the_words_of_each_of_its_languages(client):
    entered.event(
        {"fr": "Réunion régionale", "ar": "اجتماع إقليمي", "zh": "区域会议"},
        description={"en": "Libraries of seven countries."},
    )
    for words in ("réunions", "اجتماع", "区域", "libraries", "bamako"):
        assert found(client, f"q={words}") == ["Réunion régionale"], words
    assert found(client, "q=会议", "zh") == ["区域会议"]
    assert found(client, "q=nothing") == []


def test_what_it_is_about_narrows_a_search(client):
    world.consultation("internet-governance")
    entered.event("Meeting here", country="ML", languages=["bm"], themes=["C4"], prepares="internet-governance")
    entered.event("Meeting there", country="FR")
    for query in ("country=ML", "theme=C4", "consultation=internet-governance"):
        assert found(client, f"q=meeting&kind=event&{query}") == ["Meeting here"], query
    assert len(found(client, "q=meeting&language=en")) == 2 and not found(client, "q=meeting&language=fr")


def test_what_is_changed_is_found_as_it_is_now_and_what_is_gone_no_longer(client):
    event = entered.revised(entered.event("Quagmire"), title={"en": "Meadow"})
    assert (found(client, "q=quagmire"), found(client, "q=meadow")) == ([], ["Meadow"])
    entered.gone(event)
    assert found(client, "q=meadow") == []


def test_the_rebuilt_index_is_the_same(client):
    for number in range(3):
        entered.event(f"Meeting {number}", themes=["C4"])
    kept = set(Entry.objects.filter(kind="event").values_list("id", "words", "filters", "digest"))
    from plenara.search.actions import index

    event = kind_of("event")
    contents = list(event.everything())
    index.take_out("event", [each.object_id for each in contents])
    index.put(contents)
    assert set(Entry.objects.filter(kind="event").values_list("id", "words", "filters", "digest")) == kept


def test_its_kind_is_shown_with_the_hit(client):
    entered.event("Meeting of librarians", description={"en": "In the old hall."})
    page = client.get("/en/search/?q=librarians").content.decode()
    assert "Event" in page and "/en/events/1/" in page
