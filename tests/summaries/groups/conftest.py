"""A period with twelve contributions on three topics, and a machine that works without the encoder."""

import pytest

from plenara.core import tasks
from plenara.core.models import BackgroundTask
from plenara.search import encoder
from plenara.summaries.groups.actions import editing
from plenara.summaries.models import Group
from tests import world
from tests.made_once import made_once
from tests.summaries.groups import meaning


def run_all():
    """Run the tasks of the groups, without the e-mails and other tasks of the contributions."""
    others = set(BackgroundTask.objects.exclude(task__startswith="summaries.").values_list("task", flat=True))
    return tasks.run_all(besides=others)


@pytest.fixture(autouse=True)
def encoded(monkeypatch):
    """The number of texts of each call of the encoder."""
    meaning.CALLS.clear()
    monkeypatch.setattr(encoder, "vectors", meaning.vectors)
    return meaning.CALLS


@pytest.fixture
@made_once
def contributed(consultation, thread, participant, moderator):
    """Twelve contributions by three persons of three stakeholder groups, in two languages."""
    people = [
        participant,
        world.person("Jean Roy", stakeholder_group="government"),
        world.person("Li Wei", stakeholder_group="private_sector"),
    ]
    return [
        world.published(people[at // 3 % 3], moderator, thread, text, language="en" if at % 2 else "fr")
        for at, text in enumerate(meaning.texts())
    ]


@pytest.fixture
def grouped(contributed, summary, rapporteur):
    """A function that groups the period, and returns the groups without the ungrouped sentences."""

    def group():
        editing.ask_groups(actor=rapporteur, summary=summary)
        run_all()
        return list(Group.objects.filter(grouping__summary=summary, is_rest=False))

    return group


@pytest.fixture
def groups(grouped):
    return grouped()
