"""Every figure of a public page is calculated again from the bundle only, with the same result."""

import copy
import json

import pytest

from plenara.accounts.models import Person
from plenara.contributions.actions import revise, withdraw
from plenara.contributions.models import Contribution, Edition
from plenara.insights.queries.figures import figures_json, page_figures
from plenara.insights.queries.recomputation import differences
from plenara.moderation.actions import remove
from plenara.summaries.models import SummaryEdition
from tests import world

pytestmark = pytest.mark.django_db


def contents(path):
    return {str(file.relative_to(path)): file.read_bytes() for file in sorted(path.rglob("*")) if file.is_file()}


def rows_of(path, name):
    return [json.loads(line) for line in (path / name).read_text().splitlines()]


def test_every_figure_of_the_pages_follows_from_the_bundle(everything, bundle_of, recomputed):
    assert differences(page_figures(everything), recomputed(bundle_of(everything))) == []


def test_the_world_of_this_test_has_something_of_everything(everything):
    said = page_figures(everything)
    empty = [key for key, value in said.items() if not value and key != "undated"]
    assert empty == ["votes"], "votes come with archives alone"
    assert said["turnaround"]["after_publication"] == {"APPROVED": 1, "REMOVED": 2, "RESTORED": 1}
    assert said["register"]["undone"] == 1
    assert said["turnaround"]["appeals"] == {"upheld": 1, "pending": 1}
    assert [each["corrections"] for each in said["summaries"].values()] == [1]
    (summary,) = said["summaries"].values()
    assert 0 < summary["cited"] < summary["contributions"]
    assert any("against" in sides for sides in summary["held"].values())
    assert said["since"] == 1


def test_an_import_says_the_same_and_its_export_is_the_same_bytes(everything, bundle_of, recomputed, moved_in):
    before, path = page_figures(everything), bundle_of(everything)
    here = moved_in(path)
    after = page_figures(here)
    assert differences(after, recomputed(path)) == []
    assert differences(before, after) == []
    assert contents(bundle_of(here)) == contents(path)


def test_coverage_stays_as_it_was_though_much_has_changed_since(everything, bundle_of, recomputed, moved_in):
    author, moderator = Person.objects.get(name="Aminata Diallo"), Person.objects.get(name="Ana Prieto")
    cited = Edition.objects.get(number=1)
    withdraw(actor=author, contribution=cited.contribution)
    left_out = Edition.objects.get(text__content="To be removed and restored.")
    remove(actor=moderator, kind="contribution", pk=left_out.contribution_id, reason="R4")
    author.country, author.stakeholder_group = "FJ", "government"
    author.save()
    other = Contribution.objects.get(versions__text__content="Before it was revised.")
    revise(actor=author, contribution=other, text="Another country, and another group.", language="en")
    world.decided(other, moderator)
    said, path = page_figures(everything), bundle_of(everything)
    (row,) = rows_of(path, "summaries.jsonl")
    assert row["coverage"]["ticks"] == SummaryEdition.objects.get().figures["ticks"]
    assert differences(said, recomputed(path)) == []
    here = moved_in(path)
    assert differences(said, page_figures(here)) == []
    assert contents(bundle_of(here)) == contents(path)


def test_coverage_is_left_out_where_it_follows_from_the_other_rows(everything, bundle_of):
    assert "coverage" not in rows_of(bundle_of(everything), "summaries.jsonl")[0]


def every_figure(value, path=()):
    """Yield the way to each number of the figures."""
    if isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from every_figure(each, (*path, key))
    elif isinstance(value, int) and (path[-1] not in ("question", "day")):
        yield path


def test_each_lie_is_named_with_what_was_said_and_what_follows(everything, bundle_of, recomputed):
    said, found = json.loads(figures_json(page_figures(everything))), recomputed(bundle_of(everything))
    ways = list(every_figure(said))
    assert len(ways) > 120
    for way in ways:
        lie = copy.deepcopy(said)
        *inner, last = way
        place = lie
        for key in inner:
            place = place[key]
        figure = place[last]
        place[last] += 7
        named = differences(lie, found)
        assert len(named) == 1, way
        assert (named[0].claimed, named[0].recomputed) == (str(figure + 7), str(figure) if figure else "nothing"), way


def test_what_is_left_unsaid_and_what_is_made_up_are_named_too(everything, bundle_of, recomputed):
    said, found = page_figures(everything), recomputed(bundle_of(everything))
    del said["by_country"]["ML"]
    said["by_language"]["tlh"] = 3
    assert [(each.name, each.claimed, each.recomputed) for each in differences(said, found)] == [
        ("by_country.ML", "nothing", str(found["by_country"]["ML"])),
        ("by_language.tlh", "3", "nothing"),
    ]


def test_figures_of_an_empty_consultation_are_nought(bundle_of, recomputed):
    consultation = world.consultation("empty")
    assert recomputed(bundle_of(consultation))["contributions"] == 0
    assert differences(page_figures(consultation), recomputed(bundle_of(consultation))) == []
