"""Two sets of figures are compared figure by figure, whatever they hold."""

from plenara.insights.queries.recomputation import differences


def test_what_is_nought_need_not_be_said():
    assert differences({"a": {"b": 0, "c": None, "d": ""}}, {}) == []


def test_the_order_of_keys_and_rows_says_nothing():
    one = {"cells": [{"question": 1, "language": "en", "contributions": 2}, {"question": 2, "contributions": 1}]}
    other = {"cells": [{"contributions": 1, "question": 2}, {"contributions": 2, "language": "en", "question": 1}]}
    assert differences(one, other) == []


def test_a_figure_that_is_there_twice_is_named():
    cell = {"question": 1, "contributions": 2}
    (found,) = differences({"cells": [cell, cell]}, {"cells": [cell]})
    assert found == ("cells[question 1].contributions", "2 and 2", "2")


def test_of_two_long_texts_the_part_that_differs_is_shown():
    (found,) = differences({"ticks": "1" * 500 + "0" + "1" * 500}, {"ticks": "1" * 1001})
    assert "0" in found.claimed
    assert found.claimed.startswith("…") and found.claimed.endswith("…")
    assert len(found.claimed) < 110


def test_numbers_that_are_texts_are_the_same_figures():
    assert differences({"a": "1"}, {"a": 1}) == []
