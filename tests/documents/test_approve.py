"""Submitting for review, sending back, and approving: by somebody who did not write it, if possible."""

import datetime

import pytest

from plenara.core import clock
from plenara.core.refusals import NotPermitted
from plenara.documents import actions
from plenara.documents.models import Signature
from tests import world
from tests.documents import making

pytestmark = pytest.mark.django_db


def test_an_organizer_who_did_not_write_it_approves(rapporteur, organizer, document, statement):
    approved = making.approved(rapporteur, organizer, document)
    assert (approved.approved_by, approved.self_approved) == (organizer, False)
    assert approved.approved_at is not None


@pytest.fixture
def organizing_rapporteur(rapporteur, consultation):
    return world.grant(rapporteur, consultation, "organizer")


def test_who_wrote_it_does_not_approve_it_where_there_is_another(organizing_rapporteur, organizer, document, statement):
    actions.submit_for_review(actor=organizing_rapporteur, document=document)
    with pytest.raises(NotPermitted):
        actions.approve(actor=organizing_rapporteur, document=document)


def test_where_there_is_no_other_self_approval_is_allowed_and_kept(organizing_rapporteur, document, statement):
    approved = making.approved(organizing_rapporteur, organizing_rapporteur, document)
    assert approved.self_approved
    edition = making.publication.publish(actor=organizing_rapporteur, document=document, number=1)
    assert edition.self_approved
    assert {each.part for each in edition.signatures.all()} == {Signature.Part.WROTE, Signature.Part.APPROVED}


def test_a_suspended_or_a_writing_organizer_is_no_other(organizing_rapporteur, consultation, document, statement):
    suspended = world.grant(world.person("Gone", suspended_at=clock.now()), consultation, "organizer")
    writing = world.grant(world.person("Also Writes"), consultation, "organizer")
    world.grant(writing, consultation, "rapporteur")
    making.statement(making.fresh(writing), document, "Covers May.", kind="frame")
    actions.submit_for_review(actor=organizing_rapporteur, document=document)
    with pytest.raises(NotPermitted):
        actions.approve(actor=making.fresh(suspended), document=document)
    assert actions.approve(actor=organizing_rapporteur, document=document).self_approved


def test_nobody_else_approves(rapporteur, moderator, translator, participant, outsider, document, statement):
    actions.submit_for_review(actor=rapporteur, document=document)
    for person in (rapporteur, moderator, translator, participant, outsider):
        with pytest.raises(NotPermitted):
            actions.approve(actor=person, document=document)


def test_a_note_says_why_it_comes_back_and_goes_with_the_next_submission(rapporteur, organizer, document, statement):
    making.approved(rapporteur, organizer, document)
    back = actions.send_back(actor=organizer, document=document, note="Statement 1: who says so?\x00")
    assert (back.note, back.approved_by, back.approved_at) == ("Statement 1: who says so?", None, None)
    assert actions.submit_for_review(actor=rapporteur, document=document).note == ""


def test_the_moment_of_the_approval_is_that_of_the_clock(rapporteur, organizer, document, statement):
    moment = datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC)
    with clock.at(moment):
        assert making.approved(rapporteur, organizer, document).approved_at == moment
