"""A paragraph is about a question of its consultation, or about none."""

import pytest

from plenara.core.refusals import InvalidInput
from plenara.documents import actions
from tests import world
from tests.documents import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultation(db):
    """An open consultation with two questions."""
    return world.consultation()


@pytest.fixture
def questions(consultation):
    return list(consultation.threads.order_by("number"))


def order(document):
    return [(making.source(each).text, each.thread.number if each.thread else 0) for each in document.paragraphs.all()]


def test_a_new_one_stands_after_the_others_of_its_question(rapporteur, document, questions):
    first, second = questions
    for text, thread in (("frame", None), ("two", second), ("one", first), ("two b", second), ("one b", first)):
        making.statement(rapporteur, document, text, thread=thread)
    assert order(document) == [("frame", 0), ("one", 1), ("one b", 1), ("two", 2), ("two b", 2)]
    making.statement(rapporteur, document, "end")
    assert order(document)[-1] == ("end", 0)


def test_one_that_gets_another_question_moves_there(rapporteur, document, questions):
    first, second = questions
    made = [making.statement(rapporteur, document, text, thread=first) for text in ("a", "b")]
    making.statement(rapporteur, document, "c", thread=second)
    actions.edit_paragraph(
        actor=rapporteur, paragraph=made[0], kind="concern", text="a", thread=second, was=making.stamp(made[0])
    )
    assert order(document) == [("b", 1), ("c", 2), ("a", 2)]
    assert list(document.paragraphs.values_list("number", flat=True)) == [1, 2, 3]


def test_a_question_of_another_consultation_is_refused(rapporteur, document):
    other = world.consultation("somewhere-else").threads.first()
    with pytest.raises(InvalidInput) as refused:
        making.statement(rapporteur, document, thread=other)
    assert refused.value.field == "thread"


def test_a_change_of_the_question_alone_is_a_change(rapporteur, other_rapporteur, statement, questions):
    opened = making.stamp(statement)
    typed = {"paragraph": statement, "kind": "concern", "text": making.source(statement).text}
    actions.edit_paragraph(actor=other_rapporteur, **typed, thread=questions[0], was=opened)
    with pytest.raises(actions.ChangedMeanwhile):
        actions.edit_paragraph(actor=rapporteur, **typed, thread=questions[1], was=opened)
    assert making.fresh(statement).thread == questions[0]
