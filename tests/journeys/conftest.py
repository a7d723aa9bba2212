"""A real browser on a real server: whole stories, as people live them."""

import os
import re
import shutil
from pathlib import Path

import pytest
from django.conf import settings

WIDTHS = {"phone": {"width": 360, "height": 800}, "desk": {"width": 1280, "height": 900}}


def chromium() -> str | None:
    """Return where Chromium is; nothing where it is not, and then the journeys are skipped aloud."""
    named = os.environ.get("PLENARA_TEST_CHROMIUM")
    return named or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def browser():
    """One Chromium for the whole run."""
    where = chromium()
    if where is None:
        pytest.skip("LEFT OUT: there is no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=where,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
        )
        yield browser
        browser.close()


class Visitor:
    """Somebody with a browser of their own; remembers what went wrong in it."""

    def __init__(
        self,
        browser,
        address: str,
        *,
        scripts: bool = True,
        width: str = "desk",
        language: str = "en",
        touch: bool = False,
    ):
        self.address = address
        self.context = browser.new_context(
            java_script_enabled=scripts, viewport=WIDTHS[width], locale=language, base_url=address, has_touch=touch
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on(
            "console", lambda line: self.faults.append(line.text) if "Content Security Policy" in line.text else None
        )
        self.page.on(
            "response",
            lambda answer: self.faults.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None,
        )
        self.page.on("dialog", lambda dialog: (self.faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))

    def goes_to(self, path: str):
        """Open a page and return it."""
        self.page.goto(path)
        return self.page

    def is_signed_in_as(self, person):
        """Carry the session of a person, as a browser does after sign-in."""
        from django.test import Client

        client = Client()
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
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


@pytest.fixture
def visitor(browser, live_server, transactional_db):
    """A function that brings a visitor, with or without scripts, on a phone or at a desk."""
    came: list[Visitor] = []

    def bring(**how) -> Visitor:
        came.append(Visitor(browser, live_server.url, **how))
        return came[-1]

    yield bring
    faults = [fault for each in came for fault in each.faults]
    for each in came:
        each.context.close()
    assert faults == [], "the browser met a fault"


def press(page, button):
    """Press a form's button and wait for the page that answers: what was sent is then done."""
    with page.expect_navigation():
        button.click()


def the_code_in(letter) -> str:
    """Return the one-time code of a letter: a line of its own."""
    found = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4}|\d{6})\s*$", letter.body, re.MULTILINE)
    assert found, letter.body
    return found[1]


def axe_script() -> str:
    """Return axe, which a package of the tests' requirements carries."""
    import axe_playwright_python

    return next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text()
