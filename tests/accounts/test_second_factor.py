"""The installation requires a second factor of people with a role: who sets it, and how one gets to the desk again."""

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara.accounts import actions
from plenara.accounts.models import Installation
from plenara.accounts.queries import installation_row, one_time_link
from plenara.consultations.models import Consultation
from plenara.core import clock
from plenara.core.models import AuditEntry
from plenara.core.refusals import InvalidInput
from tests import world
from tests.accounts.test_installation import FIELDS, set_up

pytestmark = pytest.mark.django_db

FIRST = "Add a passkey or an authenticator app to your own account first."
NEITHER = "Your account has neither."


def protect(person, kind="webauthn"):
    Authenticator.objects.create(user=person, type=kind, data={"name": "Phone", "credential": {}})
    return person


@pytest.fixture
def required(db):
    Installation.objects.update_or_create(pk=1, defaults={"requires_second_factor": True})


def test_an_organizer_who_has_one_turns_it_on_and_off_and_the_change_is_recorded(client, organizer, sign_in):
    sign_in(protect(organizer))
    client.post("/en/desk/installation/", {**FIELDS, "requires_second_factor": "on"})
    assert installation_row().requires_second_factor
    assert AuditEntry.objects.filter(verb="installation.set_up").last().details["requires_second_factor"] is True
    set_up(organizer)  # whoever does not ask about it leaves it
    assert installation_row().requires_second_factor
    client.post("/en/desk/installation/", FIELDS)
    assert not installation_row().requires_second_factor


@pytest.mark.parametrize("kind", [None, "recovery_codes"])
def test_an_organizer_who_lacks_one_is_refused_at_the_field_and_what_was_typed_stays(client, organizer, sign_in, kind):
    if kind:
        protect(organizer, kind)
    answer = sign_in(organizer).post("/en/desk/installation/", {**FIELDS, "requires_second_factor": "on"})
    page = answer.content.decode()
    assert answer.status_code == 422 and FIRST in page and 'value="River House"' in page
    assert not installation_row().requires_second_factor
    with pytest.raises(InvalidInput, match=FIRST):
        set_up(organizer, requires_second_factor=True)


def test_the_page_says_what_to_do_in_six_languages(client, organizer, sign_in, required):
    sign_in(organizer)
    for language in ("ar", "en", "es", "fr", "ru", "zh"):
        answer = client.get(f"/{language}/desk/")
        assert answer.status_code == 403 and "no-store" in answer["Cache-Control"]
        page = answer.content.decode()
        assert f"/{language}/account/2fa/passkeys/add/" in page and f"/{language}/account/2fa/app/add/" in page
        assert (NEITHER in page) == (language == "en")


def test_what_was_typed_is_given_back_and_can_be_sent_again(client, organizer, sign_in, required):
    sign_in(organizer)
    answer = client.post("/en/desk/installation/", {**FIELDS, "csrfmiddlewaretoken": "x"})
    page = answer.content.decode()
    assert answer.status_code == 403 and "What you sent was not saved." in page
    assert "River House" in page and 'name="controller_en"' in page and '<form method="post">' in page
    assert not installation_row().is_set_up


def test_an_operators_link_leads_to_the_page_that_adds_a_passkey_and_then_to_the_desk(client, required):
    organizer = world.person("Wei Zhang", is_organizer=True)
    link = one_time_link(organizer).removeprefix("http://127.0.0.1:8000")
    assert client.post(link).status_code == 302
    assert client.get("/en/desk/").status_code == 403
    for way in ("passkeys", "app"):
        assert client.get(f"/en/account/2fa/{way}/add/").status_code == 200
    protect(organizer)
    assert client.get("/en/desk/").status_code == 200


def test_other_pages_ask_for_none_and_people_without_a_role_have_none_to_add(client, participant, sign_in, required):
    sign_in(participant)
    for path in ("my/", "my/settings/", "contribute/internet-governance/1/"):
        assert NEITHER not in client.get(f"/en/{path}").content.decode()
    answer = client.get("/en/desk/")
    assert answer.status_code == 403 and NEITHER not in answer.content.decode()


def test_removing_the_factor_of_a_person_with_a_role_then_takes_a_second_organizer(required):
    moderator = protect(world.grant(world.person("Noor Haddad"), world.consultation(), "moderator"))
    assert actions.passkeys_removal_takes_two(moderator)
    assert not actions.passkeys_removal_takes_two(protect(world.person("Ana Prieto")))


# --- the list at the desk ---

NONE = "no passkey or app"


@pytest.fixture
def staff(consultation):
    """A moderator with a passkey, a rapporteur with nothing but recovery codes, and people who are no staff."""
    world.person("Without a role")
    world.grant(world.person("Suspended", suspended_at=clock.now()), consultation, "moderator")
    world.grant(world.grant(protect(world.person("Has one")), consultation, "moderator"), consultation, "rapporteur")
    return world.grant(protect(world.person("Lacks one"), "recovery_codes"), consultation, "rapporteur")


def listed(answer):
    return [each.name for each in answer.context["with_roles"]]


def test_the_list_shows_who_with_a_role_lacks_one_and_filters_by_it(client, organizer, staff, sign_in):
    protect(organizer, "totp")
    answer = sign_in(organizer).get("/en/desk/people/")
    assert sorted(listed(answer)) == sorted([organizer.name, "Has one", "Lacks one"])
    assert answer.content.decode().count(NONE) == 1
    answer = client.get("/en/desk/people/?lacking=1")
    assert listed(answer) == ["Lacks one"]
    page = answer.content.decode()
    assert (answer.context["role_count"], answer.context["lacking_count"]) == (3, 1)
    assert "Suspended people" in page and "Suspended</bdi>" in page
    protect(staff)
    page = client.get("/en/desk/people/?lacking=1").content.decode()
    assert "Everyone with a role has a passkey or an authenticator app." in page


def test_the_lists_queries_do_not_grow_with_the_people(client, organizer, staff, sign_in, django_assert_num_queries):
    sign_in(organizer).get("/en/desk/people/")
    with CaptureQueriesContext(connection) as few:
        client.get("/en/desk/people/")
    for number in range(12):
        world.grant(world.person(f"Moderator {number}"), Consultation.objects.get(), "moderator")
    with django_assert_num_queries(len(few)):
        client.get("/en/desk/people/")
