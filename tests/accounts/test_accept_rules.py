"""Accepting the rules again when they have changed."""

import pytest

from plenara.accounts import actions
from plenara.accounts.models import Installation, Person
from plenara.accounts.permissions import has_accepted
from plenara.core.models import AuditEntry
from tests.accounts.conftest import NEW, ask_for_code, code_in, enter_code, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(db, organizer):
    """Somebody who accepted the rules before they changed."""
    member = actions.register(name="Noor Haddad", email=NEW)
    actions.set_page(actor=organizer, page="rules", texts={"en": "Be brief."})
    return member


def sign_in_by_code(client, **more):
    ask_for_code(client, NEW)
    return enter_code(client, code_in(sent()[-1]), **more)


def test_at_the_next_sign_in_one_is_asked_and_then_led_on(client, member, noon):
    answer = sign_in_by_code(client, next="/en/about/how/")
    assert answer.url == "/en/account/rules/?next=%2Fen%2Fabout%2Fhow%2F"
    assert 'href="/en/about/rules/"' in client.get(answer.url).content.decode()
    assert client.post("/en/account/rules/", {"next": "/en/about/how/"}).url == "/en/about/how/"
    kept = Person.objects.get(pk=member.pk)
    assert (kept.rules_version, kept.rules_accepted_at) == ("2", noon)
    assert AuditEntry.objects.get(verb="person.accepted_rules").details == {"rules_version": "2"}


def test_who_has_accepted_them_is_not_asked(client, member):
    actions.accept_rules(actor=member)
    assert sign_in_by_code(client).url == "/en/my/"


def test_the_rule_says_who_has_accepted(member):
    in_force = Installation.objects.get().rules_version
    assert not has_accepted(member, in_force)
    actions.accept_rules(actor=member)
    assert has_accepted(member, in_force)
