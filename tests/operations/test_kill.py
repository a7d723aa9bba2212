"""`kill -9` of the server while 16 clients submit, twenty times: every receipt that was shown is there."""

import http.client
import json
import secrets
import threading
from hashlib import sha256
from urllib.parse import urlencode

import pytest

from tests.installations import free_port, get, kill, wait_until

CLIENTS, KILLS = 16, 20

#: Makes an open consultation and persons who are signed in; prints what a form of each needs.
PREPARE = """
import datetime, json, sys
from plenara.operations import startup
startup.start()
from plenara.accounts.sessions import SessionStore
from django.core import signing
from plenara.core import clock
from tests import world
now = clock.now()
consultation = world.consultation(threads=1, word_limit=None, symbol="KILL/2026")
thread = consultation.threads.get()
clients = []
for number in range(int(sys.argv[1])):
    person = world.person(f"Client {number}")
    session = SessionStore()
    session["_auth_user_id"] = str(person.pk)
    session["_auth_user_backend"] = "plenara.accounts.adapter.Backend"
    session["_auth_user_hash"] = person.get_session_auth_hash()
    session.save()
    forms = [[f"key-{number}-{each}", person.pk, thread.pk, 0, int(now.timestamp())] for each in range(28)]
    clients.append([session.session_key, [signing.dumps(form, salt="plenara.contribute") for form in forms]])
print(json.dumps(clients))
"""

#: Serves one after another at the ports that it is told, each server in processes of its own, which die with a group.
SERVERS = """
import os, sys
from plenara.operations import startup
startup.start()
from plenara.operations import server as serving
from plenara.operations.front_process import fronts, sockets
import plenara.config.urls
for line in sys.stdin:
    pid = os.fork()
    if not pid:
        os.setpgid(0, 0)
        listener = serving.bound("127.0.0.1", int(line))
        with (
            sockets(listener) as behind,
            fronts(listener, behind, processes=serving.PROCESSES, threads=serving.THREADS, number=2) as stop,
        ):
            serving.serve_pages(behind, before_stopping=stop)
        os._exit(0)
    os.setpgid(pid, pid)
    print(pid, flush=True)
"""


class Client(threading.Thread):
    """Somebody who sends one contribution after another, and keeps the receipts that were shown."""

    def __init__(self, port, session, seals, receipts):
        super().__init__(daemon=True)
        self._port, self._session, self._seals, self._receipts = port, session, seals, receipts
        self.refused = []

    def run(self):
        token = "k" * 32
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"sessionid={self._session}; csrftoken={token}",
        }
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=300)
        try:
            while self._seals:
                text = f"Words that must not be lost: {secrets.token_hex(8)}."
                form = {
                    "text": text, "language": "en", "title": "", "seal": self._seals.pop(), "send": "1",
                    "csrfmiddlewaretoken": token,
                }  # fmt: skip
                connection.request("POST", "/en/contribute/internet-governance/1/", urlencode(form), headers)
                answer = connection.getresponse()
                page = answer.read().decode()
                if answer.status == 503 and text in page:
                    return  # the front outlived Django by a moment, and gave the words back
                if answer.status != 302:
                    self.refused.append(answer.status)
                    return
                # The address of the receipt ends in the contribution's key.
                key = int(answer.headers["Location"].strip("/").rsplit("/", 1)[-1])
                self._receipts[key] = sha256(text.encode()).hexdigest()
        except (OSError, http.client.HTTPException):
            return  # the server was killed
        finally:
            connection.close()


@pytest.fixture
def servers(installation):
    """A function that starts a server and returns its port and a function that kills it."""
    source = installation.start(code=SERVERS)

    class Group:
        def __init__(self, pid):
            self.pid = pid

        def wait(self):
            return 0

    running = []

    def start():
        port = free_port()
        source.stdin.write(f"{port}\n")
        source.stdin.flush()
        running.append(Group(int(source.stdout.readline())))
        return port, lambda group=running[-1]: kill(group)

    yield start
    for group in running:
        kill(group)
    kill(source)


def test_every_receipt_that_was_shown_is_there_after_twenty_kills(installation, servers):
    prepared = installation.run(str(2 * CLIENTS), code=PREPARE)
    assert prepared.returncode == 0, prepared.stderr
    receipts, shown = {}, 0
    clients = json.loads(prepared.stdout)
    following = servers()
    for number in range(KILLS):
        port, end = following
        assert wait_until(lambda port=port: get(port)[0] == 200)
        # Half of them, in turns: an account sends thirty texts an hour at most.
        sending = clients[number % 2 :: 2]
        senders = [Client(port, session, seals, receipts) for session, seals in sending]
        for sender in senders:
            sender.start()
        # The next server starts on the same data in the meantime, as after a restart by hand.
        following = servers()
        before = shown
        assert wait_until(lambda before=before: len(receipts) >= before + CLIENTS // 2)
        end()
        for sender in senders:
            sender.join(600)
        assert not any(sender.is_alive() for sender in senders)
        assert [sender.refused for sender in senders if sender.refused] == []
        shown = len(receipts)
        kept = dict(
            installation.ask(
                "SELECT version.contribution_id, text.sha256 FROM contributions_version AS version "
                "JOIN contributions_text AS text ON text.id = version.text_id"
            )
        )
        lost = {key for key, digest in receipts.items() if kept.get(key) != digest}
        assert lost == set(), f"{len(lost)} of {shown} receipts are lost"
    # What was recorded stands with it: each contribution has its act and its enqueued receipt.
    for statement in (
        "SELECT count(*) FROM contributions_contribution AS it WHERE NOT EXISTS (SELECT 1 FROM core_auditentry AS act "
        "WHERE act.verb = 'contribution.submitted' AND act.about_id = CAST(it.id AS text))",
        "SELECT count(*) FROM contributions_version AS it WHERE NOT EXISTS "
        "(SELECT 1 FROM core_backgroundtask AS task WHERE task.key = 'receipt-' || it.id)",
    ):
        assert installation.ask(statement) == [(0,)]
