"""What answers say to browsers and caches. Those of every address, whoever asks: `security/test_authorization.py`."""

import pytest

pytestmark = pytest.mark.django_db


def test_whether_it_is_well_is_true_of_this_moment_alone(client):
    answer = client.get("/health/")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert not answer.has_header("ETag")
