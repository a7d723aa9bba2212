"""Comments of reviewers: permissions, resolving one by one, and what they prevent."""

import pytest

from plenara.accounts import actions as accounts
from plenara.accounts.personal_data.erasure import ErasureChoice
from plenara.core.refusals import ActionRefused, InvalidInput, NotPermitted
from plenara.documents import actions
from plenara.documents.actions.renditions import review_rendition
from plenara.documents.models import Comment
from tests import world
from tests.documents import making

pytestmark = pytest.mark.django_db


def say(actor, document, paragraph=None, text="Who says so?", **more):
    return actions.comment(actor=actor, document=document, paragraph=paragraph, text=text, **more)


def test_a_comment_is_kept_once_however_often_its_form_is_sent(organizer, document, statement):
    made = [say(organizer, document, statement, key="form-1") for _click in range(2)]
    assert made[0] == made[1]
    assert (made[0].paragraph, made[0].number, made[0].by) == (statement, 1, organizer)
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("wrong", ["", " \n ", "x" * 4001])
def test_what_says_nothing_or_too_much_is_refused_at_its_field(organizer, document, statement, wrong):
    with pytest.raises(InvalidInput) as refused:
        say(organizer, document, statement, wrong)
    assert refused.value.field == "comment"


def test_a_comment_makes_nobody_a_writer(rapporteur, organizer, document, statement):
    actions.submit_for_review(actor=rapporteur, document=document)
    comment = say(organizer, document, statement)
    actions.resolve(actor=rapporteur, comment=comment)
    assert actions.approve(actor=organizer, document=document).self_approved is False


def test_it_cannot_be_approved_while_a_comment_is_open(rapporteur, organizer, document, statement):
    comments = [say(organizer, document, statement), say(organizer, document)]
    actions.submit_for_review(actor=rapporteur, document=document)
    with pytest.raises(InvalidInput) as refused:
        actions.approve(actor=organizer, document=document)
    assert (refused.value.code, "2 comments" in str(refused.value)) == ("open_comments", True)
    for comment in comments:
        actions.resolve(actor=rapporteur, comment=comment, answer="Twelve contributions do.")
    assert actions.approve(actor=organizer, document=document).state == "approved"


def test_resolving_twice_keeps_the_first_answer(rapporteur, organizer, document, statement):
    comment = say(organizer, document, statement)
    actions.resolve(actor=rapporteur, comment=comment, answer="First.")
    again = actions.resolve(actor=organizer, comment=comment, answer="Second.")
    assert (again.answer, again.resolved_by) == ("First.", rapporteur)


def test_a_comment_on_a_translation_keeps_only_that_from_being_reviewed(
    rapporteur, organizer, translator, document, statement
):
    rendition = making.translated(translator, document, "ar")
    comment = say(organizer, document, statement, language="ar")
    with pytest.raises(InvalidInput) as refused:
        review_rendition(actor=rapporteur, rendition=rendition)
    assert refused.value.code == "open_comments"
    making.approved(rapporteur, organizer, document)
    actions.resolve(actor=translator, comment=comment)
    assert review_rendition(actor=rapporteur, rendition=rendition).state == "reviewed"


def test_who_comments_and_who_resolves(
    rapporteur, organizer, translator, moderator, participant, consultation, document, statement
):
    russian = world.grant(world.person("Pavel"), consultation, "translator", "ru")
    for person in (rapporteur, organizer, translator, russian):
        say(person, document, statement)
    for person in (rapporteur, organizer, translator):
        say(person, document, statement, language="ar")
    for person, language in ((moderator, ""), (participant, ""), (russian, "ar")):
        with pytest.raises(NotPermitted):
            say(person, document, statement, language=language)
    ours, theirs = say(organizer, document), say(organizer, document, language="ar")
    for person, comment in ((translator, ours), (russian, theirs), (moderator, ours), (participant, ours)):
        with pytest.raises(NotPermitted):
            actions.resolve(actor=person, comment=comment)
    assert actions.resolve(actor=translator, comment=theirs).resolved_at
    assert actions.resolve(actor=rapporteur, comment=ours).resolved_at
    comment = say(translator, document)
    assert actions.resolve(actor=translator, comment=comment).resolved_at


def test_what_is_approved_is_commented_on_no_more(rapporteur, organizer, document, statement):
    making.approved(rapporteur, organizer, document)
    with pytest.raises(ActionRefused) as refused:
        say(organizer, document, statement)
    assert refused.value.code == "wrong_state"


def test_a_statement_of_another_document_is_refused(rapporteur, organizer, consultation, document, statement):
    other = making.document(rapporteur, consultation)
    with pytest.raises(InvalidInput):
        say(organizer, other, statement)


def test_a_comment_outlives_its_statement_with_the_number_that_it_had(rapporteur, organizer, document, statement):
    second = making.statement(rapporteur, document, "Second.")
    comment = say(organizer, document, second)
    actions.move_paragraph(actor=rapporteur, paragraph=second, to=1)
    actions.delete_paragraph(actor=rapporteur, paragraph=second, was=making.stamp(second), citations=0)
    comment = making.fresh(comment)
    assert (comment.paragraph, comment.number, comment.resolved_at) == (None, 1, None)


def test_what_an_erased_person_said_goes_and_the_comment_stays(rapporteur, translator, document, statement):
    asked = say(translator, document, statement)
    answered = say(rapporteur, document, statement, "Mine.", language="ar")
    actions.resolve(actor=translator, comment=answered, answer="Personal.")
    accounts.erase(actor=translator, choice=ErasureChoice.PARTICIPANT)
    asked, answered = making.fresh(asked), making.fresh(answered)
    assert (asked.text, asked.by, asked.resolved_at) == ("", None, None)
    assert (answered.text, answered.answer, answered.resolved_by) == ("Mine.", "", None)
