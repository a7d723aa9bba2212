"""Clustering of sentences as vectors: the same on every machine, by topic and not by language."""

import random

import numpy
import pytest

from plenara.search.vector_store import products, quantised
from plenara.summaries.groups.clustering import LEAST, Material, features, group
from tests.summaries.groups import meaning


def material(texts, languages=None, **more):
    numbers = quantised(meaning.vectors(texts))
    return Material(
        sentences=numbers,
        wholes=numbers,
        languages=languages or ["en"] * len(texts),
        owners=list(range(len(texts))),
        **more,
    )


def topics(count):
    return [at % 3 for at in range(count)]


def test_sentences_on_the_same_thing_come_together():
    made = group(material(meaning.texts(60)), 3)
    assert made.count == 3
    found = {(label, topic) for label, topic in zip(made.groups.tolist(), topics(60), strict=True) if label >= 0}
    assert len(found) == 3


def test_the_same_sentences_give_the_same_bytes():
    one, other = group(material(meaning.texts(90))), group(material(meaning.texts(90)))
    assert one.groups.tobytes() == other.groups.tobytes()
    assert one.likeness.tobytes() == other.likeness.tobytes()


def test_another_order_of_adding_changes_nothing(monkeypatch):
    """Other processors or numbers of threads add in another order."""
    from plenara.summaries.groups import clustering

    made = group(material(meaning.texts(90)))

    def backwards(rows, columns):
        rng = numpy.random.default_rng(len(rows) + len(columns))
        order = rng.permutation(rows.shape[1])
        halves = numpy.array_split(order, 5)
        return sum(products(rows[:, half], columns[:, half]) for half in halves)

    monkeypatch.setattr(clustering, "products", backwards)
    again = group(material(meaning.texts(90)))
    assert again.groups.tobytes() == made.groups.tobytes()
    assert again.likeness.tobytes() == made.likeness.tobytes()


def test_a_languages_own_direction_is_taken_out():
    """Every sentence is in two languages, each with its own mean vector: translations are grouped together."""
    numbers = meaning.vectors(meaning.texts(90))
    own = numpy.zeros((2, 512))
    own[0, :40], own[1, 40:80] = 0.25, -0.25
    both = quantised(numpy.vstack([numbers + own[0], numbers + own[1]]))
    languages = ["fr"] * 90 + ["zh-Hans"] * 90
    material = Material(both, both, languages, [*range(180)])
    made = group(material, 3).groups
    assert (made[:90] == made[90:]).mean() > 0.95
    mixed = group(Material(both, both, ["fr"] * 180, [*range(180)]), 3).groups
    assert (mixed[:90] == mixed[90:]).mean() < 0.6


def test_the_vectors_that_are_compared_are_signed_bytes():
    assert features(material(meaning.texts(20))).dtype == numpy.int8


def test_what_is_like_nothing_else_is_in_no_group():
    odd = [f"Zebra{at} quagga{at} okapi{at} giraffe{at} lemur{at}" for at in range(3)]
    made = group(material([*meaning.texts(60), *odd]), 3)
    assert made.groups[-3:].tolist() == [-1, -1, -1]
    assert (made.likeness[-3:] < LEAST).all()


@pytest.mark.parametrize("count", [0, 1, 5, 8])
def test_too_few_sentences_give_no_groups(count):
    made = group(material(meaning.texts(count)))
    assert made.count == 0
    assert made.groups.tolist() == [-1] * count


def test_a_group_is_held_by_three_contributions_at_least():
    numbers = quantised(meaning.vectors(meaning.texts(60)))
    owners = [0 if at % 3 == 0 else at for at in range(60)]  # one contribution alone speaks of the first topic
    made = group(Material(numbers, numbers, ["en"] * 60, owners), 3)
    labels = {label for label in made.groups.tolist() if label >= 0}
    assert labels
    for label in labels:
        held = {owner for owner, here in zip(owners, made.groups.tolist(), strict=True) if here == label}
        assert len(held) >= 3


def test_what_a_person_put_somewhere_stays_and_like_sentences_follow():
    fixed = [-1] * 60
    for at in (0, 3, 6, 9, 12):
        fixed[at] = 1  # the first topic; the person's group 0 is now empty
    made = group(material(meaning.texts(60), given=2, fixed=fixed))
    assert {made.groups[at] for at in (0, 3, 6, 9, 12)} == {1}
    assert made.count >= 2
    followed = [made.groups[at] for at in range(15, 60, 3)]
    assert followed.count(1) > len(followed) / 2
    assert 1 not in {made.groups[at] for at in range(1, 60, 3)}


def test_the_number_of_groups_follows_the_sentences():
    rng = random.Random(7)
    many = [f"topic{at % 12:02}aa topic{at % 12:02}bb topic{at % 12:02}cc other{rng.random()}" for at in range(240)]
    few = [f"topic{at % 4:02}aa topic{at % 4:02}bb topic{at % 4:02}cc other{rng.random()}" for at in range(240)]
    assert 3 <= group(material(few)).count < group(material(many)).count <= 40
