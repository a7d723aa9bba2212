"""Public comments at the desk: listed by paragraph, and answered one by one or in groups."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara.contributions.actions import withdraw
from plenara.contributions.models import Contribution
from plenara.documents import actions as document_actions
from plenara.documents.models import Citation, Paragraph
from plenara.moderation.actions import decide_campaign
from plenara.outcomes.models import Stage, Trace
from plenara.outcomes.queries import comments
from plenara.outcomes.queries.contributions import unanswered_now
from plenara.outcomes.queries.desk import pending_work
from tests import world
from tests.made_once import made_once
from tests.outcomes import making
from tests.summaries.answers import body as page_of

pytestmark = pytest.mark.django_db

DESK = "/en/desk/outcomes/wgig/report/"
ALL = f"{DESK}public-comments/"


@pytest.fixture
@made_once
def child(version, chair):
    return making.opened(chair, version).consultation


@pytest.fixture
@made_once
def mod(child, moderator):
    return making.fresh(moderator)


@pytest.fixture
@made_once
def rewriting(child, drafter, outcome):
    """The text is a draft again, so that comments can be answered."""
    document_actions.reopen(actor=drafter, document=making.fresh(outcome.document))
    return outcome


def comment(someone, mod, child, text=world.WORDS, part=1, thread=1, **more):
    where = child.threads.select_related("consultation").get(number=thread)
    return world.published(someone, mod, where, text, part=part, **more)


def on(paragraph):
    return f"{DESK}paragraphs/{paragraph.pk}/public-comments/"


def answer(where, *chosen, **more):
    known = {"paragraph": where.pk, "response": "taken_up", "reason": "The sentence says so now."}
    return {**known, "chosen": [each.pk for each in chosen], **more}


def test_a_comment_comes_to_its_paragraph_and_is_answered_there(
    participant, mod, child, rewriting, paragraph, drafter, sign_in
):
    commented = comment(participant, mod, child, "Say who manages it.")
    client = sign_in(drafter)
    assert "Paragraph 1" in page_of(client.get(ALL)) and "1 unanswered" in page_of(client.get(ALL))
    page = page_of(client.get(on(paragraph)))
    assert "Say who manages it." in page and f'value="{paragraph.pk}" selected' in page
    for _click in range(2):
        assert client.post(on(paragraph), answer(paragraph, commented)).url == on(paragraph)
    citation = Citation.objects.get(edition=commented)
    assert (citation.response, citation.reason.text) == ("taken_up", "The sentence says so now.")
    page = page_of(client.get(on(paragraph)))
    assert "The sentence says so now." in page
    for each in (page, page_of(client.get(ALL))):  # none is left: the page says so, without a count of 0
        assert (
            "has no response" not in each and '<span>1 comment</span>\u00a0· <b class="state open">answered</b>' in each
        )
    assert commented not in unanswered_now(rewriting)


def test_what_waits_at_the_desk_leads_to_where_it_is_answered(
    participant, mod, child, rewriting, paragraph, drafter, member, consultation, sign_in
):
    comment(participant, mod, child, "Say who manages it.")
    making.proposed(member, paragraph, "It concerns everybody.")
    document_actions.comment(
        actor=member, document=making.fresh(rewriting.document), paragraph=paragraph, text="Who is all?"
    )
    tasks = {each.verb: each.url for each in pending_work(drafter, [consultation])}
    assert tasks["Answer the comments"] == ALL and tasks["Resolve the comments"] == f"{DESK}comments/"
    assert "1 proposal" in page_of(sign_in(drafter).get(tasks["Accept or decline"]))
    assert "show=proposals" in tasks["Accept or decline"]


def test_the_answer_is_published_with_the_next_version(
    participant, mod, child, rewriting, paragraph, drafter, chair, sign_in
):
    commented = comment(participant, mod, child)
    sign_in(drafter).post(on(paragraph), answer(paragraph, commented))
    document_actions.submit_for_review(actor=drafter, document=making.fresh(rewriting.document))
    document_actions.approve(actor=chair, document=making.fresh(rewriting.document))
    draft = making.actions.publish(actor=chair, outcome=rewriting, stage=Stage.DRAFT)
    trace = Trace.objects.get(edition=draft, contribution=commented.contribution)
    assert (trace.response, trace.paragraph.mark, trace.consultation) == ("taken_up", 1, child)


def test_those_without_a_paragraph_come_to_their_section(
    participant, mod, child, rewriting, paragraph, drafter, sign_in
):
    whole = comment(participant, mod, child, "The section is too short.", part=None)
    missing = comment(participant, mod, child, "Nothing is said of cost.", part=None, thread=5)
    client = sign_in(drafter)
    page = page_of(client.get(ALL))
    section = rewriting.sections.get(number=1)
    for key, commented in ((section.pk, whole), (0, missing)):
        here = f"{ALL}sections/{key}/"
        assert here in page
        assert commented.text.content in page_of(client.get(here))
        assert client.post(here, answer(paragraph, commented)).status_code == 302
    assert not unanswered_now(rewriting).filter(consultation=child).exists()
    assert client.get(f"{ALL}sections/999999/").status_code == 404


def test_what_speaks_to_a_paragraph_that_is_gone_comes_to_its_section(
    participant, mod, child, rewriting, paragraph, drafter, sign_in
):
    commented = comment(participant, mod, child)
    Paragraph.objects.filter(pk=paragraph.pk).delete()
    section = rewriting.sections.get(number=1)
    page = page_of(sign_in(drafter).get(f"{ALL}sections/{section.pk}/"))
    assert commented.text.content in page and "On paragraph 1" in page


def test_a_campaign_is_answered_at_once(mod, child, rewriting, paragraph, drafter, sign_in):
    where = child.threads.select_related("consultation").get(number=1)
    campaign = world.campaign(where, 3)
    decide_campaign(actor=mod, campaign=campaign, code="APPROVED", until=10**9)
    section = rewriting.sections.get(number=1)
    here = f"{ALL}sections/{section.pk}/"
    client = sign_in(drafter)
    page = page_of(client.get(here))
    assert "3 comments with the same or nearly the same words" in page and page.count('name="chosen"') == 1
    lead = comments.comments_on(rewriting).first()
    client.post(here, answer(paragraph, lead))
    assert Citation.objects.filter(edition__consultation=child, response="taken_up").count() == 3
    assert comments.comment_counts(rewriting).whole == comments.CommentCount(3, 0)


def test_what_moderation_notices_as_the_same_stands_together_though_each_is_shown(mod, child, rewriting):
    where = child.threads.select_related("consultation").get(number=1)
    campaign = world.campaign(where, 3)
    for each in campaign.members.all():
        world.decided(Contribution.objects.get(pk=each.object_id), mod)
    (group,) = comments.grouped_comments(comments.listed_comments(rewriting))
    assert len(group.members) == 3


def test_what_is_answered_stands_last(participant, author, mod, child, rewriting, paragraph, drafter):
    first, second = comment(participant, mod, child, "One."), comment(author, mod, child, "Two.")
    making.answered(drafter, paragraph, first)
    groups = comments.grouped_comments(comments.listed_comments(rewriting, part=1))
    assert [each.lead.pk for each in groups] == [second.pk, first.pk]


def test_a_comment_that_is_withdrawn_waits_for_no_answer(participant, mod, child, rewriting):
    commented = comment(participant, mod, child)
    withdraw(actor=participant, contribution=commented.contribution)
    assert not comments.comments_on(rewriting).exists()


def test_an_answer_needs_a_reason_and_nothing_typed_is_lost(
    participant, mod, child, rewriting, paragraph, drafter, sign_in
):
    commented = comment(participant, mod, child)
    client = sign_in(drafter)
    for sent, status in (
        (answer(paragraph, commented, reason=" "), 422),
        (answer(paragraph, commented, response=""), 422),
        (answer(paragraph, reason="Kept words."), 422),
        (answer(paragraph, commented, paragraph=""), 422),
    ):
        page = client.post(on(paragraph), sent)
        assert page.status_code == status
        assert page.context["form"]["reason"].value() == sent["reason"]
        assert all(row["is_chosen"] for row in page.context["rows"]) == bool(sent["chosen"])
    assert not Citation.objects.filter(edition=commented).exists()


def test_members_read_and_who_writes_answers(
    participant, mod, child, rewriting, paragraph, member, observer, author, sign_in
):
    commented = comment(participant, mod, child)
    for someone in (member, observer):
        client = sign_in(someone)
        page = page_of(client.get(on(paragraph)))
        assert commented.text.content in page and 'name="chosen"' not in page
        assert client.post(on(paragraph), answer(paragraph, commented)).status_code == 403
    assert not Citation.objects.filter(edition=commented).exists()
    for path in (ALL, on(paragraph), f"{ALL}sections/0/"):
        assert sign_in(author).get(path).status_code in {403, 404}


def test_while_it_is_published_nothing_is_answered_and_the_page_says_why(
    participant, mod, child, outcome, paragraph, drafter, sign_in
):
    commented = comment(participant, mod, child)
    client = sign_in(drafter)
    assert "You can answer comments only while the text is a draft." in page_of(client.get(on(paragraph)))
    answered = client.post(on(paragraph), answer(paragraph, commented))
    assert answered.status_code in {409, 422} and answered.context["form"]["reason"].value()


@pytest.mark.once
def test_the_pages_ask_the_same_whatever_the_number(participant, mod, child, rewriting, paragraph, drafter, sign_in):
    comment(participant, mod, child)
    client = sign_in(drafter)

    def asked(path):
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    paths = (ALL, on(paragraph))
    before = [asked(path) for path in paths]
    for n in range(12):
        comment(world.person(f"Person {n}"), mod, child, f"Another thing, number {n}.")
    assert [asked(path) for path in paths] == before


def test_where_answering_is_refused_a_button_makes_the_text_a_draft_again_and_comes_back(
    participant, mod, child, version, paragraph, drafter, member, sign_in
):
    commented = comment(participant, mod, child, "Say who manages it.")
    client, review = sign_in(drafter), f"{DESK}review/"
    for page in (ALL, on(paragraph), f"{DESK}contributions/", f"{DESK}contributions/{commented.pk}/", DESK):
        shown = page_of(client.get(page))
        assert "Make the text a draft again" in shown and f'name="back" value="{page}"' in shown
    assert "Make the text a draft again" not in page_of(sign_in(member).get(on(paragraph)))  # they cannot answer
    client = sign_in(drafter)
    assert client.post(review, {"act": "reopen", "back": on(paragraph)}).url == on(paragraph)
    assert "Make the text a draft again" not in page_of(client.get(on(paragraph)))
    assert client.post(review, {"act": "reopen", "back": "https://elsewhere.example/"}).url == review
