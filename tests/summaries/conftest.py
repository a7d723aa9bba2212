"""A summary in the making, with one statement that cites."""

import pytest

from tests import world
from tests.made_once import made_once
from tests.summaries import making
from tests.summaries.answers import DESK


@pytest.fixture
@made_once
def consultation(db):
    """An open consultation with one question: what is contributed to it leaves no other question empty."""
    return world.consultation(threads=1)


@pytest.fixture
@made_once
def summary(rapporteur, consultation):
    """A draft by the rapporteur, with nothing in it."""
    return making.summary(rapporteur, consultation)


@pytest.fixture
def desk(summary):
    """The address of the summary in the making."""
    return f"{DESK}{summary.pk}/"


@pytest.fixture
@made_once
def statement(rapporteur, summary, edition):
    """Its first statement, which cites a contribution: with it the draft can be published."""
    return making.statement_of(rapporteur, summary, edition)


@pytest.fixture
@made_once
def published(rapporteur, organizer, summary, statement):
    """The edition of that summary."""
    return making.published(rapporteur, organizer, summary)


@pytest.fixture
@made_once
def other_rapporteur(consultation):
    return world.grant(world.person("Pavel Orlov", language="ru"), consultation, "rapporteur")


@pytest.fixture
def emails(mailoutbox):
    """A function that runs the enqueued tasks and returns the sent e-mails about summaries, by address."""
    from plenara.core.tasks import run_all

    def sent():
        mailoutbox.clear()
        run_all()
        return {
            email.to[0]: email for email in mailoutbox if "summar" in email.body.lower() or "/summaries/" in email.body
        }

    return sent
