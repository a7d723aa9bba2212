"""Requests that no browser of ours sends: every one gets an answer that says what is wrong, and none a traceback."""

import pytest
from django.test import Client

from plenara.common.languages import CODES
from tests import world
from tests.test_addresses import ADDRESSES, FORMS, place  # noqa: F401 - the world that the addresses name

pytestmark = pytest.mark.django_db

ODD_QUERIES = [
    "?q=%00&group=%00&language=%00&order=%00",
    "?group[]=a&group=b&group=c",
    "?language=" + "x" * 3000,
    "?q=%ff%fe&page=-1&start=99999999999999999999",
    "?%00=%00&=&&;",
    "?state=%F0%9F%98%80&to='%22%3E%3Cscript%3E",
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


def signed_in(client, request, role="organizer"):
    client.force_login(request.getfixturevalue(role), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_odd_parameters_break_no_page(place, client, request):  # noqa: F811
    client.raise_request_exception = False
    signed_in(client, request)
    broken = [
        (address, query, status)
        for address, _welcome in ADDRESSES
        for query in ODD_QUERIES
        if (status := client.get(address.format(**place) + query).status_code) >= 500
    ]
    assert broken == []


@pytest.mark.parametrize("path", ODD_PATHS)
def test_an_address_that_never_was_is_not_found(path, place, client, request):  # noqa: F811
    client.raise_request_exception = False
    answer = signed_in(client, request).get(path)
    assert answer.status_code in {301, 302, 400, 404, 410}
    assert b"Traceback" not in answer.content if not answer.streaming else True


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_a_public_page_takes_nothing_but_reading(method, place, client):  # noqa: F811
    for address, _welcome in ADDRESSES[:7]:
        assert getattr(client, method)(address).status_code == 405


def test_head_answers_as_get_without_a_body(place, client):  # noqa: F811
    for address, _welcome in ADDRESSES[:7]:
        answer = client.head(address)
        assert answer.status_code == 200
        assert answer.content == b""


@pytest.mark.parametrize(
    "data",
    [
        {
            "text": "\x00",
            "language": "\x00",
            "title": "\x00",
            "seal": "\x00",
            "name": "\x00",
            "code": "\x00",
            "q": "\x00",
        },
        {"text": "x" * 200_000, "title": "x" * 20_000, "name": "x" * 20_000, "sentence": "x" * 20_000, "version": "x"},
        {
            "version": "99999999999999999999999",
            "thread": "99999999999999999999999",
            "statement": "-1",
            "code": "APPROVED",
        },
        {"version": ["1", "2"], "code": ["APPROVED", "REJECTED"], "reason": "R99", "language": "xx"},
        {
            "opens_day": "9999-99-99",
            "closes_day": "2026-02-30",
            "timezone": "Mars/Olympus",
            "slug": "../..",
            "word_limit": "-1",
        },
    ],
)
def test_odd_forms_are_refused_in_a_sentence(data, place, client, request):  # noqa: F811
    client.raise_request_exception = False
    broken = []
    for role in ("organizer", "author", "rapporteur", "translator"):
        signed_in(client, request, role)
        for address, _sent, _allowed in FORMS:
            if "delete" in address or "withdraw" in address:
                continue
            status = client.post(address.format(**place), data).status_code
            if status >= 500:
                broken.append((role, address, status))
    assert broken == []


def test_a_form_in_a_wrong_encoding_is_taken_or_refused_but_breaks_nothing(participant, thread, client, request):
    client.raise_request_exception = False
    client.force_login(participant, backend="allauth.account.auth_backends.AuthenticationBackend")
    for body in (b"text=caf\xe9&language=en", b"text=%ff%fe%00&language=en", b"\xff\xfe\x00t", b"a" * 3_000_000):
        answer = client.generic(
            "POST", "/en/contribute/internet-governance/1/", body, content_type="application/x-www-form-urlencoded"
        )
        assert answer.status_code in {200, 302, 400, 413, 422}


@pytest.mark.parametrize("path", ["/en/contribute/internet-governance/1/", "/en/nowhere/"])
def test_a_form_that_says_it_is_in_another_encoding_is_refused(path, participant, thread):
    client = Client(enforce_csrf_checks=True)
    client.force_login(participant, backend="allauth.account.auth_backends.AuthenticationBackend")
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


def test_a_date_in_the_future_or_a_number_of_another_is_not_guessed(place, client):  # noqa: F811
    """An id is not enough: another person's contribution is not there for who guesses its number."""
    stranger = world.person("Stranger")
    client.force_login(stranger, backend="allauth.account.auth_backends.AuthenticationBackend")
    for pk in range(1, 12):
        assert client.get(f"/en/my/contributions/{pk}/").status_code == 404
