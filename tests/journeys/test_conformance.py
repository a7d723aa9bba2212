"""`ACCESSIBILITY.md`: every criterion is there once, with tests that exist, and axe where it has a rule."""

import ast
import re

import pytest

from tests.journeys.looking import OF_STYLES, OF_WIDTH_AND_LANGUAGE, RULES, axe_script
from tools.messages.source import ROOT

pytestmark = pytest.mark.once

PAGE = (ROOT / "ACCESSIBILITY.md").read_text("utf-8")
#: Those of WCAG 2.2 at the levels A and AA, by guideline: https://www.w3.org/TR/WCAG22/.
CRITERIA = {
    "A": "1.1.1 1.2.1 1.2.2 1.2.3 1.3.1 1.3.2 1.3.3 1.4.1 1.4.2 2.1.1 2.1.2 2.1.4 2.2.1 2.2.2 2.3.1 2.4.1 2.4.2 2.4.3 "
    "2.4.4 2.5.1 2.5.2 2.5.3 2.5.4 3.1.1 3.2.1 3.2.2 3.2.6 3.3.1 3.3.2 3.3.7 4.1.2",
    "AA": "1.2.4 1.2.5 1.3.4 1.3.5 1.4.3 1.4.4 1.4.5 1.4.10 1.4.11 1.4.12 1.4.13 2.4.5 2.4.6 2.4.7 2.4.11 2.5.7 2.5.8 "
    "3.1.2 3.2.3 3.2.4 3.3.3 3.3.4 3.3.8 4.1.3",
}
ROWS = re.findall(r"^\| (\d\.\d\.\d+) [^|]+ \| (A|AA) \| ([^|]+) \| ([^|\n]*) ?\|$", PAGE, re.MULTILINE)
OTHER_ROWS = re.findall(r"^\| \d[\d., ]* [A-Z][^|]+ \| ([^|]+) \| ([^|\n]*) ?\|$", PAGE, re.MULTILINE)
NAMED = re.findall(r"`([\w/]+\.py)::(\w+)`", PAGE)


def test_each_criterion_is_there_once_with_its_level():
    expected = {criterion: level for level, each in CRITERIA.items() for criterion in each.split()}
    assert len(expected) == 55
    assert {criterion: level for criterion, level, _conformance, _shown in ROWS} == expected
    assert len(ROWS) == len(expected)


def test_every_test_that_is_named_exists():
    assert NAMED and len(NAMED) == PAGE.count("::")
    tests = {
        (file, node.name)
        for file in {file for file, _test in NAMED}
        for node in ast.parse((ROOT / "tests" / file).read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }
    assert not [f"{file}::{test}" for file, test in NAMED if (file, test) not in tests]


def test_nothing_is_claimed_without_a_test_or_a_look_and_nothing_partly_without_the_rest():
    rows = [(conformance, shown) for _criterion, _level, conformance, shown in ROWS] + OTHER_ROWS
    assert len(rows) > len(ROWS)
    for conformance, shown in rows:
        assert conformance in {"Supports", "Partially supports", "Not evaluated", "Not applicable"}
        if "upports" in conformance:
            assert "*axe*" in shown or "::" in shown or "By hand" in shown
        if conformance == "Partially supports":
            assert re.search(r"[.] [A-Z]|: every link", shown), "the exception is named"


def test_axe_is_named_where_a_rule_of_it_runs_and_nowhere_else(looks):
    """Of what is tagged as experimental, only rules that are asked by name run."""
    page = looks().page
    page.goto("/en/")
    page.evaluate(axe_script())
    tags, by_name = set(RULES["runOnly"]["values"]), {*OF_STYLES["runOnly"], *OF_WIDTH_AND_LANGUAGE["runOnly"]}
    levels = {"wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"}
    assert tags == levels
    covered = set()
    for rule in page.evaluate("axe.getRules()"):
        marks = set(rule["tags"])
        if (marks & tags and "experimental" not in marks) or rule["ruleId"] in by_name:
            found = (re.fullmatch(r"wcag(\d)(\d)(\d+)", mark) for mark in marks)
            covered |= {".".join(each.groups()) for each in found if each}
    known = {criterion for criterion, *_rest in ROWS}
    assert {criterion for criterion, _l, _c, shown in ROWS if "*axe*" in shown} == covered & known
