"""The lines in `docs/data.md` give what the pages say: run as they stand where pandas is there, else step by step."""

import csv
import importlib.util
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from plenara.insights.queries.figures import page_figures
from tests.answers import HERE, get

pytestmark = pytest.mark.django_db
DOC = Path(__file__).resolve().parents[2] / "docs" / "data.md"
HAS_PANDAS = importlib.util.find_spec("pandas") is not None
#: What the lines call a figure, and what the pages do.
NAMES = {
    "day": "by_day",
    "thread": "by_question",
    "question": "by_question",
    "language": "by_language",
    "author.stakeholder_group": "by_stakeholder_group",
    "stakeholder_group": "by_stakeholder_group",
    "author.country": "by_country",
    "country": "by_country",
    "channel": "by_channel",
}


def blocks():
    return re.findall(r"```python\n(.*?)```", DOC.read_text(), re.DOTALL)


def of_rows(path):
    """Return what the lines on a bundle give, in Python alone."""
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    rows = [row for row in rows if row["status"] == "published"]
    figures = {"contributions": len(rows), "day": Counter()}
    for row in rows:
        first = row.get("revisions", [row])[0]
        figures["day"][(first.get("published_at") or row.get("submitted_at", "undated"))[:10]] += 1
    for name in ("thread", "language", "channel"):
        figures[name] = Counter(row.get(name, "") for row in rows)
    for name in ("stakeholder_group", "country"):
        figures[f"author.{name}"] = Counter(row["author"].get(name, "") for row in rows)
    return figures


def of_table(path):
    """Return what the lines on the table give, in Python alone."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["status"] == "published"]
    names = ("question", "language", "stakeholder_group", "country", "channel")
    return {"contributions": len(rows)} | {name: Counter(row[name] for row in rows) for name in names}


def run(block, folder, monkeypatch):
    """Run lines of the page in a folder, and return their figures."""
    monkeypatch.chdir(folder)
    known = {}
    exec(compile(block, str(DOC), "exec"), known)
    return known["figures"]


def same(figures, said):
    assert figures.pop("contributions") == said["contributions"]
    for name, counts in figures.items():
        found = {str(key): count for key, count in counts.items() if count}
        assert found == {key: count for key, count in said[NAMES[name]].items() if count}, name


def test_the_page_has_two_blocks_of_at_most_ten_lines():
    for block in blocks():
        compile(block, str(DOC), "exec")
        assert len([line for line in block.splitlines() if line.strip() and not line.startswith("import ")]) <= 10
    assert len(blocks()) == 2


def test_the_lines_on_a_bundle_give_what_the_pages_say(everything, bundle_of, tmp_path, monkeypatch):
    said = page_figures(everything)
    bundle_of(everything).rename(tmp_path / "bundle")
    figures = (
        run(blocks()[0], tmp_path, monkeypatch) if HAS_PANDAS else of_rows(tmp_path / "bundle" / "contributions.jsonl")
    )
    assert len(figures) == 7
    same(figures, said)


def test_the_lines_on_the_table_give_what_the_pages_say(client, everything, tmp_path, monkeypatch):
    said = page_figures(everything)
    file = tmp_path / "contributions.csv"
    file.write_bytes(get(client, f"{HERE}data.csv"))
    figures = run(blocks()[1], tmp_path, monkeypatch) if HAS_PANDAS else of_table(file)
    assert len(figures) == 6
    same(figures, said)
