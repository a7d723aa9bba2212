"""The table of states, every cell of it: what it allows is done, what it refuses is refused with its sentence."""

import datetime

import pytest

from plenara.consultations import actions, states
from plenara.consultations.models import Consultation, State
from plenara.consultations.states import Verb
from plenara.core.models import AuditEntry
from plenara.core.refusals import ActionRefused
from tests import world
from tests.consultations.conftest import days

pytestmark = pytest.mark.django_db


def edit(**changes):
    return lambda who, it: actions.edit(actor=who, consultation=it, **changes)


def reword(who, it, question):
    thread = it.threads.get(number=1)
    return actions.edit_thread(actor=who, thread=thread, question=question, guidance=thread.guidance, confirmed=True)


def guide(who, it):
    thread = it.threads.get(number=1)
    return actions.edit_thread(actor=who, thread=thread, question=thread.question, guidance={"en": "Say where."})


DO = {
    Verb.EDIT: edit(intro={"en": "Another introduction."}),
    Verb.RENAME: edit(slug="another-address"),
    Verb.RELICENSE: edit(licence="CC0-1.0"),
    Verb.RESCHEDULE: lambda who, it: actions.edit(actor=who, consultation=it, closes_at=days(40)),
    Verb.SET_TERMS: edit(promise_working_days=3),
    Verb.ARRANGE: lambda who, it: actions.move_thread(actor=who, thread=it.threads.get(number=1), to=2),
    Verb.EDIT_THREAD: guide,
    Verb.REWORD: lambda who, it: reword(who, it, world.six("Another question?")),
    Verb.OPEN: lambda who, it: actions.open_now(actor=who, consultation=it),
    Verb.ANNOUNCE: lambda who, it: actions.announce(actor=who, consultation=it),
    Verb.EXTEND: lambda who, it: actions.extend(
        actor=who, consultation=it, closes_at=days(60), reason={"en": "Holidays."}
    ),
    Verb.CLOSE: lambda who, it: actions.close_early(actor=who, consultation=it, reason={"en": "It is agreed."}),
    Verb.BEGIN_SYNTHESIS: lambda who, it: actions.move_on(actor=who, consultation=it, verb=Verb.BEGIN_SYNTHESIS),
    Verb.REPORT: lambda who, it: actions.move_on(actor=who, consultation=it, verb=Verb.REPORT),
    Verb.ARCHIVE: lambda who, it: actions.move_on(actor=who, consultation=it, verb=Verb.ARCHIVE),
    Verb.GIVE_ROLES: lambda who, it: actions.grant_role(
        actor=who, consultation=it, person=world.person("Ana Prieto"), name="moderator"
    ),
}


def test_every_verb_has_a_cell_for_every_state():
    assert set(states.TABLE) == set(Verb) == set(DO)
    assert {len(row) for row in states.TABLE.values()} == {len(State)}


@pytest.mark.once
@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("verb", Verb)
def test_the_table_of_states_holds(verb, state, organizer, consultation, in_state):
    in_state(consultation, state)
    answer = states.allows(state, verb)
    before = AuditEntry.objects.count()
    if answer:
        DO[verb](organizer, consultation)
        assert AuditEntry.objects.count() == before + 1
        if verb in states.LEADS_TO:
            assert Consultation.objects.get(pk=consultation.pk).state == states.LEADS_TO[verb]
        return
    with pytest.raises(ActionRefused) as refused:
        DO[verb](organizer, consultation)
    assert str(refused.value) == str(answer.sentence)
    assert str(answer.sentence).endswith(".")
    assert AuditEntry.objects.count() == before


@pytest.mark.once
@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("verb", Verb)
def test_a_moderator_may_do_none_of_it_in_any_state(verb, state, moderator, consultation, in_state):
    in_state(consultation, state)
    with pytest.raises(ActionRefused, match="Only organizers"):
        DO[verb](moderator, consultation)


def test_opening_and_closing_follow_the_clock(consultation, in_state):
    from plenara.core import clock

    in_state(consultation, State.ANNOUNCED)
    minute = datetime.timedelta(minutes=1)
    for moment, state in [
        (consultation.opens_at - minute, State.ANNOUNCED),
        (consultation.opens_at, State.OPEN),
        (consultation.closes_at - minute, State.OPEN),
        (consultation.closes_at, State.CLOSED),
    ]:
        with clock.at(moment):
            assert consultation.state == state
