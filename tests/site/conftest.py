"""Tests of the pages that gather."""

import pytest


@pytest.fixture(autouse=True)
def own_folder(own_data):
    """Every test has a data folder of its own."""
