"""Comments at the desk: on a statement or the whole, resolved one by one, counted, and listed as pending work."""

import pytest

from plenara.documents import actions as document_actions
from plenara.documents.models import Comment
from plenara.summaries.queries.todo import comments_pending
from tests.hostile import EVERYTHING
from tests.summaries import making
from tests.summaries.answers import body, hidden, textarea
from tests.summaries.harmless import assert_is_harmless

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # forms; the actions behind them are tested on both


def test_a_comment_is_made_answered_and_out_of_the_way(sign_in, rapporteur, organizer, summary, statement, desk):
    document_actions.submit_for_review(actor=rapporteur, document=summary.document)
    address, client = f"{desk}comments/new/?statement={statement.pk}", sign_in(organizer)
    form = {"comment": "Who says so?", "key": hidden(client.get(address), "key")}
    for _click in range(2):
        assert client.post(address, form).url == f"{desk}review/#s1"
    comment = Comment.objects.get()
    assert (comment.paragraph, comment.by, comment.text) == (statement, organizer, "Who says so?")
    refused = client.post(f"{desk}review/", {"act": "approve"})
    assert refused.status_code == 422
    assert "1 comment is not resolved yet" in body(refused)

    client = sign_in(rapporteur)
    assert "Who says so?" in body(client.get(f"{desk}review/"))
    answer = {"answer": "Twelve contributions do."}
    for _click in range(2):
        assert client.post(f"{desk}comments/{comment.pk}/", answer).status_code == 302
    page = body(client.get(f"{desk}review/"))
    assert "Twelve contributions do." in page
    assert "not resolved yet" not in page
    assert sign_in(organizer).post(f"{desk}review/", {"act": "approve"}).status_code == 302


def test_a_comment_that_is_refused_keeps_what_was_typed(sign_in, organizer, statement, desk):
    address, long = f"{desk}comments/new/?statement={statement.pk}", "x" * 10_000
    answer = sign_in(organizer).post(address, {"comment": long})
    assert answer.status_code == 422
    assert textarea(answer, "comment") == long
    assert not Comment.objects.exists()


def test_a_comment_on_a_statement_that_was_deleted_meanwhile_is_one_on_the_whole(
    sign_in, rapporteur, organizer, statement, desk
):
    address = f"{desk}comments/new/?statement={statement.pk}"
    client = sign_in(organizer)
    client.get(address)
    document_actions.delete_paragraph(actor=rapporteur, paragraph=statement, was=making.stamp(statement), citations=1)
    assert client.post(address, {"comment": "Why?"}).status_code == 302
    assert Comment.objects.get().paragraph is None
    assert client.get(address).status_code == 404


def test_hostile_comments_stay_text(sign_in, organizer, summary, statement, desk):
    for paragraph in (statement, None):
        comment = document_actions.comment(
            actor=organizer, document=summary.document, paragraph=paragraph, text="\n".join(EVERYTHING)
        )
    client = sign_in(organizer)
    for page in ("review/", f"comments/new/?statement={statement.pk}", f"comments/{comment.pk}/"):
        assert_is_harmless(body(client.get(desk + page)))


def test_nobody_from_outside_comments_or_resolves(sign_in, organizer, moderator, participant, summary, statement, desk):
    comment = document_actions.comment(actor=organizer, document=summary.document, paragraph=None, text="Why?")
    for person in (moderator, participant):
        client = sign_in(person)
        for page in ("comments/new/", f"comments/{comment.pk}/"):
            assert client.get(desk + page).status_code == 403
            assert client.post(desk + page, {"comment": "x", "answer": "x"}).status_code == 403
    assert Comment.objects.get().resolved_at is None


def test_a_translator_comments_on_their_own_language_alone(sign_in, translator, summary, statement, desk):
    client = sign_in(translator)
    typed = {"comment": "Which word?"}
    assert client.post(f"{desk}comments/new/?statement={statement.pk}&language=ru", typed).status_code == 403
    answer = client.post(f"{desk}comments/new/?statement={statement.pk}&language=ar", typed)
    assert answer.url == f"{desk}renditions/ar/"
    assert Comment.objects.get().language == "ar"


@pytest.mark.both
def test_those_who_can_settle_comments_see_how_many_are_pending(
    rapporteur, organizer, translator, consultation, summary, statement, django_assert_max_num_queries
):
    for language in ("", "", "ar"):
        document_actions.comment(
            actor=organizer, document=summary.document, paragraph=statement, text="Why?", language=language
        )
    sentences = {
        person: [task.sentence for task in comments_pending(person, [consultation])]
        for person in (rapporteur, organizer, translator)
    }
    assert sentences == {
        rapporteur: ["2 comments are not resolved: a summary in preparation."],
        organizer: [],
        translator: ["1 comment is not resolved: a summary in preparation."],
    }
    for _more in range(3):
        other = making.summary(rapporteur, consultation)
        document_actions.comment(actor=organizer, document=other.document, paragraph=None, text="Why?")
    someone = making.fresh(rapporteur)
    with django_assert_max_num_queries(2):
        assert len(comments_pending(someone, [consultation])) == 4
