"""A summary as plain text: each citation below its statement, and people's words cannot look like ours."""

import pytest

from plenara.documents.presenters import plain_text
from plenara.summaries.printing.presenters import summaries
from tests.summaries.printing.conftest import ARABIC, BASE, body

pytestmark = pytest.mark.django_db


def test_notes_stand_below_their_statement_with_byline_words_and_address(published, edition, voices):
    text = plain_text.as_text(summaries.summary_paper(published, "en"))
    lines = [line.strip() for line in text.split("\n")]
    at = lines.index("[1] Aminata Diallo · Civil society · for Réseau Sahel Numérique (not verified) · Mali")
    assert lines[at - 1] == "1. Documents come too late."
    assert lines[at + 1 : at + 3] == [
        "“three weeks before a meeting”",
        f"http://127.0.0.1:8000/s/{edition.symbol}",
    ]
    assert f"“{ARABIC}”" in lines


def test_both_sides_of_a_disagreement_have_their_own_notes(published):
    text = plain_text.as_text(summaries.summary_paper(published, "en"))
    held = text.index("2. one view: Three weeks are enough.")
    against = text.index("opposing view: Three weeks are too")
    assert held < text.index("[2]") < against < text.index("[3]")


def test_a_name_of_another_direction_is_set_apart_and_no_other(published):
    assert "\u2068سمير حداد\u2069" in plain_text.as_text(summaries.summary_paper(published, "en"))
    arabic = plain_text.as_text(summaries.summary_paper(published, "ar"))
    assert "\u2068Aminata Diallo\u2069" in arabic
    assert "\u2068سمير حداد\u2069" not in arabic


def test_it_names_its_file_after_its_symbol(client, published):
    answer = client.get(BASE.format("ar", "txt"))
    name = published.symbol.replace("/", "-")
    assert answer["Content-Disposition"] == f'inline; filename="{name}-ar.txt"'
    assert answer["Content-Language"] == "ar"
    assert "[ar] Documents come too late." in body(answer).decode()


def test_where_a_language_is_missing_it_has_the_original_and_says_so(client, published):
    answer = client.get(BASE.format("zh", "txt"))
    assert answer["Content-Language"] == "en"
    assert "Documents come too late." in body(answer).decode()


def test_it_costs_a_fixed_number_of_queries(client, published, django_assert_max_num_queries):
    with django_assert_max_num_queries(13):  # one of them for the marks of verified organizations
        client.get(BASE.format("en", "txt"))
