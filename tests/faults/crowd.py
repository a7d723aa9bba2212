"""Who uses the installation while it fails: clients that submit one contribution after another, and readers."""

import http.client
import json
import secrets
import threading
import time
from collections import deque
from hashlib import sha256
from html import unescape
from urllib.parse import urlencode

import httpx

from tests.faults.served import BOUND
from tests.installations import Installation, wait_until

CLIENTS, READERS, PERSONS = 5, 2, 300
CONSULTATION = "/en/consultations/internet-governance/"
PAGES = ("/en/", "/en/consultations/", CONSULTATION, f"{CONSULTATION}threads/1/")
FORM = "/en/contribute/internet-governance/1/"

#: Makes a consultation that publishes at once, and persons who are signed in; prints what a form of each needs.
PREPARE = """
import json, sys
from plenara.operations import startup
startup.start()
from plenara.accounts.sessions import SessionStore
from django.core import signing
from plenara.core import clock
from tests import world
now = clock.now()
consultation = world.consultation(threads=1, word_limit=None, symbol="FAULTS/2026", moderation="after")
thread = consultation.threads.get()
forms = []
for number in range(int(sys.argv[1])):
    person = world.person(f"Client {number}")
    session = SessionStore()
    session["_auth_user_id"] = str(person.pk)
    session["_auth_user_backend"] = "plenara.accounts.adapter.Backend"
    session["_auth_user_hash"] = person.get_session_auth_hash()
    session.save()
    for each in range(28):
        seal = [f"key-{number}-{each}", person.pk, thread.pk, 0, int(now.timestamp())]
        forms.append([session.session_key, signing.dumps(seal, salt="plenara.contribute")])
print(json.dumps(forms))
"""


class FormWithPaper:
    """A form with a file, which is sent as it stands until it is taken."""

    def __init__(self, port: int, session: str, seal: str):
        self._port, self._session = port, session
        self.text = f"Words beside a paper: {secrets.token_hex(8)}."
        self._form = {"text": self.text, "language": "en", "title": "", "seal": seal, "send": "1"}

    def send(self) -> httpx.Response:
        """Send it and return what is answered."""
        token = "k" * 32
        return httpx.post(
            f"http://127.0.0.1:{self._port}{FORM}",
            data=self._form | {"csrfmiddlewaretoken": token},
            files={"paper": ("paper.txt", f"Longer document. {self.text}".encode())},
            headers={"Cookie": f"sessionid={self._session}; csrftoken={token}"},
            timeout=60,
        )


class Crowd:
    """Clients and readers at a port, and what they saw."""

    def __init__(self, installation: Installation, port: int, persons: int = PERSONS, clients: int = CLIENTS):
        prepared = installation.run(str(persons), code=PREPARE)
        assert prepared.returncode == 0, prepared.stderr
        forms = json.loads(prepared.stdout)
        # An account sends thirty texts an hour at most: they take turns.
        self._forms = deque(sorted(forms, key=lambda _form: secrets.token_hex(4)))
        self._port, self._clients = port, clients
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self.receipts: dict[int, str] = {}
        self.wrong: list[str] = []  # answers that nobody should have got
        self.odd: list[str] = []  # pages that were not shown, for who looks for the reason
        self.refused = self.refused_with_text = self.shown = self.not_shown = self.stale = self.broken = 0

    def __enter__(self) -> "Crowd":
        self._threads = [threading.Thread(target=self._send_on, daemon=True) for _each in range(self._clients)]
        self._threads += [threading.Thread(target=self._read_on, daemon=True) for _each in range(READERS)]
        for each in self._threads:
            each.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        for each in self._threads:
            each.join(60)

    def has_receipts(self, more: int, since: int) -> bool:
        """Say whether so many more were acknowledged."""
        return len(self.receipts) >= since + more

    def form_with_paper(self) -> FormWithPaper:
        """Return a form that nobody sends yet."""
        return FormWithPaper(self._port, *self._forms.pop())

    def note_refusal(self, answer: httpx.Response, form: FormWithPaper) -> None:
        """Count an answer that refuses a form, and whether it says so and gives the text back."""
        with self._lock:
            self.refused += 1
            self.refused_with_text += _keeps(answer.text, form.text)

    def _ask(self, method: str, path: str, body: str = "", headers: dict[str, str] | None = None):
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=40)
        try:
            connection.request(method, path, body or None, headers or {})
            answer = connection.getresponse()
            return answer, answer.read().decode(errors="replace")
        finally:
            connection.close()

    def _read_on(self) -> None:
        turn = 0
        while not self._over.is_set():
            turn += 1
            path = PAGES[turn % len(PAGES)]
            began = time.monotonic()
            try:
                answer, page = self._ask("GET", path)
            except (OSError, http.client.HTTPException) as error:
                with self._lock:
                    self.broken += 1
                    self.odd.append(f"{path} {error!r} after {time.monotonic() - began:.1f} s")
            else:
                with self._lock:
                    self.shown += answer.status == 200
                    self.not_shown += answer.status != 200
                    if answer.status not in {200, 503}:
                        self.wrong.append(f"{path} {answer.status}")
                    if answer.status != 200:
                        self.odd.append(f"{path} {answer.status} after {time.monotonic() - began:.1f} s: {page[-200:]}")
                    self.stale += "ttl=-" in (answer.headers["Cache-Status"] or "")
            self._over.wait(0.05)

    def _send_on(self) -> None:
        while not self._over.is_set() and self._forms:
            self._send(*self._forms.pop())
            self._over.wait(0.1)

    def _send(self, session: str, seal: str) -> None:
        """Send one form until it is taken: what is refused or cut off is sent again as it stands."""
        token = "k" * 32
        text = f"Words that must not be lost: {secrets.token_hex(8)}."
        form = {"text": text, "language": "en", "title": "", "seal": seal, "send": "1", "csrfmiddlewaretoken": token}
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"sessionid={session}; csrftoken={token}",
        }
        while True:
            try:
                answer, page = self._ask("POST", FORM, urlencode(form), headers)
            except (OSError, http.client.HTTPException):
                if self._over.wait(0.2):
                    return
                continue
            if answer.status == 302 and "/my/contributions/" in answer.headers["Location"]:
                # The address of the receipt ends in the contribution's key.
                key = int(answer.headers["Location"].strip("/").rsplit("/", 1)[-1])
                with self._lock:
                    self.receipts[key] = sha256(text.encode()).hexdigest()
                return
            with self._lock:
                if answer.status != 503:
                    self.wrong.append(f"{answer.status} {answer.headers['Location'] or page[-1500:]}")
                    return
                self.refused += 1
                self.refused_with_text += _keeps(page, text)
            if self._over.wait(0.3):
                return


def used(crowd: Crowd, more: int = 5) -> float:
    """Wait until so many more contributions were acknowledged; return after how many seconds that was."""
    began, before = time.monotonic(), len(crowd.receipts)
    assert wait_until(lambda: crowd.has_receipts(more, before), BOUND), crowd.wrong
    return time.monotonic() - began


def _keeps(page: str, text: str) -> bool:
    """Say whether a page gives a text back and says in a sentence that something is to be minded."""
    return text in unescape(page) and 'role="alert"' in page
