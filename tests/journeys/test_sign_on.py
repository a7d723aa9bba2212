"""Signing in with an organization's own account, in a browser: over the provider's page, and back."""

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core import mail

from plenara.accounts import actions
from plenara.accounts.models import Person
from plenara.core.tasks import run_all
from tests.accounts import identity_provider, saml_provider
from tests.accounts.test_sign_on import read
from tests.accounts.test_sign_on_saml import entry
from tests.journeys.conftest import press, the_code_in

pytestmark = [pytest.mark.browser, pytest.mark.once]


@pytest.fixture
def reed(settings):
    with identity_provider.serving() as provider:
        provider.has_page = True
        settings.SIGN_ON = read(provider.entry())
        yield provider


@pytest.fixture
def kestrel(settings, tmp_path):
    with saml_provider.serving() as provider:
        (tmp_path / "kestrel.xml").write_text(saml_provider.metadata(sso=provider.sso))
        settings.SIGN_ON = read(entry(tmp_path / "kestrel.xml"))
        yield provider


def sign_on(page, provider, button, answer="Yes, it is me"):
    """Press our button, wait for the provider's page, and press one there."""
    page.get_by_role("button", name=button).click()
    page.wait_for_url(f"{provider.url}/**")
    page.get_by_role("button", name=answer).click()
    page.wait_for_url("http://localhost:*/**")


def sign_up(page):
    page.wait_for_url("**/en/account/signup/complete/")
    assert page.input_value("#id_name") == "Noor Haddad"
    page.check("#id_accepts")
    press(page, page.locator("main form button"))


def sign_out(page):
    page.goto("/en/account/logout/")
    press(page, page.locator("main form button"))


def test_somebody_signs_up_with_openid_connect_signs_out_and_in_again_without_scripts(visitor, reed):
    page = visitor(scripts=False).goes_to("/en/account/login/?next=/en/about/how/")
    sign_on(page, reed, "Sign in with Reed Society", "Cancel")
    assert "You did not sign in with Reed Society." in page.inner_text("main")
    page.goto("/en/account/login/?next=/en/about/how/")
    sign_on(page, reed, "Sign in with Reed Society")
    sign_up(page)
    page.wait_for_url("**/en/about/how/")
    sign_out(page)
    assert "/account/login/" in page.goto("/en/my/").url
    sign_on(page, reed, "Sign in with Reed Society")
    page.wait_for_url("**/en/my/")
    assert Person.objects.get().organization == "Reed Society"


def test_somebody_signs_up_with_saml_signs_out_and_in_again(visitor, kestrel):
    page = visitor().goes_to("/en/account/login/")
    sign_on(page, kestrel, "Sign in with Kestrel Observatory")
    sign_up(page)
    page.wait_for_url("**/en/my/")
    sign_out(page)
    page.goto("/en/account/login/")
    sign_on(page, kestrel, "Sign in with Kestrel Observatory")
    page.wait_for_url("**/en/my/")
    assert Person.objects.get().organization == "Kestrel"


def test_the_owner_of_a_known_address_signs_in_first_and_then_connects_the_account(visitor, reed):
    person = actions.register(name="Noor Haddad", email="noor@people.example")
    page = visitor().goes_to("/en/account/login/")
    sign_on(page, reed, "Sign in with Reed Society")
    page.wait_for_url("**/en/account/login/**")
    assert "Your e-mail address already has an account on this site." in page.inner_text("main")
    page.fill("#id_email", person.email)
    press(page, page.get_by_role("button", name="Send me a code"))
    run_all()
    page.fill("#id_code", the_code_in(mail.outbox[-1]))
    press(page, page.locator("main form button").first)
    page.wait_for_url("**/en/my/settings/connections/")
    sign_on(page, reed, "Connect Reed Society")
    page.wait_for_url("**/en/my/settings/connections/")
    assert "From now on, you can sign in with Reed Society." in page.inner_text("body")
    assert SocialAccount.objects.get().user_id == person.pk
    sign_out(page)
    page.goto("/en/account/login/")
    sign_on(page, reed, "Sign in with Reed Society")
    page.wait_for_url("**/en/my/")
