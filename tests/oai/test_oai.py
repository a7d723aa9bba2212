"""The record can be harvested whole and kept up to date: OAI-PMH 2.0, by its schema and by a harvester of others."""

import datetime
import re
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
import sickle
import sickle.app
from django.test import Client
from lxml import etree

from plenara.accounts.models import Installation
from plenara.accounts.personal_data.erasure import ErasureChoice, erase
from plenara.consultations.models import Consultation
from plenara.contributions.actions import revise, withdraw
from plenara.contributions.models import Contribution, Edition, Text
from plenara.core import clock
from plenara.moderation.actions import decide, remove, restore
from plenara.oai import queries
from tests import world
from tests.answers import body, give_paper
from tests.oai.harvesting import (
    FORM,
    NS,
    RECORDS,
    SITE,
    ask,
    code,
    in_another_language,
    listed,
    named,
    record_of,
    valid,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def harvester(monkeypatch):
    """A harvester of others, whose requests come to the application without a network."""
    client = Client()

    def come(url, params=None, data=None, **_more):
        assert url == f"{SITE}/oai"
        answer = client.get("/oai", params) if data is None else client.post("/oai", urlencode(data), content_type=FORM)
        content = body(answer)
        valid(content)
        text = content.decode()
        return SimpleNamespace(
            status_code=200, content=content, text=text, raise_for_status=lambda: None, encoding="utf-8"
        )

    monkeypatch.setattr(sickle.app.requests, "get", lambda url, params=None, **more: come(url, params=params))
    monkeypatch.setattr(sickle.app.requests, "post", lambda url, data=None, **more: come(url, data=data))
    return lambda **how: sickle.Sickle(f"{SITE}/oai", **how)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_all_of_it_is_harvested_over_several_pages_while_something_is_published(
    method, harvester, thread, edition, reply, summary, author, moderator, participant, monkeypatch
):
    monkeypatch.setattr(queries, "RECORDS", 7)
    world.many(thread, 30)
    withdraw(actor=author, contribution=edition.contribution)
    remove(actor=moderator, kind="contribution", pk=reply.contribution_id, reason="R4")
    found = {}
    for turn, each in enumerate(harvester(http_method=method).ListRecords(metadataPrefix="oai_dc")):
        if turn == 3:
            late = world.published(participant, moderator, thread, "While you read.")
        if turn == 20:  # an earlier record changes, and is harvested again
            withdraw(actor=participant, contribution=late.contribution)
            first = Contribution.objects.get(public_id=next(iter(found)).rsplit(":", 1)[1])
            remove(actor=moderator, kind="contribution", pk=first.pk, reason="R4")
        found[each.header.identifier] = each
    in_force = Edition.objects.filter(in_force=True).select_related("contribution")
    assert set(found) == {named(each) for each in in_force} | {f"oai:127.0.0.1:{summary.symbol}"}
    assert {key for key, each in found.items() if each.deleted} == {
        named(each) for each in in_force.exclude(status="published")
    }
    for each in found.values():
        assert each.deleted or {"title", "identifier", "language", "rights"} <= set(each.metadata)


def test_who_has_all_hears_of_every_change_by_asking_since_then(
    client, edition, reply, summary, author, participant, moderator, rapporteur
):
    at = clock.now().replace(microsecond=0)
    into_french = world.grant(world.person("Luc Traore"), edition.consultation, "translator", "fr")

    def since(minutes):
        return set(listed(client, **{"from": f"{at + datetime.timedelta(minutes=minutes):%Y-%m-%dT%H:%M:%SZ}"}))

    def changes():
        yield (
            named(edition),
            lambda: decide(
                actor=moderator,
                kind="contribution",
                pk=edition.contribution_id,
                version_id=revise(
                    actor=author, contribution=edition.contribution, text="Four weeks.", language="en"
                ).pk,
                code="APPROVED",
            ),
        )
        yield named(reply), lambda: remove(actor=moderator, kind="contribution", pk=reply.contribution_id, reason="R4")
        yield named(reply), lambda: restore(actor=moderator, kind="contribution", pk=reply.contribution_id)
        yield f"oai:127.0.0.1:{summary.symbol}", lambda: in_another_language(into_french, summary, rapporteur, "fr")
        yield named(edition), lambda: withdraw(actor=author, contribution=edition.contribution)

    for minute, (name, change) in enumerate(changes(), 1):
        with clock.at(at + datetime.timedelta(minutes=minute)):
            change()
            assert since(minute) == {name}, minute
    with clock.at(at + datetime.timedelta(minutes=10)):
        erase(actor=participant, choice=ErasureChoice.PARTICIPANT)
        assert named(reply) in since(10)
    assert record_of(client, named(reply))[0]["creator"] == ["A participant"]


def test_identify_says_what_can_be_relied_on(client, edition, author):
    Edition.objects.update(changed_at=clock.now() - datetime.timedelta(days=3))
    withdrawn = Edition.objects.get()
    Edition.objects.update(status="withdrawn", text=None, byline=None, language="")
    root = ask(client, verb="Identify")
    values = {etree.QName(each).localname: each.text for each in root.find("o:Identify", NS)}
    assert values["baseURL"] == f"{SITE}/oai" == root.findtext("o:request", namespaces=NS)
    assert values["deletedRecord"] == "persistent"
    assert values["earliestDatestamp"] == f"{withdrawn.changed_at:%Y-%m-%dT%H:%M:%SZ}", "the deleted count too"
    assert "description" not in values, "a number is no name for a repository"


def test_identify_names_whom_to_write_to_and_how_identifiers_are_made(client, settings, edition):
    settings.SITE_URL = "https://consult.example.org"
    Installation.objects.update_or_create(pk=1, defaults={"contact": "office@example.org"})
    root = ask(client, verb="Identify")
    assert root.findtext(".//o:adminEmail", namespaces=NS) == "office@example.org"
    assert b"<repositoryIdentifier>consult.example.org<" in etree.tostring(root)
    assert f"oai:consult.example.org:{edition.contribution.public_id}" in listed(client)
    for wrong in ("Office <office@example.org>", "nobody"):
        settings.DEFAULT_FROM_EMAIL = wrong
        Installation.objects.update(contact="")
        ask(client, verb="Identify")


def test_a_contribution_is_described_in_dublin_core(client, edition, reply, thread):
    thread.themes = ["C3"]
    thread.save()
    Contribution.objects.filter(pk=reply.contribution_id).update(bundle={"themes": ["C3", "C5"], "keywords": ["time"]})
    give_paper(reply)
    found, own = record_of(client, named(reply))
    assert found["title"] == ["Un délai"]
    assert found["creator"] == ["Daniel Okafor"]
    assert found["subject"] == ["Civil society", "C3", "C5", "time"]
    assert found["description"][0].startswith("D’accord avec")
    assert found["identifier"] == [f"{SITE}/c/{reply.contribution.public_id}", reply.symbol]
    assert found["date"] == [f"{reply.published_at:%Y-%m-%d}"]
    assert found["language"] == ["fr"]
    assert found["rights"][1] == "https://creativecommons.org/licenses/by/4.0/"
    symbol = edition.consultation.symbol
    assert found["relation"][:3] == [f"{SITE}/s/{edition.symbol}", f"{SITE}/s/{symbol}/Q1", f"{SITE}/s/{symbol}"]
    assert own == ["consultation:internet-governance:q1", "theme:C3", "language:fr"]
    for address in (*found["relation"], found["identifier"][0]):
        assert client.get(address.removeprefix(SITE)).status_code in {200, 302}, address
    found, _own = record_of(client, named(edition))
    assert found["contributor"] == ["Réseau Sahel Numérique"]
    assert found["title"] == ["1. " + world.WORDS[:79].rsplit(" ", 1)[0] + "…"] or found["title"][0].startswith(
        "1. Doc"
    )


def test_a_summary_is_described_in_all_its_languages(client, summary):
    found, own = record_of(client, f"oai:127.0.0.1:{summary.symbol}")
    assert found["language"] == ["en", "ar"]
    assert found["title"][0] == "What was said"
    assert found["identifier"] == [f"{SITE}/s/{summary.symbol}", summary.symbol]
    assert found["creator"] == ["Inés Calderón"]
    assert own == ["consultation:internet-governance", "language:ar", "language:en"]
    assert client.get(f"/s/{summary.symbol}").status_code == 302


def test_a_withheld_name_is_not_in_the_record(client, moderator, thread):
    secret = world.published(world.person("Secret Name", withholds_name=True), moderator, thread)
    assert record_of(client, named(secret))[0]["creator"] == ["Name withheld"]


def test_nothing_is_left_of_what_is_gone_but_that_it_is(client, edition, reply, author, moderator, thread):
    withdraw(actor=author, contribution=edition.contribution)
    Text.objects.filter(pk=reply.text_id).update(content="", erased_at=clock.now())
    for each in (edition, reply):
        root = ask(client, verb="GetRecord", metadataPrefix="oai_dc", identifier=named(each))
        assert root.find(".//o:header", NS).get("status") == "deleted"
        assert root.find(".//o:metadata", NS) is None
    whole = body(client.get("/oai", RECORDS)).decode()
    assert not re.search(r"Documents should|Aminata|D’accord|Daniel", whole)
    assert all(gone for gone, _at in listed(client).values())


def test_what_waits_or_is_a_draft_is_not_in_it(client, edition, elsewhere, participant, moderator, thread):
    world.submitted(participant, thread, "It waits.")
    hidden = world.grant(world.person("Sofia Rossi"), elsewhere, "moderator")
    other = world.published(participant, hidden, elsewhere.threads.get(number=1))
    Consultation.objects.filter(pk=elsewhere.pk).update(stage="draft")
    assert set(listed(client)) == {named(edition)}
    assert code(client, verb="GetRecord", metadataPrefix="oai_dc", identifier=named(other)) == "idDoesNotExist"
    assert "digital-cooperation" not in body(client.get("/oai", {"verb": "ListSets"})).decode()
    assert listed(client, set="consultation:digital-cooperation") == {}
