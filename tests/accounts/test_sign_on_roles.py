"""Roles of the installation by groups of an identity provider: given and taken back at sign-in, and recorded."""

import pytest
from django.test import Client

from plenara.accounts import actions
from plenara.accounts.models import Person
from plenara.core.models import AuditEntry
from tests import world
from tests.accounts.conftest import NEW, code_in, newest_with_code, sent, whose
from tests.accounts.test_sign_on import (  # noqa: F401 - the same provider
    complete,
    connected,
    known,
    provider,
    read,
    server,
    sign_on,
)

pytestmark = pytest.mark.django_db
ROLES = {"plenara-organizers": "organizer", "it": "operator"}


@pytest.fixture
def with_roles(provider, settings):  # noqa: F811
    settings.SIGN_ON = read(provider.entry(roles=ROLES))
    return provider


def roles_of(person):
    person.refresh_from_db()
    return {role for role in ("organizer", "operator") if getattr(person, f"is_{role}")}


def signs_in(provider, groups):  # noqa: F811
    provider.person["groups"] = groups
    browser = Client()
    sign_on(browser)
    return browser


def acts(person):
    """Return what was recorded of the person's roles: verb, who did it, and by which provider."""
    found = AuditEntry.objects.filter(about_id=str(person.pk), verb__contains="made_").order_by("pk")
    return [(each.verb, each.actor_id, each.details.get("provider")) for each in found]


def test_groups_give_roles_at_sign_in_and_take_them_back(known, with_roles, organizer):  # noqa: F811
    connected(known)
    signs_in(with_roles, ["staff", "plenara-organizers", "it"])
    assert roles_of(known) == {"organizer", "operator"}
    signs_in(with_roles, "it")  # some providers write one group as a text
    assert roles_of(known) == {"operator"}
    signs_in(with_roles, [])
    assert roles_of(known) == set()
    assert acts(known) == [
        ("person.made_organizer", None, "reed"),
        ("person.made_operator", None, "reed"),
        ("person.unmade_organizer", None, "reed"),
        ("person.unmade_operator", None, "reed"),
    ]


def test_a_new_account_has_its_roles_from_the_first_sign_in(client, with_roles):
    with_roles.person["groups"] = ["plenara-organizers"]
    sign_on(client)
    assert complete(client).url.startswith("/en/desk/installation/")
    assert roles_of(Person.objects.get()) == {"organizer"}


def test_roles_come_only_once_the_address_is_verified(client, with_roles, settings):
    settings.SIGN_ON = read(with_roles.entry(roles=ROLES, vouches_for=False))
    with_roles.person["groups"] = ["plenara-organizers"]
    sign_on(client)
    complete(client, email=NEW)
    assert roles_of(Person.objects.get()) == set()
    client.post("/en/account/confirm-email/", {"code": code_in(newest_with_code(sent()))})
    assert whose(client) and roles_of(Person.objects.get()) == {"organizer"}


def test_a_role_that_an_organizer_gave_is_not_taken_back(known, with_roles, organizer):  # noqa: F811
    connected(known)
    actions.set_organizer(actor=organizer, person=known, is_organizer=True)
    signs_in(with_roles, ["plenara-organizers"])
    signs_in(with_roles, [])
    assert roles_of(known) == {"organizer"}


def test_a_role_that_another_provider_gave_is_not_taken_back(known, with_roles, settings, organizer):  # noqa: F811
    settings.SIGN_ON = read(with_roles.entry("second", roles=ROLES), with_roles.entry(roles={}))
    connected(known)
    connected(known, identifier="second")
    with_roles.person["groups"] = ["plenara-organizers"]
    sign_on(Client(), identifier="second")
    assert roles_of(known) == {"organizer"}
    signs_in(with_roles, [])
    assert roles_of(known) == {"organizer"}


def test_the_last_organizer_stays_one(known, with_roles):  # noqa: F811
    connected(known)
    signs_in(with_roles, ["plenara-organizers"])
    signs_in(with_roles, [])
    assert roles_of(known) == {"organizer"}
    world.person("Wei Zhang", is_organizer=True)
    signs_in(with_roles, [])
    assert roles_of(known) == set()


def test_a_group_gives_nothing_without_the_passkey(known, with_roles):  # noqa: F811
    from allauth.mfa.models import Authenticator

    connected(known)
    Authenticator.objects.create(user=known, type="webauthn", data={})
    signs_in(with_roles, ["plenara-organizers"])
    assert roles_of(known) == set()


def test_whoever_disconnects_loses_what_the_groups_gave(known, with_roles, organizer):  # noqa: F811
    account = connected(known)
    browser = signs_in(with_roles, ["plenara-organizers"])
    assert roles_of(known) == {"organizer"}
    browser.post("/en/my/settings/connections/", {"disconnect": account.pk})
    assert roles_of(known) == set()


@pytest.mark.parametrize(
    "groups", [None, 7, {"plenara-organizers": True}, [["plenara-organizers"]], "plenara-organizer"]
)
def test_groups_that_are_no_such_texts_give_nothing(known, with_roles, groups):  # noqa: F811
    connected(known)
    signs_in(with_roles, groups)
    assert roles_of(known) == set()
