"""Responses to a contribution: on its page, on its author's page, and in one e-mail."""

import pytest

from plenara.consultations.actions import set_paces
from plenara.consultations.models import Follow
from plenara.contributions.actions import withdraw
from plenara.contributions.models import Edition
from plenara.core.tasks import run_all
from plenara.documents import actions as document_actions
from plenara.outcomes import actions, emails
from plenara.outcomes.models import AgendaItem, Dossier, ItemMatter, Stage
from plenara.outcomes.queries.contributions import trails_of
from tests import world
from tests.events import making as events
from tests.outcomes import making

pytestmark = pytest.mark.django_db

#: The end of each e-mail with news, which receipts do not have.
NEWS = "/my/mail/"


@pytest.fixture
def event(participant):
    """A meeting in the calendar."""
    return events.published(participant, events.curator())


@pytest.fixture
def emails_to(mailoutbox):
    """A function that runs the enqueued tasks and returns a person's e-mails about responses."""

    def to(person):
        mailoutbox.clear()
        run_all()
        return [
            f"{each.subject}\n{each.body}" for each in mailoutbox if each.to == [person.email] and NEWS in each.body
        ]

    return to


def page_of(edition, language="en"):
    return f"/{language}/consultations/{edition.consultation.slug}/contributions/{edition.number}/"


def test_a_trail_has_paragraph_response_and_reason(version, edition, django_assert_num_queries):
    with django_assert_num_queries(4):  # traces, titles, texts, meetings
        trail = trails_of([edition.contribution_id])[edition.contribution_id]
    (response,) = trail.responses
    assert response.label == "Report of the Working Group, paragraph 1"
    assert response.url == "/en/outcomes/wgig/report/paragraphs/1/"
    assert (response.response_label, response.reason.text) == ("taken up", making.REASON)
    assert not trail.is_final and response.stage_label == "Zero draft"


def test_the_page_of_a_contribution_and_its_authors_page_show_it(version, edition, author, client, sign_in):
    page = client.get(page_of(edition)).content.decode()
    assert "Report of the Working Group, paragraph 1" in page and making.REASON in page
    assert "No summary cites" not in page
    page_of_author = sign_in(author).get(f"/en/my/contributions/{edition.contribution_id}/").content.decode()
    assert "Report of the Working Group, paragraph 1" in page_of_author and making.REASON in page_of_author


def test_the_authors_page_says_so_before_anything_becomes_of_it(edition, author, sign_in):
    page = sign_in(author).get(f"/en/my/contributions/{edition.contribution_id}/").content.decode()
    assert "no outcome has answered it" in page


def test_a_tombstone_leads_to_what_rested_on_it(version, edition, author, client):
    withdraw(actor=author, contribution=edition.contribution)
    answer = client.get(page_of(edition))
    assert answer.status_code == 410
    assert "/en/outcomes/wgig/report/paragraphs/1/" in answer.content.decode()


def test_a_meeting_stands_between_statement_and_paragraph(version, outcome, edition, organizer, event, client):
    dossier = Dossier.objects.create(event=event, body=outcome.body)
    item = AgendaItem.objects.create(dossier=dossier, number=1, title={"en": "Definitions"})
    ItemMatter.objects.create(item=item, position=1, outcome=outcome, mark=1)
    assert trails_of([edition.contribution_id])[edition.contribution_id].discussed == []  # its agenda is not public
    Dossier.objects.update(published_at=version.edition.published_at)
    (met,) = trails_of([edition.contribution_id])[edition.contribution_id].discussed
    assert met.item.text == "Definitions" and met.url.startswith(f"/en/events/{event.number}/dossier/")


def test_an_author_gets_one_mail_in_their_language(version, edition, author, emails_to):
    (email,) = emails_to(author)  # reads French
    assert "/fr/outcomes/wgig/report/paragraphs/1/" in email
    assert edition.contribution.symbol in email and making.REASON in email
    assert emails_to(author) == []


def test_a_version_that_changes_nothing_for_an_author_sends_nothing(
    version, outcome, drafter, chair, author, emails_to
):
    emails_to(author)
    making.published(drafter, chair, outcome, Stage.DRAFT)
    assert emails_to(author) == []


def test_another_response_is_another_email(version, outcome, paragraph, edition, drafter, chair, author, emails_to):
    emails_to(author)
    document_actions.reopen(actor=drafter, document=making.fresh(outcome.document))
    actions.respond(
        actor=drafter,
        paragraph=paragraph,
        edition=edition,
        response="not_taken_up",
        reason="It is outside the mandate.",
    )
    document_actions.submit_for_review(actor=drafter, document=making.fresh(outcome.document))
    document_actions.approve(actor=chair, document=making.fresh(outcome.document))
    actions.publish(actor=chair, outcome=outcome, stage=Stage.FINAL)
    (email,) = emails_to(author)
    assert "It is outside the mandate." in email


def test_it_can_wait_for_the_digest_or_be_stopped(
    version, outcome, paragraph, edition, author, drafter, chair, emails_to
):
    emails_to(author)
    follow = Follow.objects.get(person=author, what=Follow.What.TREATED)
    set_paces(actor=author, paces={follow.pk: "daily"})
    document_actions.reopen(actor=drafter, document=making.fresh(outcome.document))
    making.answered(drafter, paragraph, edition, "noted", "Noted.")
    document_actions.submit_for_review(actor=drafter, document=making.fresh(outcome.document))
    document_actions.approve(actor=chair, document=making.fresh(outcome.document))
    actions.publish(actor=chair, outcome=outcome, stage=Stage.DRAFT)
    assert emails_to(author) == []


def test_who_has_erased_their_account_gets_nothing(version, edition, author, emails_to):
    author.is_active = False
    author.save()
    assert emails_to(author) == []


def test_a_statement_that_is_treated_notifies_the_authors_beneath_it(
    outcome, drafter, chair, rapporteur, organizer, edition, author, emails_to
):
    from tests.summaries import making as summaries

    summary = summaries.summary(rapporteur, edition.consultation)
    summaries.cited(rapporteur, summaries.statement(rapporteur, summary.document), edition)
    for thread in edition.consultation.threads.exclude(pk=edition.thread_id):
        summaries.statement(rapporteur, summary.document, "Nobody has written.", kind="frame", thread=thread)
    statement = summaries.published(rapporteur, organizer, summary).paragraphs.get(number=1)
    emails_to(author)
    made = making.paragraph(drafter, outcome)
    actions.refer(actor=drafter, paragraph=made, statement=statement, response="noted", reason="It is noted.")
    making.published(drafter, chair, outcome)
    (email,) = emails_to(author)
    assert "It is noted." in email
    trail = trails_of([edition.contribution_id])[edition.contribution_id]
    assert trail.responses[0].through.endswith("/SUM/1, 1")


def test_mail_settings_offer_it_before_any_email_was_sent(participant, sign_in):
    page = sign_in(participant).get("/en/my/mail/").content.decode()
    assert "How my contributions are used" in page
    sign_in(participant).post("/en/my/mail/", {"pace_treated": "weekly"})
    assert Follow.objects.get(person=participant, what=Follow.What.TREATED).pace == "weekly"
    sign_in(participant).post("/en/my/mail/", {"all": "1"})
    assert set(Follow.objects.filter(person=participant).values_list("pace", flat=True)) == {"never"}


@pytest.mark.once
def test_twenty_trails_take_as_many_queries_as_one(
    version, outcome, drafter, chair, author, moderator, thread, django_assert_num_queries
):
    document_actions.reopen(actor=drafter, document=making.fresh(outcome.document))
    world.many(thread, 20)
    editions = list(Edition.objects.filter(thread=thread).order_by("-number")[:20])
    for each in editions:
        making.paragraph(drafter, outcome, cites=each)
    document_actions.submit_for_review(actor=drafter, document=making.fresh(outcome.document))
    document_actions.approve(actor=chair, document=making.fresh(outcome.document))
    actions.publish(actor=chair, outcome=outcome, stage=Stage.DRAFT)
    with django_assert_num_queries(4):
        assert len(trails_of([each.contribution_id for each in editions])) == 20


def test_many_authors_are_notified_batch_by_batch(
    outcome, drafter, chair, moderator, thread, emails_to, mailoutbox, monkeypatch
):
    monkeypatch.setattr(emails, "BATCH", 2)
    people = [world.person(f"Author {n}") for n in range(5)]
    for each in people:
        making.paragraph(drafter, outcome, cites=world.published(each, moderator, thread, f"Said by {each.name}."))
    making.published(drafter, chair, outcome)
    emails_to(people[0])
    addresses = [address for each in mailoutbox if NEWS in each.body for address in each.to]
    assert sorted(addresses) == sorted(each.email for each in people)
