"""Consultations in each of their states, and drafts that are ready to be announced."""

import datetime

import pytest

from plenara.consultations import actions
from plenara.consultations.models import State
from plenara.core import clock
from tests import world
from tests.made_once import made_once


def days(number):
    return clock.now() + datetime.timedelta(days=number)


@pytest.fixture
def in_state():
    """A function that puts a consultation into a state, as far as clock and stage go."""

    def put(consultation, state):
        consultation.stage = State.ANNOUNCED
        opens, closes = {
            State.DRAFT: (5, 20),
            State.ANNOUNCED: (5, 20),
            State.OPEN: (-5, 20),
        }.get(state, (-20, -5))
        consultation.opens_at, consultation.closes_at = days(opens), days(closes)
        if state not in {State.ANNOUNCED, State.OPEN, State.CLOSED}:
            consultation.stage = state
        consultation.save()
        assert consultation.state == state
        return consultation

    return put


@pytest.fixture
@made_once
def founder(db):
    """An organizer of the installation who has no role anywhere yet."""
    return world.person("Fatou Ndiaye", is_organizer=True)


@pytest.fixture
@made_once
def draft(founder):
    """A draft with everything that is needed to announce it."""
    consultation = actions.create(
        actor=founder,
        title={"en": "Cables under the sea", "fr": "Des câbles sous la mer"},
        symbol="CABLES/2027",
        slug="cables",
        languages=["en", "fr"],
        opens_at=days(5),
        closes_at=days(30),
        timezone="Europe/Zurich",
    )
    for number in (1, 2):
        actions.add_thread(
            actor=founder,
            consultation=consultation,
            question={"en": f"Who repairs cable {number}?", "fr": f"Qui répare le câble {number} ?"},
        )
    return consultation
