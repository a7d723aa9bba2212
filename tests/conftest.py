"""The standing cast and the things they meet, made through the same actions that the product uses."""

import datetime
import os
import tempfile

os.environ.setdefault("PLENARA_DATA", tempfile.mkdtemp(prefix="plenara-test-"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser of the journeys runs an event loop beside us

import pytest

from plenara.common import clock


@pytest.fixture
def noon():
    """A moment that stands still: Wednesday, 14 October 2026, 12:00 UTC."""
    moment = datetime.datetime(2026, 10, 14, 12, 0, tzinfo=datetime.UTC)
    with clock.at(moment):
        yield moment
