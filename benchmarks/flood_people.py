"""The people of a flood: honest ones over HTTP, page by page, and those who send a campaign text in bulk."""

import random
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from benchmarks.flood_texts import LETTERS, letter
from benchmarks.playing import Browser, Postbox
from benchmarks.search import vocabulary
from tests.background import enqueue

CODE = r"\b\d{4}-\d{4}\b"
GROUPS = ("government", "private_sector", "civil_society", "technical_academic", "other")
#: Seconds that somebody waits for a code before they give up.
PATIENCE = 180.0


@dataclass
class Outcomes:
    """The results: how long each step took, its outcome, and the last step of those who failed."""

    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    through: int = 0
    ended: Counter[str] = field(default_factory=Counter)


class Person:
    """A person who signs up, enters the code from the e-mail, sets a byline, and sends a text."""

    def __init__(self, number: int, kind: str, port: int, place: str, postbox: Postbox) -> None:
        self.name, self.address = f"{kind.title()} {number}", f"{kind}{number}@people.example"
        self._browser, self._postbox = Browser(port, place), postbox
        self._sent = 0.0

    def come(self, outcomes: Outcomes, path: str, text: str, language: str) -> None:
        """Do all steps, and store the results."""
        steps: dict[str, Any] = {
            "sign up": self._sign_up,
            "code by mail": self._wait_for_code,
            "enter it": self._enter_code,
            "byline": self._byline,
            "preview": lambda: self._preview(path, text, language),
            "send": lambda: self._send(path, text, language),
        }
        self._began = time.monotonic()
        for name, step in steps.items():
            began = time.perf_counter()
            try:
                step()
            except Exception as error:
                outcomes.ended[f"{name}: {error!r}"[:90]] += 1
                break
            outcomes.took[name].append(time.perf_counter() - began)
        else:
            self._sent, outcomes.through = time.monotonic(), outcomes.through + 1
        self._browser.close()

    def receipt(self) -> float | None:
        """Return after how many seconds the receipt came; None if none did. Called at the end."""
        came = self._postbox.when(self.address, r"SHA-256")
        return max(0.0, came - self._sent) if came and self._sent else None

    def _sign_up(self) -> None:
        self._browser.get("/en/account/signup/")
        values = {"name": self.name, "email": self.address, "accepts": "on", "website": ""}
        self._browser.post("/en/account/signup/", values)
        self._browser.get("/en/account/confirm-email/")

    def _wait_for_code(self) -> None:
        self._code = self._postbox.wait_for(self.address, CODE, self._began, PATIENCE)

    def _enter_code(self) -> None:
        self._browser.post("/en/account/confirm-email/", {"code": self._code})

    def _byline(self) -> None:
        self._browser.get("/en/my/byline/")
        byline = {"stakeholder_group": "civil_society", "capacity": "individual", "country": "ML", "organization": ""}
        self._browser.post("/en/my/byline/", {**byline, "next": ""})

    def _preview(self, path: str, text: str, language: str) -> None:
        self._browser.get(path)
        self._browser.post(path, self._words(text, language) | {"preview": ""}, (200,))

    def _send(self, path: str, text: str, language: str) -> None:
        self._browser.post(path, self._words(text, language) | {"send": ""})

    def _words(self, text: str, language: str) -> dict[str, str]:
        return {"text": text, "language": language, "title": "", "seal": self._browser.hidden("seal")}


class Words:
    """Unique texts from the words of six languages."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)
        self._known = {language: vocabulary(language) for language in LETTERS}

    def text(self, language: str) -> str:
        """Return a text of some length, with sentences."""
        known, rng = self._known[language][:6000], self._rng
        joined = "" if language == "zh" else " "
        sentences = [
            joined.join(rng.choice(known) for _word in range(rng.randint(8, 20))) for _each in range(rng.randint(3, 9))
        ]
        return (". " if joined else "。").join(sentences) + "."


def place_of_flood(source: int) -> str:
    """Return one of the few IP addresses of the flood."""
    return f"198.51.100.{source % 250 + 1}"


def letters_of(people: int, seed: int) -> list[tuple[str, str]]:
    """Return the language and text of each campaign text of a flood: as many in each language."""
    rng, languages = random.Random(seed), list(LETTERS)
    return [
        (languages[n % len(languages)], letter(languages[n % len(languages)], rng, f"Bulk {n}")) for n in range(people)
    ]


def send_in_bulk(people: int, sources: int, seconds: float, threads: dict[str, int], seed: int) -> dict[str, Any]:
    """Let so many people sign up and send a campaign text within so many seconds, by the product's own actions.

    It also does the rest of the pages' work: the limits are counted, an e-mail with a code is enqueued. Returns the
    results; runs in a process of its own.
    """
    import datetime
    import secrets

    from django.test import RequestFactory

    from plenara.accounts import actions, limits, queries
    from plenara.consultations.models import Thread
    from plenara.contributions.actions import submit
    from plenara.core import clock
    from plenara.core.models import Queue
    from plenara.core.refusals import ActionRefused

    questions = {language: Thread.objects.select_related("consultation").get(pk=pk) for language, pk in threads.items()}
    counts: Counter[str] = Counter()
    began = time.monotonic()
    for n, (language, text) in enumerate(letters_of(people, seed)):
        time.sleep(max(0.0, began + seconds * n / people - time.monotonic()))
        ip, address = place_of_flood(n % sources), f"bulk{n}@people.example"
        request = RequestFactory().post("/", REMOTE_ADDR=ip, HTTP_X_FORWARDED_FOR=ip)
        try:
            limits.spend("sign_up", ip=ip, address=address)
        except ActionRefused:
            counts["refused at sign-up"] += 1
            continue
        person = actions.sign_up(
            name=f"Bulk {n}", email=address, language=language, joined_from=limits.place_of(request)
        )
        enqueue(
            "accounts.letter", key=f"account-{secrets.token_hex(16)}", name=f"bulk-{n}", address=address,
            template="email_confirmation_signup", language=language, context={"code": "1234-5678"},
            until=(clock.now() + datetime.timedelta(minutes=15)).isoformat(),
            queue=Queue.DEFAULT if queries.has_many_sign_ups(ip) else Queue.URGENT,
        )  # fmt: skip
        person.emailaddress_set.update(verified=True)
        actions.set_byline(actor=person, stakeholder_group=GROUPS[n % 5], capacity="individual", country="ML")
        try:
            submit(actor=person, thread=questions[language], text=text, language=language)
            counts["sent"] += 1
        except ActionRefused as refused:
            counts[f"refused: {refused.code}"] += 1
    return {"results": dict(counts), "seconds": time.monotonic() - began}
