"""E-mails about a summary to organizers, writers, translators and cited authors: in their language, once."""

import pytest
from django.utils import translation

from plenara.contributions.actions import withdraw
from plenara.core.models import BackgroundTask
from plenara.core.tasks import run_all
from plenara.documents import actions as document_actions
from plenara.summaries.emails import notify_cited
from tests import world
from tests.summaries import making

pytestmark = pytest.mark.django_db


def test_the_organizers_hear_that_approval_is_asked(rapporteur, organizer, summary, statement, emails):
    emails()
    document_actions.submit_for_review(actor=rapporteur, document=summary.document)
    sent = emails()
    assert list(sent) == [organizer.email]
    assert f"/zh/desk/consultations/internet-governance/summaries/{summary.pk}/review/" in sent[organizer.email].body


def test_each_time_it_is_asked_is_an_email_of_its_own(rapporteur, organizer, summary, statement, emails):
    emails()
    known = set()
    for _round in range(2):
        document_actions.submit_for_review(actor=rapporteur, document=summary.document)
        document_actions.send_back(actor=organizer, document=summary.document, note="Statement 1: who?")
        sent = emails()
        assert "Statement 1: who?" in sent[rapporteur.email].body
        assert set(sent) == {organizer.email, rapporteur.email}
        known |= {email.extra_headers["Message-ID"] for email in sent.values()}
    assert len(known) == 4


def test_who_sends_it_back_gets_no_email(rapporteur, organizer, summary, statement, emails):
    document_actions.submit_for_review(actor=rapporteur, document=summary.document)
    emails()
    document_actions.send_back(actor=rapporteur, document=summary.document)
    assert emails() == {}


def test_the_translators_hear_of_what_waits_in_their_language(
    rapporteur, organizer, translator, consultation, summary, statement, emails
):
    french = world.grant(world.person("Claire Martin", language="fr"), consultation, "translator", "fr")
    english = world.grant(world.person("Tom Reed"), consultation, "translator", "en")
    making.reviewed(french, rapporteur, summary.document, "fr")
    document_actions.submit_for_review(actor=rapporteur, document=summary.document)
    emails()
    document_actions.approve(actor=organizer, document=summary.document)
    sent = emails()
    assert set(sent) == {translator.email}
    assert english.email not in sent
    assert (
        f"/ar/desk/consultations/internet-governance/summaries/{summary.pk}/renditions/ar/"
        in sent[translator.email].body
    )


def test_each_author_cited_gets_one_email_with_every_statement(
    rapporteur, organizer, author, participant, moderator, thread, summary, edition, emails
):
    making.statement_of(rapporteur, summary, edition, heading="On documents")
    second = world.published(author, moderator, thread, f"{world.WORDS} More.")
    other = world.published(participant, moderator, thread, f"{world.WORDS} Mine.")
    making.statement_of(rapporteur, summary, edition, "Again.")
    making.statement_of(rapporteur, summary, second, "And more.")
    making.statement_of(rapporteur, summary, other, "By another.")
    emails()
    making.published(rapporteur, organizer, summary)
    sent = emails()
    assert {author.email, participant.email} <= set(sent)
    body = sent[participant.email].body
    assert "Summary 1" in body
    assert f"contribution {other.number} ({other.symbol}) in statement 4" in body
    with translation.override("fr"):
        assert "/fr/consultations/internet-governance/summaries/1/" in sent[author.email].body
    assert f"({edition.symbol})" in sent[author.email].body
    assert f"({second.symbol})" in sent[author.email].body


def test_a_revision_notifies_only_those_who_were_not_notified_before(
    rapporteur, organizer, author, participant, moderator, thread, published, summary, statement, emails
):
    emails()
    document_actions.reopen(actor=rapporteur, document=summary.document)
    other = world.published(participant, moderator, thread, f"{world.WORDS} Mine.")
    making.statement_of(rapporteur, summary, other, "By another.")
    making.published(rapporteur, organizer, summary)
    sent = emails()
    assert author.email not in sent
    assert participant.email in sent


def test_running_the_task_twice_writes_once(published, author, emails):
    emails()
    notify_cited.call(edition_id=published.pk)
    assert emails() == {}
    assert BackgroundTask.objects.filter(task="summaries.cited_email").count() == 1


def test_who_withdrew_or_left_meanwhile_gets_none(published, author, edition, mailoutbox):
    withdraw(actor=author, contribution=edition.contribution)
    run_all()
    assert not [email for email in mailoutbox if email.to == [author.email] and "/summaries/1/" in email.body]


def test_hostile_titles_and_notes_stay_text_in_emails(rapporteur, organizer, consultation, summary, statement, emails):
    type(consultation).objects.filter(pk=consultation.pk).update(
        title={"en": "<b>Bold</b>\r\nBcc: x@evil.example", "zh": "<b>粗</b>\nBcc: x@evil.example"}
    )
    summary.consultation.refresh_from_db()
    document_actions.submit_for_review(actor=rapporteur, document=summary.document)
    document_actions.send_back(actor=organizer, document=summary.document, note="<script>alert(1)</script>")
    for email in emails().values():
        assert "\n" not in email.subject
        assert email.recipients() == email.to
        assert "<script>" not in email.alternatives[0][0]
        assert "<b>" not in email.alternatives[0][0]
