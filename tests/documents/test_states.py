"""The state tables of documents and renditions, every cell of them: what is allowed works, the rest refuses."""

import pytest

from plenara.common.refusals import AlreadyDone, Refused
from plenara.documents import actions, publishing, states
from plenara.documents.models import Rendition, RenditionState, State
from plenara.documents.renditions import review_rendition
from tests.documents import making

pytestmark = pytest.mark.django_db

DOCUMENT_CELLS = [(state, act) for state in State for act in states.DOCUMENT_ACTS]
RENDITION_CELLS = [(state, act) for state in RenditionState for act in states.RENDITION_ACTS]


@pytest.fixture
def in_state(document, statement, rapporteur, organizer):
    """A function that leads the document into a state."""

    def lead(state):
        if state != State.DRAFT:
            actions.submit_for_review(actor=rapporteur, document=document)
        if state in {State.APPROVED, State.PUBLISHED}:
            actions.approve(actor=organizer, document=document)
        if state == State.PUBLISHED:
            publishing.publish(actor=organizer, document=document, number=1)
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
        "publish": lambda: publishing.publish(actor=organizer, document=document, number=1),
        "reopen": lambda: actions.reopen(actor=rapporteur, document=document),
    }


@pytest.mark.once
@pytest.mark.parametrize(("state", "act"), DOCUMENT_CELLS)
def test_every_cell_of_the_document_table_does_what_it_says(state, act, in_state, acts, document):
    in_state(state)
    if act in states.DOCUMENT[state]:
        acts[act]()
        assert making.fresh(document).state == states.DOCUMENT[state][act]
    else:
        with pytest.raises(Refused) as refused:
            acts[act]()
        assert str(refused.value)
        assert making.fresh(document).state == state
        assert not states.allows(state, act)


@pytest.mark.parametrize(
    ("state", "act"),
    [(State.IN_REVIEW, "submit_for_review"), (State.APPROVED, "approve"), (State.PUBLISHED, "publish")],
)
def test_the_same_act_twice_is_told_from_a_wrong_one(state, act, in_state, acts):
    in_state(state)
    with pytest.raises(AlreadyDone):
        acts[act]()


@pytest.mark.once
@pytest.mark.parametrize(("state", "act"), RENDITION_CELLS)
def test_every_cell_of_the_rendition_table_does_what_it_says(
    state, act, in_state, document, statement, translator, rapporteur
):
    in_state(State.PUBLISHED)
    rendition = making.translated(translator, document, "ar")
    Rendition.objects.filter(pk=rendition.pk).update(state=state)
    if act == "source_changed":
        actions.reopen(actor=rapporteur, document=document)

    def do():
        if act == "save":
            making.translated(translator, document, "ar", prefix="again ")
        elif act == "review":
            review_rendition(actor=rapporteur, rendition=rendition)
        elif act == "publish":
            publishing.publish_rendition(actor=translator, rendition=rendition)
        else:
            actions.edit_paragraph(
                actor=rapporteur, paragraph=statement, kind="concern", text="Changed.", was=making.stamp(statement)
            )

    if act in states.RENDITION[state]:
        do()
        assert making.fresh(rendition).state == states.RENDITION[state][act]
    else:
        with pytest.raises(Refused) as refused:
            do()
        assert str(refused.value)
        assert making.fresh(rendition).state == state
