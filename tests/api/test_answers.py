"""What the API answers: everything public, in the names that every other form has."""

import csv
import io
import json

import pytest

from plenara.consultations.models import Consultation
from plenara.core.languages import CODES
from plenara.exports.presenters import dictionary, moderation
from tests.answers import get
from tests.api.answers import DOCUMENT, HERE, PATHS, ROOT, ask, walk

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1:8000"
PAGE = "/en/consultations/internet-governance/"


def test_the_document_is_valid_openapi_and_is_served():
    from openapi_spec_validator import validate  # it takes a second, in each process

    validate(DOCUMENT)


def test_every_address_of_the_document_answers_as_it_says(client, whole):
    for path in PATHS.values():
        ask(client, path)
        ask(client, f"{path.rstrip('/')}/" if path != f"{ROOT}openapi.json" else path)


def test_every_address_can_be_found_from_the_first(client, whole):
    """Whoever follows what answers name gets everywhere, and everything is as the document says."""
    seen, waiting = set(), [ROOT]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        answer = client.get(path)
        said = ask(client, path, answer.status_code)
        waiting += [each for each in addresses_in(said) if each not in seen]
    patterns = {path for path, address in PATHS.items() if address in seen}
    assert patterns == set(PATHS)


def addresses_in(said):
    if isinstance(said, dict):
        said = list(said.values())
    if isinstance(said, list):
        return [address for each in said for address in addresses_in(each)]
    site = "http://127.0.0.1:8000"
    return (
        [said.removeprefix(site).partition("#")[0]]
        if isinstance(said, str) and said.startswith(f"{site}{ROOT}")
        else []
    )


def test_rows_say_the_same_under_the_same_names_as_every_other_form(client, whole):
    rows = walk(client, f"{HERE}/contributions", "contributions")
    data = json.loads(get(client, f"{PAGE}data.json"))["contributions"]
    own = {"self", "occasion", "moved_from", "keywords", "themes", "admitted_after_closing", "redacted"}
    assert [{name: value for name, value in row.items() if name not in own} for row in rows] == data
    table = csv.DictReader(io.StringIO(get(client, f"{PAGE}data.csv").decode("utf-8-sig")))
    assert set(table.fieldnames) == set(dictionary.NAMES)
    schema = DOCUMENT["components"]["schemas"]["Contribution"]["properties"]
    assert set(dictionary.NAMES) <= set(schema)


def test_decisions_say_the_same_as_the_register_with_words_in_six_languages(client, whole):
    rows = walk(client, f"{HERE}/decisions", "decisions")
    for code in CODES:
        data = json.loads(get(client, f"{PAGE.replace('/en/', f'/{code}/')}decisions/data.json"))["decisions"]
        values = [
            {name: value[code] if isinstance(value, dict) else value for name, value in row.items()} for row in rows
        ]
        assert values == data
    assert set(moderation.STATEMENT_COLUMNS) == set(DOCUMENT["components"]["schemas"]["Decision"]["properties"])


def test_what_is_gone_is_a_stub_in_lists_and_answers_410_by_itself(client, whole):
    rows = {row["number"]: row for row in walk(client, f"{HERE}/contributions", "contributions")}
    assert (rows[3]["status"], rows[3]["reason"]) == ("withdrawn", "WITHDRAWN")
    assert (rows[4]["status"], rows[4]["reason"]) == ("removed", "R7")
    assert not {"text", "name", "organization", "language", "stakeholder_group"} & (set(rows[3]) | set(rows[4]))
    for number in (3, 4):
        for path in (f"{HERE}/contributions/{number}", f"{HERE}/contributions/{number}/editions/0"):
            said = ask(client, path, 410)
            assert said["symbol"] == rows[number]["symbol"]
            assert said["gone_at"] == rows[number]["gone_at"]
            assert said["state"] == rows[number]["status"]
            assert said["reason"] == rows[number]["reason"]
        (stub,) = ask(client, f"{HERE}/contributions/{number}/editions")["editions"]
        assert "text" not in stub
    assert rows[5]["text"] == "Words that came back."


def test_every_edition_can_be_read_superseded_ones_too(client, whole):
    first, second = ask(client, f"{HERE}/contributions/1/editions")["editions"]
    assert (first["in_force"], second["in_force"]) == (False, True)
    assert second["text"] == "Four weeks would be better."
    one = ask(client, first["self"])
    assert one["text"] == first["text"] != second["text"]
    assert client.get(first["address"]).url.endswith("/contributions/1/rev/0/")
    now = ask(client, f"{HERE}/contributions/1")
    assert now["text"] == second["text"]
    assert [each["revision"] for each in now["editions"]] == [0, 1]
    ask(client, f"{HERE}/contributions/1/editions/7", 404)


def test_a_contribution_says_where_it_is_cited_and_how_it_can_be_read(client, whole):
    said = ask(client, f"{HERE}/contributions/1")
    (place,) = said["cited_in"]
    assert place["revision"] == 0
    assert place["statement"] == 1
    assert ask(client, place["self"])["symbol"] == place["symbol"]
    assert [(each["language"], each["origin"]) for each in said["translations"]] == [("fr", "human")]


def test_a_summary_has_its_statements_with_citations_of_editions_and_six_renditions(client, whole):
    (listed,) = ask(client, f"{HERE}/summaries")["summaries"]
    said = ask(client, listed["self"])
    assert [each["language"] for each in said["renditions"]] == ["ar", "zh", "en", "fr", "ru", "es"]
    assert {each["language"]: each["status"] for each in said["renditions"]}["ru"] == "missing"
    assert [each["language"] for each in said["renditions"] if each.get("is_original")] == ["en"]
    statement = said["statements"][0]
    assert statement["text"]["en"] == "Documents come three weeks too late."
    (cite,) = statement["cites"]
    assert cite["words"] in ask(client, cite["self"])["text"]
    assert (cite["number"], cite["revision"]) == (1, 0)
    assert said["written_by"] == [{"name": "Writer Known"}]
    earlier = ask(client, said["editions"][0]["self"])
    assert earlier["statements"][0]["text"]["en"] == "Documents come too late."
    assert (earlier["in_force"], said["in_force"], said["is_correction"]) == (False, True, True)
    (request,) = ask(client, said["links"]["corrections"])["corrections"]
    assert request["verdict"] == "upheld"
    assert request["put_right"] is True


def test_figures_are_those_of_every_page(client, whole):
    said = ask(client, f"{HERE}/figures")
    data = json.loads(get(client, f"{PAGE}figures/figures.json"))
    shared = {name for name in said if name.startswith("by_")} | {"contributions", "countries", "undated"}
    assert {name: said[name] for name in shared} == {name: data[name] for name in shared}
    rows = walk(client, f"{HERE}/contributions", "contributions")
    assert said["contributions"] == sum(row["status"] == "published" for row in rows)
    assert said["contributions"] == ask(client, HERE)["contributions"]


def test_questions_and_themes_are_returned_in_every_language_that_they_have(client, whole):
    first = ask(client, f"{HERE}/threads")["threads"][0]
    assert first["question"] == {code: f"Question 1? ({code})" for code in CODES}
    assert first["rewordings"][0]["earlier"] == "What?"
    assert ask(client, first["self"])["guidance"]["ar"] == "Say why. (ar)"
    themes = ask(client, f"{HERE}/themes")["themes"]
    assert themes == [
        {"code": "C2", "label": {"en": "Infrastructure"}, "questions": [1]},
        {"code": "C3", "questions": [1]},
    ]


def test_a_draft_is_not_there(client, whole, made_whole):
    Consultation.objects.filter(pk=made_whole.elsewhere.pk).update(stage="draft")
    ask(client, f"{ROOT}consultations/digital-cooperation", 404)
    assert [each["slug"] for each in walk(client, f"{ROOT}consultations", "consultations")] == ["internet-governance"]
