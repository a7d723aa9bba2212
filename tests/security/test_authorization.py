"""Every role asks every address by GET and by POST: who gets in is what `authorization.txt` says, line by line.

Each answer is looked at for all that is true of every answer: what it tells the browser, and what caches may keep. At
each address and method, pages are made in full for strangers, for the first and the last role that is let in, and for
the first that is refused; pages for readers, for the organizer. For the others there is a heading alone. Whoever is
refused sends the forms of `forms.py`, filled in as they should be.
"""

import contextlib
import functools
import re
from http.cookies import SimpleCookie
from urllib.parse import parse_qsl, unquote

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import resolve

from plenara.core.views import PublicView
from tests.everywhere import PASSWORD, short_pages
from tests.security.authorization import ROLES, every_route, lines, outcome
from tests.security.forms import FORMS, sent_by_the_wrong_hand

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # who gets in does not depend on the database

#: Who is nobody to us yet.
STRANGERS = {"outsider", "unverified"}
#: Who asks: whoever never proved their address is a stranger, as the last test here says.
ASKING = [role for role in ROLES if role != "unverified"]
#: Who asks the public views, which never look at who comes: somebody without a session, and somebody with one.
READERS = {"outsider", "organizer"}
SIGN_IN = "/en/account/login/?next="
#: Where most strangers have no account yet, they are led to signing up.
SIGN_UP = "/en/account/signup/?next="
FORBIDDEN = ("unsafe-inline", "unsafe-eval")
ASKED = re.compile(
    r'<(?:script|img|iframe|source|video|audio|embed)[^>]+src="([^"]+)"'
    r'|<link rel="(?:stylesheet|icon|preload)"[^>]+href="([^"]+)"'
)
WRITES = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM|REPLACE INTO) "(\w+)"', re.IGNORECASE)
#: What anybody's visit may write.
OF_A_VISIT = {"accounts_session"}


@functools.cache
def view_of(address):
    """Return the class of the view that an address leads to, or nothing."""
    return getattr(resolve(address.partition("?")[0]).func, "view_class", None)


def is_public(address):
    view = view_of(address)
    return bool(view and issubclass(view, PublicView))


def test_every_address_has_a_line_and_every_line_an_address(house):
    listed = {resolve(each.address.format(**house).partition("?")[0]).route for each in lines()}
    known = set(every_route())
    assert sorted(known - listed) == [], "a new address needs a line in authorization.txt"
    assert sorted(listed - known) == []


def test_what_is_for_readers_is_for_everybody_and_nothing_else_is_public_by_mistake(house):
    for each in lines():
        if is_public(each.address.format(**house)):
            assert (each.reads == frozenset(ROLES)) == each.is_there, each.address
            assert each.sends is None or each.address.startswith("/oai"), each.address
        if each.address.startswith(("/en/my/", "/en/desk/")):
            assert not (each.reads or frozenset()) & STRANGERS, each.address
            assert not (each.sends or frozenset()) & STRANGERS, each.address
        if each.address.startswith("/en/desk/"):
            assert "suspended" not in (each.reads or frozenset()) | (each.sends or frozenset()), each.address
        for let_in in (each.reads or frozenset(), each.sends or frozenset()):
            assert len(let_in & STRANGERS) != 1, f"{each.address} tells strangers apart"


def browser_of(role, request):
    """Return the browser of a role, signed in or a stranger's, and its cookies."""
    client = Client()
    if role not in STRANGERS:
        client.force_login(request.getfixturevalue(role), backend="plenara.accounts.adapter.Backend")
    return client, {name: morsel.value for name, morsel in client.cookies.items()}


def asked(method, address, form, client, cookies):
    """Return the answer to a request after which everything is as it was before, and the tables it wrote to."""
    client.cookies, wrote = SimpleCookie(cookies), set()

    def note(execute, sql, params, many, context):
        if found := WRITES.match(sql):
            wrote.add(found[1])
        return execute(sql, params, many, context)

    with transaction.atomic(), connection.execute_wrapper(note):
        answer = getattr(client, method)(address, form)
        if answer.streaming:
            answer.close()
        transaction.set_rollback(True)
    return answer, wrote - OF_A_VISIT


def wrong(answer, wrote, role, welcome, address):
    """Say what is wrong with an answer, or nothing."""
    found = outcome(answer)
    if welcome is None:
        fits = found in {"405", "no", "sign in"}
    elif role in welcome:
        fits = found == "in"
    elif role in STRANGERS and address.startswith(("/en/my/", "/en/desk/", "/en/contribute/")):
        fits = found in {"no" if address.endswith(".json") else "sign in", "405"}  # a script is not led anywhere
    else:
        fits = found in {"no", "sign in"}
    errors = [] if fits else [f"{found} ({answer.status_code})"]
    if found != "in" and wrote:
        errors.append(f"writes {sorted(wrote)}")
    if found == "sign in" and not unquote(answer.url).startswith((f"{SIGN_IN}/en/", f"{SIGN_UP}/en/")):
        errors.append(f"leads to {answer.url}")
    if found == "no" and b"<h1" not in answer.content and address.startswith("/en/") and "." not in address:
        errors.append("no is not shown on a page")
    return ", ".join([*errors, *_wrong_headers(answer, found), *_wrong_page(answer, found)])


def _wrong_headers(answer, found):
    """Yield what is wrong with what an answer tells browsers and caches."""
    policy, kept = answer.headers.get("Content-Security-Policy", ""), answer.headers.get("Cache-Control", "")
    if "default-src 'none'" not in policy or any(each in policy for each in FORBIDDEN):
        yield "no policy"
    if answer.headers.get("X-Content-Type-Options") != "nosniff":
        yield "may be sniffed"
    if answer.headers.get("Referrer-Policy") != "same-origin":
        yield "tells others where one comes from"
    if any("\r" in value or "\n" in value for value in answer.headers.values()):
        yield "a broken header"
    if "public" in kept and (answer.cookies or found != "in"):
        yield "kept by caches"
    if answer.status_code == 200 and not is_public(answer.request["PATH_INFO"]):
        if "no-store" not in kept or "private" not in kept:
            yield "may be kept by a cache, though it depends on the person"
    elif answer.status_code == 200 and "public" not in kept and "no-store" not in kept:
        yield "no cache is told whether to keep it"


def _wrong_page(answer, found):
    """Yield what is wrong with the page of an answer: a page has a heading, and asks no other host for anything."""
    if answer.streaming or not answer.headers.get("Content-Type", "").startswith("text/html"):
        return
    html = answer.content.decode()
    is_embedded = answer.request["PATH_INFO"].endswith("/embed/") and found != "no"
    ancestors = "frame-ancestors *" if is_embedded else "frame-ancestors 'none'"
    if ancestors not in answer.headers.get("Content-Security-Policy", ""):
        yield f"does not say {ancestors}"
    if answer.headers.get("X-Frame-Options") != (None if is_embedded else "DENY"):
        yield "frames are told otherwise"
    if answer.status_code == 200 and "<h1" not in html:
        yield "no heading"
    if others := [each for asks in ASKED.findall(html) for each in asks if each and not _is_ours(each)]:
        yield f"asks {others}"


def _is_ours(address):
    return address.startswith(("/static/", "/mark/", "/look/", "/en/desk/installation/look/", "data:image/"))


def is_in_full(role, welcome):
    """Return whether a role is shown pages in full at an address whose method lets in whoever is welcome."""
    known = [each for each in ASKING if each not in STRANGERS]
    let_in = known if welcome is None else [each for each in known if each in welcome]
    refused = [each for each in known if each not in let_in]
    return role in {*STRANGERS, *let_in[:1], *let_in[-1:], *refused[:1]}


def pages_for(role, welcome, *, is_for_readers):
    """Return the context in which a role asks. A page for readers is the same for all: the organizer has it in full."""
    is_full = role == "organizer" if is_for_readers else is_in_full(role, welcome)
    return contextlib.nullcontext() if is_full else short_pages()


def asks_by_another_method(role, line):
    """Return whether a role asks by a method that is not taken: an outsider, and the first let in by the other one.

    A view says itself which methods it takes, whoever asks (`test_options.py`).
    """
    let_in = (line.reads or line.sends or frozenset()) - STRANGERS
    return role in ("outsider", next((each for each in ASKING if each in let_in), None))


def requests_of(role, line, ids):
    """Yield (method, form, who is welcome) for all that a role asks at an address."""
    if line.reads is not None or asks_by_another_method(role, line):
        yield "get", None, line.reads
    refused = sent_by_the_wrong_hand(role, line.address)
    for form in refused:
        yield "post", form, frozenset()
    form = dict(parse_qsl(line.form.format(**ids), keep_blank_values=True))
    is_sent = any(form.items() <= each.items() for each in refused)
    if asks_by_another_method(role, line) if line.sends is None else role in line.sends or not is_sent:
        yield "post", form, line.sends


@pytest.mark.parametrize("role", ASKING)
def test_who_gets_in_is_what_the_table_says(role, house, request):
    surprises, browser = [], browser_of(role, request)
    for each in lines():
        address = each.address.format(**house)
        is_for_readers = is_public(address)
        if is_for_readers and role not in READERS:
            continue
        for method, form, welcome in requests_of(role, each, house):
            with pages_for(role, welcome, is_for_readers=is_for_readers):
                answer, wrote = asked(method, address, form, *browser)
            errors = [wrong(answer, wrote, role, welcome, address)]
            if is_for_readers and answer.wsgi_request.session.accessed:
                errors.append("a public view looks at who comes")
            if errors := ", ".join(filter(None, errors)):
                surprises.append(f"{role} {method.upper()} {each.address} {form or ''}: {errors}")
    assert not surprises, "\n".join(surprises)


def test_every_form_of_the_wrong_hand_has_a_line():
    assert {address for address, _form, _allowed in FORMS} <= {each.address for each in lines()}


def test_an_address_is_verified_before_anybody_signs_in_with_it(house, unverified, client):
    client.post("/en/account/login/", {"login": unverified.email, "password": PASSWORD})
    assert "_auth_user_id" not in client.session
    assert client.get("/en/my/").url == f"{SIGN_IN}/en/my/"
