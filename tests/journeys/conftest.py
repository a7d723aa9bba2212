"""A real browser on a real server: whole stories, as people live them."""

import datetime
import os
import re
import shutil
import threading

import pytest
import time_machine
from django.conf import settings
from django.core.signals import request_finished, request_started
from pytest_django.live_server_helper import LiveServer

from tests import databases
from tests.conftest import NOW

#: What Chromium draws of its own address bar, as two more pages in each window: the dearest part of a new profile.
ADDRESS_BAR = ["WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup"]
#: What Playwright switches off itself; it is said again because Chromium hears the last list alone.
PLAYWRIGHTS_OWN = [
    "AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose", "HttpsUpgrades", "LensOverlay", "MediaRouter", "NetworkTimeServiceQuerying",
    "OptimizationHints", "PaintHolding", "PreconnectToSearch", "TcpPortRandomizationWin",
    "ThirdPartyStoragePartitioning",
]  # fmt: skip
#: Milliseconds that a browser waits for at most: the machine may be busy.
PATIENCE = 60_000
WIDTHS = {"phone": {"width": 360, "height": 800}, "desk": {"width": 1280, "height": 900}}


def chromium() -> str | None:
    """Return where Chromium is; nothing where it is not, and then the journeys are skipped aloud."""
    named = os.environ.get("PLENARA_TEST_CHROMIUM")
    return named or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Server(LiveServer):
    """A server that knows which requests it has not answered, also of browsers that no longer wait for the answer."""

    def __init__(self, address: str):
        self._answering: set[threading.Thread] = set()
        self._changed = threading.Condition()
        request_started.connect(self._begin)
        request_finished.connect(self._end)
        super().__init__(address)

    def _begin(self, **_how):
        with self._changed:
            self._answering.add(threading.current_thread())

    def _end(self, **_how):
        with self._changed:
            self._answering.discard(threading.current_thread())
            self._changed.notify_all()

    def wait_until_answered(self):
        """Return when every request has been answered: none writes into what the next test finds."""
        own = {threading.current_thread()}  # the test client has asked here

        def are_answered():
            # A thread of another test's client may have ended without closing its answer.
            return {each for each in self._answering if each.is_alive()} <= own

        with self._changed:
            assert self._changed.wait_for(are_answered, PATIENCE / 1000), self._answering


@pytest.fixture(scope="session")
def server(django_db_setup, django_db_blocker):
    """One server for the whole run. What it reads must be there for its threads too: written, and not undone."""
    with django_db_blocker.unblock():
        it = Server("localhost")
    yield it
    it.stop()


@pytest.fixture(scope="session")
def browser(server):
    """One Chromium for the whole run, closed before the server is."""
    where = chromium()
    if where is None:
        pytest.skip("LEFT OUT: there is no Chromium on this machine")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=where,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--no-first-run",
                f"--disable-features={','.join([*PLAYWRIGHTS_OWN, *ADDRESS_BAR])}",
            ],
        )
        yield browser
        browser.close()


class Contexts:
    """The profiles of a browser. To make one costs as much as ten pages, so each is wiped and lent again."""

    def __init__(self, browser):
        self._browser = browser
        self._free = {}

    def lend(self, *, alone=False, **how):
        """Return a page in a profile of its own, and what it is given back with."""
        key = tuple(sorted(how.items()))
        if not alone and (free := self._free.get(key)):
            return free.pop(), key
        return self._browser.new_context(**how).new_page(), key

    def take_back(self, page, key):
        """Wipe a profile of all that its visitor left there."""
        page.goto("about:blank")
        page.emulate_media(media="null", reduced_motion="null")
        page.context.clear_cookies()
        wiping = page.context.new_cdp_session(page)
        wiping.send("Network.clearBrowserCache")  # a page of the next test may have the same address and tag
        stored = {"origin": dict(key)["base_url"], "storageTypes": "local_storage"}
        wiping.send("Storage.clearDataForOrigin", stored)
        wiping.detach()
        self._free.setdefault(key, []).append(page)


@pytest.fixture(scope="session")
def contexts(browser):
    return Contexts(browser)


class Visitor:
    """Somebody with a browser of their own; remembers what went wrong in it."""

    def __init__(
        self,
        contexts,
        address: str,
        *,
        scripts: bool = True,
        width: str = "desk",
        language: str = "en",
        touch: bool = False,
        alone: bool = False,
    ):
        """Take a page; `alone` is for who changes the browser itself, which then serves nobody else."""
        self.address, self.is_alone, self._contexts = address, alone, contexts
        how = {"java_script_enabled": scripts, "locale": language, "has_touch": touch, "base_url": address}
        self.page, self._key = contexts.lend(alone=alone, **how)
        self.context = self.page.context
        self.page.set_viewport_size(WIDTHS[width])
        self.page.set_default_timeout(PATIENCE)
        self.errors: list[str] = []
        self._asked: set[object] = set()
        self._heard = {
            "request": lambda request: self._asked.add(request),
            "requestfinished": lambda request: self._asked.discard(request),
            "requestfailed": lambda request: self._asked.discard(request),
            "pageerror": lambda error: self.errors.append(f"script: {error}"),
            "console": lambda line: self.errors.append(line.text) if "Content Security Policy" in line.text else None,
            "response": lambda answer: (
                self.errors.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None
            ),
            "dialog": lambda dialog: (self.errors.append(f"dialog: {dialog.message}"), dialog.dismiss()),
        }
        for event, heard in self._heard.items():
            self.page.on(event, heard)

    def leaves(self):
        """Give the page back, or close it, when it has all that it asked for."""
        for _moment in range(PATIENCE // 10):
            if not self._asked:
                break
            self.page.wait_for_timeout(10)
        for event, heard in self._heard.items():
            self.page.remove_listener(event, heard)
        if self.is_alone:
            self.context.close()
        else:
            self._contexts.take_back(self.page, self._key)

    def goes_to(self, path: str):
        """Open a page and return it."""
        self.page.goto(path)
        return self.page

    def is_signed_in_as(self, person, client=None):
        """Carry the session of a person, as a browser does after sign-in; a test client can carry it too."""
        from django.test import Client

        client = client or Client()
        client.force_login(person, backend="plenara.accounts.adapter.Backend")
        self.context.add_cookies(
            [
                {
                    "name": settings.SESSION_COOKIE_NAME,
                    "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                    "url": self.address,
                }
            ]
        )
        return self


def _bringing(contexts, server):
    """Give a function that brings a visitor; see behind the test that nobody met a error."""
    came: list[Visitor] = []

    def bring(**how) -> Visitor:
        came.append(Visitor(contexts, server.url, **how))
        return came[-1]

    yield bring
    errors = [error for each in came for error in each.errors]
    for each in came:
        each.leaves()
    server.wait_until_answered()
    assert errors == [], "the browser met a error"


@pytest.fixture
def visitor(contexts, server, transactional_db):
    """A function that brings a visitor, with or without scripts, on a phone or at a desk."""
    yield from _bringing(contexts, server)


@pytest.fixture
def looks(contexts, server):
    """The same for tests that only look at a world which their module has made, and which stays when they are over."""
    yield from _bringing(contexts, server)


@pytest.fixture(scope="module")
def place(django_db_setup, django_db_blocker):
    """A world with something of every kind (`pages.py`), for modules whose tests only look: they leave it as it is."""
    from tests.journeys.pages import everything

    with django_db_blocker.unblock():
        try:
            # A moment ago, so that nothing in it has expired.
            with time_machine.travel(NOW - datetime.timedelta(minutes=5)):
                made = everything()
            yield made
        finally:
            databases.empty_tables()


def press(page, button):
    """Press a form's button and wait for the page that answers: what was sent is then done."""
    with page.expect_navigation():
        button.click()


def the_code_in(letter) -> str:
    """Return the one-time code of an e-mail: a line of its own."""
    found = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4}|\d{6})\s*$", letter.body, re.MULTILINE)
    assert found, letter.body
    return found[1]
