"""Readers' reports: verified, counted once for each reader, told the outcome once, and then forgotten."""

import datetime
import re

import pytest
from django.core import mail

from plenara.contributions.actions import revise, withdraw
from plenara.core import clock, tasks
from plenara.core.models import AuditEntry, BackgroundTask
from plenara.core.refusals import InvalidInput, NotPermitted
from plenara.moderation import personal_data
from plenara.moderation.actions import check, confirm_report, remove, report
from plenara.moderation.models import Item, Report
from tests import world

pytestmark = pytest.mark.django_db

READER = "reader@elsewhere.example"
PAGE = "/en/consultations/internet-governance/contributions/1/report/"


@pytest.fixture
def edition(edition):
    """A published contribution, of which everybody has been told."""
    sent()
    return edition


def reported(edition, address=READER, reason="R4", language="en", text="The second line.", confirmed=True):
    """Report as a reader without an account, and confirm it by the link in the mail."""
    report(
        actor=None,
        kind="contribution",
        pk=edition.contribution_id,
        reason=reason,
        text=text,
        address=address,
        language=language,
    )
    token = token_of(sent()[-1])
    return confirm_report(token=token) if confirmed else token


def sent():
    """Send what is enqueued, and return the letters of this call."""
    mail.outbox.clear()
    tasks.run_all()
    return list(mail.outbox)


def token_of(email):
    return re.search(r"/report/confirm/([\w-]+)/", email.body).group(1)


def in_order(moderator, edition):
    return check(actor=moderator, kind="contribution", pk=edition.contribution_id, version_id=edition.version_id)


def test_it_joins_the_queue_once_the_address_is_confirmed(edition):
    token = reported(edition, confirmed=False)
    assert not Item.objects.exists()
    confirm_report(token=token)
    item = Item.objects.get()
    assert (item.why, item.reports, item.thread, item.object_id) == ("report", 1, 1, edition.contribution_id)


def test_reports_of_one_contribution_wait_as_one_with_their_number(edition, noon):
    reported(edition)
    with clock.at(noon + datetime.timedelta(hours=1)):
        reported(edition, "another@elsewhere.example", reason="R7")
    item = Item.objects.get()
    assert (item.reports, item.since) == (2, noon)


def test_one_address_counts_once_however_often_it_writes(edition):
    reported(edition)
    reported(edition, READER.upper(), reason="R7", text="And my telephone number.")
    assert Item.objects.get().reports == 1
    assert Report.objects.count() == 2


def test_a_double_click_sends_one_mail(edition):
    for _time in range(2):
        report(actor=None, kind="contribution", pk=edition.contribution_id, reason="R4", address=READER)
    assert len(sent()) == 1


def test_confirming_twice_counts_once(edition):
    token = reported(edition, confirmed=False)
    assert confirm_report(token=token) == confirm_report(token=token)
    assert Item.objects.get().reports == 1
    assert AuditEntry.objects.filter(verb="moderation.reported").count() == 1


def test_a_link_that_nobody_sent_confirms_nothing(edition):
    with pytest.raises(InvalidInput, match="expired"):
        confirm_report(token="made-up")


def test_the_email_is_in_the_readers_language_and_quotes_nothing(edition):
    report(
        actor=None, kind="contribution", pk=edition.contribution_id, reason="R4", text="Buy my pills.", address=READER,
        language="fr",
    )  # fmt: skip
    (email,) = sent()
    assert email.to == [READER]
    assert email.extra_headers["Content-Language"] == "fr"
    assert "/fr/consultations/internet-governance/contributions/1/report/confirm/" in email.body
    assert "pills" not in email.body, "nobody sends words of theirs to a stranger through us"


def test_somebody_signed_in_is_not_asked_for_an_address(edition, participant):
    report(actor=participant, kind="contribution", pk=edition.contribution_id, reason="R4")
    assert Item.objects.get().reports == 1
    assert sent() == []


def test_what_is_not_published_cannot_be_reported(pending):
    with pytest.raises(NotPermitted, match="not published"):
        report(actor=None, kind="contribution", pk=pending.pk, reason="R4", address=READER)


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ({"reason": "R2"}, "what is wrong"),
        ({"reason": ""}, "what is wrong"),
        ({"text": "x" * 2001}, "2001 characters"),
        ({"address": ""}, "e-mail address"),
        ({"address": "a@b.example\nBcc: c@d.example"}, "e-mail address"),
    ],
)
def test_what_a_report_must_be(what, sentence, edition):
    with pytest.raises(InvalidInput, match=sentence):
        report(
            actor=None,
            kind="contribution",
            pk=edition.contribution_id,
            **{"reason": "R4", "address": READER, **what},
        )
    assert not Report.objects.exists()


def test_the_reader_hears_once_that_it_was_removed_and_why_and_is_forgotten(edition, moderator):
    reported(edition, language="fr")
    reported(edition, reason="R7")
    sent()
    remove(actor=moderator, kind="contribution", pk=edition.contribution_id, reason="R4")
    emails = [email for email in sent() if email.to == [READER]]
    assert len(emails) == 1
    assert emails[0].extra_headers["Content-Language"] == "fr"
    assert "Contenu illicite" in emails[0].body
    assert not Item.objects.exists()
    assert {(each.outcome, each.address, each.token_digest) for each in Report.objects.all()} == {("removed", "", "")}
    assert READER not in str(list(BackgroundTask.objects.values())) + str(list(AuditEntry.objects.values()))


def test_the_reader_hears_that_it_stays(edition, moderator, participant):
    reported(edition)
    report(actor=participant, kind="contribution", pk=edition.contribution_id, reason="R5")
    in_order(moderator, edition)
    emails = sent()
    assert sorted(email.to[0] for email in emails) == sorted([READER, participant.email])
    assert all("stays published" in email.body for email in emails)
    assert tasks.run_all() == 0


def test_the_reader_hears_that_the_author_has_withdrawn_it(edition, author):
    reported(edition)
    withdraw(actor=author, contribution=edition.contribution)
    (email,) = sent()
    assert "The author has withdrawn the contribution" in email.body
    assert Report.objects.get().outcome == "gone"


def test_a_report_that_is_confirmed_too_late_ends_as_gone_without_its_address(edition, author):
    token = reported(edition, confirmed=False)
    withdraw(actor=author, contribution=edition.contribution)
    found = confirm_report(token=token)
    assert (found.outcome, found.address) == ("gone", "")
    assert not Item.objects.exists()


def test_after_it_was_found_in_order_it_can_be_reported_again(edition, moderator):
    reported(edition)
    in_order(moderator, edition)
    sent()
    reported(edition)
    assert Item.objects.get().reports == 1


def test_a_revision_that_is_pending_leaves_the_report_in_its_place(edition, author):
    reported(edition)
    revise(actor=author, contribution=edition.contribution, text="Other words.", language="en")
    assert sorted(Item.objects.values_list("why", flat=True)) == ["pending", "report"]


def test_in_an_archive_it_can_be_reported_and_removed(edition, moderator, consultation):
    type(consultation).objects.update(stage="archived")
    reported(edition)
    remove(actor=moderator, kind="contribution", pk=edition.contribution_id, reason="R4")
    assert Report.objects.get().outcome == "removed"


def test_what_nobody_confirmed_is_deleted_and_an_address_that_takes_no_mail_too(edition, moderator, noon):
    reported(edition, confirmed=False)
    reported(edition, "bounces@elsewhere.example", reason="R5")
    in_order(moderator, edition)
    with clock.at(noon + datetime.timedelta(days=6)):
        assert personal_data.delete_expired() == {"reports": 0, "addresses": 0, "words": 0}
    with clock.at(noon + datetime.timedelta(days=8)):
        assert personal_data.delete_expired() == {"reports": 1, "addresses": 1, "words": 0}
    with clock.at(noon + datetime.timedelta(days=366)):
        personal_data.delete_expired()
    assert (Report.objects.get().text, Report.objects.get().address) == ("", "")


# --- the views --------------------------------------------------------------------------------------------------------


@pytest.mark.once
def test_the_page_asks_for_a_reason_and_an_address_and_keeps_what_was_typed(client, edition):
    answer = client.post(PAGE, {"text": "Look at <b>this</b>.", "address": "nonsense"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose what is wrong." in page
    assert 'id="id_address_error"' in page
    assert "Look at &lt;b&gt;this&lt;/b&gt;." in page


@pytest.mark.once
def test_from_the_contributions_page_to_the_queue(client, edition):
    here = PAGE.removesuffix("report/")
    assert f'action="{PAGE}start/"' in client.get(here).content.decode()
    assert f'action="{PAGE}start/"' in client.get("/en/consultations/internet-governance/threads/1/").content.decode()
    answer = client.post(PAGE, {"reason": "R4", "text": "x", "address": READER})
    assert "Check your e-mail to confirm the report" in answer.content.decode()
    link = f"{PAGE}confirm/{token_of(sent()[0])}/"
    assert "Confirm the report" in client.get(link).content.decode()
    assert not Item.objects.exists(), "programs that read mail follow links"
    assert "has been received" in client.post(link).content.decode()
    assert Item.objects.get().reports == 1
    assert "has been received" in client.get(link).content.decode()


@pytest.mark.once
def test_the_answer_is_the_same_for_an_address_that_we_know(client, edition, author):
    answers = [
        client.post(PAGE, {"reason": "R4", "address": address}).content.decode().replace(address, "")
        for address in (author.email, READER)
    ]
    without_token = [re.sub(r'value="[A-Za-z0-9]{64}"', "", each) for each in answers]
    assert without_token[0] == without_token[1]


@pytest.mark.once
def test_a_person_who_is_signed_in_sends_no_address(sign_in, participant, edition):
    client = sign_in(participant)
    assert 'name="address"' not in client.get(PAGE).content.decode()
    assert "has been received" in client.post(PAGE, {"reason": "R3"}).content.decode()
    assert Report.objects.get().person == participant


@pytest.mark.once
def test_too_many_reports_in_an_hour_are_refused(client, edition, noon):
    for number in range(30):
        answer = client.post(PAGE, {"reason": "R4", "address": f"r{number}@elsewhere.example"})
        assert answer.status_code == 200
    answer = client.post(PAGE, {"reason": "R4", "text": "kept", "address": "last@elsewhere.example"})
    assert answer.status_code == 429
    assert "There were too many requests" in answer.content.decode()
    assert "kept" in answer.content.decode()


@pytest.mark.once
def test_a_tombstone_cannot_be_reported(client, edition, author):
    withdraw(actor=author, contribution=edition.contribution)
    assert client.get(PAGE).status_code == 410
    assert client.post(PAGE, {"reason": "R4", "address": READER}).status_code == 410


@pytest.mark.once
def test_what_was_never_published_has_no_page(client, pending):
    assert client.get(PAGE).status_code == 404


@pytest.mark.once
def test_a_link_belongs_to_its_own_contribution(client, edition, author, moderator, thread):
    world.published(author, moderator, thread, "Another.")
    token = reported(edition, confirmed=False)
    other = PAGE.replace("/1/report/", "/2/report/")
    assert client.get(f"{other}confirm/{token}/").status_code == 410
    assert client.get(f"{PAGE}confirm/made-up/").status_code == 410
    assert client.post(f"{PAGE}confirm/made-up/").status_code == 409
