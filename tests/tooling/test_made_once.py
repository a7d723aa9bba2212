"""What many tests need is made once: whatever the fixtures of all tests write can be written again as rows."""

import pytest

from tests.made_once import memory


@pytest.mark.django_db
@pytest.mark.parametrize("fixture", ["elsewhere", "pending", "edition", "translator", "organizer"])
def test_what_it_writes_is_known(fixture, request):
    request.getfixturevalue(fixture)
    assert memory.is_known()


@pytest.mark.django_db
def test_whatever_else_is_written_is_noticed(consultation):
    assert memory.is_known()
    consultation.save()
    assert not memory.is_known()
