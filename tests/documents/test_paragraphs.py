"""Adding, changing, moving and deleting paragraphs, also when two people do it at once."""

import pytest

from plenara.core.models import AuditEntry
from plenara.core.refusals import InvalidInput, NotPermitted
from plenara.documents import actions
from plenara.documents.models import Kind, Paragraph
from tests.documents import making

pytestmark = pytest.mark.django_db


def order(document):
    return [making.source(each).text for each in document.paragraphs.all()]


def numbers(document):
    return list(document.paragraphs.values_list("number", flat=True))


def test_a_paragraph_is_added_at_the_end_or_at_a_number(rapporteur, document):
    for text in ("one", "two"):
        making.statement(rapporteur, document, text)
    making.statement(rapporteur, document, "between", at=2)
    making.statement(rapporteur, document, "far", at=99)
    assert order(document) == ["one", "between", "two", "far"]
    assert numbers(document) == [1, 2, 3, 4]


def test_the_same_form_sent_twice_adds_one_paragraph(rapporteur, document):
    first = making.statement(rapporteur, document, "once", key="form-1")
    again = making.statement(rapporteur, document, "once", key="form-1")
    assert first == again
    assert AuditEntry.objects.filter(verb="document.paragraph_added").count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": ""},
        {"text": " \n \u200b".replace("\u200b", "")},
        {"text": "x" * 4001},
        {"kind": "rumour"},
        {"kind": ""},
        {"heading": "x" * 301},
    ],
)
def test_what_is_no_paragraph_is_refused_with_a_sentence(rapporteur, document, wrong):
    with pytest.raises(InvalidInput) as refused:
        making.statement(rapporteur, document, **{"text": "fine", **wrong})
    assert str(refused.value)
    assert not document.paragraphs.exists()


def test_words_are_cleaned_as_all_text_is(rapporteur, document):
    made = making.statement(rapporteur, document, "a\x00b\u202ec\r\nd ", heading="x\n y")
    assert (making.source(made).text, making.source(made).heading) == ("abc\nd", "x y")


def test_a_change_is_kept_with_who_and_when(rapporteur, other_rapporteur, statement):
    actions.edit_paragraph(
        actor=other_rapporteur, paragraph=statement, kind="proposal", text="Better.", was=making.stamp(statement)
    )
    text = making.source(statement)
    assert (text.text, text.changed_by, making.fresh(statement).kind) == ("Better.", other_rapporteur, "proposal")


def test_two_people_at_once_lose_nothing(rapporteur, other_rapporteur, statement):
    opened = making.stamp(statement)
    actions.edit_paragraph(actor=rapporteur, paragraph=statement, kind="concern", text="First.", was=opened)
    with pytest.raises(actions.ChangedMeanwhile) as refused:
        actions.edit_paragraph(actor=other_rapporteur, paragraph=statement, kind="concern", text="Second.", was=opened)
    assert refused.value.now.text == "First."
    assert refused.value.now.changed_by == rapporteur
    assert making.source(statement).text == "First."


def test_both_writing_the_same_is_no_conflict(rapporteur, other_rapporteur, statement):
    opened = making.stamp(statement)
    for person in (rapporteur, other_rapporteur):
        actions.edit_paragraph(actor=person, paragraph=statement, kind="concern", text="Same.", was=opened)
    assert AuditEntry.objects.filter(verb="document.paragraph_edited").count() == 1


def test_what_is_not_changed_leaves_no_act(rapporteur, statement):
    actions.edit_paragraph(
        actor=rapporteur, paragraph=statement, kind="concern", text=making.source(statement).text, was="whatever"
    )
    assert not AuditEntry.objects.filter(verb="document.paragraph_edited").exists()


def test_a_statement_with_citations_does_not_become_a_frame(rapporteur, statement):
    with pytest.raises(InvalidInput):
        actions.edit_paragraph(
            actor=rapporteur, paragraph=statement, kind=Kind.FRAME, text="Frame.", was=making.stamp(statement)
        )


@pytest.mark.parametrize(
    ("which", "to", "then"),
    [
        (0, 3, ["two", "three", "one", "four"]),
        (3, 1, ["four", "one", "two", "three"]),
        (1, 2, ["one", "two", "three", "four"]),
        (0, 99, ["two", "three", "four", "one"]),
        (2, 0, ["three", "one", "two", "four"]),
    ],
)
def test_a_paragraph_moves_and_the_others_close_up(rapporteur, document, which, to, then):
    made = [making.statement(rapporteur, document, text) for text in ("one", "two", "three", "four")]
    actions.move_paragraph(actor=rapporteur, paragraph=made[which], to=to)
    assert order(document) == then
    assert numbers(document) == [1, 2, 3, 4]


def test_a_move_sent_twice_moves_once(rapporteur, document):
    made = [making.statement(rapporteur, document, text) for text in ("one", "two", "three")]
    for _click in range(2):
        actions.move_paragraph(actor=rapporteur, paragraph=made[0], to=2)
    assert order(document) == ["two", "one", "three"]


def test_two_moves_at_once_keep_every_paragraph(rapporteur, other_rapporteur, document):
    made = [making.statement(rapporteur, document, text) for text in ("one", "two", "three")]
    stale = Paragraph.objects.select_related("document").get(pk=made[0].pk)
    actions.move_paragraph(actor=rapporteur, paragraph=made[2], to=1)
    actions.move_paragraph(actor=other_rapporteur, paragraph=stale, to=3)
    assert order(document) == ["three", "two", "one"]
    assert numbers(document) == [1, 2, 3]


def test_a_paragraph_is_deleted_once_and_the_others_close_up(rapporteur, document):
    made = [making.statement(rapporteur, document, text) for text in ("one", "two", "three")]
    opened = making.stamp(made[1])
    for _click in range(2):
        actions.delete_paragraph(actor=rapporteur, paragraph=made[1], was=opened, citations=0)
    assert order(document) == ["one", "three"]
    assert numbers(document) == [1, 2]


def test_what_another_changed_or_cited_meanwhile_is_not_deleted(rapporteur, other_rapporteur, document, edition):
    made = making.statement(rapporteur, document)
    opened = making.stamp(made)
    making.cited(other_rapporteur, made, edition)
    with pytest.raises(actions.ChangedMeanwhile):
        actions.delete_paragraph(actor=rapporteur, paragraph=made, was=opened, citations=0)
    with pytest.raises(actions.ChangedMeanwhile):
        actions.delete_paragraph(actor=rapporteur, paragraph=made, was="older", citations=1)
    assert document.paragraphs.count() == 1


def test_a_title_is_changed_and_a_stale_one_hears_of_it(rapporteur, other_rapporteur, document):
    actions.edit_title(actor=rapporteur, document=document, title="  Another\n title ", was="What was said")
    assert making.fresh(document).title == {"en": "Another title"}
    with pytest.raises(actions.ChangedMeanwhile):
        actions.edit_title(actor=other_rapporteur, document=document, title="Mine", was="What was said")
    assert making.fresh(document).title == {"en": "Another title"}


def test_who_writes_is_kept_as_a_writer(rapporteur, other_rapporteur, statement, document):
    making.statement(other_rapporteur, document, "Mine.")
    assert set(document.writers.all()) == {rapporteur, other_rapporteur}


def test_nobody_but_a_rapporteur_writes(organizer, moderator, translator, participant, document, statement):
    for person in (organizer, moderator, translator, participant):
        with pytest.raises(NotPermitted):
            making.statement(person, document)
        with pytest.raises(NotPermitted):
            actions.edit_paragraph(actor=person, paragraph=statement, kind="concern", text="x", was="")
        with pytest.raises(NotPermitted):
            actions.move_paragraph(actor=person, paragraph=statement, to=1)
        with pytest.raises(NotPermitted):
            actions.delete_paragraph(actor=person, paragraph=statement, was="", citations=0)
        with pytest.raises(NotPermitted):
            actions.edit_title(actor=person, document=document, title="x", was="")
