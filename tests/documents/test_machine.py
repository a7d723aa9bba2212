"""A machine's words are marked until somebody accepts them, one paragraph at a time."""

import pytest

from plenara.core.models import AuditEntry
from plenara.core.refusals import InvalidInput, NotPermitted
from plenara.documents import actions
from plenara.documents.models import Change
from tests import world
from tests.documents import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def drafted(rapporteur, document, edition):
    """A statement made of a contribution's own words."""
    made = making.statement(rapporteur, document, making.WORDS_CITED, machine="extract")
    making.cited(rapporteur, made, edition)
    return made


@pytest.fixture
def foreign(rapporteur, document, author, moderator, thread):
    """A statement that still is the French sentence that it cites."""
    french = world.published(author, moderator, thread, "Les documents arrivent trop tard pour nous.", language="fr")
    made = making.statement(rapporteur, document, "Les documents arrivent trop tard", machine="extract")
    making.cited(rapporteur, made, french, "Les documents arrivent trop tard pour nous.")
    return made


def accept(person, paragraph, was=None):
    return actions.accept_paragraph(actor=person, paragraph=paragraph, was=was or making.stamp(paragraph))


def test_it_waits_until_somebody_accepts_it(rapporteur, drafted):
    assert making.fresh(drafted).awaits_acceptance
    for _click in range(2):
        accepted = accept(rapporteur, drafted)
    assert not accepted.awaits_acceptance
    assert (accepted.accepted_by, accepted.machine) == (rapporteur, "extract")
    assert AuditEntry.objects.filter(verb="document.paragraph_accepted").count() == 1
    assert Change.objects.filter(what="accepted").count() == 1


def test_words_that_changed_since_they_were_read_are_not_accepted(rapporteur, other_rapporteur, drafted):
    read = making.stamp(drafted)
    actions.edit_paragraph(
        actor=other_rapporteur, paragraph=drafted, kind="proposal", text=making.WORDS_CITED, was=read
    )
    with pytest.raises(actions.ChangedMeanwhile):
        accept(rapporteur, drafted, read)
    assert making.fresh(drafted).awaits_acceptance


def test_whoever_changes_the_words_has_made_them_theirs(rapporteur, drafted):
    actions.edit_paragraph(
        actor=rapporteur, paragraph=drafted, kind="concern", text="In their own words.", was=making.stamp(drafted)
    )
    assert making.fresh(drafted).accepted_by == rapporteur


def test_another_kind_or_heading_accepts_nothing(rapporteur, drafted):
    actions.edit_paragraph(
        actor=rapporteur, paragraph=drafted, kind="proposal", text=making.WORDS_CITED, heading="Time",
        was=making.stamp(drafted),
    )  # fmt: skip
    assert making.fresh(drafted).awaits_acceptance


def test_words_that_still_are_in_another_language_are_not_accepted(rapporteur, foreign):
    with pytest.raises(InvalidInput) as refused:
        accept(rapporteur, foreign)
    assert refused.value.code == "other_language"
    actions.edit_paragraph(
        actor=rapporteur, paragraph=foreign, kind="concern", text="documents arrivent trop tard",
        was=making.stamp(foreign),
    )  # fmt: skip
    assert making.fresh(foreign).awaits_acceptance
    actions.edit_paragraph(
        actor=rapporteur, paragraph=foreign, kind="concern", text="Documents come too late.", was=making.stamp(foreign)
    )
    assert not making.fresh(foreign).awaits_acceptance


def test_nobody_but_a_rapporteur_accepts(organizer, translator, participant, drafted):
    for person in (organizer, translator, participant):
        with pytest.raises(NotPermitted):
            accept(person, drafted)
    assert making.fresh(drafted).awaits_acceptance
