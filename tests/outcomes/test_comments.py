"""Comments on drafts as readers see them: by version and paragraph, with the responses; and the links to them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara.contributions.actions import withdraw
from plenara.documents import actions as document_actions
from plenara.outcomes.models import Stage
from tests import world
from tests.made_once import made_once
from tests.outcomes import making
from tests.summaries.answers import body as page_of

pytestmark = pytest.mark.django_db

OUTCOME = "/en/outcomes/wgig/report/"
ALL = f"{OUTCOME}comments/"
ON = f"{ALL}0/paragraphs/1/"


@pytest.fixture
@made_once
def child(version, chair):
    return making.opened(chair, version).consultation


@pytest.fixture
@made_once
def mod(child, moderator):
    return making.fresh(moderator)


def comment(someone, mod, child, text=world.WORDS, part=1, thread=1, **more):
    where = child.threads.select_related("consultation").get(number=thread)
    return world.published(someone, mod, where, text, part=part, **more)


def next_version(outcome, paragraph, drafter, chair, *answered):
    document_actions.reopen(actor=drafter, document=making.fresh(outcome.document))
    for each in answered:
        making.answered(drafter, paragraph, each, "taken_up", "The sentence says so now.")
    document_actions.submit_for_review(actor=drafter, document=making.fresh(outcome.document))
    document_actions.approve(actor=chair, document=making.fresh(outcome.document))
    return making.actions.publish(actor=chair, outcome=outcome, stage=Stage.DRAFT)


def test_the_draft_leads_to_the_form_of_each_paragraph_while_it_is_open(child, paragraph, participant, client, sign_in):
    way = f"/en/contribute/{child.slug}/1/?part=1"
    for path in (OUTCOME, f"{OUTCOME}paragraphs/1/", f"{OUTCOME}rev/0/paragraphs/1/"):
        assert f'href="{way}"' in page_of(client.get(path))
    page = sign_in(participant).get(way)
    assert page.context["form"]["part"].value() == "1" and "The management of the Internet" in page_of(page)
    child.closes_at = child.opens_at.replace(year=child.opens_at.year - 1)
    child.opens_at = child.closes_at.replace(year=child.closes_at.year - 1)
    child.save()
    assert f'href="{way}"' not in page_of(client.get(OUTCOME))


def test_the_child_leads_to_the_draft(child, participant, mod, client):
    commented = comment(participant, mod, child)
    here = f"/en/consultations/{child.slug}/"
    for path in (here, f"{here}threads/1/"):
        assert f'href="{OUTCOME}rev/0/"' in page_of(client.get(path))
    for path in ("threads/1/", f"contributions/{commented.number}/"):
        assert f'<a href="{OUTCOME}rev/0/paragraphs/1/">On paragraph 1</a>' in page_of(client.get(here + path))


def test_comments_stand_by_paragraph_and_section(child, participant, author, mod, client):
    on = comment(participant, mod, child, "Say who manages it.")
    whole = comment(author, mod, child, "The section is too short.", part=None)
    missing = comment(author, mod, child, "Nothing is said of cost.", part=None, thread=5)
    page = page_of(client.get(ALL))
    for path, commented in ((ON, on), (f"{ALL}0/sections/1/", whole), (f"{ALL}0/sections/5/", missing)):
        assert f'href="{path}"' in page
        assert commented.text.content in page_of(client.get(path))
    assert "0 of 3 comments have been answered" in page and "What is missing?" in page
    assert "The next version will respond to each comment." in page_of(client.get(ON))


def test_the_answer_is_shown_with_the_next_version(
    outcome, paragraph, drafter, chair, child, participant, author, mod, client
):
    answered, left = comment(participant, mod, child, "One."), comment(author, mod, child, "Two.")
    next_version(outcome, paragraph, drafter, chair, answered)
    assert "1 of 2 comments have been answered" in page_of(client.get(ALL))
    page = page_of(client.get(ON))
    assert "The sentence says so now." in page and "taken up" in page
    assert page.count("The current version does not answer this comment.") == 1
    assert left.text.content in page


def test_a_cited_comment_is_shown_by_its_symbol_and_not_as_the_contribution_of_the_same_number(
    outcome, paragraph, edition, drafter, chair, child, participant, mod, client
):
    answered = comment(participant, mod, child, "One.")
    assert answered.number == edition.number
    next_version(outcome, paragraph, drafter, chair, answered)
    for path in (OUTCOME, f"{OUTCOME}paragraphs/1/", f"{OUTCOME}changes/1/"):
        page = page_of(client.get(path))
        assert answered.symbol in page and f">{edition.symbol}<" not in page


def test_the_page_says_which_version_is_open_for_comment(outcome, paragraph, drafter, chair, child, client):
    here, earlier = "This draft is open for comment", "An earlier version is open for comment"
    assert here in page_of(client.get(OUTCOME))
    next_version(outcome, paragraph, drafter, chair)
    page = page_of(client.get(OUTCOME))
    assert f"{earlier}, section by section: Zero draft." in page and here not in page
    page = page_of(client.get(f"{OUTCOME}rev/0/"))
    assert here in page and earlier not in page


def test_a_withdrawn_comment_leaves_its_tombstone(child, participant, mod, client):
    commented = comment(participant, mod, child, "Not for long.")
    withdraw(actor=participant, contribution=commented.contribution)
    page = page_of(client.get(ON))
    assert "Withdrawn by its author" in page and "Not for long." not in page


def test_a_version_opened_again_stands_above_the_earlier_one(
    outcome, paragraph, drafter, chair, child, participant, mod, client
):
    comment(participant, mod, child)
    second = next_version(outcome, paragraph, drafter, chair)
    again = making.opened(chair, second).consultation
    assert page_of(client.get(ALL)).index(again.slug) < page_of(client.get(ALL)).index(child.slug)
    assert client.get(f"{ALL}1/paragraphs/1/").status_code == 200


@pytest.mark.parametrize("path", ["7/paragraphs/1/", "0/paragraphs/99/", "0/sections/9/", "0/paragraphs/1/from/99/"])
def test_what_is_not_there_is_not_found(path, child, client):
    assert client.get(f"{ALL}{path}").status_code == 404


def test_without_an_opening_there_is_a_page_that_says_so(version, client):
    assert "No draft has been opened for comment." in page_of(client.get(ALL))
    assert client.get(ON).status_code == 404


@pytest.mark.once
def test_pages_follow_one_another_and_cost_the_same(child, participant, mod, client):
    comment(participant, mod, child)

    def asked(path):
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    before = [asked(path) for path in (ALL, ON)]
    numbers = [comment(world.person(f"Person {n}"), mod, child, f"Another thing, {n}.").number for n in range(24)]
    assert [asked(path) for path in (ALL, ON)] == before
    further = f"{ON}from/{numbers[19]}/"
    assert f'href="{further}"' in page_of(client.get(ON))
    assert "Another thing, 23." in page_of(client.get(further)) and f'href="{ON}"' in page_of(client.get(further))


def test_the_desk_opens_it_once_and_keeps_what_was_typed(version, chair, drafter, sign_in):
    here = "/en/desk/outcomes/wgig/report/opening/"
    client = sign_in(chair)
    form = client.get(here).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields if name != "closes_at"}
    refused = client.post(here, {**sent, "closes_at": "", "title_en": "Comments on it"})
    assert refused.status_code == 422 and refused.context["form"]["title_en"].value() == "Comments on it"
    for _click in range(2):
        assert client.post(here, {**sent, "closes_at": "2099-01-01T12:00"}).url == here
    page = page_of(client.get(here))
    assert "The current version already has a round of comments." in page
    assert version.opening.consultation.is_open
    assert sign_in(drafter).get(here).status_code == 403
