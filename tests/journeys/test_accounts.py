"""Signing up and in, as people do it: without scripts, in three scripts, and with a passkey."""

import re

import pytest
from django.core import mail

from plenara.accounts import actions
from plenara.accounts.models import Person
from plenara.core.tasks import run_all
from tests.journeys.conftest import the_code_in

pytestmark = [pytest.mark.browser, pytest.mark.once]


def enter_code(page):
    """Wait until the page asks for the code, and enter the one that came by mail."""
    page.wait_for_selector("#id_code")
    page.fill("#id_code", last_code())
    page.keyboard.press("Enter")


def last_code():
    run_all()
    return the_code_in(mail.outbox[-1])


@pytest.mark.parametrize("language", ["ar", "zh"])  # in English: `test_contribution.py`
def test_somebody_signs_up_says_for_whom_they_speak_and_signs_in_again_without_scripts(visitor, language):
    page = visitor(scripts=False, width="phone").goes_to(f"/{language}/account/signup/")
    page.fill("#id_name", "سمير حداد")
    page.fill("#id_email", "samir@people.example")
    page.check("#id_accepts")
    page.keyboard.press("Enter")
    enter_code(page)
    page.wait_for_url(f"**/{language}/my/")
    page.goto(f"/{language}/my/byline/")
    page.check("input[value=civil_society]")
    page.check("input[value=individual]")
    page.select_option("#id_country", "LB")
    page.click("main form button")
    page.wait_for_url(f"**/{language}/my/settings/")
    page.goto(f"/{language}/account/logout/")
    page.click("main form button")
    page.goto(f"/{language}/account/login/")
    page.fill("#id_email", "samir@people.example")
    page.keyboard.press("Enter")
    enter_code(page)
    page.wait_for_url(f"**/{language}/my/")
    person = Person.objects.get()
    assert (person.name, person.language, person.country) == ("سمير حداد", language, "LB")


def test_a_passkey_is_added_signs_in_and_asks_for_itself_after_a_code(visitor):
    noor = visitor(alone=True)
    page = noor.goes_to("/en/account/login/")
    device = noor.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    actions.register(name="Noor Haddad", email="noor@people.example")

    def by_code():
        page.goto("/en/account/login/")
        page.fill("#id_email", "noor@people.example")
        page.keyboard.press("Enter")
        enter_code(page)

    def sign_out():
        page.goto("/en/account/logout/")
        page.click("main form button")

    by_code()
    page.wait_for_url("**/en/my/")
    page.goto("/en/account/2fa/passkeys/add/")
    page.fill("#id_name", "My phone")
    page.click("#passkey_add")
    # The recovery codes are shown to who confirms with the new passkey.
    page.click("#passkey_reauthenticate")
    page.wait_for_url("**/en/account/2fa/recovery-codes/")
    codes = page.locator("main li code").all_inner_texts()
    assert len(codes) == 10
    page.goto("/en/account/2fa/")
    assert "My phone" in page.inner_text("main")
    run_all()
    assert mail.outbox[-1].subject == "A passkey has been added"

    sign_out()
    page.goto("/en/account/login/?next=/en/my/settings/")
    page.click("text=Sign in with a passkey")
    page.click("#passkey_login")
    page.wait_for_url(re.compile(r"^[^?]*/en/my/settings/$"))

    sign_out()
    by_code()
    page.wait_for_url("**/en/account/2fa/authenticate/")
    page.fill("#id_code", "00000000")
    page.keyboard.press("Enter")
    page.wait_for_selector(".errors")
    assert "We could not confirm that it is you." in page.inner_text("main")
    page.fill("#id_code", codes[0])
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/my/")

    page.goto("/en/account/2fa/passkeys/")
    page.click("text=Remove")
    if "reauthenticate" in page.url:
        page.click("#passkey_reauthenticate")
    page.click("main form button")
    page.wait_for_url("**/en/account/2fa/passkeys/")
    assert "You have no passkey yet." in page.inner_text("main")


def test_a_browser_without_a_passkey_says_so(visitor):
    page = visitor().goes_to("/en/account/login/")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('cancelled')) }")
    page.click("text=Sign in with a passkey")
    page.click("#passkey_login")
    page.wait_for_selector("#passkey-trouble:not(:empty)")
    assert "Try again, or use another way." in page.inner_text("#passkey-trouble")


def test_a_device_that_has_a_passkey_is_refused(visitor):
    person = actions.register(name="Noor Haddad", email="noor@people.example")
    page = visitor().is_signed_in_as(person).goes_to("/en/account/2fa/passkeys/add/")
    page.evaluate(
        "() => { navigator.credentials.create = async () => { throw new DOMException('', 'InvalidStateError') } }"
    )
    page.click("#passkey_add")
    page.wait_for_selector("#passkey-trouble:not(:empty)")
    assert "Add the next passkey on another device" in page.inner_text("#passkey-trouble")


def test_a_site_that_is_opened_by_its_number_says_why_it_takes_no_passkey(visitor):
    noor = visitor()
    page = noor.goes_to(f"{noor.address.replace('localhost', '127.0.0.1')}/en/account/login/")
    page.click("text=Sign in with a passkey")
    assert "Open the site by its name. On your own computer, use localhost." in page.inner_text("#passkey-none")
    assert page.locator("#passkey_login").is_hidden()
    alone = visitor(scripts=False).goes_to("/en/account/login/")  # nor does one without scripts press it in vain
    alone.click("text=Sign in with a passkey")
    assert "needs JavaScript" in alone.inner_text("main") and alone.locator("#passkey_login").is_hidden()
