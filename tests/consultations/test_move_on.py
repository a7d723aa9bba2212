"""Moving on: closed, in synthesis, reported, archived."""

import pytest

from plenara.consultations import actions, permissions
from plenara.consultations.models import Consultation, State
from plenara.consultations.states import Verb
from plenara.core.cache_tags import revision
from plenara.core.models import AuditEntry
from plenara.core.refusals import AlreadyDone

pytestmark = pytest.mark.django_db


def test_a_closed_consultation_goes_all_the_way_and_keeps_each_moment(organizer, consultation, in_state):
    in_state(consultation, State.CLOSED)
    for verb, state in [
        (Verb.BEGIN_SYNTHESIS, State.IN_SYNTHESIS),
        (Verb.REPORT, State.REPORTED),
        (Verb.ARCHIVE, State.ARCHIVED),
    ]:
        assert actions.move_on(actor=organizer, consultation=consultation, verb=verb).state == state
    kept = Consultation.objects.get(pk=consultation.pk)
    assert kept.synthesis_at <= kept.reported_at <= kept.archived_at
    assert (revision(consultation.cache_tag), revision("consultations")) == (3, 3)


def test_two_organizers_at_once_move_it_on_by_one(organizer, consultation, in_state):
    in_state(consultation, State.CLOSED)
    actions.move_on(actor=organizer, consultation=consultation, verb=Verb.BEGIN_SYNTHESIS)
    with pytest.raises(AlreadyDone):
        actions.move_on(actor=organizer, consultation=consultation, verb=Verb.BEGIN_SYNTHESIS)
    assert AuditEntry.objects.filter(verb="consultation.synthesis_begun").count() == 1


def test_once_the_synthesis_has_begun_nothing_comes_back(organizer, consultation, in_state):
    in_state(consultation, State.CLOSED)
    assert permissions.takes_returned(consultation)
    moved = actions.move_on(actor=organizer, consultation=consultation, verb=Verb.BEGIN_SYNTHESIS)
    assert not permissions.takes_returned(moved)
