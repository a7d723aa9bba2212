"""Sets, periods, tokens and errors of OAI-PMH 2.0, as the protocol says."""

import datetime
import re
from urllib.parse import urlencode

import pytest
from django.test import Client
from lxml import etree

from plenara.consultations.models import Thread
from plenara.contributions.actions import withdraw
from plenara.contributions.models import Edition
from plenara.oai import queries as oai_queries
from tests import world
from tests.answers import body, queries
from tests.oai.harvesting import (
    FORM,
    NS,
    RECORDS,
    ask,
    code,
    listed,
    named,
    record_of,
    valid,
)

pytestmark = pytest.mark.django_db


def test_sets_are_those_of_consultation_question_language_and_theme(client, edition, reply, summary, elsewhere, thread):
    Thread.objects.filter(pk=thread.pk).update(themes=["C3", "a:b/ç"])
    root = ask(client, verb="ListSets")
    specs = [each.text for each in root.findall(".//o:setSpec", NS)]
    assert len(specs) == len(set(specs))
    for spec in specs:  # each stands below one that is listed too
        assert ":" not in spec or spec.rsplit(":", 1)[0] in specs
    strange = oai_queries.of_theme("a:b/ç")
    second = named(Edition.objects.get(thread__number=2))
    everything = {named(edition), named(reply), second, f"oai:127.0.0.1:{summary.symbol}"}
    first = {named(edition), named(reply)}
    wanted = {
        "consultation": everything,
        "consultation:internet-governance": everything,
        "consultation:internet-governance:q1": first,
        "consultation:internet-governance:q2": {second},
        "consultation:digital-cooperation": set(),
        "language": everything,
        "language:fr": {named(reply)},
        "language:ar": {f"oai:127.0.0.1:{summary.symbol}"},
        "language:en": everything - {named(reply)},
        "theme": first,
        "theme:C3": first,
        strange: first,
    }
    assert set(wanted) <= set(specs)
    for spec, those in wanted.items():
        found = listed(client, set=spec)
        assert set(found) == those, spec
        for name in found:
            own = record_of(client, name)[1]
            assert any(f"{each}:".startswith(f"{spec}:") for each in own) or spec == "consultation"
    for spec in ("nothing", "consultation:x", "consultation:internet-governance:q9", "theme:C9", "language:xx"):
        assert listed(client, set=spec) == {}, spec
    for spec in ("consultation:internet-governance:q1:x", "consultation:a:b", "language:fr:x", "theme:!00"):
        assert listed(client, set=spec) == {}, spec
    assert code(client, **RECORDS, set="no set") == "badArgument"


def test_the_set_of_every_language_lists_what_is_gone(client, edition, reply, author):
    withdraw(actor=author, contribution=edition.contribution)
    assert listed(client, set="language:fr")[named(edition)][0]
    root = ask(client, verb="ListIdentifiers", metadataPrefix="oai_dc", set="language:fr")
    for header in root.findall(".//o:header", NS):
        assert "language:fr" in [each.text for each in header.findall("o:setSpec", NS)]


def test_the_list_of_sets_has_pages_too(client, edition, elsewhere, monkeypatch):
    monkeypatch.setattr(oai_queries, "PAGE", 1)
    root = ask(client, verb="ListSets")
    specs = [each.text for each in root.findall(".//o:setSpec", NS)]
    token = root.find(".//o:resumptionToken", NS)
    root = ask(client, verb="ListSets", resumptionToken=token.text)
    last = root.find(".//o:resumptionToken", NS)
    assert last.text is None
    assert int(last.get("cursor")) == len(specs)
    specs += [each.text for each in root.findall(".//o:setSpec", NS)]
    assert {f"consultation:{slug}:q2" for slug in ("internet-governance", "digital-cooperation")} <= set(specs)
    assert len(specs) == len(set(specs))


def test_a_list_of_themes_goes_through_every_question_that_has_one(client, thread, elsewhere, monkeypatch):
    monkeypatch.setattr(oai_queries, "IDENTIFIERS", 3)
    second = elsewhere.threads.get(number=2)
    for each in (thread, second):
        world.many(each, 5)
        each.themes = ["C3"]
        each.save()
    world.many(elsewhere.threads.get(number=1), 2)
    assert len(listed(client, set="theme:C3")) == 10


def test_periods_are_of_days_or_seconds_and_have_both_ends(client, edition, reply, noon):
    moments = {edition: noon, reply: noon + datetime.timedelta(minutes=5, microseconds=999)}
    for each, at in moments.items():
        Edition.objects.filter(pk=each.pk).update(changed_at=at)

    def within(start="", end=""):
        found = listed(client, **{key: value for key, value in (("from", start), ("until", end)) if value})
        return {each for each in moments if named(each) in found}

    assert within("2026-10-14") == within("2026-10-14", "2026-10-14") == {edition, reply}
    assert within("2026-10-15") == within("", "2026-10-13") == set()
    assert within("2026-10-14T12:00:00Z", "2026-10-14T12:00:00Z") == {edition}
    assert within("2026-10-14T12:00:01Z") == within("2026-10-14T12:05:00Z", "2026-10-14T12:05:00Z") == {reply}
    assert within("", "2026-10-14T12:04:59Z") == {edition}
    assert within("", "9999-12-31") == within("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z") == {edition, reply}


#: What the protocol answers to what is asked wrongly.
WRONG = [
    ("badVerb", ""),
    ("badVerb", "verb="),
    ("badVerb", "verb=identify"),
    ("badVerb", "verb=Identify&verb=Identify"),
    ("badVerb", "Verb=Identify"),
    ("badVerb", "verb=%00"),
    ("badVerb", "verb=" + "x" * 5000),
    ("badArgument", "verb=Identify&x=1"),
    ("badArgument", "verb=Identify&metadataPrefix=oai_dc"),
    ("badArgument", "verb=ListRecords"),
    ("badArgument", "verb=GetRecord&metadataPrefix=oai_dc"),
    ("badArgument", "verb=GetRecord&identifier=oai:127.0.0.1:x"),
    ("badArgument", "verb=GetRecord&identifier=a&identifier=b&metadataPrefix=oai_dc"),
    ("badArgument", "verb=ListRecords&metadataPrefix=oai_dc&from="),
    ("badArgument", "verb=ListRecords&metadataPrefix=oai_dc&from=2026"),
    ("badArgument", "verb=ListRecords&metadataPrefix=oai_dc&from=2026-02-30"),
    ("badArgument", "verb=ListRecords&metadataPrefix=oai_dc&from=2026-01-01T00:00:00"),
    ("badArgument", "verb=ListRecords&metadataPrefix=oai_dc&from=2026-01-01T00:00Z"),
    ("badArgument", "verb=ListRecords&metadataPrefix=oai_dc&from=2026-01-01&until=2026-01-02T00:00:00Z"),
    ("badArgument", "verb=ListRecords&metadataPrefix=oai_dc&from=2026-01-02&until=2026-01-01"),
    ("badArgument", "verb=ListRecords&metadataPrefix=oai_dc&from=%D9%A2%D9%A0%D9%A2%D9%A6-01-01"),
    ("badArgument", "verb=ListRecords&metadataPrefix=oai_dc&set=a::b"),
    ("badArgument", "verb=ListRecords&metadataPrefix=oai_dc&set=%00"),
    ("badArgument", "verb=ListRecords&metadataPrefix=oai dc"),
    ("badArgument", "verb=ListRecords&metadataPrefix=oai_dc&resumptionToken=x"),
    ("badArgument", "verb=ListSets&resumptionToken="),
    ("cannotDisseminateFormat", "verb=ListRecords&metadataPrefix=marc21"),
    ("cannotDisseminateFormat", "verb=GetRecord&metadataPrefix=mods&identifier=oai:127.0.0.1:x"),
    ("idDoesNotExist", "verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:127.0.0.1:x"),
    *(
        ("idDoesNotExist", f"verb=GetRecord&metadataPrefix=oai_dc&identifier={name}")
        for name in ("really_wrong", "a:b:c", "oai:127.0.0.1:a/b/c", "http://x.example/%2541")
    ),
    *(
        ("badArgument", f"verb=GetRecord&metadataPrefix=oai_dc&identifier={name}")
        for name in ("a%22b", "1:x", "/x:y", "a%20b", "%00", ":", "%25zz", "%C3%A9", "a%0A", "%5B")
    ),
    ("idDoesNotExist", "verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:elsewhere.example:x"),
    ("idDoesNotExist", "verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:127.0.0.1:%2500"),
    ("idDoesNotExist", "verb=ListMetadataFormats&identifier=oai:127.0.0.1:"),
    ("noRecordsMatch", "verb=ListRecords&metadataPrefix=oai_dc&until=1999-01-01"),
    ("noRecordsMatch", "verb=ListIdentifiers&metadataPrefix=oai_dc&set=x"),
    ("badResumptionToken", "verb=ListRecords&resumptionToken=x"),
    ("badResumptionToken", "verb=ListIdentifiers&resumptionToken=%00"),
    ("badResumptionToken", "verb=ListSets&resumptionToken=" + "a:b:" * 200),
]


def test_what_is_asked_wrongly_is_answered_by_the_protocols_codes(client, edition):
    for wanted, query in WRONG:
        for answer in (client.get(f"/oai?{query}"), client.post("/oai", query, content_type=FORM)):
            assert answer.status_code == 200, query
            # What the schema has no place for is not echoed: after badVerb and badArgument nothing is.
            root = valid(body(answer))
            assert root.find("o:error", NS).get("code") == wanted, query
            if wanted in {"badVerb", "badArgument"}:
                assert not root.find("o:request", NS).attrib, query


def test_a_token_is_good_for_its_own_list_alone(client, thread, monkeypatch):
    monkeypatch.setattr(oai_queries, "RECORDS", 5)
    monkeypatch.setattr(oai_queries, "IDENTIFIERS", 5)
    world.many(thread, 12)
    token = ask(client, **RECORDS).find(".//o:resumptionToken", NS).text
    ask(client, verb="ListRecords", resumptionToken=token).find(".//o:record", NS)
    assert code(client, verb="ListIdentifiers", resumptionToken=token) == "badResumptionToken"
    assert code(client, verb="ListSets", resumptionToken=token) == "badResumptionToken"
    assert code(client, verb="ListRecords", resumptionToken=token[:-1]) == "badResumptionToken"
    again = [ask(client, verb="ListRecords", resumptionToken=token) for _time in range(2)]
    pages = [each.find("o:ListRecords", NS) for each in again]
    for page in pages:  # the token that leads on is signed at its own second
        page.find("o:resumptionToken", NS).text = ""
    assert len({etree.tostring(page) for page in pages}) == 1


def test_a_page_that_has_emptied_brings_what_stood_last_once_more(client, thread, monkeypatch, noon):
    monkeypatch.setattr(oai_queries, "IDENTIFIERS", 5)
    world.many(thread, 7)
    root = ask(client, verb="ListIdentifiers", metadataPrefix="oai_dc", until="2026-10-14")
    last = root.findall(".//o:identifier", NS)[-1].text
    Edition.objects.filter(number__gt=5).update(changed_at=noon + datetime.timedelta(days=2))
    root = ask(client, verb="ListIdentifiers", resumptionToken=root.find(".//o:resumptionToken", NS).text)
    assert [each.text for each in root.findall(".//o:identifier", NS)] == [last]
    assert root.find(".//o:resumptionToken", NS).text is None


def test_hostile_words_and_names_stay_words(client, hostile):
    root = ask(client, **RECORDS)
    assert len(root.findall(".//o:record", NS)) == len(hostile)
    names = {each.text for each in root.findall(".//dc:creator", NS)}
    assert {name for _text, name, _edition in hostile} == names


def test_an_empty_repository_answers_too(client):
    ask(client, verb="Identify")
    ask(client, verb="ListMetadataFormats")
    ask(client, verb="ListSets")
    assert code(client, **RECORDS) == "noRecordsMatch"


def test_it_is_the_same_in_every_language_and_open_to_scripts_and_never_served_stale(client, edition):
    answers = [client.get("/oai?verb=ListSets", headers={"accept-language": each}) for each in ("ar", "en")]
    assert len({re.sub(rb"<responseDate>.*?<", b"", each.content) for each in answers}) == 1
    for answer in answers:
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert not answer.has_header("Content-Language")
        assert "stale-while-revalidate=0" in answer["Cache-Control"]
        assert "s-maxage=0" in answer["Cache-Control"]
        assert "Set-Cookie" not in answer
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/oai", "verb=Identify", content_type=FORM).status_code == 200
    assert client.put("/oai").status_code == 405
    assert client.get("/oai/").status_code in {301, 404}
    assert "POST" in client.options("/oai")["Access-Control-Allow-Methods"]
    head = client.head("/oai?verb=Identify")
    assert (head.status_code, head.content) == (200, b"")


@pytest.mark.once
def test_a_page_takes_the_same_queries_at_10_and_at_100_contributions(client, thread, summary):
    Thread.objects.update(themes=["C3"])
    spec = ["", "consultation:internet-governance", "consultation:internet-governance:q1", "language:fr", "theme:C3"]
    asked = [{**RECORDS, "set": each} if each else RECORDS for each in spec]
    asked += [{**each, "verb": "ListIdentifiers"} for each in asked]
    paths = [f"/oai?{urlencode(each)}" for each in [*asked, {"verb": "Identify"}, {"verb": "ListSets"}]]

    def counts():
        return [queries(client, path) for path in paths]

    world.many(thread, 10)
    few = counts()
    world.many(thread, 90)
    assert all(many <= less for many, less in zip(counts(), few, strict=True))
    assert max(few) <= 20
