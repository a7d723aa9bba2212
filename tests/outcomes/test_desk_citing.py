"""Citations and responses at the desk: one, several at once, changed, removed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara.documents.models import Citation, Reason, Reference
from plenara.outcomes import actions
from plenara.outcomes.queries.contributions import unanswered_now
from tests import world
from tests.made_once import made_once
from tests.outcomes import making
from tests.summaries import making as summaries
from tests.summaries.answers import body as page_of
from tests.summaries.answers import hidden, textarea

pytestmark = pytest.mark.django_db

DESK = "/en/desk/outcomes/wgig/report/"
ANSWERS, STATEMENTS = f"{DESK}contributions/", f"{DESK}statements/"


@pytest.fixture
@made_once
def made(drafter, outcome):
    """A paragraph that cites nothing yet."""
    return making.paragraph(drafter, outcome)


@pytest.fixture
@made_once
def editions(author, moderator, thread):
    texts = ("Cost keeps many away.", "Language keeps many away.", "<b>Time</b> keeps many away.")
    return [world.published(author, moderator, thread, text) for text in texts]


@pytest.fixture
@made_once
def statement(rapporteur, organizer, edition):
    """A statement of a published summary that cites a contribution."""
    summary = summaries.summary(rapporteur, edition.consultation)
    made = summaries.statement(rapporteur, summary.document)
    summaries.cited(rapporteur, made, edition)
    for thread in edition.consultation.threads.exclude(pk=edition.thread_id):
        summaries.statement(rapporteur, summary.document, "Nobody has written.", kind="frame", thread=thread)
    return summaries.published(rapporteur, organizer, summary).paragraphs.get(number=1)


def form_values(made, **more):
    return {"paragraph": made.pk, "response": "noted", "reason": "It is said elsewhere.", **more}


def test_several_are_treated_at_once_for_one_reason(sign_in, drafter, outcome, made, editions):
    client = sign_in(drafter)
    page = page_of(client.get(f"{ANSWERS}?for={made.pk}"))
    assert "3 of 3 contributions have no response with a reason" in page
    assert f'<option value="{made.pk}" selected' in page and "&lt;b&gt;" in page
    chosen = [each.pk for each in editions[:2]]
    for _click in range(2):
        answer = client.post(ANSWERS, form_values(made, chosen=chosen, back="q=keeps"))
        assert answer.url == f"{ANSWERS}?for={made.pk}&q=keeps#list"
    assert Citation.objects.filter(response="noted").count() == 2
    assert Reason.objects.count() == 1
    assert list(unanswered_now(outcome)) == editions[2:]
    page = page_of(client.get(answer.url))
    assert "2 responses have been saved" in page and '<option value="It is said elsewhere."></option>' in page
    assert f'id="c{editions[0].pk}"' not in page and f'id="c{editions[2].pk}"' in page


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"chosen": []}, None),
        ({"paragraph": ""}, "paragraph"),
        ({"paragraph": "999999"}, "paragraph"),
        ({"response": ""}, "response"),
        ({"response": "praised"}, "response"),
        ({"reason": " … "}, "reason"),
        ({"reason": "x" * 501}, "reason"),
    ],
)
def test_what_is_wrong_is_marked_and_what_was_chosen_stays_chosen(wrong, field, sign_in, drafter, made, editions):
    form = form_values(made, chosen=[editions[1].pk]) | wrong
    answer = sign_in(drafter).post(ANSWERS, form)
    page = page_of(answer)
    assert answer.status_code == 422
    assert field is None or f'id="id_{field}_error"' in page
    assert 'class="errors"' in page
    assert not wrong.get("chosen", True) or f'value="{editions[1].pk}" checked' in page
    assert not Citation.objects.exists()


def test_what_somebody_else_answered_meanwhile_stays_in_sight(sign_in, drafter, chair, made, editions):
    making.answered(chair, made, editions[1])
    answer = sign_in(drafter).post(ANSWERS, form_values(made, chosen=[editions[1].pk], response=""))
    assert answer.status_code == 422
    assert f'value="{editions[1].pk}" checked' in page_of(answer)


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("?q=language", {1}),
        ("?q=keeps+away", {0, 1, 2}),
        ("?q=2", {1}),
        ("?q=nothing", set()),
        ("?show=all", {0, 1, 2}),
        ("?group=government", set()),
        ("?group=civil_society", {0, 1, 2}),
        ("?thread=999", {0, 1, 2}),
        ("?page=9", set()),
        ("?page=x&q=%00", {0, 1, 2}),
    ],
)
def test_the_list_is_searched_and_filtered(address, found, sign_in, drafter, outcome, editions):
    page = page_of(sign_in(drafter).get(f"{ANSWERS}{address}"))
    assert {place for place, each in enumerate(editions) if f'id="c{each.pk}"' in page} == found


@pytest.mark.once
def test_the_list_takes_the_same_queries_at_any_size(sign_in, drafter, outcome, made, editions, thread):
    client = sign_in(drafter)

    def count():
        with CaptureQueriesContext(connection) as queries:
            client.get(ANSWERS)
        return len(queries)

    client.get(ANSWERS)
    few = count()
    world.many(thread, 200)
    assert count() == few


def test_words_of_a_contribution_are_cited_or_the_whole(sign_in, drafter, made, editions):
    client, address = sign_in(drafter), f"{ANSWERS}{editions[0].pk}/"
    assert "Cost keeps many away." in page_of(client.get(f"{address}?for={made.pk}"))
    answer = client.post(address, form_values(made, words=" many\r\naway "))
    assert answer.url == f"{DESK}paragraphs/{made.pk}/#cites"
    client.post(address, form_values(made, sentences=["0"], words="Cost"))
    client.post(address, form_values(made))
    assert set(Citation.objects.values_list("words", flat=True)) == {"many away", "Cost keeps many away.", "Cost", ""}
    page = page_of(client.get(answer.url))
    assert "<mark>many away</mark>" in page and "as a whole" in page and "It is said elsewhere." in page


def test_words_that_do_not_stand_there_cite_nothing_and_stay(sign_in, drafter, made, editions):
    answer = sign_in(drafter).post(f"{ANSWERS}{editions[0].pk}/", form_values(made, sentences=["0"], words="Mine"))
    assert answer.status_code == 422 and 'id="id_words_error"' in page_of(answer)
    assert textarea(answer, "words") == "Mine"
    assert not Citation.objects.exists()  # all of the pieces, or none


def test_a_contribution_of_elsewhere_is_not_there(sign_in, drafter, outcome, elsewhere, author, moderator_elsewhere):
    other = world.published(author, moderator_elsewhere, elsewhere.threads.get(number=1))
    assert sign_in(drafter).get(f"{ANSWERS}{other.pk}/").status_code == 404


def test_statements_are_cited_and_what_they_rest_on_is_answered(sign_in, drafter, outcome, made, statement):
    client = sign_in(drafter)
    page = page_of(client.get(STATEMENTS))
    assert "Summary 1, statement 1" in page and "cites 1 contribution" in page
    for _click in range(2):
        assert client.post(STATEMENTS, form_values(made, chosen=[statement.pk])).status_code == 302
    reference = Reference.objects.get()
    assert not unanswered_now(outcome).exists()
    assert "There are no statements left to cite." in page_of(client.get(STATEMENTS))
    page = page_of(client.get(f"{DESK}paragraphs/{made.pk}/"))
    assert "Summary 1, statement 1" in page and f"{DESK}references/{reference.pk}/" in page


@pytest.mark.parametrize("kind", ["citation", "reference"])
def test_a_response_is_changed_and_a_stale_form_is_refused(kind, sign_in, drafter, chair, made, editions, statement):
    if kind == "citation":
        given = actions.respond(actor=chair, paragraph=made, edition=editions[0], response="noted", reason="First.")
    else:
        given = actions.refer(actor=chair, paragraph=made, statement=statement, response="noted", reason="First.")
    client, address = sign_in(drafter), f"{DESK}{kind}s/{given.pk}/"
    opened = client.get(address)
    assert 'value="First."' in page_of(opened)
    actions.change_response(actor=chair, given=given, response="taken_up", reason="Second.", was=hidden(opened, "was"))
    form = {"response": "not_taken_up", "reason": "Mine.", "was": hidden(opened, "was")}
    answer = client.post(address, form)
    assert answer.status_code == 409
    assert "Second." in page_of(answer) and 'value="Mine."' in page_of(answer)
    for _click in range(2):
        again = client.post(address, form | {"was": hidden(answer, "was")})
        assert again.url == f"{DESK}paragraphs/{made.pk}/#cites"
    given = type(given).objects.get(pk=given.pk)
    assert (given.response, given.reason.text) == ("not_taken_up", "Mine.")
    assert [client.post(address, {"take_away": ""}).status_code for _click in range(2)] == [302, 302]
    assert not type(given).objects.filter(pk=given.pk).exists()
    assert client.get(address).status_code == 302


def test_what_was_withdrawn_is_named_without_its_words(sign_in, drafter, made, editions, author):
    from plenara.contributions.actions import withdraw

    actions.respond(actor=drafter, paragraph=made, edition=editions[0], response="noted", reason="First.", words="Cost")
    withdraw(actor=author, contribution=editions[0].contribution)
    page = page_of(sign_in(drafter).get(f"{DESK}paragraphs/{made.pk}/"))
    assert "withdrawn or removed" in page and "<mark>Cost</mark>" not in page
