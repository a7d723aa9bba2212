"""Following by mail: at once, once a day, once a week, never; one e-mail for all, one click to stop."""

import datetime
import re

import pytest
from django.core import mail

from plenara.consultations import actions
from plenara.consultations.emails import enqueue_digests, stop_token
from plenara.consultations.models import Follow, Pace, State
from plenara.core import clock, tasks
from plenara.core.refusals import InvalidInput, NotPermitted
from tests import world

pytestmark = pytest.mark.django_db

MONDAY = datetime.datetime(2026, 10, 12, 12, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def monday():
    """It is Monday noon, after the week's e-mails."""
    with clock.at(MONDAY):
        yield


def news_sent():
    """Run what is enqueued, and return the e-mails about news; receipts and decisions aside."""
    tasks.run_all()
    found = [letter for letter in mail.outbox if "List-Id" in letter.extra_headers]
    mail.outbox.clear()
    return found


def later(**span):
    """Let time pass, make the digests that are due, and return the e-mails."""
    with clock.at(MONDAY + datetime.timedelta(**span)):
        enqueue_digests()
        return news_sent()


@pytest.fixture
def publish(author, moderator, thread):
    def some(text=world.WORDS, where=thread, **more):
        with clock.at(MONDAY + datetime.timedelta(minutes=5)):
            return world.published(author, moderator, where, text, **more)

    return some


def test_at_once_means_one_e_mail_for_each_publication(participant, thread, publish):
    actions.follow(actor=participant, what="contributions", pace="at_once", thread=thread)
    edition = publish()
    (letter,) = later(minutes=6)
    assert letter.to == [participant.email]
    assert f"/en/consultations/{thread.consultation.slug}/contributions/{edition.number}/" in letter.body
    assert edition.symbol in letter.body


def test_a_thread_s_follower_hears_nothing_of_other_threads(participant, consultation, publish):
    first, second = consultation.threads.all()
    actions.follow(actor=participant, what="contributions", pace="at_once", thread=first)
    publish(where=second)
    assert later(minutes=6) == []


def test_a_digest_is_one_mail_for_everything_that_is_followed(participant, consultation, publish):
    first, second = consultation.threads.all()
    for each in (first, second):
        actions.follow(actor=participant, what="contributions", pace="daily", thread=each)
    publish(where=first)
    publish("Another text.", where=second)
    assert later(hours=2) == []
    (letter,) = later(days=1)
    assert letter.subject == "2 updates on what you follow"
    assert later(days=1, hours=1) == [] and later(days=2) == []


def test_a_weekly_digest_comes_on_monday(participant, consultation, publish):
    actions.follow(actor=participant, what="contributions", pace="weekly", consultation=consultation)
    publish()
    assert later(days=6) == []
    assert len(later(days=7)) == 1


def test_nothing_comes_when_nothing_is_new(participant, consultation):
    actions.follow(actor=participant, what="contributions", pace="daily", consultation=consultation)
    assert later(days=1) == []


def test_what_was_published_before_the_follow_or_during_a_pause_is_not_sent(participant, consultation, publish):
    publish()
    with clock.at(MONDAY + datetime.timedelta(minutes=10)):
        actions.follow(actor=participant, what="contributions", pace="daily", consultation=consultation)
    assert later(days=1) == []


def test_one_s_own_contributions_are_no_news(author, consultation, publish):
    actions.follow(actor=author, what="contributions", pace="at_once", consultation=consultation)
    publish()
    assert later(minutes=6) == []


def test_a_withdrawn_contribution_is_not_sent(participant, author, consultation, publish):
    from plenara.contributions.actions import withdraw

    actions.follow(actor=participant, what="contributions", pace="daily", consultation=consultation)
    withdraw(actor=author, contribution=publish().contribution)
    assert later(days=1) == []


def test_an_author_hears_of_replies_once_a_day_or_as_they_choose(author, participant, moderator, publish, thread):
    edition = publish()
    with clock.at(MONDAY + datetime.timedelta(hours=1)):
        world.published(participant, moderator, thread, "I agree.", in_reply_to=edition.contribution)
    (letter,) = later(days=1)
    assert letter.to == [author.email]
    assert edition.symbol.rsplit("/", 1)[0] in letter.body
    actions.follow(actor=author, what="replies", pace="at_once")
    with clock.at(MONDAY + datetime.timedelta(days=1, hours=1)):
        world.published(participant, moderator, thread, "And more.", in_reply_to=edition.contribution)
    assert len(later(days=1, hours=2)) == 1


def test_following_again_changes_the_pace_and_makes_no_second_follow(participant, consultation):
    for pace in ("daily", "weekly", "weekly"):
        actions.follow(actor=participant, what="contributions", pace=pace, consultation=consultation)
    assert Follow.objects.get(person=participant).pace == "weekly"


@pytest.mark.parametrize(("what", "pace"), [("contributions", "hourly"), ("decisions", "daily"), ("replies", "daily")])
def test_what_cannot_be_followed_is_refused(participant, consultation, what, pace):
    with pytest.raises(InvalidInput):
        actions.follow(actor=participant, what=what, pace=pace, consultation=consultation)


def test_a_draft_is_followed_by_nobody_outside(participant, consultation):
    consultation.stage = State.DRAFT
    consultation.save()
    with pytest.raises(NotPermitted):
        actions.follow(actor=participant, what="contributions", pace="daily", consultation=consultation)


def test_an_e_mail_that_is_sent_twice_has_one_message_id(participant, consultation, publish, monkeypatch):
    actions.follow(actor=participant, what="contributions", pace="daily", consultation=consultation)
    publish()
    before = Follow.objects.get(person=participant).notified_until
    (first,) = later(days=1)
    Follow.objects.filter(person=participant).update(notified_until=before)  # killed between the e-mail and its mark
    with clock.at(MONDAY + datetime.timedelta(days=1, minutes=5)):
        from plenara.consultations.emails import send_news

        send_news.call(person_id=participant.pk, pace="daily")
    assert mail.outbox[0].extra_headers["Message-ID"] == first.extra_headers["Message-ID"]


def test_an_e_mail_can_be_stopped_by_one_click_of_a_mail_program(participant, consultation, publish, client):
    actions.follow(actor=participant, what="contributions", pace="at_once", consultation=consultation)
    publish()
    (letter,) = later(minutes=6)
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = re.fullmatch(r"<https?://[^/]+(/.*)>", letter.extra_headers["List-Unsubscribe"])[1]
    assert address in letter.body
    assert client.get(address).status_code == 200
    assert Follow.objects.get(person=participant).pace == "at_once"  # a scanner that follows links stops nothing
    strict = type(client)(enforce_csrf_checks=True)
    assert strict.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Follow.objects.get(person=participant).pace == Pace.NEVER


@pytest.mark.once
def test_a_forged_link_stops_nothing(participant, client):
    token = stop_token(participant.pk, "daily")
    assert client.post(f"/en/unsubscribe/{token[:-2]}xx/").status_code == 404
    assert client.get("/en/unsubscribe/x/").status_code == 404


@pytest.mark.once
def test_the_settings_list_everything_with_its_pace_and_stop_all(participant, consultation, thread, sign_in):
    client = sign_in(participant)
    answer = client.post(f"/en/my/follow/{consultation.slug}/", {"contributions": "daily", "summaries": "weekly"})
    assert answer.url == "/en/my/mail/"
    client.post(f"/en/my/follow/{consultation.slug}/1/", {"contributions": "at_once"})
    page = client.get("/en/my/mail/").content.decode()
    assert page.count("<select") == 5 and "Question 1" in page
    client.post("/en/my/mail/", {"all": ""})
    assert set(Follow.objects.values_list("pace", flat=True)) == {"never"}


@pytest.mark.once
def test_nobody_changes_what_another_follows(author, participant, consultation, sign_in):
    follow = actions.follow(actor=author, what="contributions", pace="daily", consultation=consultation)
    sign_in(participant).post("/en/my/mail/", {f"pace_{follow.pk}": "never"})
    follow.refresh_from_db()
    assert follow.pace == "daily"


@pytest.mark.once
def test_a_name_with_a_line_break_makes_no_header(participant, author, moderator, thread):
    actions.follow(actor=participant, what="contributions", pace="at_once", thread=thread)
    author.name = "Eve\r\nBcc: all@people.example"
    author.save()
    world.published(author, moderator, thread)
    tasks.run_all()
    for letter in mail.outbox:
        assert "bcc" not in {name.lower() for name in letter.message()}
