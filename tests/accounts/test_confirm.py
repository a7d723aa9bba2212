"""The page that asks somebody to confirm who they are says for what."""

import pytest

from plenara.accounts import actions
from tests.accounts.conftest import NEW

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("/en/my/data/", "Confirm that it is you before you download your data."),
        ("/en/my/data/erase/", "Confirm that it is you before you erase your account."),
        ("/en/account/email/", "Confirm that it is you before you change how you sign in."),
    ],
)
def test_the_page_says_why_it_asks(client, sign_in, wanted, words):
    person = actions.register(name="Noor Haddad", email=NEW)
    person.set_password("seven lanterns by the quay")
    person.save()
    sign_in(person)
    answer = client.get(wanted)
    assert answer.url.startswith("/en/account/reauthenticate/")
    assert words in client.get(answer.url).content.decode()
    again = client.post(answer.url, {"password": "wrong", "next": wanted})
    assert again.status_code == 422 and words in again.content.decode()
