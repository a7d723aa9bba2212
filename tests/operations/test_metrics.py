"""`/metrics` gives this machine's Prometheus the sizes of queues: numbers and kinds, in a fixed number of queries."""

import datetime
import smtplib

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara import __version__
from plenara.core import clock
from plenara.core.models import BackgroundTask
from plenara.core.tasks import Abort
from plenara.email import delivery
from plenara.operations import heartbeat
from plenara.operations.presenters import state
from plenara.site.queries.background_tasks import _WORDS, is_email
from tests import world
from tests.background import enqueue
from tests.operations.prometheus import read

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    """A data folder of the test's own, with no sign in it."""
    settings.DATA = tmp_path
    return tmp_path


def asked(client, **headers):
    answer = client.get("/metrics", **headers)
    assert answer.status_code == 200
    samples, types = read(answer.content.decode())
    assert {name for name in samples if not name.startswith("plenara_")} == set()
    return samples, types


def ago(**span):
    return clock.now() - datetime.timedelta(**span)


def test_it_is_the_text_format_of_prometheus_and_is_kept_by_nobody(client):
    answer = client.get("/metrics", headers={"Accept-Encoding": "gzip"})
    assert answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies and not answer.has_header("Content-Encoding")
    samples, types = read(answer.content.decode())
    assert samples["plenara_info"] == {(("version", __version__),): 1}
    assert types["plenara_emails_total"] == "counter"


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("192.0.2.7", {}, 404),
        ("", {}, 404),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 404),
        ("192.0.2.7", {"X-Forwarded-For": "127.0.0.1"}, 404),
    ],
)
def test_only_this_machine_is_answered_and_nobody_through_a_proxy(client, address, headers, status):
    assert client.get("/metrics", REMOTE_ADDR=address, headers=headers).status_code == status


def test_it_is_not_led_to_https(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/metrics").status_code == 200


def test_the_queue_is_counted_with_its_oldest(client, author, thread):
    with clock.at(ago(hours=5)):
        world.submitted(author, thread)
    world.submitted(author, thread, "Another text.")
    samples, _types = asked(client)
    assert samples["plenara_queue_waiting"] == {(): 2}
    assert samples["plenara_queue_oldest_seconds"][()] == pytest.approx(5 * 3600, abs=60)


def test_tasks_are_counted_by_kind(client):
    BackgroundTask.objects.all().delete()
    for key in "abc":
        enqueue("moderation.notify_author", key=key)
    enqueue("operations.sweep", key="later", run_after=clock.now() + datetime.timedelta(days=1))
    BackgroundTask.objects.filter(key="a").update(due_at=ago(minutes=30), attempts=2)
    BackgroundTask.objects.filter(key="b").update(failed_at=clock.now())
    BackgroundTask.objects.filter(key="c").update(done_at=clock.now())
    samples, _types = asked(client)
    email, sweep = (("kind", "moderation.notify_author"),), (("kind", "operations.sweep"),)
    assert samples["plenara_tasks_queued"] == {email: 1, sweep: 1}
    assert samples["plenara_tasks_due"] == {email: 1, sweep: 0}
    assert samples["plenara_tasks_again"] == {email: 1, sweep: 0}
    assert samples["plenara_tasks_failed"] == {email: 1, sweep: 0}
    assert samples["plenara_tasks_oldest_due_seconds"][email] == pytest.approx(1800, abs=60)
    assert (samples["plenara_emails_waiting"], samples["plenara_emails_failed"]) == ({(): 1}, {(): 1})


def test_signs_of_worker_and_backup_have_an_age_where_there_are_any(client, monkeypatch):
    samples, _types = asked(client)
    assert samples["plenara_worker_seen_seconds"] == samples["plenara_backup_age_seconds"] == {}
    monkeypatch.setattr(heartbeat, "_last_sign", float("-inf"))
    monkeypatch.setattr(delivery, "delivery_counts", {"sent": 4, "refused": 1})
    with clock.at(ago(minutes=2)):
        heartbeat.worker_lives()
    with clock.at(ago(days=1)):
        heartbeat.backup_made()
    samples, _types = asked(client)
    assert samples["plenara_worker_seen_seconds"][()] == pytest.approx(120, abs=30)
    assert samples["plenara_backup_age_seconds"][()] == pytest.approx(86400, abs=60)
    assert samples["plenara_emails_total"] == {(("how", "sent"),): 4, (("how", "refused"),): 1}


@pytest.mark.parametrize("found", ["", "{", "[]", '{"at": 7}', '{"emails": {}}'])
def test_a_sign_that_was_spoilt_counts_as_none(client, data, found):
    (data / "run").mkdir(exist_ok=True)
    (data / heartbeat.WORKER).write_text(found)
    assert asked(client)[0]["plenara_worker_seen_seconds"] == {}


def test_e_mails_are_counted_by_how_they_fared(monkeypatch, settings):
    def send(outcome):
        def fail(*_arguments, **_named):
            if outcome:
                raise outcome

        monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", fail)
        delivery.send(to="a@people.example", template="moderation/mail/digest", context={}, key="k")

    monkeypatch.setattr(delivery, "delivery_counts", delivery.Counter())
    monkeypatch.setattr(delivery, "render_to_string", lambda *_arguments: "Subject\nBody")
    send(None)
    with pytest.raises(Abort):
        send(smtplib.SMTPRecipientsRefused({"a@people.example": (550, b"unknown")}))
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send(smtplib.SMTPRecipientsRefused({"a@people.example": (450, b"later")}))
    with pytest.raises(ConnectionRefusedError):
        send(ConnectionRefusedError())
    assert delivery.delivery_counts == {"sent": 1, "refused": 1, "unsent": 2}


def test_however_much_there_is_it_asks_as_many_queries_and_names_nobody(client, author, thread):
    client.get("/metrics")
    with CaptureQueriesContext(connection) as few:
        client.get("/metrics")
    for number in range(20):
        world.submitted(author, thread, f"Text {number} of secretword.")
    with CaptureQueriesContext(connection) as many:
        page = client.get("/metrics").content.decode()
    assert len(few) == len(many) < 12
    assert not [word for word in ("secretword", author.email, author.name, "@") if word in page]


def test_labels_are_escaped():
    lines = list(state.Family("plenara_x", "X.", [({"kind": 'a"b\\c\nd'}, 1)]).lines())
    assert read("\n".join(lines) + "\n")[0]["plenara_x"] == {(("kind", 'a"b\\c\nd'),): 1}


def test_each_e_mail_is_known_for_one():
    found = {kind for kind in _WORDS if is_email(kind)}
    assert found >= {"accounts.letter", "contributions.send_receipt", "accounts.send_invitation"}
    assert not found & {"consultations.notify_followers", "operations.sweep", "summaries.notify_cited"}
