"""A published summary, and a participant's request that it be corrected."""

import pytest

from tests import world
from tests.made_once import made_once
from tests.summaries.conftest import *  # noqa: F403
from tests.summaries.corrections import making


@pytest.fixture
@made_once
def asked(participant, published):
    """A pending request about the first statement."""
    return making.asked(participant, published)


@pytest.fixture
@made_once
def correction(participant, moderator, published):
    """The same, published and not answered yet."""
    return making.published(participant, moderator, published)


@pytest.fixture
@made_once
def second_organizer(consultation):
    """Another organizer of the same consultation."""
    return world.grant(world.person("Leila Haddad", language="ar"), consultation, "organizer")
