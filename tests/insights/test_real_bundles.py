"""Two real bundles: the pages made of them say what follows from their files."""

import warnings
from pathlib import Path

import pytest

from plenara.contributions.actions import tallies
from plenara.insights.queries.figures import page_figures
from plenara.insights.queries.recomputation import differences

pytestmark = pytest.mark.django_db
DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


@pytest.mark.parametrize(
    ("name", "contributions", "undated"),
    [
        ("netmundial-2014", 187, 187),
        pytest.param("republique-numerique-2015", 4686, 0, marks=pytest.mark.once),
    ],
)
def test_the_pages_of_a_real_archive_say_what_follows_from_its_files(
    name, contributions, undated, moved_in, recomputed
):
    if not (DATA / name).is_dir():
        warnings.warn(f"the real bundle {name} is not on this machine: left out", stacklevel=2)
        pytest.skip(f"{DATA / name} is not there")
    found = recomputed(DATA / name)
    said = page_figures(moved_in(DATA / name))
    assert differences(said, found) == []
    assert (said["contributions"], said["undated"]) == (contributions, undated)
    assert list(tallies.differences()) == []
