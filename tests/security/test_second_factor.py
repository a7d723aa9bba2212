"""Where the installation requires a second factor, a person with a role who has none opens no page of the desk."""

from urllib.parse import parse_qsl

import pytest
from allauth.mfa.models import Authenticator
from django.urls import resolve

from plenara.accounts.models import Installation, Person
from plenara.accounts.permissions import has_any_role
from plenara.accounts.queries import people_with_roles
from plenara.core.views import StaffView
from tests.everywhere import short_pages, short_refusals
from tests.security.authorization import ROLES, lines
from tests.security.test_authorization import STRANGERS, asked, browser_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # who gets in does not depend on the database

SAYS = "Your account has neither."


def is_staff(address):
    view = getattr(resolve(address.partition("?")[0]).func, "view_class", None)
    return address.startswith("/en/desk/") or bool(view and issubclass(view, StaffView))


@pytest.fixture
def required(house):
    Installation.objects.update_or_create(pk=1, defaults={"requires_second_factor": True})
    return house


@pytest.mark.parametrize("role", [each for each in ROLES if each not in {*STRANGERS, "suspended"}])
def test_no_address_of_the_desk_opens_without_a_second_factor_and_nothing_is_written(role, required, request):
    browser, reached, refused = browser_of(role, request), [], 0
    for each in filter(lambda line: is_staff(line.address.format(**required)), lines()):
        form = dict(parse_qsl(each.form.format(**required), keep_blank_values=True))
        for method, welcome, sent in (("get", each.reads, None), ("post", each.sends, form)):
            if role not in (welcome or ()):
                continue
            with short_refusals():
                answer, wrote = asked(method, each.address.format(**required), sent, *browser)
            refused += answer.status_code == 403 and SAYS in answer.content.decode()
            if answer.status_code != 403 or wrote:
                reached.append(f"{method.upper()} {each.address}: {answer.status_code} {sorted(wrote)}")
    assert reached == []
    assert bool(refused) == (role not in {"participant", "author"})


def test_with_one_the_desk_opens_as_before(required, organizer, client):
    Authenticator.objects.create(user=organizer, type="totp", data={"secret": "AA"})
    client.force_login(organizer, backend="plenara.accounts.adapter.Backend")
    for each in filter(lambda line: is_staff(line.address.format(**required)), lines()):
        if "organizer" in (each.reads or ()):
            with short_pages():
                answer = client.get(each.address.format(**required))
            assert SAYS not in ("" if answer.streaming else answer.content.decode(errors="ignore")), each.address
            assert answer.status_code != 403, each.address


def test_the_list_of_people_with_roles_has_whoever_can_open_the_desk_and_nobody_else(house, furnished):
    listed = set(people_with_roles().values_list("pk", flat=True))
    everybody = Person.objects.filter(suspended_at=None)
    assert listed == {each.pk for each in everybody if has_any_role(each)}
    assert {furnished.cast["body_member"].pk, furnished.cast["operator"].pk} <= listed
