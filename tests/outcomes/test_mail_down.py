"""Outcomes with a mail server that is down: publication succeeds, and each e-mail is sent once when the server is
back.
"""

import datetime

import pytest
from django.core import mail

from plenara.core import clock, tasks
from plenara.core.models import BackgroundTask
from plenara.operations.environment import mailers
from plenara.outcomes import actions
from plenara.outcomes.models import OutcomeEdition
from tests.outcomes import making

pytestmark = pytest.mark.django_db


def test_emails_about_a_version_and_a_proposal_wait_and_each_goes_out_once(
    settings, outcome, paragraph, drafter, chair, member, author
):
    proposal = making.proposed(member, paragraph)
    works, settings.MAILERS = settings.MAILERS, mailers("smtp://127.0.0.1:1")
    actions.decline(actor=drafter, proposal=proposal, answer="It says less.")
    making.published(drafter, chair, outcome)
    tasks.run_all(besides=("search.read", "outcomes.print_edition"))
    assert OutcomeEdition.objects.filter(outcome=outcome).exists()
    waiting = BackgroundTask.objects.filter(done_at=None, attempts__gt=0)
    assert "consultations.send_news" in set(waiting.values_list("task", flat=True))
    assert not BackgroundTask.objects.exclude(failed_at=None).exists()
    settings.MAILERS = works
    mail.outbox.clear()
    with clock.at(clock.now() + datetime.timedelta(minutes=2)):
        tasks.run_all(besides=("search.read", "outcomes.print_edition"))
        tasks.run_all(besides=("search.read", "outcomes.print_edition"))
    assert not waiting.exists()
    sent = [email for email in mail.outbox if email.to == [author.email] and "/outcomes/wgig/report/" in email.body]
    assert len(sent) == 1
    answered = [email for email in mail.outbox if email.to == [member.email] and "It says less." in email.body]
    assert len(answered) == 1
