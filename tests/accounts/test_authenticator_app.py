"""An authenticator app (TOTP) as the second factor: added, asked for, used once, limited, removed, exported."""

import base64
import json
import re
import time
import zipfile
from io import BytesIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.cache import cache

from plenara.accounts import actions
from plenara.accounts.personal_data.export import write_export
from tests import world
from tests.accounts.conftest import NEW, ask_for_code, code_in, enter_code, newest_with_code, sent, whose

pytestmark = pytest.mark.django_db

ADD, REMOVE, ASKED = "/en/account/2fa/app/add/", "/en/account/2fa/app/remove/", "/en/account/2fa/authenticate/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def no_used_codes():
    """It is the same time in each test, and allauth notes used codes in the cache."""
    cache.clear()


@pytest.fixture
def known(db):
    return actions.register(name="Noor Haddad", email=NEW)


@pytest.fixture
def protected(known):
    """Somebody with an authenticator app."""
    known.app = TOTP.activate(known, SECRET).instance
    return known


@pytest.fixture
def fresh(monkeypatch):
    """Whoever is signed in confirmed a moment ago that it is them."""
    monkeypatch.setattr("allauth.account.internal.flows.reauthentication.did_recently_reauthenticate", lambda of: True)


def code(secret=SECRET, periods=0):
    """Return what the app shows now, or some periods of 30 seconds later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + periods))


def signs_in(client):
    """Enter the code from the e-mail, and come to the page that asks for the second factor."""
    ask_for_code(client, NEW)
    assert enter_code(client, code_in(newest_with_code(sent()))).url == ASKED


def test_a_person_adds_an_app_by_its_first_code_and_gets_recovery_codes_and_an_e_mail(
    client, known, sign_in, django_capture_on_commit_callbacks
):
    page = sign_in(known).get(ADD).content.decode()
    svg = base64.b64decode(re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', page)[1]).decode()
    assert "<svg" in svg and 'fill="white"' in svg
    secret = re.search(r"<code[^>]*>([A-Z2-7]{32})</code>", page)[1]
    answer = client.post(ADD, {"code": "000000" if code(secret) != "000000" else "000001"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "This is not the code that the app shows now." in page
    assert secret in page  # the same key: the app has it already
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(ADD, {"code": code(secret)})
    assert answer.url == "/en/account/2fa/recovery-codes/"
    assert sorted(Authenticator.objects.filter(user=known).values_list("type", flat=True)) == ["recovery_codes", "totp"]
    assert sent()[-1].subject == "An authenticator app has been added"
    page = client.get("/en/account/2fa/").content.decode()
    assert "You added an app on 14 October 2026." in page and "See my recovery codes" in page


@pytest.mark.parametrize("digits", ["0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "０１２３４５６７８９"])
def test_after_a_code_by_e_mail_the_apps_code_is_asked_for_and_taken_in_any_digits(client, protected, digits):
    signs_in(client)
    page = client.get(ASKED).content.decode()
    assert "Enter the code that your authenticator app shows now" in page and "passkey_authenticate" not in page
    assert client.post(ASKED, {"code": code().translate(str.maketrans("0123456789", digits))}).url == "/en/my/"
    assert whose(client) == protected.pk


def test_a_clock_may_be_half_a_minute_wrong_and_no_more(client, protected):
    signs_in(client)
    assert client.post(ASKED, {"code": code(periods=2)}).status_code == 422
    assert client.post(ASKED, {"code": code(periods=-2)}).status_code == 422
    assert client.post(ASKED, {"code": code(periods=-1)}).status_code == 302


def test_a_code_works_once_whichever_process_checks_it(client, another_browser, protected):
    signs_in(client)
    used = code()
    assert client.post(ASKED, {"code": used}).status_code == 302
    cache.clear()  # that of another process
    signs_in(another_browser)
    answer = another_browser.post(ASKED, {"code": used})
    assert answer.status_code == 422 and whose(another_browser) is None
    assert "This code has already been used." in answer.content.decode()
    assert another_browser.post(ASKED, {"code": code(periods=1)}).status_code == 302


def test_ten_wrong_codes_an_hour_end_it(client, protected, noon):
    signs_in(client)
    wrong = next(each for each in ("000000", "111111") if each not in {code(), code(periods=1), code(periods=-1)})
    for _guess in range(10):
        assert client.post(ASKED, {"code": wrong}).status_code == 422
    assert client.post(ASKED, {"code": code()}).status_code == 429
    assert whose(client) is None


def test_a_person_with_a_passkey_and_an_app_may_use_either(client, protected, monkeypatch):
    monkeypatch.setattr("allauth.mfa.webauthn.internal.auth.get_credentials", lambda user: [])
    Authenticator.objects.create(user=protected, type="webauthn", data={"name": "Phone", "credential": {}})
    signs_in(client)
    page = client.get(ASKED).content.decode()
    assert "Your account has a passkey and an authenticator app." in page and "passkey_authenticate" in page


def test_the_app_confirms_before_something_important(client, protected, sign_in):
    sign_in(protected)
    answer = client.get("/en/my/data/")
    assert answer.url == "/en/account/2fa/reauthenticate/?next=%2Fen%2Fmy%2Fdata%2F"
    assert "Code from the app, or recovery code" in client.get(answer.url).content.decode()
    assert client.post(answer.url, {"code": code(), "next": "/en/my/data/"}).url == "/en/my/data/"


def test_its_owner_removes_it_and_the_recovery_codes_with_it(client, protected, sign_in, fresh):
    page = sign_in(protected).get(REMOVE).content.decode()
    assert "Codes from the app will no longer work." in page
    assert client.post(REMOVE).url == "/en/account/2fa/"
    assert not Authenticator.objects.filter(user=protected).exists()
    assert sent()[-1].subject == "The authenticator app has been removed"


def test_an_organizer_removes_it_for_a_person_who_lost_the_phone(client, protected, sign_in):
    organizer = world.person("Wei Zhang", is_organizer=True)
    page = sign_in(organizer).get(f"/en/desk/people/{protected.pk}/").content.decode()
    assert "Lost passkey or authenticator app" in page
    client.post(f"/en/desk/people/{protected.pk}/", {"do": "remove_passkeys", "proof": "met"})
    assert not Authenticator.objects.filter(user=protected).exists()


def test_the_export_names_it_without_its_key(protected):
    file = BytesIO()
    write_export(protected, file)
    with zipfile.ZipFile(file) as archive:
        rows = json.loads(archive.read("sign_in.json"))
        assert all(SECRET not in archive.read(each).decode() for each in archive.namelist())
    assert [each["what"] for each in rows] == ["totp"]
