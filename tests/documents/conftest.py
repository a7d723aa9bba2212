"""A draft with one statement that cites."""

import pytest

from tests import world
from tests.documents import making
from tests.made_once import made_once


@pytest.fixture
@made_once
def consultation(db):
    """An open consultation with one question: what is contributed to it leaves no other question empty."""
    return world.consultation(threads=1)


@pytest.fixture
@made_once
def document(rapporteur, consultation):
    """A draft in English by the rapporteur, with nothing in it."""
    return making.document(rapporteur, consultation)


@pytest.fixture
@made_once
def statement(rapporteur, document, edition):
    """A statement that cites a published contribution: with it the draft can be published."""
    made = making.statement(rapporteur, document)
    making.cited(rapporteur, made, edition)
    return made


@pytest.fixture
@made_once
def other_rapporteur(consultation):
    return world.grant(world.person("Pavel Orlov", language="ru"), consultation, "rapporteur")


@pytest.fixture
@made_once
def other_translator(consultation):
    """A second translator into Arabic."""
    return world.grant(world.person("Samir Haddad", language="ar"), consultation, "translator", "ar")
