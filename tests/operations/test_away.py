"""The database or the disk is away: 503, a sentence, and everything that was sent, to be sent again."""

import errno
import json
import re
from html import unescape

import pytest
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DataError, InterfaceError, OperationalError, connections
from django.test import Client

from plenara.accounts.adapter import Adapter
from plenara.config import errors as config_errors
from plenara.contributions.models import Version
from plenara.core.languages import CODES
from tests.hostile import SCRIPTS

pytestmark = pytest.mark.django_db

LOGIN = "/en/account/login/"
ADDRESS = "/en/contribute/internet-governance/1/"
TEXT = '\nOne line,\nanother "<line>" & more: été, 写道.\n'


def take_away(monkeypatch, error=OperationalError):
    """Take the database away: whatever asks it fails as a driver does."""

    def fail(*_args, **_kwargs):
        raise error("connection failed: the server closed the connection")

    monkeypatch.setattr(type(connections["default"]), "cursor", fail)


@pytest.fixture
def gone(monkeypatch):
    """A function that takes the database away."""
    return lambda *how: take_away(monkeypatch, *how)


@pytest.fixture
def visitor(client):
    """A browser, which gets responses and no exceptions."""
    client.raise_request_exception = False
    return client


@pytest.fixture
def form(sign_in, participant, thread):
    """The fields of an open form of a contribution, by somebody signed in."""
    page = sign_in(participant).get(ADDRESS).content.decode()
    seal = re.search(r'name="seal"[^>]* value="([^"]+)"', page)[1]
    return {"text": TEXT, "title": "On names", "language": "fr", "seal": unescape(seal), "send": "1"}


def fields_of(page):
    """Return what the form of a page would send, as a browser reads it."""
    found = {
        unescape(name): unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page)
    }
    for name, value in re.findall(r'<textarea[^>]* name="([^"]*)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL):
        found[unescape(name)] = unescape(value)
    return found


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_page_says_in_the_language_of_its_address_that_it_is_away(visitor, gone, error):
    gone(error)
    for code in CODES:
        answer = visitor.get(f"/{code}/consultations/")
        assert (answer.status_code, answer["Retry-After"]) == (503, str(config_errors.RETRY_AFTER))
        assert answer["Cache-Control"] == "no-store"
        assert f'lang="{"zh-Hans" if code == "zh" else code}"' in answer.content.decode()
        assert not answer.cookies


def test_a_form_gives_back_every_field_and_shows_what_was_typed(visitor, form, gone):
    gone()
    answer = visitor.post(ADDRESS, form)
    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert (
        "Nothing was saved. This page shows what you sent. Leave the page open, and send it again in a minute." in page
    )
    assert fields_of(page) == form
    shown = re.findall(r'<label class="label"[^>]*><bdi>([^<]*)</bdi>', page)
    assert shown == ["Your contribution", "Title"]
    # It goes to the address that it was sent to, and names none: a path that begins with // is no way out.
    assert '<form method="post">' in page


@pytest.mark.django_db(transaction=True)
def test_what_was_given_back_is_taken_once_the_database_is_there(visitor, form, monkeypatch):
    with monkeypatch.context() as patch:
        take_away(patch)
        page = visitor.post(ADDRESS, form).content.decode()
    for _twice in range(2):  # a second press of the button takes nothing twice
        assert visitor.post(ADDRESS, fields_of(page)).status_code == 302
    assert [version.text.content.strip() for version in Version.objects.select_related("text")] == [TEXT.strip()]


def test_nothing_that_was_sent_is_markup(visitor, form, gone):
    hostile = {script: f"two words {script}" for script in SCRIPTS} | {"text": "".join(SCRIPTS)}
    gone()
    page = visitor.post(ADDRESS, {**form, **hostile}).content.decode()
    sent = {name: re.sub(r"\r\n?|\n", "\n", value) for name, value in {**form, **hostile}.items()}
    assert fields_of(page) == sent
    assert (
        re.findall(r"<(?:script|img|svg/|svg o|iframe|base|meta h|style|math|template)", page.partition("<main")[2])
        == []
    )


def test_a_password_goes_into_no_page_and_is_asked_again(visitor, gone):
    gone()
    page = visitor.post("/en/account/login/", {"login": "a@b.example", "password": "a secret of mine"}).content.decode()
    assert "a secret of mine" not in page
    assert '<input type="password"' in page and 'name="password"' in page
    assert fields_of(page) == {"login": "a@b.example"}


def test_the_address_for_signing_in_is_shown_beside_the_password_that_is_asked_again(visitor, gone):
    gone()
    page = visitor.post("/en/account/login/", {"login": "a@b.example", "password": "a secret of mine"}).content.decode()
    assert "<bdi>E-mail address</bdi>" in page
    assert ">\na@b.example</textarea>" in page


def test_a_form_can_be_sent_again_where_signing_in_had_changed_its_token(participant, monkeypatch):
    participant.set_password("a secret of mine")
    participant.save()
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', browser.get(LOGIN).content.decode())[1]
    sign_in = Adapter.login

    def fail(*args):
        sign_in(*args)
        raise OperationalError("terminating connection due to administrator command")

    with monkeypatch.context() as patch:
        patch.setattr(Adapter, "login", fail)
        typed = {"login": participant.email, "password": "a secret of mine"}
        answer = browser.post(LOGIN, {**typed, "csrfmiddlewaretoken": token})
    assert answer.status_code == 503
    again = browser.post(LOGIN, {**fields_of(answer.content.decode()), "password": "a secret of mine"})
    assert again.status_code == 302


def test_a_form_with_a_file_names_the_file_to_choose_again(visitor, form, gone):
    gone()
    page = visitor.post(ADDRESS, {**form, "paper": SimpleUploadedFile("my <paper>.txt", b"Words.")}).content.decode()
    assert fields_of(page) == form
    assert 'enctype="multipart/form-data"' in page
    assert "my &lt;paper&gt;.txt" in page and '<input type="file"' in page and 'name="paper"' in page


def test_a_file_that_finds_no_room_costs_nobody_their_text(visitor, form, monkeypatch):
    def full(*_args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("django.core.files.uploadedfile.TemporaryUploadedFile.write", full, raising=False)
    large = SimpleUploadedFile("long.txt", b"Words. " * 500_000)
    answer = visitor.post(ADDRESS, {"paper": large, **form})
    assert answer.status_code == 503
    assert fields_of(answer.content.decode()) == form
    assert "long.txt" in answer.content.decode()
    assert not Version.objects.exists()


def test_a_form_larger_than_any_is_not_given_back(visitor, gone, monkeypatch):
    monkeypatch.setattr("plenara.operations.resubmission.MOST", 100)
    gone()
    page = visitor.post("/en/account/login/", {"login": "word " * 100}).content.decode()
    assert "Go back: your browser may still have what you sent" in page and "word word" not in page


def test_what_may_have_been_taken_already_is_given_back_and_not_taken_again(visitor, form):
    answer = visitor.post(ADDRESS, form, headers={"X-Plenara-Unsure": "1"})
    assert answer.status_code == 503
    assert (
        "The server stopped while it was receiving what you sent. We do not know whether anything was saved."
        in answer.content.decode()
    )
    assert fields_of(answer.content.decode()) == form
    assert not Version.objects.exists()


@pytest.mark.parametrize("has_session", [True, False])
def test_a_session_that_cannot_be_kept_is_a_database_that_is_away(visitor, form, monkeypatch, has_session):
    """Signed out while writing: what was sent is kept in the session, which cannot be written either."""

    def fail(*_args, **_kwargs):
        raise OperationalError("disk I/O error")

    visitor.logout()
    if has_session:
        session = visitor.session
        session["something"] = True
        session.save()
    monkeypatch.setattr("django.contrib.sessions.base_session.AbstractBaseSession.save", fail)
    answer = visitor.post(ADDRESS, form)
    assert answer.status_code == 503
    assert fields_of(answer.content.decode()) == form


def test_the_api_says_it_as_a_problem_that_its_description_names(visitor, gone):
    gone()
    answer = visitor.get("/api/v1/consultations")
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert answer["Retry-After"] and answer["Access-Control-Allow-Origin"] == "*"
    said = json.loads(answer.content)
    assert said["status"] == 503 and said["type"].endswith("#/components/responses/Unavailable")


def test_other_programs_get_the_error_in_one_line(visitor, gone):
    gone()
    slug = "/en/consultations/internet-governance"
    for address in ("/health/", "/oai?verb=Identify", f"{slug}/feed.atom", "/sitemap.xml", "/themes.ttl"):
        answer = visitor.get(address)
        assert (answer.status_code, answer["Content-Type"]) == (503, "text/plain; charset=utf-8"), address
        assert answer["Retry-After"] and answer.content.count(b"\n") == 1


def caused(kind, cause):
    """Return an error of Django's with the driver's error behind it."""
    error = kind("x")
    error.__cause__ = cause
    return error


def sqlite(code):
    import sqlite3

    error = sqlite3.OperationalError("x")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OSError(errno.ENOSPC, ""), True),
        (OSError(errno.EROFS, ""), True),
        (FileNotFoundError(errno.ENOENT, ""), False),
        (caused(OperationalError, sqlite(13)), True),  # the disk is full
        (caused(OperationalError, sqlite(14)), True),  # unable to open
        (caused(OperationalError, sqlite(10 | 3 << 8)), True),  # disk I/O error while writing
        (caused(OperationalError, sqlite(1)), False),  # no such table
        (DataError("x"), False),
        (ValueError("x"), False),
        (caused(ValueError, OperationalError("x")), True),
    ],
)
def test_errors_of_disk_and_database_are_distinguished_from_our_own_mistakes(error, expected):
    assert config_errors.is_unavailable(error) is expected


def test_a_replica_that_takes_nothing_is_away():
    from django.db import InternalError
    from psycopg import errors

    assert config_errors.is_unavailable(caused(InternalError, errors.ReadOnlySqlTransaction("x")))
    assert not config_errors.is_unavailable(caused(InternalError, errors.InFailedSqlTransaction("x")))


def test_no_path_is_logged_since_one_can_hold_a_token(visitor, gone, caplog):
    gone()
    visitor.get("/en/account/link/a-token-of-somebody/")
    assert "away" in caplog.text and "a-token-of-somebody" not in caplog.text


def test_a_mistake_of_ours_is_still_one(monkeypatch):
    visitor = Client(raise_request_exception=False)
    monkeypatch.setattr("plenara.operations.views.public.Health.get", lambda *_args: 1 / 0)
    assert visitor.get("/health/").status_code == 500


@pytest.mark.parametrize("error", [KeyError("a mistake"), DataError("x"), SuspiciousOperation("x")])
def test_a_form_on_which_we_fail_gives_back_what_was_typed(visitor, form, monkeypatch, error):
    def fail(*_args, **_named):
        raise error

    monkeypatch.setattr("plenara.contributions.actions.submit", fail)
    for code in CODES:
        answer = visitor.post(f"/{code}{ADDRESS[3:]}", form)
        page = answer.content.decode()
        assert answer.status_code == (400 if isinstance(error, SuspiciousOperation) else 500)
        assert fields_of(page) == form and 'role="alert"' in page
        assert answer["Cache-Control"] == "no-store"
        assert visitor.get(ADDRESS).status_code == 200


def test_no_password_is_given_back_where_we_fail(visitor, monkeypatch):
    monkeypatch.setattr("plenara.config.middleware.Methods.process_view", lambda *_args: 1 / 0)
    page = visitor.post("/en/account/login/", {"login": "a@example.org", "password": "a secret"}).content.decode()
    assert "a secret" not in page and 'type="password"' in page


def test_a_session_that_ends_while_a_form_comes_loses_no_words(visitor, form, monkeypatch):
    """Signed out in another tab: Django answers 400, after the view."""

    def fail(*_args, **_named):
        raise SessionInterrupted

    monkeypatch.setattr("plenara.config.middleware.LazySessions.process_response", fail)
    answer = visitor.post(ADDRESS, form)
    assert (answer.status_code, fields_of(answer.content.decode())) == (400, form)
