"""What a form carries of itself is read again by whom and about what it was sealed for, and for a month."""

import datetime

import pytest

from plenara.core import clock
from plenara.core.seals import Seal, fresh_key, seal, unseal


class LetterSeal(Seal):
    """The seal of one kind of form."""

    salt = "letter"


class NoteSeal(Seal):
    """The seal of another."""

    salt = "note"


class Somebody:
    pk = 7


class Other:
    pk = 8


def test_a_seal_is_read_again_as_it_was():
    fresh = LetterSeal.fresh(Somebody, "new")
    assert LetterSeal.read(fresh.sealed(), Somebody, "new") == fresh
    assert LetterSeal.owner(fresh.sealed()) == 7
    assert fresh.key != LetterSeal.fresh(Somebody, "new").key


@pytest.mark.parametrize(
    ("person", "about", "kind"),
    [(Other, "new", LetterSeal), (Somebody, "old", LetterSeal), (Somebody, "new", NoteSeal)],
)
def test_another_form_s_seal_is_nothing(person, about, kind):
    assert kind.read(LetterSeal.fresh(Somebody, "new").sealed(), person, about) is None


def test_what_is_forged_or_of_another_shape_is_nothing():
    for sealed in ("", "x", "W10:x:y", seal([1, 2], "letter"), seal(["a", 7, "new", 1], "letter")):
        assert LetterSeal.read(sealed, Somebody, "new") is None
        assert LetterSeal.owner(sealed) is None


def test_a_form_may_stay_open_for_a_month(monkeypatch):
    sealed = LetterSeal.fresh(Somebody, "new").sealed()
    now = clock.now().timestamp()
    for days, is_good in ((29, True), (32, False)):
        monkeypatch.setattr("time.time", lambda days=days: now + datetime.timedelta(days=days).total_seconds())
        assert (LetterSeal.owner(sealed) is not None) is is_good


def test_parts_of_a_long_form_are_compressed():
    parts = [fresh_key(), {"text": ["words " * 1000]}]
    assert len(seal(parts, "long", compress=True)) < 1000
    assert unseal(seal(parts, "long", compress=True), "long", 2) == parts
