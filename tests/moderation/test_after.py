"""The desk's page of what is published: the text, what readers report, and the ways to decide."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara.moderation.actions import check, remove, report
from plenara.moderation.models import Decision, Item
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PAGE = "/en/desk/moderation/published/internet-governance/1/"


@pytest.fixture
def consultation(db):
    """An open consultation that is moderated after publication."""
    return world.consultation(moderation="after")


@pytest.fixture
def appeared(author, thread):
    return world.submitted(author, thread, "Words that nobody has read.")


@pytest.fixture
def desk(sign_in, moderator, appeared):
    return sign_in(moderator)


def test_the_queue_leads_to_it(desk):
    assert f'href="{PAGE}"' in desk.get("/en/desk/moderation/").content.decode()


def test_it_shows_the_text_its_question_and_the_reports_but_no_address(desk, appeared, participant):
    text = "Look at <script>this</script>."
    report(actor=participant, kind="contribution", pk=appeared.pk, reason="R7", text=text, language="ar")
    page = desk.get(PAGE).content.decode()
    assert "Words that nobody has read." in page
    assert "Question 1? (en)" in page
    assert "Personal data of others" in page
    assert "Look at &lt;script&gt;this&lt;/script&gt;." in page
    assert '<blockquote lang="ar" dir="auto">' in page
    assert participant.email not in page
    assert participant.name not in page


def test_in_order_leads_to_what_is_pending_next(desk, author, appeared, thread):
    world.submitted(author, thread, "The next.")
    answer = desk.post(PAGE, {"in_order": "", "version": appeared.versions.get().pk})
    assert answer.url == PAGE.replace("/1/", "/2/")
    assert Item.objects.count() == 1


def test_a_stale_page_decides_nothing(desk, appeared, moderator, other_moderator):
    version = appeared.versions.get()
    check(actor=moderator, kind="contribution", pk=appeared.pk, version_id=version.pk)
    assert desk.post(PAGE, {"in_order": "", "version": version.pk}).url == "/en/desk/moderation/", "a double click"
    Decision.objects.update(moderator=other_moderator)
    answer = desk.post(PAGE, {"in_order": "", "version": version.pk}, follow=True)
    assert "Jean Moreau has already decided" in answer.content.decode()
    assert desk.post(PAGE, {"in_order": "", "version": "x"}).status_code == 302
    assert Decision.objects.count() == 1


def test_a_note_for_the_next_moderator_leads_back_here(desk):
    address = re.search(r'action="(/en/desk/moderation/contribution/\d+/notes/[^"]*)"', desk.get(PAGE).content.decode())
    assert desk.post(address.group(1), {"note": "Ask the organizer."}).url == PAGE
    assert "Ask the organizer." in desk.get(PAGE).content.decode()


def test_removing_needs_a_reason_and_keeps_the_sentence(desk):
    answer = desk.post(PAGE, {"sentence": "A telephone number."})
    assert answer.status_code == 422
    assert "A telephone number." in answer.content.decode()
    assert not Decision.objects.exists()


def test_what_the_author_will_read_is_shown_before_it_is_removed(desk, appeared):
    chosen = {"reason": "R7", "sentence": "A telephone number."}
    email = desk.post(PAGE, chosen)
    page = email.content.decode()
    assert "What the author will read" in page
    assert '<div class="email-preview" lang="fr"' in page
    assert not Decision.objects.exists()
    changed = desk.post(PAGE, {**chosen, "reason": "R4", "shown": email.context["digest"]})
    assert "You have changed your decision" in changed.content.decode()
    done = desk.post(PAGE, {**chosen, "shown": email.context["digest"]}, follow=True).content.decode()
    assert "The text was removed. The author will be notified." in done and "who reported it" not in done
    assert appeared.editions.get().status == "removed"


@pytest.mark.parametrize("is_reported", [True, False])
def test_readers_who_reported_are_mentioned_only_where_there_are_any(is_reported, desk, appeared, participant):
    if is_reported:
        report(actor=participant, kind="contribution", pk=appeared.pk, reason="R7", text="Look.")
    answer = desk.post(PAGE, {"in_order": "", "version": appeared.versions.get().pk}, follow=True).content.decode()
    assert "The text was approved and stays published." in answer
    assert ("The people who reported it will be notified." in answer) is is_reported


def test_a_double_click_removes_once_and_goes_on(desk, appeared):
    chosen = {"reason": "R7", "remove": ""}
    chosen["shown"] = desk.post(PAGE, chosen).context["digest"]
    answers = [desk.post(PAGE, chosen).url for _time in range(2)]
    assert answers == ["/en/desk/moderation/"] * 2
    assert [decision.code for decision in Decision.objects.all()] == ["REMOVED"]


def test_what_another_has_open_is_taken_over_knowingly(desk, appeared, other_moderator, client):
    client.force_login(other_moderator, backend="plenara.accounts.adapter.Backend")
    client.get(PAGE)
    desk = client
    item = Item.objects.get()
    assert item.claimed_by == other_moderator
    third = world.grant(world.person("Third"), appeared.consultation, "moderator")
    desk.force_login(third, backend="plenara.accounts.adapter.Backend")
    assert "has this text open" in desk.get(PAGE).content.decode()
    answer = desk.post(PAGE, {"in_order": "", "version": appeared.versions.get().pk})
    assert answer.status_code == 422
    desk.post(PAGE, {"take_over": ""})
    assert desk.post(PAGE, {"in_order": "", "version": appeared.versions.get().pk}).status_code == 302


def test_what_was_removed_is_shown_and_can_be_restored(desk, appeared, moderator):
    remove(actor=moderator, kind="contribution", pk=appeared.pk, reason="R4")
    page = desk.get(PAGE).content.decode()
    assert "Words that nobody has read." in page
    assert "Restore the text" in page
    email = desk.post(PAGE, {"restore": ""})
    assert '<div class="email-preview" lang="fr"' in email.content.decode()
    assert appeared.editions.get().status == "removed", "nothing is sent that was not shown"
    desk.post(PAGE, {"restore": "", "shown": email.context["digest"]})
    assert appeared.editions.get().status == "published"


def test_its_author_does_not_read_who_reported_what(sign_in, appeared, author, consultation):
    world.grant(author, consultation, "moderator")
    assert sign_in(author).get(PAGE).status_code == 403


def test_many_reports_take_as_many_queries_as_one(desk, appeared):
    def reports(number):
        for index in range(number):
            someone = world.person(f"Reader {index}")
            report(actor=someone, kind="contribution", pk=appeared.pk, reason="R7", text=f"Words {index}.")

    reports(1)
    with CaptureQueriesContext(connection) as few:
        desk.get(PAGE)
    reports(9)
    with CaptureQueriesContext(connection) as many:
        desk.get(PAGE)
    assert len(few) == len(many)
