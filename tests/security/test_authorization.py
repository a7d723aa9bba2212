"""Every role asks every address by GET and by POST: who gets in is what `authorization.txt` says, line by line."""

from urllib.parse import parse_qsl

import pytest
from django.db import transaction
from django.test import Client
from django.urls import resolve

from plenara.common.doors import PublicView
from tests.security.authorization import ROLES, every_route, lines, outcome

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # who gets in does not depend on the database

#: Three worlds, asked by five roles each: making one takes as long as asking a third of what there is to ask.
GROUPS = [ROLES[:5], ROLES[5:10], ROLES[10:]]


def test_every_address_has_a_line_and_every_line_an_address(house):
    told = {resolve(each.address.format(**house).partition("?")[0]).route for each in lines()}
    known = set(every_route())
    assert sorted(known - told) == [], "a new address needs a line in authorization.txt"
    assert sorted(told - known) == []


def test_what_is_for_readers_is_for_everybody_and_nothing_else_is_public_by_mistake(house):
    for each in lines():
        view = getattr(resolve(each.address.format(**house).partition("?")[0]).func, "view_class", None)
        if view and issubclass(view, PublicView):
            assert (each.reads == frozenset(ROLES)) == each.is_there, each.address
            assert each.sends is None or each.address.startswith("/oai"), each.address
        if each.address.startswith(("/en/my/", "/en/desk/")):
            assert not (each.reads or frozenset()) & {"outsider", "unverified"}, each.address
            assert not (each.sends or frozenset()) & {"outsider", "unverified"}, each.address
        if each.address.startswith("/en/desk/"):
            assert "suspended" not in (each.reads or frozenset()) | (each.sends or frozenset()), each.address


def cookies_of(role, request):
    """Return the cookies of a browser in which a role is signed in, or of a stranger's."""
    client, person = Client(), request.getfixturevalue(role)
    if role not in {"outsider", "unverified"}:
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return {name: morsel.value for name, morsel in client.cookies.items()}


def asked(method, address, form, cookies):
    """Return the answer to a request after which everything is as it was before."""
    client = Client()
    for name, value in cookies.items():
        client.cookies[name] = value
    with transaction.atomic():
        answer = getattr(client, method)(address, form)
        if answer.streaming:
            answer.close()
        transaction.set_rollback(True)
    return answer


def wrong(answer, role, welcome, address):
    """Say what is wrong with an answer, or nothing."""
    found = outcome(answer)
    if welcome is None:
        fits = found in {"405", "no", "sign in"}
    elif role in welcome:
        fits = found == "in"
    elif role in {"outsider", "unverified"} and address.startswith(("/en/my/", "/en/desk/")):
        fits = found in {"sign in", "405"}
    else:
        fits = found in {"no", "sign in"}
    faults = [] if fits else [f"{found} ({answer.status_code})"]
    if "default-src 'none'" not in answer.headers.get("Content-Security-Policy", ""):
        faults.append("no policy")
    if answer.headers.get("X-Content-Type-Options") != "nosniff":
        faults.append("may be sniffed")
    if any("\r" in value or "\n" in value for value in answer.headers.values()):
        faults.append("a broken header")
    if "public" in answer.headers.get("Cache-Control", "") and (answer.cookies or found != "in"):
        faults.append("kept by caches")
    return ", ".join(faults)


@pytest.mark.parametrize("roles", GROUPS, ids=", ".join)
def test_who_gets_in_is_what_the_table_says(roles, house, request):
    surprises = []
    for role in roles:
        cookies = cookies_of(role, request)
        for each in lines():
            address = each.address.format(**house)
            form = dict(parse_qsl(each.form.format(**house), keep_blank_values=True))
            for method, welcome, sent in (("get", each.reads, None), ("post", each.sends, form)):
                fault = wrong(asked(method, address, sent, cookies), role, welcome, address)
                if fault:
                    surprises.append(f"{role} {method.upper()} {each.address} {each.form}: {fault}")
    assert not surprises, "\n".join(surprises)
