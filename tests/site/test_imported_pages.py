"""What a reader sees of an imported consultation: stances, votes, dates, and nothing that is over."""

import pytest

from plenara.contributions.models import Edition
from tests.bundles.bundles import consultation, row, write

PAGE = "/en/consultations/village-water/"


@pytest.fixture
def bring_in(db, tmp_path):
    """A function that imports rows as an archived consultation."""
    from plenara.bundles.actions.bundle import import_bundle

    def ask(*rows):
        import_bundle(write(tmp_path / "bundle", *rows, about=consultation(state="archived")))

    return ask


def shown(client, path=""):
    return " ".join(client.get(PAGE + path).content.decode().split())


def test_replies_say_what_they_stand_for_on_both_pages(client, bring_in):
    bring_in(
        row("a"),
        row("b", in_reply_to="a", stance="for"),
        row("c", in_reply_to="a", stance="against"),
        row("d", thread=2),
    )
    for path in ("contributions/1/", "threads/1/"):
        page = shown(client, path)
        assert (page.count("<b>in favour</b>"), page.count("<b>against</b>")) == (1, 1)
    assert "<b>against</b>" in shown(client, "contributions/3/")
    assert "<b>in favour</b>" not in shown(client, "threads/2/")


def test_votes_that_came_along_stand_on_the_page_and_only_those(client, bring_in):
    bring_in(row("a", tallies={"agree": 2237, "disagree": 0}), row("b"))
    page = shown(client, "contributions/1/")
    assert "Agree <b>2,237</b>" in page and "Disagree <b>0</b>" in page
    assert "Neither" not in page
    assert 'id="votes"' not in shown(client, "contributions/2/")


def test_a_row_that_only_says_when_it_was_submitted_is_dated_by_that(client, bring_in):
    bring_in(row("a", submitted_at="2015-09-26T00:27:56Z"), row("b"))
    for path in ("contributions/1/", "threads/1/from/1/"):
        assert "26 September 2015" in shown(client, path)
    assert "ndated" not in shown(client, "contributions/1/")
    reference = client.get(f"{PAGE}contributions/1/cite.bib").getvalue().decode()
    assert "date = {2015-09-26}" in reference
    assert "Undated." in shown(client, "contributions/2/")
    assert Edition.objects.get(number=1).published_at is None


def test_a_reply_to_what_was_not_published_says_so(client, bring_in):
    bring_in(
        row("gone", status="rejected", text=None, author=None, language=None), row("a", in_reply_to="gone"), row("b")
    )
    words = "in reply to a contribution that was not published"
    assert words in shown(client, "contributions/1/")
    assert shown(client, "threads/1/").count(words) == 1


def test_what_is_over_invites_nobody(client, bring_in):
    bring_in(row("a"), row("b", in_reply_to="a"))
    pages = [shown(client, path) for path in ("", "threads/1/", "contributions/1/")]
    assert not any("/contribute/" in page or ">Reply<" in page for page in pages)
    assert not any(
        words in pages[0] for words in ("Who can take part", "A moderator", "is still decided", "rapporteurs")
    )
    home = client.get("/en/").content.decode()
    assert "A moderator reads it" not in home and "Who can take part" not in home and "Water for the village" in home


def test_replies_beyond_fifty_are_one_link_away(client, bring_in):
    bring_in(row("a"), *(row(f"r{n}", in_reply_to="a") for n in range(52)))
    page = shown(client, "contributions/1/")
    assert 'id="c51"' in page and 'id="c52"' not in page
    assert f'href="{PAGE}threads/1/from/52/"' in page
    assert 'id="c52"' in shown(client, "threads/1/from/52/")
