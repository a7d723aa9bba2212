"""The state tables of documents and renditions, every cell of them: what is allowed works, the rest refuses."""

import pytest
from django.db import transaction

from plenara.core.refusals import ActionRefused, AlreadyDone
from plenara.documents import actions, states
from plenara.documents.actions import publication
from plenara.documents.actions.renditions import review_rendition
from plenara.documents.models import Rendition, RenditionState, State
from tests.documents import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def in_state(document, statement, rapporteur, organizer):
    """A function that brings the document into a state."""

    def lead(state):
        if state != State.DRAFT:
            actions.submit_for_review(actor=rapporteur, document=document)
        if state in {State.APPROVED, State.PUBLISHED}:
            actions.approve(actor=organizer, document=document)
        if state == State.PUBLISHED:
            publication.publish(actor=organizer, document=document, number=1)
        assert making.fresh(document).state == state
        return document

    return lead


@pytest.fixture
def acts(document, statement, rapporteur, organizer):
    return {
        "edit": lambda: making.statement(rapporteur, document, "One more."),
        "comment": lambda: actions.comment(actor=organizer, document=document, paragraph=None, text="Too long."),
        "submit_for_review": lambda: actions.submit_for_review(actor=rapporteur, document=document),
        "send_back": lambda: actions.send_back(actor=organizer, document=document),
        "approve": lambda: actions.approve(actor=organizer, document=document),
        "publish": lambda: publication.publish(actor=organizer, document=document, number=1),
        "reopen": lambda: actions.reopen(actor=rapporteur, document=document),
    }


@pytest.mark.once
@pytest.mark.parametrize("state", State)
def test_every_cell_of_the_document_table_does_what_it_says(state, in_state, acts, document):
    in_state(state)
    for act in states.DOCUMENT_ACTS:
        with transaction.atomic():
            if act in states.DOCUMENT[state]:
                acts[act]()
                assert making.fresh(document).state == states.DOCUMENT[state][act], act
            else:
                with pytest.raises(ActionRefused) as refused:
                    acts[act]()
                assert str(refused.value), act
                assert making.fresh(document).state == state, act
                assert not states.allows(state, act), act
            transaction.set_rollback(True)
        document.refresh_from_db()


@pytest.mark.parametrize(
    ("state", "act"),
    [(State.IN_REVIEW, "submit_for_review"), (State.APPROVED, "approve"), (State.PUBLISHED, "publish")],
)
def test_the_same_action_twice_raises_already_done(state, act, in_state, acts):
    in_state(state)
    with pytest.raises(AlreadyDone):
        acts[act]()


@pytest.mark.once
@pytest.mark.parametrize("state", RenditionState)
def test_every_cell_of_the_rendition_table_does_what_it_says(
    state, in_state, document, statement, translator, rapporteur
):
    in_state(State.PUBLISHED)
    rendition = making.translated(translator, document, "ar")
    Rendition.objects.filter(pk=rendition.pk).update(state=state)

    def change_source():
        actions.edit_paragraph(
            actor=rapporteur, paragraph=statement, kind="concern", text="Changed.", was=making.stamp(statement)
        )

    acts = {
        "save": lambda: making.translated(translator, document, "ar", prefix="again "),
        "review": lambda: review_rendition(actor=rapporteur, rendition=rendition),
        "publish": lambda: publication.publish_rendition(actor=translator, rendition=rendition),
        "source_changed": change_source,
    }
    for act in states.RENDITION_ACTS:
        with transaction.atomic():
            if act == "source_changed":
                actions.reopen(actor=rapporteur, document=document)
            if act in states.RENDITION[state]:
                acts[act]()
                assert making.fresh(rendition).state == states.RENDITION[state][act], act
            else:
                with pytest.raises(ActionRefused) as refused:
                    acts[act]()
                assert str(refused.value), act
                assert making.fresh(rendition).state == state, act
            transaction.set_rollback(True)
        for each in (document, rendition, statement):
            each.refresh_from_db()
