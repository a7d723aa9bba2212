"""Requests that no browser of ours sends: every one gets an answer that says what is wrong, and none a traceback."""

import pytest
from django.test import Client
from django.urls import resolve

from plenara.contributions.models import Contribution
from plenara.core.languages import CODES
from tests import world
from tests.databases import is_postgresql
from tests.security.authorization import ROLES, lines

pytestmark = pytest.mark.django_db

ODD_QUERIES = [
    "q=%00&group=%00&language=%00&order=%00&page=-1&start=99999999999999999999&state=%F0%9F%98%80"
    "&to='%22%3E%3Cscript%3E&%00=%00&=&&;&x=%0d%0aSet-Cookie:%20a=b",
    "group[]=a&group=b&group=c&q=%ff%fe&order=%0d%0aLocation:%20//evil.example/&%0d%0aX-A:%20b=c&language="
    + "x" * 3000,
]

#: Pages that take nothing but reading.
PAGES = [
    "/en/",
    "/en/consultations/",
    "/en/consultations/internet-governance/",
    "/en/consultations/internet-governance/threads/1/",
    "/en/consultations/internet-governance/contributions/1/",
    "/en/search/?q=documents",
    "/en/events/",
]

ODD_PATHS = [
    "/en/consultations/internet-governance/threads/0/",
    "/en/consultations/internet-governance/threads/99999999999999999999999/",
    "/en/consultations/internet-governance/threads/1/from/99999999999999999999999/",
    "/en/consultations/internet-governance/contributions/99999999999999999999999/",
    "/en/consultations/internet-governance/contributions/1/rev/99999999999999999999999/",
    "/en/consultations/internet-governance/summaries/99999999999999999999999/",
    "/en/consultations/" + "x" * 2000 + "/",
    "/en/consultations/%00/",
    "/en/about/nothing/",
    "/c/%00/",
    "/c/" + "x" * 500,
    "/s/%F0%9F%98%80/",
    "/s/../../etc/passwd",
    "/xx/",
    "/en//consultations/",
    "/en/desk/people/99999999999999999999999/",
    "/en/desk/moderation/contribution/99999999999999999999999/",
    "/en/my/contributions/99999999999999999999999/",
    "/en/account/invitations/%00/",
    "/en/account/link/x/",
    "/exports/nowhere/bundle.zip",
    "/sitemaps/contributions-99999999999999999999999.xml",
]


NUMBER = "99999999999999999999999"
ODD_FORMS = [
    {
        **dict.fromkeys(("text", "language", "title", "seal", "name", "q"), "\x00"),
        **dict.fromkeys(("version", "thread"), NUMBER),
        "statement": "-1",
        "code": "APPROVED",
        "opens_day": "9999-99-99",
        "closes_day": "2026-02-30",
        "timezone": "Mars/Olympus",
        "slug": "../..",
        "word_limit": "-1",
    },
    {
        "text": "x" * 200_000,
        **dict.fromkeys(("title", "name", "sentence"), "x" * 20_000),
        "version": "x",
        "code": "\x00",
    },
    {"version": ["1", "2"], "code": ["APPROVED", "REJECTED"], "reason": "R99", "language": "xx"},
]


@pytest.fixture
def client_of(request):
    """A function that returns the browser of a role."""
    clients = {}

    def asked(role):
        if role not in clients:
            clients[role] = Client(raise_request_exception=False)
            if role not in {"outsider", "unverified"}:
                clients[role].force_login(request.getfixturevalue(role), backend="plenara.accounts.adapter.Backend")
        return clients[role]

    return asked


def whoever_may(roles):
    """Return somebody of the roles that a cell of the table names, or nobody."""
    return next((role for role in ROLES if role in (roles or ())), None)


def knows_none(address):
    """Say whether a page says of itself that no parameter changes it."""
    view = getattr(resolve(address.partition("?")[0]).func, "view_class", None)
    return getattr(view, "known_parameters", None) == ()


def broken(answer):
    """Say what an odd query broke, or nothing: the page, a header, a cookie, or where an answer leads."""
    if answer.status_code >= 500 and answer.status_code != 503:  # 503: a file that nobody has made yet
        return str(answer.status_code)
    if any("\r" in value or "\n" in value for value in answer.headers.values()):
        return "a broken header"
    if "a" in answer.cookies or "X-A" in answer.headers:
        return "a header of the address"
    return "leads elsewhere" if answer.headers.get("Location", "").startswith("//") else ""


def queries_for(address):
    """Return what is asked of an address: odd parameters, and on PostgreSQL none.

    Many tests of pages run on SQLite alone: what a page asks the database is asked here on PostgreSQL.
    """
    if knows_none(address):
        return ODD_QUERIES[:1]
    return ["", ODD_QUERIES[0]] if is_postgresql() else ODD_QUERIES


def test_odd_parameters_break_no_page_and_no_header(house, client_of):
    errors = [
        (address, query, error)
        for address, role in {each.address.format(**house): whoever_may(each.reads) for each in lines()}.items()
        if role
        for query in queries_for(address)
        if (error := broken(client_of(role).get(f"{address}{'&' if '?' in address else '?'}{query}")))
    ]
    assert errors == []


def test_an_address_that_never_was_is_not_found(house, client_of):
    answers = {path: client_of("organizer").get(path) for path in ODD_PATHS}
    assert {path: each.status_code for path, each in answers.items()
            if each.status_code not in {301, 302, 400, 404, 410}} == {}  # fmt: skip
    assert [path for path, each in answers.items() if not each.streaming and b"Traceback" in each.content] == []


def test_a_public_page_takes_nothing_but_reading(house, client):
    taken = [
        (method, address)
        for method in ("post", "put", "patch", "delete", "trace")
        for address in PAGES
        if getattr(client, method)(address).status_code != 405
    ]
    assert taken == []


def test_head_answers_as_get_without_a_body(house, client):
    for address in PAGES:
        answer = client.head(address)
        assert answer.status_code == 200, address
        assert answer.content == b"", address


def test_odd_forms_are_refused_in_a_sentence(house, client_of):
    """Whoever may send a form sends odd ones; and one comes from somebody who may not."""
    broken = [
        (role, address, list(data), status)
        for address, may in {each.address.format(**house): whoever_may(each.sends) for each in lines()}.items()
        if may and "delete" not in address and "withdraw" not in address and "logout" not in address
        for role, data in [*((may, data) for data in ODD_FORMS), ("participant", ODD_FORMS[0])]
        if (status := client_of(role).post(address, data).status_code) >= 500
    ]
    assert broken == []


def test_a_form_in_a_wrong_encoding_is_taken_or_refused_but_breaks_nothing(participant, house, client):
    client.raise_request_exception = False
    client.force_login(participant, backend="plenara.accounts.adapter.Backend")
    for body in (b"text=caf\xe9&language=en", b"text=%ff%fe%00&language=en", b"\xff\xfe\x00t", b"a" * 3_000_000):
        answer = client.generic(
            "POST", "/en/contribute/internet-governance/1/", body, content_type="application/x-www-form-urlencoded"
        )
        assert answer.status_code in {200, 302, 400, 413, 422}


@pytest.mark.parametrize("path", ["/en/contribute/internet-governance/1/", "/en/nowhere/"])
def test_a_form_that_says_it_is_in_another_encoding_is_refused(path, participant, house):
    client = Client(enforce_csrf_checks=True)
    client.force_login(participant, backend="plenara.accounts.adapter.Backend")
    client.get("/en/my/settings/")  # which sets the cookie without which nothing of a form is read
    kind = "application/x-www-form-urlencoded; charset=utf-32"
    answer = client.generic("POST", path, b"text=a", content_type=kind)
    assert answer.status_code == 400
    assert "We could not read this request" in answer.content.decode()


def test_what_was_written_in_a_form_that_is_too_old_is_shown_and_nothing_else_of_it():
    typed = {"text": "Three weeks are too short.", "seal": "a:b:c", "key": "k" * 32, "password": "secret words"}
    answer = Client(enforce_csrf_checks=True).post("/en/contribute/internet-governance/1/", typed)
    page = answer.content.decode()
    assert answer.status_code == 403 and typed.pop("text") in page
    assert not [value for value in typed.values() if value in page] and "seal" not in page


@pytest.mark.parametrize("language", CODES)
def test_what_is_not_there_is_said_in_the_readers_language(language, client, db):
    answer = client.get(f"/{language}/consultations/nowhere/")
    assert answer.status_code == 404
    assert f'lang="{ {"zh": "zh-Hans"}.get(language, language) }"' in answer.content.decode()


def test_a_number_of_another_is_not_guessed(house, client):
    """An id is not enough: another person's contribution is not there for who guesses its number."""
    stranger = world.person("Stranger")
    client.force_login(stranger, backend="plenara.accounts.adapter.Backend")
    numbers = list(Contribution.objects.values_list("pk", flat=True)[:12])
    assert len(numbers) == 12
    assert [pk for pk in numbers if client.get(f"/en/my/contributions/{pk}/").status_code != 404] == []
