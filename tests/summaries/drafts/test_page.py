"""The page to request a draft: for rapporteurs, in a fixed number of queries, without losing typed text."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara.core.tasks import run_all
from plenara.documents import actions as document_actions
from plenara.summaries.models import Draft
from tests import world
from tests.summaries.answers import body, hidden
from tests.summaries.harmless import assert_is_harmless

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # forms; the actions behind them are tested on both


@pytest.fixture
def page(desk):
    return f"{desk}draft/"


def test_asked_for_it_is_being_made_and_then_there(page, sign_in, rapporteur, summary, voices):
    client = sign_in(rapporteur)
    form = client.get(page)
    answer = client.post(page, {"most": "5", "key": hidden(form, "key")}, follow=True)
    assert "A draft is being created." in body(answer)
    run_all()
    answer = client.get(page)
    assert "3 statements created" in body(answer) and "Created from the words" in body(answer)
    assert summary.document.paragraphs.count() == 3
    assert "Contributions whose view was left out: 1" in body(answer)


@pytest.mark.both
def test_a_double_click_asks_once(page, sign_in, rapporteur, voices):
    client = sign_in(rapporteur)
    sent = {"most": "5", "key": hidden(client.get(page), "key")}
    client.post(page, sent)
    client.post(page, sent)
    assert Draft.objects.count() == 1


@pytest.mark.parametrize("typed", ["", "0", "61", "-3", "many", "9" * 5000, "1.5"])
def test_a_wrong_number_gets_a_sentence_and_stays(typed, page, sign_in, rapporteur, voices):
    answer = sign_in(rapporteur).post(page, {"most": typed, "key": "k"})
    assert answer.status_code == 422 and "from 1 to 60" in body(answer)
    assert not Draft.objects.exists()
    assert not typed or f'value="{typed[:40]}' in body(answer)


def test_without_a_model_none_is_offered_and_none_is_taken(page, sign_in, rapporteur, voices, settings):
    settings.MODEL = None
    client = sign_in(rapporteur)
    assert "rephrased" not in body(client.get(page))
    client.post(page, {"most": "5", "words": "model", "key": "k"})
    assert Draft.objects.get().is_rephrased is False


def test_with_a_model_it_can_be_asked_for(page, sign_in, rapporteur, voices, settings, machine):
    settings.MODEL = machine.model("a<b>model")
    client = sign_in(rapporteur)
    assert "rephrased by the language model a&lt;b&gt;model" in body(client.get(page))
    client.post(page, {"most": "5", "words": "model", "key": "k"})
    assert Draft.objects.get().is_rephrased is True


def test_the_page_never_asks_the_model(page, sign_in, rapporteur, settings, machine):
    settings.MODEL = machine.model()
    sign_in(rapporteur).get(page)
    assert machine.requests == []


def test_what_was_refused_is_shown_with_the_reason_and_harms_nobody(page, sign_in, rapporteur, summary):
    Draft.objects.create(
        summary=summary, asked_by=rapporteur, most=5, state="done", made=2, is_rephrased=True, machine="<b>m",
        failure="slow", refused=[{"text": "<script>owned()</script> \u202e", "reason": "not_exact"}],
    )  # fmt: skip
    answer = sign_in(rapporteur).get(page)
    assert "The statement quotes words that are not in the contribution." in body(answer)
    assert "The server took too long to answer." in body(answer)
    assert "<script>owned" not in body(answer)
    assert_is_harmless(body(answer))


def test_a_draft_of_which_nothing_was_heard_can_be_asked_for_again(page, sign_in, rapporteur, summary, noon):
    import datetime

    long_ago = noon - datetime.timedelta(hours=1)
    Draft.objects.create(summary=summary, asked_by=rapporteur, most=5, asked_at=long_ago)
    answer = sign_in(rapporteur).get(page)
    assert "There has been no progress" in body(answer) and 'name="most"' in body(answer)


def test_only_a_rapporteur_gets_in(page, sign_in, client, organizer, translator, moderator, voices):
    assert client.get(page).status_code == 302
    for person in (organizer, translator, moderator):
        assert sign_in(person).get(page).status_code == 403
        assert sign_in(person).post(page, {"most": "5"}).status_code == 403


def test_in_review_earlier_drafts_are_shown_and_none_is_asked_for(page, sign_in, rapporteur, summary, statement):
    document_actions.submit_for_review(actor=rapporteur, document=summary.document)
    client = sign_in(rapporteur)
    assert 'name="most"' not in body(client.get(page))
    assert client.post(page, {"most": "5", "key": "k"}).status_code == 422
    assert not Draft.objects.exists()


def test_the_number_of_queries_does_not_grow(page, sign_in, rapporteur, summary, consultation, thread):
    client = sign_in(rapporteur)

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get(page)
        return len(found)

    few = queries()
    world.many(thread, 300)
    for _turn in range(8):
        Draft.objects.create(
            summary=summary, asked_by=rapporteur, most=5, state="done", refused=[{"reason": "poll"}] * 9
        )
    assert queries() == few


def test_a_machines_statement_does_not_say_that_a_person_changed_it_and_the_whole_is_discarded_by_a_button(
    page, desk, sign_in, rapporteur, summary, voices
):
    client = sign_in(rapporteur)
    client.post(page, {"most": "5", "key": hidden(client.get(page), "key")})
    run_all()
    bench = body(client.get(desk))
    assert "taken from contributions by a machine" in bench and "last changed by" not in bench
    shown = body(client.get(page))
    assert "3 statements that no one has accepted or changed will be deleted" in shown
    answer = client.post(page, {"discard": str(Draft.objects.get().pk)}, follow=True)
    assert "3 statements were deleted." in body(answer) and "Discard this draft" not in body(answer)
    assert "See the statements at the workbench" in shown and "See the statements at the workbench" not in body(answer)
    assert not summary.document.paragraphs.exists()
    assert client.post(page, {"discard": "99"}).status_code == 404
