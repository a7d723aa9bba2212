"""The page of a decision: chosen, shown as its author will read it, confirmed."""

import datetime

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara.contributions.actions import revise, withdraw
from plenara.contributions.models import Edition
from plenara.core import clock, tasks
from plenara.core.models import BackgroundTask, Queue
from plenara.moderation.models import UNDO_TIME, Decision, Item, Suggestion
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def url(pending):
    return f"/en/desk/moderation/contribution/{pending.pk}/"


@pytest.fixture
def sent(pending):
    """A rejection as the form sends it."""
    return {
        "code": "REJECTED",
        "reason": "R5",
        "sentence": "The price list is an advertisement.",
        "sentence_language": "en",
        "version": pending.versions.get().pk,
    }


def confirm(client, url, sent):
    """Send a form, and confirm the e-mail that is shown."""
    shown = client.post(url, sent | {"decide": ""})
    assert shown.status_code == 200, shown.content.decode()
    return client.post(url, sent | {"confirm": "", "shown": shown.context["digest"]})


def test_an_approval_shows_no_email_first_and_the_next_item_opens(sign_in, moderator, author, pending, url, thread):
    another = world.submitted(author, thread, "Another text.")
    answer = sign_in(moderator).post(url, {"code": "APPROVED", "version": pending.versions.get().pk, "decide": ""})
    assert answer.url == f"/en/desk/moderation/contribution/{another.pk}/"
    assert Decision.objects.get().code == "APPROVED"
    assert not Edition.objects.exists()  # it can still be undone


def approved(client, url, pending):
    """Approve by the form, and return the decision."""
    client.post(url, {"code": "APPROVED", "version": pending.versions.get().pk, "decide": ""})
    return Decision.objects.latest("pk")


def test_an_approval_is_published_half_a_minute_later_and_the_desk_leads_to_it(sign_in, moderator, pending, url, noon):
    client = sign_in(moderator)
    approved(client, url, pending)
    page = client.get("/en/desk/moderation/").content.decode()
    assert "The text will be published in 30 seconds" in page
    with clock.at(noon + UNDO_TIME):
        tasks.run_all()
        page = client.get("/en/desk/moderation/").content.decode()
        assert "undo/" not in page
        pending.refresh_from_db()
        assert f'<a href="/c/{pending.public_id}"><bdi>{pending.symbol}</bdi></a>' in page
        assert 'href="/en/desk/moderation/published/internet-governance/1/"' in page
        assert f'href="/c/{pending.public_id}"' in client.get(url).content.decode()
    with clock.at(noon + 20 * UNDO_TIME):
        assert pending.symbol not in client.get("/en/desk/moderation/").content.decode()


def test_while_its_publication_is_underway_the_queue_says_so(sign_in, moderator, pending, url, noon):
    client = sign_in(moderator)
    decision = approved(client, url, pending)
    with clock.at(noon + UNDO_TIME):
        page = client.get("/en/desk/moderation/").content.decode()
    assert "The text is being published." in page and decision.symbol in page and "undo/" not in page


def test_its_publication_does_not_wait_for_other_work(sign_in, moderator, pending, url):
    approved(sign_in(moderator), url, pending)
    assert BackgroundTask.objects.get(task="moderation.publish_approved").queue == Queue.URGENT


def test_an_approval_is_undone_from_the_next_page_and_burns_no_number(sign_in, moderator, pending, url, noon):
    client = sign_in(moderator)
    decision = approved(client, url, pending)
    assert client.post(f"/en/desk/moderation/decisions/{decision.pk}/undo/").url == url
    assert client.get(url).context["form"]["code"].value() == "APPROVED"
    with clock.at(noon + UNDO_TIME):
        tasks.run_all()
        assert not Edition.objects.exists()
        assert not [each for each in mail.outbox if pending.author.email in each.to and "publi" in each.subject]
        approved(client, url, pending)
        client.post(f"/en/desk/moderation/decisions/{Decision.objects.latest('pk').pk}/publish/")
    assert Edition.objects.get().number == 1


def test_an_approval_is_published_at_once_where_its_moderator_has_no_doubt(sign_in, moderator, pending, url, noon):
    client = sign_in(moderator)
    address = f"/en/desk/moderation/decisions/{approved(client, url, pending).pk}/publish/"
    assert client.post(address).status_code == 302
    assert Edition.objects.get().published_at == noon
    assert client.post(address).status_code == 302  # a double click
    page = client.get("/en/desk/moderation/").content.decode()
    assert "undo/" not in page and Edition.objects.get().symbol in page
    tasks.run_all()
    assert Edition.objects.count() == 1


def test_until_it_is_published_its_author_sees_that_it_is_pending(sign_in, moderator, author, pending, url, noon):
    approved(sign_in(moderator), url, pending)
    page = sign_in(author).get(f"/en/my/contributions/{pending.pk}/").content.decode()
    assert "has been received" in page
    with clock.at(noon + UNDO_TIME):
        tasks.run_all()
    assert "is published" in sign_in(author).get(f"/en/my/contributions/{pending.pk}/").content.decode()


def test_nothing_else_is_sent_that_was_not_shown(sign_in, moderator, url, sent):
    client = sign_in(moderator)
    for button in ({"decide": ""}, {"confirm": ""}, {"confirm": "", "shown": "0" * 64}):
        assert client.post(url, sent | button).status_code == 200
    approval = sent | {"code": "APPROVED", "decide": ""}
    assert client.post(url, approval).status_code == 200  # its sentence was not shown
    assert not Decision.objects.exists()


def test_what_is_shown_is_what_is_sent_in_the_authors_language(sign_in, moderator, url, sent):
    client = sign_in(moderator)
    page = client.post(url, sent | {"preview": ""})
    email = page.context["email"]
    assert email.language == "fr"
    assert "This e-mail in your language" in page.content.decode()
    assert 'class="email-preview" lang="fr"' in page.content.decode()
    confirm(client, url, sent)
    with clock.at(clock.now() + UNDO_TIME):
        tasks.run_all()
    body = next(each.body for each in mail.outbox if each.subject == email.subject)
    for part in (email.says, email.adds, email.sentence, email.then):
        assert part in body


def test_changed_after_it_was_shown_it_is_shown_again(sign_in, moderator, url, sent):
    client = sign_in(moderator)
    shown = client.post(url, sent | {"decide": ""}).context["digest"]
    changed = client.post(url, sent | {"sentence": "Rude words.", "confirm": "", "shown": shown})
    assert "You have changed your decision" in changed.content.decode()
    assert "Rude words." in changed.content.decode()
    assert not Decision.objects.exists()


def test_a_sentence_says_in_which_language_it_is(sign_in, moderator, url, sent):
    client = sign_in(moderator)
    arabic = sent | {"sentence": "شكراً", "sentence_language": "ar"}
    page = client.post(url, arabic | {"preview": ""}).content.decode()
    assert '<blockquote lang="ar" dir="rtl">' in page
    confirm(client, url, arabic)
    assert Decision.objects.get().sentence_language == "ar"


def test_a_reason_is_stored_only_where_one_is_needed(sign_in, moderator, url, sent):
    confirm(sign_in(moderator), url, sent | {"code": "APPROVED"})
    decision = Decision.objects.get()
    assert (decision.reason, decision.ground, decision.moved_to) == ("", "", None)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"code": ""}, "Choose a decision"),
        ({"code": "OWNED"}, "not one of the available"),
        ({"reason": ""}, "Choose the reason"),
        ({"code": "MOVED"}, "Choose another question"),
        ({"code": "MOVED", "thread": "999999"}, "not one of the available"),
        ({"sentence": "x" * 1001}, "The limit is 1000"),
        ({"sentence_language": "xx"}, "not one of the available"),
        ({"version": "x"}, "Enter a whole number"),
    ],
)
def test_what_is_wrong_is_reported_and_what_was_typed_stays(wrong, says, sign_in, moderator, url, sent):
    page = sign_in(moderator).post(url, sent | wrong | {"decide": ""})
    assert page.status_code == 422
    assert says in page.content.decode()
    assert "advertisement" in page.content.decode() or "xxx" in page.content.decode()
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("there", "says", "state"),
    [
        ("publish", "Your contribution is published under that question.", "published"),
        ("wait", "Your contribution is not published yet. A moderator will decide", "pending"),
    ],
)
def test_what_is_moved_is_published_there_or_waits_there(
    there, says, state, sign_in, moderator, author, pending, url, sent, consultation
):
    author.language = "en"
    author.save()
    other = consultation.threads.get(number=2)
    client = sign_in(moderator)
    moved = sent | {"code": "MOVED", "thread": other.pk, "there": there}
    page = client.post(url, moved | {"decide": ""}).content.decode()
    assert says in page
    assert "Question 2? (en)" in page
    confirm(client, url, moved)
    with clock.at(clock.now() + UNDO_TIME):
        tasks.run_all()
    pending.refresh_from_db()
    assert (pending.thread, pending.state) == (other, state)
    emails = [each for each in mail.outbox if "moved to another question" in each.subject]
    assert len(emails) == 1
    assert (f"/c/{pending.public_id}" in emails[0].body) == (there == "publish")


def test_a_double_click_is_one_decision_and_no_complaint(sign_in, moderator, url, sent):
    client = sign_in(moderator)
    shown = client.post(url, sent | {"decide": ""}).context["digest"]
    twice = [client.post(url, sent | {"confirm": "", "shown": shown}) for _click in range(2)]
    assert [answer.status_code for answer in twice] == [302, 302]
    assert "was not needed" not in client.get("/en/desk/moderation/").content.decode()
    assert Decision.objects.count() == 1


def test_a_stale_page_hears_who_decided_what(sign_in, moderator, other_moderator, pending, url, sent):
    world.decided(pending, other_moderator)
    client = sign_in(moderator)
    answer = client.post(url, sent | {"confirm": "", "shown": "x"}, follow=True)
    assert Decision.objects.count() == 1
    page = client.get(url).content.decode()
    assert "Jean Moreau" in page
    assert answer.status_code == 200


def test_a_stale_page_of_other_words_leads_to_them(sign_in, moderator, author, pending, url, sent):
    world.decided(pending, moderator, "RETURNED_FOR_REVISION", reason="R1")
    revise(actor=author, contribution=pending, text="Better words.", language="en")
    answer = sign_in(moderator).post(url, {"code": "APPROVED", "version": sent["version"], "decide": ""}, follow=True)
    assert "has submitted a new version" in answer.content.decode()
    assert "Better words." in answer.content.decode()
    assert not Edition.objects.exists()


def test_what_was_withdrawn_in_the_meantime_says_so(sign_in, moderator, author, pending, url):
    version = pending.versions.get().pk
    withdraw(actor=author, contribution=pending)
    answer = sign_in(moderator).post(url, {"code": "APPROVED", "version": version, "decide": ""}, follow=True)
    assert "has withdrawn the text" in answer.content.decode()


def test_on_ones_own_text_one_reads_who_decides(sign_in, moderator, thread):
    own = world.submitted(moderator, thread)
    client, url = sign_in(moderator), f"/en/desk/moderation/contribution/{own.pk}/"
    assert "You wrote this text yourself" in client.get(url).content.decode()
    sent = {"code": "APPROVED", "version": own.versions.get().pk, "decide": ""}
    assert client.post(url, sent).status_code == 403
    assert not Decision.objects.exists()


def test_a_role_that_is_taken_away_is_gone_with_the_next_request(sign_in, moderator, url, sent):
    client = sign_in(moderator)
    shown = client.post(url, sent | {"decide": ""}).context["digest"]
    moderator.roles.all().delete()
    assert client.post(url, sent | {"confirm": "", "shown": shown}).status_code == 404
    assert not Decision.objects.exists()


@pytest.mark.parametrize("days", [1, 30])
def test_after_closing_it_can_still_be_decided_on(days, sign_in, moderator, url, sent, consultation):
    with clock.at(consultation.closes_at + datetime.timedelta(days=days)):
        client = sign_in(moderator)
        returned = client.post(url, sent | {"code": "RETURNED_FOR_REVISION", "decide": ""})
        assert returned.status_code == (200 if days == 1 else 422)
        if days > 1:
            assert "You can no longer return the text" in returned.content.decode()
        assert confirm(client, url, sent).status_code == 302


def test_in_an_archived_consultation_what_still_waits_can_be_decided_on(sign_in, moderator, url, sent, consultation):
    consultation.stage = "archived"
    consultation.archived_at = clock.now()
    consultation.save()
    client = sign_in(moderator)
    assert client.get(url).status_code == 200
    assert confirm(client, url, sent).status_code == 302
    assert Decision.objects.get().code == "REJECTED"


def test_ten_thousand_words_are_shown_with_what_changed(sign_in, moderator, author, thread, consultation):
    consultation.word_limit = None
    consultation.save()
    thread.refresh_from_db()
    text = "\n\n".join(" ".join(f"word{i % 997}" for i in range(100)) for _row in range(100))
    thing = world.decided(world.submitted(author, thread, text), moderator, "RETURNED_FOR_REVISION", reason="R2")
    revise(actor=author, contribution=thing, text=text.replace("word500", "changed", 1) + "\n\nEnd.", language="en")
    page = sign_in(moderator).get(f"/en/desk/moderation/contribution/{thing.pk}/")
    assert page.status_code == 200
    assert "What changed since version 1" in page.content.decode()
    assert "unchanged paragraphs" in page.content.decode()


def test_what_moderators_and_authors_wrote_is_shown_as_text(sign_in, moderator, author, thread):
    thing = world.submitted(author, thread, "<script>alert(1)</script> & words")
    url = f"/en/desk/moderation/contribution/{thing.pk}/"
    sent = {"code": "REJECTED", "reason": "R5", "sentence": "<img src=x>\r\nBcc: x@y.example", "preview": ""}
    page = sign_in(moderator).post(url, sent | {"version": thing.versions.get().pk}).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_the_next_page_offers_to_undo_and_says_for_how_long(sign_in, moderator, url, sent, noon):
    client = sign_in(moderator)
    confirm(client, url, sent)
    page = client.get("/en/desk/moderation/").content.decode()
    decision = Decision.objects.get()
    assert f"/en/desk/moderation/decisions/{decision.pk}/undo/" in page
    assert "The author will be notified in 30 seconds" in page
    with clock.at(noon + UNDO_TIME):
        assert "undo/" not in client.get("/en/desk/moderation/").content.decode()


def test_undone_it_opens_again_with_what_was_typed(sign_in, moderator, url, sent):
    client = sign_in(moderator)
    confirm(client, url, sent)
    undo = f"/en/desk/moderation/decisions/{Decision.objects.get().pk}/undo/"
    answer = client.post(undo)
    assert answer.url == url
    form = client.get(url).context["form"]
    assert (form["code"].value(), form["reason"].value()) == ("REJECTED", "R5")
    assert "price list" in client.get(url).content.decode()
    assert client.post(undo).url == url  # a double click
    assert Item.objects.get().claimed_by == moderator
    assert confirm(client, url, sent).status_code == 302


def test_undone_a_move_has_its_question_and_what_becomes_of_it(sign_in, moderator, url, sent, consultation):
    client, other = sign_in(moderator), consultation.threads.get(number=2)
    confirm(client, url, sent | {"code": "MOVED", "thread": other.pk, "there": "wait"})
    client.post(f"/en/desk/moderation/decisions/{Decision.objects.get().pk}/undo/")
    form = client.get(url).context["form"]
    assert (form["thread"].value(), form["there"].value()) == (other.pk, "wait")


def test_undone_too_late_one_reads_so(sign_in, moderator, url, sent, noon):
    client = sign_in(moderator)
    confirm(client, url, sent)
    with clock.at(noon + UNDO_TIME):
        answer = client.post(f"/en/desk/moderation/decisions/{Decision.objects.get().pk}/undo/", follow=True)
    assert "You can no longer undo this decision" in answer.content.decode()


def test_only_a_person_who_decided_undoes(sign_in, moderator, other_moderator, pending, url, sent):
    world.decided(pending, moderator, "REJECTED", reason="R5")
    undo = f"/en/desk/moderation/decisions/{Decision.objects.get().pk}/undo/"
    assert sign_in(other_moderator).post(undo).status_code == 403
    assert Decision.objects.get().undone_at is None


def test_a_revision_cannot_be_moved_and_its_email_mentions_the_published_text(sign_in, moderator, author, edition):
    author.language = "en"
    author.save()
    thing = edition.contribution
    revise(actor=author, contribution=thing, text="Better words.", language="en")
    url = f"/en/desk/moderation/contribution/{thing.pk}/"
    sent = {"code": "REJECTED", "reason": "R5", "version": thing.versions.latest("number").pk, "preview": ""}
    page = sign_in(moderator).post(url, sent).content.decode()
    assert 'value="MOVED"' not in page
    assert "The published version does not change." in page


def test_the_page_asks_as_often_whatever_is_pending(sign_in, moderator, author, thread, pending, url, sent):
    client = sign_in(moderator)
    client.get(url)  # claims it
    with CaptureQueriesContext(connection) as few:
        client.post(url, sent | {"preview": ""})
    for number in range(15):
        world.submitted(author, thread, f"Text {number}, and more of it.")
    with CaptureQueriesContext(connection) as many:
        client.post(url, sent | {"preview": ""})
    assert len(many) == len(few)


def test_what_was_rejected_can_be_read_again_and_what_was_withdrawn_cannot(
    sign_in, author, moderator, other_moderator, pending, url, thread
):
    world.decided(pending, other_moderator, "REJECTED", reason="R5")
    assert world.WORDS.split()[0] in sign_in(moderator).get(url).content.decode()
    gone = world.submitted(author, thread, "Withdrawn by the author.")
    withdraw(actor=author, contribution=gone)
    page = sign_in(moderator).get(f"/en/desk/moderation/contribution/{gone.pk}/").content.decode()
    assert "The author has withdrawn the text" in page
    assert "Withdrawn by the author." not in page


def test_a_published_text_that_is_nearly_the_same_is_reached_under_its_number(
    sign_in, author, moderator, edition, thread
):
    alike = world.submitted(author, thread, f"{world.WORDS} Please.")
    details = {"with": [[edition.contribution_id, 94]]}
    Suggestion.objects.create(object_id=alike.pk, version_id=alike.versions.get().pk, what="same", details=details)
    page = sign_in(moderator).get(f"/en/desk/moderation/contribution/{alike.pk}/").content.decode()
    assert f'href="/en/desk/moderation/published/{thread.consultation.slug}/{edition.number}/"' in page


def test_the_queue_names_what_an_item_is_about(sign_in, author, moderator, thread):
    world.submitted(author, thread, "The words.", title="A title <b>of its own</b>")
    page = sign_in(moderator).get("/en/desk/moderation/").content.decode()
    assert "A title &lt;b&gt;of its own&lt;/b&gt;" in page
