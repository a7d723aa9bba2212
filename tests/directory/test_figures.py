"""The figures of the directory: the counts, and that pages show the numbers beside the bars."""

import pytest
from django.utils import translation

from plenara.directory.queries.figures import figures_of
from tests.directory import listed

pytestmark = pytest.mark.django_db


def counted(kind):
    with translation.override("en"):
        return {each.what: {row.code: row.count for row in each.rows} for each in figures_of(kind).tables}


@pytest.fixture
def some():
    listed.organization("Alpha", group="government", country="ML")
    listed.organization("Beta", group="government", country="SN")
    listed.organization("Gamma", group="other", country="FR")
    listed.organization("Nowhere", group="other")
    listed.taken_down(listed.organization("Gone", country="ML"))
    listed.person("Aminata Diallo", languages=["fr", "bm"], country="ML")
    listed.project("Radio", progress="running", countries=["ML", "FR"])


def test_what_is_listed_is_counted_by_group_and_region(some):
    assert counted("organization") == {
        "group": {"government": 2, "other": 2},
        "region": {"002": 2, "202": 2, "011": 2, "150": 1, "155": 1},
    }


def test_people_are_counted_by_language_and_projects_by_state(some):
    assert counted("person") == {"region": {"002": 1, "202": 1, "011": 1}, "language": {"bm": 1, "fr": 1}}
    assert counted("project")["state"] == {"running": 1}
    assert counted("project")["region"]["002"] == counted("project")["region"]["150"] == 1


@pytest.mark.once
@pytest.mark.parametrize("language", ["ar", "en", "es", "fr", "ru", "zh"])
def test_the_page_has_a_table_with_a_drawing_in_six_languages(client, some, language):
    page = client.get(f"/{language}/organizations/figures/").content.decode()
    assert (
        '<table class="bars">' in page
        and '<svg class="bar"' in page
        and "50%" in page.replace("\xa0", "").replace(" ", "")
    )
    assert f"/{language}/organizations/?region=011" in page


def test_the_drawings_are_files_of_their_own(client, some):
    for path in ("organizations/figures/group", "organizations/figures/region", "projects/figures/state"):
        answer = client.get(f"/ar/{path}.svg")
        body = b"".join(answer.streaming_content).decode()
        assert (
            answer["Content-Type"].startswith("image/svg+xml") and body.startswith("<svg") and 'direction="rtl"' in body
        )
        assert client.get(f"/ar/{path}.svg", headers={"if-none-match": answer["ETag"]}).status_code == 304
    assert client.get("/en/organizations/figures/state.svg").status_code == 404
    assert client.get("/en/organizations/figures/nothing.svg").status_code == 404


@pytest.mark.parametrize("folder", ["organizations", "people", "projects"])
def test_where_nothing_is_listed_nothing_is_drawn(client, folder):
    assert 'class="empty"' in client.get(f"/en/{folder}/figures/").content.decode()
    for what in ("region",):
        assert b"".join(client.get(f"/en/{folder}/figures/{what}.svg").streaming_content).startswith(b"<svg")


@pytest.mark.once
def test_the_page_takes_two_queries_for_its_figures_whatever_there_is(client, some, django_assert_num_queries):
    with django_assert_num_queries(2):
        counted("organization")
    for at in range(20):
        listed.organization(f"Number {at}", country="BR")
    with django_assert_num_queries(2):
        counted("organization")
