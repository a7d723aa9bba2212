"""A working group, its report and the rounds of comments on its drafts on the first page."""

import pytest

from tests.outcomes import making
from tests.outcomes.test_public import words

pytestmark = pytest.mark.django_db


def test_the_first_page_says_which_group_asks(client, version):
    text = words(client.get("/en/").content.decode())
    assert (
        "Working group (en) writes the outcome. Before this body decides what to say, it asks everyone concerned."
        in text
    )


def test_the_latest_outcome_says_whose_it_is_and_that_its_consultation_is_open(client, version):
    text = words(client.get("/en/").content.decode())
    latest = text.partition("Latest outcome")[2].partition("Latest contributions")[0]
    assert "Working group (en) · Governing the Internet (en) · Open" in latest
    assert "Results 0 summaries Report of the Working Group (Zero draft)" in text


def test_a_round_of_comments_is_on_the_first_page_with_its_consultation_and_does_not_lead_it(client, version, chair):
    making.opened(chair, version)
    html = client.get("/en/").content.decode()
    assert "<h1>Governing the Internet (en)</h1>" in html
    rounds = words(html).partition("Comments on drafts")[2]
    assert rounds.strip().startswith("Report of the Working Group: comments (Zero draft) Open · ")
    assert "Other consultations" not in html
