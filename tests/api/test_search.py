"""The search for programs: what the page finds, in the rows that every other list has."""

import pytest

from plenara.consultations.models import Consultation
from plenara.contributions.actions import withdraw
from plenara.contributions.models import Contribution
from plenara.exports.queries.search import kind_codes
from tests import world
from tests.api.answers import DOCUMENT, HERE, ROOT, ask, walk

pytestmark = pytest.mark.django_db
SEARCH = f"{ROOT}search"


def found(client, query):
    return [(row["kind"], row.get("number")) for row in walk(client, f"{SEARCH}?{query}", "results")]


def test_it_finds_what_the_page_finds_as_rows_of_the_lists(client, whole):
    said = ask(client, f"{SEARCH}?q=withdrawn+OR+weeks&kind=contribution")
    (row,) = (row for row in said["results"] if row["number"] == 1)
    listed = ask(client, f"{HERE}/contributions")["contributions"][0]
    assert {name: value for name, value in row.items() if name in listed} == listed
    assert row["consultation"] == "internet-governance"
    assert row["found_by"] == "words"
    assert "weeks" in row["snippet"]
    assert said["query"] == {"q": "withdrawn OR weeks", "kind": "contribution"}


def test_a_statement_leads_to_its_place_in_the_summary(client, whole):
    (row,) = ask(client, f"{SEARCH}?q=weeks&kind=statement")["results"]
    assert row["address"].endswith("#s1")
    assert "/s/" in row["address"]


def test_what_is_gone_is_not_found(client, whole, made_whole):
    contribution = Contribution.objects.get(consultation=whole, number=1)
    assert found(client, "q=removed") == []
    assert ("contribution", 1) in found(client, "q=weeks")
    withdraw(actor=made_whole.cast["author"], contribution=contribution)
    assert ("contribution", 1) not in found(client, "q=weeks")


def test_pages_hang_together_in_either_order(client, whole):
    everything = found(client, "consultation=internet-governance")
    assert len(everything) > 4
    assert found(client, "consultation=internet-governance&limit=2") == everything
    relevant = found(client, "q=weeks+OR+words&order=relevance")
    assert found(client, "q=weeks+OR+words&order=relevance&limit=1") == relevant
    assert len(relevant) > 2


def test_its_filters_are_those_of_the_page(client, whole):
    assert found(client, "consultation=digital-cooperation") == []
    assert {number for _kind, number in found(client, "thread=2&consultation=internet-governance")} == {6}
    assert found(client, "language=fr&kind=reply") == [("contribution", 2)]
    assert found(client, "country=TV") == []
    assert found(client, "since=2020-01-01&until=2020-02-01") == []
    assert found(client, "author=Okafor&kind=reply") == [("contribution", 2)]
    assert ask(client, SEARCH)["results"] == []


def test_a_missing_consultation_or_question_is_reported(client, whole, made_whole):
    ask(client, f"{SEARCH}?q=weeks&consultation=nowhere", 404)
    ask(client, f"{SEARCH}?q=weeks&consultation=internet-governance&thread=9", 404)
    Consultation.objects.filter(pk=made_whole.elsewhere.pk).update(stage="draft")
    ask(client, f"{SEARCH}?q=weeks&consultation=digital-cooperation", 404)


@pytest.mark.parametrize(
    "query", ["a*", "the of", "-only", "%22", "%00", "x" * 10_000, "+".join(["word"] * 60), "x" * 10_001, "%ff%fe"]
)
def test_a_hostile_question_gets_a_sentence(query, client, whole):
    answer = client.get(f"{SEARCH}?q={query}", headers={"accept-language": "fr"})
    if answer.status_code == 200:
        ask(client, f"{SEARCH}?q={query}")
    else:
        said = ask(client, f"{SEARCH}?q={query}", 400)
        assert said["parameter"] == "q"
        assert said["detail"]
        assert answer["Content-Language"] == "fr"


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("q=a&q=b", "q"),
        ("q=weeks&order=oldest", "order"),
        ("q=weeks&page=0", "page"),
        ("q=weeks&page=2001", "page"),
        ("q=weeks&before=x", "before"),
        ("q=weeks&before=9223372036854775808", "before"),
        ("q=weeks&kind=x", "kind"),
        ("q=weeks&since=2026-02-30", "since"),
        ("q=weeks&until=2026-02-03T00:00:00Z", "until"),
        ("q=weeks&author=" + "x" * 101, "author"),
        ("q=weeks&limit=1000", "limit"),
        ("consultation=%00", "consultation"),
    ],
)
def test_a_wrong_value_is_refused(query, parameter, client, whole):
    assert ask(client, f"{SEARCH}?{query}", 400)["parameter"] == parameter


def test_the_document_knows_every_kind_of_thing_that_can_be_found():
    assert DOCUMENT["components"]["parameters"]["kind"]["schema"]["enum"] == kind_codes()


def test_something_new_makes_the_answer_new(client, whole, made_whole):
    first = client.get(f"{SEARCH}?q=weeks")
    assert client.get(f"{SEARCH}?q=weeks", headers={"if-none-match": first["ETag"]}).status_code == 304
    cast, thread = made_whole.cast, whole.threads.get(number=1)
    world.published(cast["participant"], cast["moderator"], thread, "In three weeks.")
    again = client.get(f"{SEARCH}?q=weeks", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 200
    assert len(again.json()["results"]) == len(first.json()["results"]) + 1
