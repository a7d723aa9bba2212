"""The public register: what it shows of each decision, and what it never shows."""

import csv
import datetime
import gzip
import io
import json
import re
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara.consultations.models import Consultation
from plenara.contributions.actions import revise, withdraw
from plenara.core import clock
from plenara.exports.presenters import moderation
from plenara.moderation.actions import consent, remove, restore, undo
from plenara.moderation.models import Appeal, Code, Decision, Report, Suggestion
from plenara.moderation.queries.register import PAGE
from tests import world
from tests.answers import HERE, get, queries

pytestmark = pytest.mark.django_db
REGISTER = f"{HERE}decisions/"


@pytest.fixture
def register(author, moderator, thread, consultation):
    """A decision of every code; what was returned is published later. Returns the decisions by code."""
    approved = world.published(author, moderator, thread, "The first words.")
    world.decided(
        returned := world.submitted(author, thread, "Sent back words."),
        moderator,
        Code.RETURNED,
        reason="R3",
        sentence="A private word.",
    )
    revise(actor=author, contribution=returned, text="Better words.", language="en")
    world.decided(returned, moderator)
    other = consultation.threads.get(number=2)
    world.decided(world.submitted(author, thread, "Moved words."), moderator, Code.MOVED, thread=other)
    world.decided(world.submitted(author, thread, "Bad words.", "fr"), moderator, Code.REJECTED, reason="R5")
    asked = world.asked(author, moderator, thread)
    consent(actor=author, kind="contribution", pk=asked.object_id, redaction_id=asked.pk)
    remove(actor=moderator, kind="contribution", pk=approved.contribution_id, reason="R7")
    restore(actor=moderator, kind="contribution", pk=approved.contribution_id)
    return {each.code: each for each in Decision.objects.order_by("-number")}


def many(thread, how_many):
    """Fill the register of a thread's consultation with decisions on contributions that were published."""
    consultation = Consultation.objects.get(pk=thread.consultation_id)
    keys = list(consultation.contributions.values_list("pk", flat=True))
    first = consultation.last_decision + 1
    codes = [code for code in Code.values if code not in {"REDACTED", "REMOVED", "RESTORED"}]
    Decision.objects.bulk_create(
        (
            Decision(
                consultation=consultation,
                number=first + n,
                at=clock.now() - datetime.timedelta(hours=3 * (how_many - n)),
                code=codes[n % 4],
                reason="R5" if n % 4 in {1, 3} else "",
                ground="INCOMPATIBLE_CONTENT" if n % 4 in {1, 3} else "",
                object_id=keys[n % len(keys)] if keys else None,
                version_id=10_000_000 + first + n,
                thread=1 + n % 2,
                moved_to=2 if n % 4 == 2 else None,
                language=consultation.languages[n % len(consultation.languages)],
                waited=(n * 37) % 3000,
            )
            for n in range(how_many)
        ),
        batch_size=2000,
    )
    consultation.last_decision = first + how_many - 1
    consultation.save()


def rows(client, query=""):
    return json.loads(get(client, f"{REGISTER}data.json{query}"))["decisions"]


def test_every_decision_stands_in_it_newest_first(client, register):
    page = client.get(REGISTER)
    assert [entry.number for entry in page.context["page"].entries] == [8, 7, 6, 5, 4, 3, 2, 1]
    html = page.content.decode()
    for words in ("Returned for revision", "Advertising", "The law", "Moderator", "French"):
        assert words in html
    assert "from 1 to 2" in html


def test_it_has_words_where_its_data_have_codes(client, register):
    table = get(client, REGISTER).decode().partition("<tbody>")[2].partition("</tbody>")[0]
    codes = {value for each in rows(client) for value in (each["decision"], each.get("reason")) if value}
    assert len(codes) > 3
    assert [code for code in sorted(codes) if re.search(rf"\b{code}\b", table)] == []


def test_it_shows_no_text_no_name_and_no_sentence(client, register, author, moderator):
    forms = [REGISTER, f"{REGISTER}data.csv", f"{REGISTER}data.json", f"{REGISTER}turnaround/"]
    everything = b"".join(get(client, path) for path in forms).decode()
    private = ["words.", "A private word", author.name, moderator.name, "Ana", author.email, moderator.email]
    assert [each for each in private if each in everything] == []


def test_what_was_returned_or_rejected_has_no_symbol_though_it_was_published_later(client, register):
    by_code = {}
    for row in rows(client):
        by_code.setdefault(row["decision"], []).append(row.get("symbol", "").rsplit("/", 1)[-1])
    assert by_code["RETURNED_FOR_REVISION"] == by_code["REJECTED"] == [""]
    assert by_code["APPROVED"] == ["1", "2"]
    assert by_code["REMOVED"] == by_code["RESTORED"] == ["1"]
    assert by_code["MOVED"] == [""]  # it is published in half a minute


def test_an_approved_revision_leads_to_that_very_edition(client, edition, author, moderator):
    world.decided(
        revise(actor=author, contribution=edition.contribution, text="Better.", language="en").contribution, moderator
    )
    first, second = rows(client)
    assert (first["symbol"], second["symbol"]) == (edition.symbol, f"{edition.symbol}/Rev.1")
    html = client.get(REGISTER).content.decode()
    assert f"{HERE}contributions/1/rev/1/" in html


def test_what_is_gone_keeps_its_symbol(client, edition, author):
    withdraw(actor=author, contribution=edition.contribution)
    assert [row["symbol"] for row in rows(client)] == [edition.symbol]


def test_an_undone_decision_keeps_its_number_and_shows_nothing_else(client, moderator, pending, noon):
    world.decided(pending, moderator, Code.REJECTED, reason="R5")
    undo(actor=moderator, decision=Decision.objects.get())
    html = client.get(REGISTER).content.decode()
    assert "D/1" in html and "This decision was undone immediately. It never took effect." in html
    assert "R5" not in html.split("<tbody>")[1] and "REJECTED" not in html.split("<tbody>")[1]
    (row,) = rows(client)
    assert set(row) == {"puid", "number", "application_date", "decided_at", "content_type", "role", "undone_at"}
    assert rows(client, "?code=REJECTED") == []


def test_an_appeal_and_what_overrules_stand_with_both_decisions(client, moderator, organizer, pending, noon):
    world.decided(pending, moderator, Code.REJECTED, reason="R5")
    first = Decision.objects.get()
    Appeal.objects.create(decision=first, text="I protest.", at=noon)
    assert "Waiting for a moderator who did not take the decision" in client.get(REGISTER).content.decode()
    Appeal.objects.update(status="upheld", decided_at=noon, answer="You are right.")
    Decision.objects.create(
        consultation=first.consultation, number=2, code=Code.APPROVED, overrules=first, role="organizer", thread=1
    )
    html = client.get(REGISTER).content.decode()
    assert "Upheld: the decision was changed" in html
    assert re.search(r'Replaced by <a href="[^"]+#d2">D/2', html)
    assert re.search(r'Replaces <a href="[^"]+#d1">D/1', html)
    assert "I protest" not in html and "You are right" not in html
    first_row, second_row = rows(client)
    assert (first_row["appeal_status"], first_row["overruled_by"]) == ("upheld", 2)
    assert first_row["overruled_at"] == "2026-10-14T12:00:00Z"
    assert second_row["overrules"] == 1
    assert [row["number"] for row in rows(client, "?appeal=filed")] == [1]
    assert rows(client, "?appeal=pending") == []


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("code=APPROVED", [1, 3]),
        ("thread=2", []),
        ("thread=1&code=REJECTED", [5]),
        ("language=fr", [5]),
        ("code=approved&thread=9&language=ar&appeal=x&page=3", [1, 2, 3, 4, 5, 6, 7, 8]),
        ("thread=%00&language=%00", [1, 2, 3, 4, 5, 6, 7, 8]),
    ],
)
def test_the_filters_of_the_page_are_those_of_its_data_and_others_are_ignored(client, register, query, numbers):
    page = client.get(f"{REGISTER}?{query}")
    assert page.status_code == 200
    assert sorted(each.number for each in page.context["page"].entries) == numbers
    assert [row["number"] for row in rows(client, f"?{query}")] == numbers
    if not numbers:
        assert "No decision matches this filter." in page.content.decode()


@pytest.mark.once
def test_it_is_paged_by_number_and_back_the_same_way(client, thread):
    many(thread, 3 * PAGE - 10)
    forward, path = [], REGISTER
    while path:
        context = client.get(path).context
        forward.append([each.number for each in context["page"].entries])
        last, path = path, context["pages"]["next"]
    assert [number for page in forward for number in page] == list(range(3 * PAGE - 10, 0, -1))
    backward, path = [], last
    while path:
        context = client.get(path).context
        backward.append([each.number for each in context["page"].entries])
        path = context["pages"]["previous"]
    assert backward[::-1] == forward
    assert client.get(f"{REGISTER}from/0/").status_code == 404
    assert client.get(f"{REGISTER}from/99999999999999999999/").status_code in {200, 404}


@pytest.mark.once
def test_pages_and_data_take_the_same_queries_whatever_the_register_holds(client, thread):
    world.many(thread, 60)
    many(thread, 260)
    below = ("", "from/55/", "?code=REJECTED&language=fr", "turnaround/", "data.csv", "data.json", "turnaround.csv")
    paths = [HERE, *(f"{REGISTER}{each}" for each in below)]
    few = {path: queries(client, path) for path in paths}
    many(thread, 200)
    assert {path: queries(client, path) for path in paths} == few
    assert max(few.values()) <= 15


@pytest.mark.once
@pytest.mark.parametrize("path", [REGISTER, f"{REGISTER}turnaround/"])
def test_a_full_page_keeps_the_budget_and_is_known_again(client, thread, path):
    world.many(thread, 60)
    many(thread, 2000)
    answer = client.get(path.replace("/en/", "/ru/"))
    assert len(gzip.compress(answer.content)) <= 14_336
    assert not answer.cookies and "s-maxage" in answer["Cache-Control"]
    again = client.get(path.replace("/en/", "/ru/"), headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304


@pytest.mark.once
def test_an_empty_register_says_so_and_a_draft_has_none(client, consultation):
    assert "No moderation decision has been made yet." in client.get(REGISTER).content.decode()
    assert "No moderation decision has been made yet." in client.get(f"{REGISTER}turnaround/").content.decode()
    assert rows(client) == []
    world.consultation("hidden", stage="draft")
    for path in ("", "from/1/", "turnaround/", "data.csv", "data.json", "schema.json", "turnaround.csv"):
        assert client.get(f"/en/consultations/hidden/decisions/{path}").status_code == 404


@pytest.mark.once
def test_the_consultations_page_leads_to_it_and_keeps_its_promise_in_view(client, thread):
    html = client.get(HERE).content.decode()
    assert 'href="decisions/"' in html and "A moderator reads each contribution within 1 working day." in html
    assert "Half of the decisions took" not in html
    many(thread, 40)
    assert re.search(r"Half of the decisions took \d+ hours or less\.", client.get(HERE).content.decode())


def test_a_table_and_data_hold_the_same(client, register):
    content = get(client, f"{REGISTER}data.csv")
    assert content.startswith(b"\xef\xbb\xbf")
    found = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert tuple(found[0]) == moderation.STATEMENT_COLUMNS
    expected = [{name: str(value) for name, value in row.items()} for row in rows(client)]
    assert [{name: value for name, value in row.items() if value} for row in found] == expected
    assert {row["decision"] for row in found} == set(Code.values)
    removed = next(row for row in found if row["decision"] == "REMOVED")
    assert removed["decision_visibility"] == "DECISION_VISIBILITY_CONTENT_REMOVED"
    assert removed["decision_ground"] == "ILLEGAL_CONTENT"
    assert removed["category"] == "STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS"
    assert {row["automated_decision"] for row in found} == {"AUTOMATED_DECISION_NOT_AUTOMATED"}


def test_a_machine_that_noticed_and_a_reader_who_reported_are_shown(client, edition, author, moderator, thread):
    pending = world.submitted(author, thread, "My neighbour lives at 4 Main Street.")
    world.decided(pending, moderator, Code.REJECTED, reason="R7")
    version = pending.versions.get()
    before = clock.now() - datetime.timedelta(days=1)
    Suggestion.objects.create(object_id=pending.pk, version_id=version.pk, what="personal", at=before)
    remove(actor=moderator, kind="contribution", pk=edition.contribution_id, reason="R7")
    assert [row["automated_detection"] for row in rows(client)] == ["No", "Yes", "No"]
    assert {row["source_type"] for row in rows(client)} == {"SOURCE_VOLUNTARY"}
    Report.objects.create(
        consultation=edition.consultation, object_id=edition.contribution_id, reason="R7", verified_at=before
    )
    assert [row["source_type"] for row in rows(client)][-1] == "SOURCE_TYPE_OTHER_NOTIFICATION"


def test_an_imported_register_shows_what_it_came_with(client, consultation):
    Consultation.objects.update(imported_at=clock.now())
    Decision.objects.create(
        consultation=consultation,
        number=3,
        at=None,
        code="SUSPENDED",
        role="",
        bundle={"reason": "a_longer_reason", "appeal": {"at": "2026-03-04T00:00:00Z", "status": "dismissed"}},
    )
    html = client.get(REGISTER).content.decode()
    assert "SUSPENDED" in html and "a_longer_reason" in html and "dismissed" in html
    (row,) = rows(client)
    assert (row["decision"], row["reason"], row["appeal_status"]) == ("SUSPENDED", "a_longer_reason", "dismissed")
    assert "automated_decision" not in row, "nobody here knows"
    conform(json.loads(get(client, f"{REGISTER}data.json")), schema(client))


def schema(client):
    return json.loads(get(client, f"{REGISTER}schema.json"))


def conform(value, rule, whole=None, where="data"):
    """Hold a value against as much of JSON Schema as ours says."""
    whole = whole or rule
    known = {"$schema", "title", "description", "type", "required", "additionalProperties", "properties", "items"}
    known |= {"$ref", "$defs", "const", "enum", "pattern", "minimum"}
    assert set(rule) <= known, where
    if "$ref" in rule:
        return conform(value, whole["$defs"][rule["$ref"].removeprefix("#/$defs/")], whole, where)
    kinds = {"object": dict, "array": list, "string": str, "integer": int}
    assert "type" not in rule or type(value) is kinds[rule["type"]], where
    assert "const" not in rule or value == rule["const"], where
    assert "enum" not in rule or value in rule["enum"], (where, value)
    assert "pattern" not in rule or re.search(rule["pattern"], value), (where, value)
    assert "minimum" not in rule or value >= rule["minimum"], where
    if isinstance(value, dict):
        assert set(rule.get("required", ())) <= set(value), where
        for name, inner in value.items():
            more = rule.get("properties", {}).get(name, rule.get("additionalProperties", {}))
            assert more is not False, f"{where}.{name}"
            conform(inner, more or {}, whole, f"{where}.{name}")
    for position, inner in enumerate(value if isinstance(value, list) else ()):
        conform(inner, rule.get("items", {}), whole, f"{where}[{position}]")
    return None


def test_the_data_keep_to_the_schema_that_is_served_and_described(client, register, moderator, pending, noon):
    world.decided(pending, moderator, Code.REJECTED, reason="R5")
    undo(actor=moderator, decision=Decision.objects.latest("number"))
    Appeal.objects.create(decision=register[Code.REJECTED], status="overruled", decided_at=noon)
    served = schema(client)
    for language in ("en", "ar"):
        for query in ("", "?code=REJECTED&appeal=filed"):
            path = f"{REGISTER}data.json{query}".replace("/en/", f"/{language}/")
            conform(json.loads(get(client, path)), served)
    described = served["$defs"]["decision"]["properties"]
    assert set(described) == set(moderation.STATEMENT_COLUMNS)
    page = (Path(__file__).parents[2] / "docs/register.md").read_text()
    assert [name for name in moderation.STATEMENT_COLUMNS if f"`{name}`" not in page] == []


@pytest.mark.once
def test_a_symbol_that_a_spreadsheet_would_calculate_with_is_none_in_the_table(client, consultation):
    Decision.objects.create(consultation=consultation, number=1, code="=1+1", bundle={"reason": "@SUM(A1)"})
    text = get(client, f"{REGISTER}data.csv").decode()
    assert "'=1+1" in text and "'@SUM(A1)" in text


@pytest.mark.once
def test_the_register_is_read_without_what_is_nobodys_to_read(client, register):
    with CaptureQueriesContext(connection) as captured:
        client.get(REGISTER)
    asked = " ".join(each["sql"] for each in captured)
    for column in ('"sentence"', '"answer"', '"before"', "accounts_person", "contributions_text"):
        assert column not in asked
