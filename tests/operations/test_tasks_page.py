"""The page of mails and tasks: what was given up, what waits, and trying again."""

import datetime

import pytest

from plenara.accounts.models import Invitation
from plenara.core import clock
from plenara.core.models import AuditEntry, BackgroundTask
from plenara.core.tasks import _tasks
from plenara.directory.models import Listing
from plenara.moderation.models import Appeal, Decision, Report
from plenara.site.queries.background_tasks import recipients_of, words_of
from tests import world
from tests.consultations.pages import text

pytestmark = pytest.mark.django_db

PAGE = "/en/desk/background-tasks/"


def queued(key, **fields):
    known = {
        "task": "accounts.letter",
        "arguments": {"address": "secret@people.example", "context": {"code": "123-456"}},
        "attempts": 3,
        "last_error": "SMTPServerDisconnected",
        "due_at": clock.now() + datetime.timedelta(hours=4),
    }
    return BackgroundTask.objects.create(key=key, **{**known, **fields})


@pytest.fixture
def given_up(db):
    return queued("given-up", failed_at=clock.now(), attempts=10)


def test_it_shows_kinds_attempts_and_times_and_no_address_or_text(sign_in, operator, given_up):
    queued("again")
    page = sign_in(operator).get(PAGE).content.decode()
    assert page.count("SMTPServerDisconnected") == 2
    assert "E-mail about signing in" in page
    assert "secret" not in page
    assert "123-456" not in page


def test_trying_again_enqueues_it_from_its_first_attempt(sign_in, operator, given_up):
    client = sign_in(operator)
    assert client.post(PAGE, {"task": given_up.pk}).status_code == 302
    given_up.refresh_from_db()
    assert (given_up.failed_at, given_up.attempts) == (None, 0)
    assert given_up.due_at <= clock.now()
    assert AuditEntry.objects.get(verb="task.tried_again").actor_id == operator.pk
    assert "1 task will be tried again." in text(client.get(PAGE))


def test_what_waits_after_a_failure_can_be_tried_now(sign_in, operator):
    task = queued("again")
    sign_in(operator).post(PAGE, {"task": task.pk})
    task.refresh_from_db()
    assert task.due_at <= clock.now()


def test_all_that_were_given_up_are_tried_with_one_button(sign_in, operator, given_up):
    queued("two", failed_at=clock.now())
    sign_in(operator).post(PAGE, {"all": "1"})
    assert not BackgroundTask.objects.filter(failed_at__isnull=False).exists()


def test_a_closing_that_is_not_due_yet_cannot_be_brought_forward(sign_in, operator):
    task = queued("turn", attempts=0, last_error="", task="consultations.turn")
    due = task.due_at
    sign_in(operator).post(PAGE, {"task": task.pk})
    task.refresh_from_db()
    assert task.due_at == due


@pytest.mark.parametrize("sent", ["", "x", "-1", "9" * 30, "0"])
def test_a_task_that_does_not_exist_is_called_done_in_the_meantime(sign_in, operator, sent):
    client = sign_in(operator)
    assert client.post(PAGE, {"task": sent}).status_code == 302
    assert "This task has already been done or tried again." in text(client.get(PAGE))


def test_a_second_click_tries_nothing_again(sign_in, operator, given_up):
    client = sign_in(operator)
    for _click in range(2):
        client.post(PAGE, {"task": given_up.pk})
    assert AuditEntry.objects.filter(verb="task.tried_again").count() == 1


def test_only_organizers_and_operators_of_the_installation_open_it(sign_in, moderator, participant, organizer, client):
    assert client.get(PAGE).status_code == 302
    for who, status in [(moderator, 403), (participant, 403), (organizer, 200)]:
        assert sign_in(who).get(PAGE).status_code == status
    assert sign_in(moderator).post(PAGE, {"all": "1"}).status_code == 403


def test_every_kind_of_task_has_words():
    assert [kind for kind in _tasks if words_of(kind) == kind] == []


def test_organizers_of_the_site_see_to_whom_an_e_mail_goes_and_operators_do_not(
    sign_in, organizer, operator, participant, given_up
):
    queued("person", arguments={"person_id": participant.pk}, task="accounts.notify_suspended")
    invitation = Invitation.objects.create(
        address="ana@people.example", purpose={}, token_digest="x", expires_at=clock.now()
    )
    queued("invited", arguments={"invitation_id": invitation.pk, "token": "t"}, task="accounts.send_invitation")
    page = text(sign_in(organizer).get(PAGE))
    for address in ("secret@people.example", participant.email, "ana@people.example"):
        assert address in page
        assert address not in sign_in(operator).get(PAGE).content.decode()
    assert "123-456" not in page


def test_an_e_mail_about_a_decision_a_redaction_or_an_appeal_shows_its_reader(
    sign_in, organizer, moderator, edition, participant
):
    contribution = edition.contribution
    fields = {"consultation": contribution.consultation, "kind": "contribution", "object_id": contribution.pk}
    decision = Decision.objects.create(**fields, number=101, code="RETURNED_FOR_REVISION", moderator=moderator)
    listing = Listing.objects.create(of="organization", owner=world.person("Keeper of the entry"))
    on_entry = Decision.objects.create(
        **{**fields, "kind": "organization", "object_id": listing.pk}, number=102, code="APPROVED", moderator=moderator
    )
    appeal = Appeal.objects.create(decision=decision, person=participant, text="Please look again.")
    queued("decision", arguments={"decision_id": decision.pk}, task="moderation.notify_author")
    queued("entry", arguments={"decision_id": on_entry.pk}, task="moderation.notify_author")
    queued("appeal", arguments={"appeal_id": appeal.pk}, task="moderation.notify_of_appeal")
    queued("gone", arguments={"decision_id": 10**9}, task="moderation.notify_author")
    shown = recipients_of(list(BackgroundTask.objects.filter(key__in=["decision", "entry", "appeal", "gone"])))
    assert set(shown.values()) == {contribution.author.email, listing.owner.email, participant.email}
    page = text(sign_in(organizer).get(PAGE))
    assert all(address in page for address in shown.values())


def test_nobody_reads_on_the_page_who_reported_something(sign_in, organizer, edition):
    report = Report.objects.create(
        consultation=edition.consultation, object_id=edition.contribution_id, address="reader@people.example"
    )
    queued("report", arguments={"report_id": report.pk, "token": "t"}, task="moderation.ask_reporter")
    assert "reader@people.example" not in text(sign_in(organizer).get(PAGE))


def test_the_answer_of_the_mail_server_is_said_in_plain_words(sign_in, operator):
    queued("full", last_error="Abort 552 5.2.2", failed_at=clock.now())
    queued("away", last_error="ConnectionRefusedError")
    queued("later", last_error="SMTPRecipientsRefused 451 4.7.1", attempts=1)
    page = text(sign_in(operator).get(PAGE))
    assert "The mailbox is full. 552 5.2.2" in page
    assert "The mail server of this site cannot be reached." in page
    assert "The receiving server asks us to try again later. 451 4.7.1" in page
    assert "does not accept e-mail from this site" not in page


@pytest.mark.once
def test_the_page_costs_the_same_for_many_tasks(sign_in, organizer, participant, django_assert_max_num_queries):
    for number in range(30):
        queued(f"person-{number}", arguments={"person_id": participant.pk}, task="accounts.notify_suspended")
        queued(f"decision-{number}", arguments={"decision_id": number}, task="moderation.notify_author")
    client = sign_in(organizer)
    with django_assert_max_num_queries(20):
        client.get(PAGE)
