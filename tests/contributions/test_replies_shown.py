"""A reply: offered below every contribution of a thread, and shown with what it answers and whose that is."""

import datetime

import pytest
from django.test import Client

from plenara.consultations.models import Consultation
from plenara.contributions import actions
from plenara.contributions.queries.signatures import token_of
from plenara.core import clock
from plenara.moderation.actions import remove
from tests import world
from tests.consultations.pages import text
from tests.summaries.answers import body

pytestmark = pytest.mark.django_db

HERE = "/en/consultations/internet-governance/"


@pytest.fixture
def reply(participant, moderator, edition):
    """A reply that is published."""
    return world.published(
        participant, moderator, edition.thread, "I agree with this.", in_reply_to=edition.contribution
    )


@pytest.fixture
def draft(participant, edition):
    return actions.save_draft(
        actor=participant, thread=edition.thread, key="k", text="I see it so.", language="en",
        in_reply_to=edition.contribution,
    )  # fmt: skip


def assert_shows(page, edition):
    """Assert that a page shows the contribution that is answered: its address, its words, whose they are."""
    content = page.content.decode()
    assert page.status_code == 200
    assert f"Reply to contribution {edition.number}" in text(page)
    assert f'href="{HERE}contributions/{edition.number}/"' in content
    assert world.WORDS in text(page) and edition.byline.name in text(page)


def test_every_contribution_of_an_open_thread_offers_a_reply(client, edition, reply):
    for query in ("", "?order=newest"):
        page = body(client.get(f"{HERE}threads/1/{query}"))
        for number in (edition.number, reply.number):
            assert page.count(f'href="/en/contribute/internet-governance/1/reply/{number}/"') == 1


def test_a_closed_thread_offers_none(client, edition, reply, consultation):
    past = clock.now() - datetime.timedelta(days=1)
    Consultation.objects.filter(pk=consultation.pk).update(closes_at=past)
    page = body(client.get(f"{HERE}threads/1/"))
    assert f"contributions/{reply.number}/#cite" in page and "/reply/" not in page


def test_the_form_shows_what_is_answered(sign_in, participant, edition):
    assert_shows(sign_in(participant).get(f"/en/contribute/internet-governance/1/reply/{edition.number}/"), edition)


def test_the_form_of_a_revision_shows_what_is_answered(sign_in, participant, edition, reply):
    assert_shows(sign_in(participant).get(f"/en/my/contributions/{reply.contribution_id}/revise/"), edition)


def test_whoever_reads_or_signs_a_draft_sees_what_it_answers(participant, draft, edition):
    share = actions.share(actor=participant, draft=draft, days=7)
    assert_shows(Client().get(f"/en/shared/{token_of(share)}/"), edition)
    (signatory,) = actions.ask_to_sign(
        actor=participant, draft=draft, addresses=["cosigner@test.example"], language="en"
    )
    assert_shows(Client().get(f"/en/sign/{token_of(signatory)}/"), edition)


def test_the_page_and_the_file_of_a_draft_say_what_it_answers(sign_in, participant, draft, edition):
    assert_shows(sign_in(participant).get(f"/en/my/drafts/{draft.pk}/"), edition)
    share = actions.share(actor=participant, draft=draft, days=7)
    file = Client().get(f"/en/shared/{token_of(share)}/draft.txt").content.decode()
    assert f"Reply to contribution {edition.number}" in file


def test_its_author_sees_what_it_answers(sign_in, participant, edition):
    pending = world.submitted(participant, edition.thread, "Not yet read.", in_reply_to=edition.contribution)
    client = sign_in(participant)
    assert_shows(client.get(f"/en/my/contributions/{pending.pk}/"), edition)
    assert f"Reply to contribution {edition.number}" in text(client.get("/en/my/"))


def test_the_moderator_reaches_what_it_answers(sign_in, participant, moderator, edition):
    pending = world.submitted(participant, edition.thread, "Not yet read.", in_reply_to=edition.contribution)
    page = sign_in(moderator).get(f"/en/desk/moderation/contribution/{pending.pk}/").content.decode()
    assert f'href="{HERE}contributions/{edition.number}/"' in page


def test_of_what_was_removed_the_words_are_not_shown(sign_in, participant, moderator, edition):
    pending = world.submitted(participant, edition.thread, "Not yet read.", in_reply_to=edition.contribution)
    remove(actor=moderator, kind="contribution", pk=edition.contribution_id, reason="R3")
    page = text(sign_in(participant).get(f"/en/my/contributions/{pending.pk}/"))
    assert "Removed by a moderator" in page and world.WORDS not in page
