"""How often the suggestions are right, on sets that we wrote and labelled ourselves (decision 30 says how)."""

import json
from pathlib import Path

import pytest

from plenara.core import personal_details
from plenara.moderation.actions.suggestions import Likened
from plenara.moderation.queries import hints

HERE = Path(__file__).parent / "labelled"


def rows(name):
    return json.loads((HERE / f"{name}.json").read_text())


def places(row):
    """Return what was found and what should have been: (kind, words) each."""
    found = personal_details.look(row["text"], row["country"])
    return [(kind, row["text"][start:end]) for kind, start, end in found["places"]] if found else []


def agrees(found, wanted):
    """Say whether a place was found: the same kind, and nearly the same words."""
    kind, words = found
    return kind == wanted[0] and (words in wanted[1] or wanted[1] in words) and len(words) >= 0.7 * len(wanted[1])


def figures(name):
    """Return (right, too many, missed) of the places of personal data in a set."""
    right = too_many = missed = 0
    for row in rows(name):
        found = places(row)
        for wanted in row["personal"]:
            match = next((each for each in found if agrees(each, wanted)), None)
            if match:
                found.remove(match)
                right += 1
            else:
                missed += 1
        too_many += len(found)
    return right, too_many, missed


@pytest.mark.parametrize(("name", "precision", "recall"), [("personal", 0.97, 0.97), ("personal_held_out", 0.95, 0.85)])
def test_personal_data_is_found_and_little_else_is_taken_for_it(name, precision, recall):
    right, too_many, missed = figures(name)
    assert right / (right + too_many) >= precision
    assert right / (right + missed) >= recall


def test_the_set_of_personal_data_is_large_and_half_of_it_traps():
    texts = rows("personal")
    assert len(texts) >= 120
    assert {row["language"] for row in texts} == {"ar", "en", "es", "fr", "ru", "zh"}
    assert sum(not row["personal"] for row in texts) >= 60


def is_found(row):
    """Say whether two texts are noticed as nearly the same: they meet in a band, and stand the comparison."""
    one, other = Likened.of(row["one"]), Likened.of(row["other"])
    return bool(set(one.bands) & set(other.bands)) and one.shared_with(other).is_same


def test_texts_that_are_nearly_the_same_are_found_and_no_others():
    pairs = [(row["same"], is_found(row)) for row in rows("pairs")]
    assert sum(same for same, _found in pairs) >= 60 and sum(not same for same, _found in pairs) >= 60
    right = sum(same and found for same, found in pairs)
    assert right / sum(found for _same, found in pairs) >= 0.98
    assert right / sum(same for same, _found in pairs) >= 0.95


def test_no_word_that_turns_a_text_around_goes_unnoticed():
    turned = [row for row in rows("pairs") if row["kind"] == "one word turns it around"]
    assert len(turned) == 24
    assert not [row["other"] for row in turned if is_found(row)]


@pytest.mark.parametrize("declared", ["ar", "en", "es", "fr", "ru", "zh"])
def test_each_language_is_distinguished_from_the_others(declared):
    for row in rows("pairs"):
        found = hints.look_at_language(row["one"], declared)
        if row["language"] == declared:
            assert found is None
        elif row["kind"] == "greeting and name":
            assert found == {"found": row["language"], "share": found["share"]}
