"""What may take something from a record says so; only what says that nothing goes does not."""

import pytest

from plenara.ledger.actions import bump, gone_from, revision

pytestmark = pytest.mark.django_db


def test_whoever_changes_a_shelf_takes_something_from_it_unless_they_say_otherwise():
    bump("a shelf")
    assert (revision("a shelf"), revision(gone_from("a shelf"))) == (1, 1)
    bump("a shelf", nothing_goes=True)
    assert (revision("a shelf"), revision(gone_from("a shelf"))) == (2, 1)
