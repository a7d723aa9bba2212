"""A working group, and its report with one paragraph that answers a contribution."""

import pytest

from plenara.outcomes import actions
from tests import world
from tests.events import entered
from tests.made_once import made_once
from tests.outcomes import making


@pytest.fixture
@made_once
def body(organizer, consultation):
    return making.body(organizer, consultation)


@pytest.fixture
@made_once
def chair(organizer, body):
    """Leads the body: declares paragraphs agreed, approves and publishes."""
    return making.member(organizer, body, world.person("Nitin Rao", country="IN"), "chair")


@pytest.fixture
@made_once
def drafter(organizer, body):
    """The body's rapporteur: writes."""
    return making.member(organizer, body, world.person("Clara Nunes", language="es"), "rapporteur")


@pytest.fixture
@made_once
def member(organizer, body):
    """Proposes, agrees, objects."""
    return making.member(organizer, body, world.person("Yusuf Demir"))


@pytest.fixture
@made_once
def observer(organizer, body):
    return making.member(organizer, body, world.person("Lea Stern"), "observer")


@pytest.fixture
@made_once
def secretary(organizer, body):
    """Writes, and takes no position."""
    return making.member(organizer, body, world.person("Rosa Lind"), "secretariat")


@pytest.fixture
@made_once
def outcome(organizer, body):
    """A report in English, with four sections and nothing in them."""
    return making.outcome(organizer, body)


@pytest.fixture
@made_once
def paragraph(drafter, outcome, edition):
    """Its first paragraph, which takes a contribution up."""
    return making.paragraph(drafter, outcome, cites=edition)


@pytest.fixture
@made_once
def version(drafter, chair, outcome, paragraph):
    """Its zero draft, published."""
    return making.published(drafter, chair, outcome)


@pytest.fixture
@made_once
def event(consultation):
    """A meeting that the calendar announces for the consultation."""
    return entered.event("Second meeting", prepares=consultation.slug)


@pytest.fixture
@made_once
def dossier(drafter, body, event):
    return actions.make_dossier(actor=drafter, body=body, event=event)


@pytest.fixture
@made_once
def item(drafter, dossier):
    return actions.add_item(actor=drafter, dossier=dossier, title={"en": "The definition"})
