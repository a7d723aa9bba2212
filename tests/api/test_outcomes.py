"""Outcomes by the API: the list, one with its paragraphs and responses, a version for good."""

import pytest

from tests.api.answers import ROOT, ask
from tests.outcomes import making

pytestmark = pytest.mark.django_db


def test_an_outcome_has_its_paragraphs_with_responses_and_reasons(client, whole):
    (listed,) = ask(client, f"{ROOT}outcomes")["outcomes"]
    assert (listed["slug"], listed["body"]["slug"], listed["stage"], listed["draft"]) == ("report", "wgig", "draft", 1)
    said = ask(client, listed["self"])
    paragraph = said["paragraphs"][0]
    assert (paragraph["number"], paragraph["section"], paragraph["agreement"]) == (1, "definition", "open")
    (cite,) = paragraph["cites"]
    assert (cite["treatment"], cite["reason"]) == ("taken_up", {"en": making.REASON})
    assert ask(client, cite["self"])["symbol"] == cite["symbol"]
    assert [each["stage"] for each in said["versions"]] == ["zero_draft", "draft"]
    assert ask(client, said["versions"][0]["self"])["stage"] == "zero_draft"


def test_a_contribution_says_which_paragraphs_treat_it(client, whole):
    (place,) = ask(client, f"{ROOT}consultations/internet-governance/contributions/1")["treated_in"]
    assert (place["paragraph"], place["treatment"]) == (1, "taken_up")
    assert ask(client, place["self"])["symbol"] == place["symbol"]


@pytest.mark.parametrize("path", ["outcomes/wgig/none", "outcomes/none/report", "outcomes/wgig/report/versions/9"])
def test_what_is_not_there_is_a_problem(client, whole, path):
    answer = client.get(f"{ROOT}{path}")
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("application/problem+json")
