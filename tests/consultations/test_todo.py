"""What waits for an organizer, said in words."""

import pytest

from plenara.consultations.models import Consultation, Role, State
from plenara.consultations.presenters import desk
from plenara.consultations.presenters.desk import ToDo, Urgency
from tests import world

pytestmark = pytest.mark.django_db


def fresh(consultation):
    return Consultation.objects.get(pk=consultation.pk)


def test_a_draft_says_what_is_missing_and_then_that_it_can_be_announced(founder, draft):
    assert "then announce the consultation" in desk.to_do(fresh(draft))[0].sentence
    draft.threads.all().delete()
    assert "1 required item is missing" in desk.to_do(fresh(draft))[0].sentence


def test_a_draft_whose_opening_is_near_is_urgent(founder, draft):
    assert desk.to_do(fresh(draft))[0].urgency == Urgency.NOW


def test_an_open_consultation_without_moderator_or_rapporteur_says_so(organizer, consultation, moderator):
    sentences = " ".join(task.sentence for task in desk.to_do(consultation))
    assert "rapporteur" in sentences
    assert "moderator" not in sentences


@pytest.mark.once
@pytest.mark.parametrize("state", State)
def test_every_state_says_what_comes_next(consultation, in_state, state):
    in_state(consultation, state)
    assert desk.outlook(consultation).endswith(".")
    assert all(task.url and task.verb for task in desk.to_do(consultation))


def test_after_closing_returned_texts_may_come_back_before_the_synthesis(consultation, in_state):
    in_state(consultation, State.CLOSED)  # five days ago
    (task,) = desk.to_do(consultation)
    assert "Authors can submit returned texts again until" in task.sentence
    assert task.urgency == Urgency.IN_TIME


def test_tasks_are_only_those_of_consultations_one_organizes(organizer, moderator, consultation):
    Role.objects.filter(name="moderator").delete()
    assert desk.pending_tasks(organizer, [consultation])
    assert not desk.pending_tasks(moderator, [consultation])


def test_what_is_urgent_comes_first_and_of_equals_the_oldest(organizer, monkeypatch, noon):
    made = [
        ToDo("later", "/", "go", Urgency.IN_TIME),
        ToDo("undated", "/", "go", Urgency.NOW),
        ToDo("dated", "/", "go", Urgency.NOW, since=noon),
    ]
    monkeypatch.setattr(desk, "_task_providers", [lambda person, consultations: made])
    assert [task.sentence for task in desk.pending_tasks(organizer, [])] == ["dated", "undated", "later"]


@pytest.mark.once
def test_the_number_of_queries_does_not_grow_with_the_consultations(organizer, django_assert_num_queries):
    made = [world.consultation(f"c{number}") for number in range(5)]
    for one in made:
        Role.objects.create(person=organizer, consultation=one, name="organizer")
    found = list(Consultation.objects.all())
    with django_assert_num_queries(3):  # one's roles, all questions, all roles
        desk.organizer_tasks(organizer, found)
