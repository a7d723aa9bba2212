"""A person's own settings."""

import pytest

from plenara.accounts.models import Person
from tests import world

pytestmark = pytest.mark.django_db


def test_name_and_language_of_mails_are_changed(client, participant, sign_in):
    sign_in(participant)
    answer = client.post("/en/my/settings/", {"name": "  Dan  Okafor", "language": "fr"})
    assert answer.url == "/en/my/settings/"
    kept = Person.objects.get(pk=participant.pk)
    assert (kept.name, kept.language) == ("Dan Okafor", "fr")
    assert "Your settings have been saved." in client.get(answer.url).content.decode()


def test_the_page_leads_to_address_password_and_passkeys(client, participant, sign_in):
    sign_in(participant)
    page = client.get("/en/my/settings/").content.decode()
    for address in ("email/", "password/set/", "2fa/"):
        assert f'href="/en/account/{address}"' in page
    assert 'href="/en/my/byline/"' in page


@pytest.mark.parametrize(("name", "language"), [("", "en"), ("...", "en"), ("me@people.example", "en"), ("Dan", "de")])
def test_what_cannot_be_stored_is_named_and_stays_typed(client, participant, sign_in, name, language):
    sign_in(participant)
    answer = client.post("/en/my/settings/", {"name": name, "language": language})
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert f'value="{name}"' in answer.content.decode() or not name


def test_who_has_no_name_yet_is_led_on_to_setting_up_after_giving_one(client, sign_in):
    first = world.person("", is_organizer=True)
    sign_in(first)
    answer = client.post("/en/my/settings/", {"name": "Wei Zhang", "language": "zh", "next": "/en/my/"})
    assert answer.url == "/en/desk/installation/?next=%2Fen%2Fmy%2F"
