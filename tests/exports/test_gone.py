"""What may take something from a record says so; only what says that nothing goes does not."""

import pytest

from plenara.core.cache_tags import invalidate, revision, withdrawn_from

pytestmark = pytest.mark.django_db


def test_whoever_changes_a_cache_tag_takes_something_from_it_unless_they_say_otherwise():
    invalidate("a cache_tag")
    assert (revision("a cache_tag"), revision(withdrawn_from("a cache_tag"))) == (1, 1)
    invalidate("a cache_tag", nothing_withdrawn=True)
    assert (revision("a cache_tag"), revision(withdrawn_from("a cache_tag"))) == (2, 1)
