"""The list as it is after the first start, and who manages it."""

import pytest

from plenara.themes import actions
from tests import world
from tests.made_once import made_once


@pytest.fixture
@made_once
def themes(db):
    """The WSIS Action Lines."""
    actions.install_wsis()


@pytest.fixture
@made_once
def curator(db):
    """An organizer of the installation: the secretariat."""
    return world.person("Wei Zhang", language="zh", is_organizer=True)
