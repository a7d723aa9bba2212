"""OPTIONS at every address: asked of Django, and of a real server."""

import http.client

import pytest
from django.test import Client
from django.urls import resolve

from plenara.core.views import PublicView
from tests.security.authorization import lines

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # which methods an address takes does not depend on the database

#: What a browser asks before a script of another site may ask with a header of its own (Fetch, 4.8).
PREFLIGHT = {
    "Origin": "https://x.example",
    "Access-Control-Request-Method": "GET",
    "Access-Control-Request-Headers": "if-none-match",
}
#: As the front asks Django.
FRONT = {"X-Plenara-Front": "1"}


def methods_of(header):
    return set(header.split(", ")) if header else set()


def allowed(line):
    """Return the methods that `authorization.txt` says of an address, and those that go with them."""
    reads = {"GET", "HEAD"} if line.reads is not None else set()
    return {"OPTIONS"} | reads | ({"POST"} if line.sends is not None else set())


def wrong(line, status, headers, body, is_open):
    """Return what is wrong with an answer to OPTIONS; nothing where all is right."""
    methods = methods_of(headers.get("allow", ""))
    if line.address.startswith("/en/account/"):
        methods -= {"PUT", "DELETE"}  # by which allauth's views take a form, too
    found = [] if (status, body) == (204, b"") else [f"{status} {body[:40]}"]
    if methods != allowed(line):
        found.append(f"allows {sorted(methods)}")
    if "set-cookie" in headers:
        found.append("sets a cookie")
    if line.is_there and is_open != (headers.get("access-control-allow-origin") == "*"):
        found.append("not open to scripts" if is_open else "open to scripts, though what is read is not")
    if is_open and "GET" not in methods_of(headers.get("access-control-allow-methods", "")):
        found.append("no method for scripts")
    if is_open and headers.get("access-control-allow-headers") != "*":
        found.append("no header for scripts")
    return ", ".join(found)


def is_open_to_scripts(address):
    """Say whether what an address is read as is open to scripts of other sites."""
    path = address.partition("?")[0]
    view = getattr(resolve(path).func, "view_class", None)
    is_page = path.startswith("/en/") and path.endswith("/")
    if is_page or view is None or not issubclass(view, PublicView):
        return False
    answer = Client().get(address, headers=FRONT)
    if answer.streaming:
        answer.close()
    return answer.headers.get("Access-Control-Allow-Origin") == "*"


def test_every_address_says_which_methods_it_takes(house, serving):
    client = Client(raise_request_exception=False)
    connection = http.client.HTTPConnection("127.0.0.1", serving.port, timeout=600)
    surprises = []
    for line in lines():
        address = line.address.format(**house)
        is_open = is_open_to_scripts(address)
        for headers in ({}, FRONT, FRONT | PREFLIGHT):
            answer = client.options(address, headers=headers)
            named = {name.lower(): value for name, value in answer.items()}
            if error := wrong(line, answer.status_code, named, answer.content, is_open):
                surprises.append(f"{line.address}: {error}")
                break
        connection.request("OPTIONS", address, headers=PREFLIGHT)
        answer = connection.getresponse()
        named = {name.lower(): value for name, value in answer.getheaders()}
        if error := wrong(line, answer.status, named, answer.read(), is_open):
            surprises.append(f"{line.address}, a real server: {error}")
    connection.close()
    assert not surprises, "\n".join(surprises)


def test_nobody_is_asked_who_they_are_before_they_hear_it(house, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert Client().options("/en/my/settings/").status_code == 204


def test_an_address_that_is_none_says_nothing(client):
    assert client.options("/en/nowhere/at/all/").status_code == 404
    assert client.options("/api/v2/").status_code == 404
