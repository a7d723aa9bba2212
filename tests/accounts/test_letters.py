"""The e-mails about accounts: in six languages, sent to a real server, and deleted once they are sent."""

import smtplib
import socket
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from django.template.loader import render_to_string
from django.utils import translation

from plenara.accounts import actions
from plenara.accounts.queries import installation
from plenara.core.languages import CODES, direction, django_code, html_code
from plenara.core.models import BackgroundTask
from plenara.core.tasks import run_all
from plenara.operations.environment import mailers
from tests import world
from tests.accounts.conftest import NEW, ask_for_code, code_in, sent

pytestmark = pytest.mark.django_db

LETTERS = [
    "account_already_exists",
    "email_changed",
    "email_confirmation",
    "email_confirmation_signup",
    "login_code",
    "password_changed",
    "password_reset",
    "password_reset_code",
    "password_set",
    "recovery_codes_generated",
    "unknown_account",
    "webauthn_added",
    "webauthn_removed",
    "invitation",
    "suspended",
    "unsuspended",
]


@pytest.mark.once
@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("name", LETTERS)
def test_every_e_mail_has_a_subject_on_its_first_line_and_links_in_its_language(name, code):
    with translation.override(django_code(code)):
        text = render_to_string(
            f"accounts/mail/{name}.txt",
            {
                "installation": installation(),
                "site_url": "https://consult.example.org",
                "lang": code,
                "html_lang": html_code(code),
                "dir": direction(code),
                "reader_name": "",
                "code": "1234-5678",
                "sentence": "You are invited.",
                "inviter": "Wei & Zhang",
                "link": "https://consult.example.org/x/",
                "reason": "…",
                "until": None,
            },
        )
    subject, _newline, body = text.strip().partition("\n")
    assert 3 < len(subject) < 120
    assert body.startswith("\n")
    assert "<" not in text
    assert "&amp;" not in text
    if "https://consult.example.org/" in body.replace("https://consult.example.org/x/", ""):
        assert f"https://consult.example.org/{code}/" in body


class Postbox:
    """An SMTP server's handler, which keeps what it gets."""

    def __init__(self):
        self.letters = []

    async def handle_DATA(self, server, session, envelope):
        self.letters.append(
            (envelope.mail_from, envelope.rcpt_tos, message_from_bytes(envelope.content, policy=default))
        )
        return "250 OK"


@pytest.fixture
def server(settings):
    """A real mail server, to which the installation sends."""
    postbox = Postbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        host, port = free.getsockname()
    controller = Controller(postbox, hostname=host, port=port)
    controller.start()
    settings.MAILERS = mailers(f"smtp://{host}:{port}")
    yield postbox
    controller.stop()


def test_a_code_travels_through_a_real_server_and_signs_in(client, server):
    person = actions.register(name="Noor Haddad", email=NEW, language="fr")
    ask_for_code(client, NEW, language="fr")
    assert run_all() == 1
    (_sender, to, letter) = server.letters[0]
    assert to == [NEW]
    assert letter["To"] == NEW
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Content-Language"] == "fr"
    body = letter.get_body(("plain",)).get_content()
    code = next(word for word in body.split() if len(word) == 9 and "-" in word)
    client.post("/fr/account/login/code/confirm/", {"code": code})
    assert client.session["_auth_user_id"] == str(person.pk)


def test_with_the_mail_server_down_the_page_answers_and_the_e_mail_waits(client, settings):
    settings.MAILERS = mailers("smtp://127.0.0.1:1")
    assert ask_for_code(client, NEW).status_code == 302
    run_all()
    task = BackgroundTask.objects.get()
    assert task.done_at is None
    assert task.failed_at is None
    assert task.last_error in {"ConnectionRefusedError", smtplib.SMTPServerDisconnected.__name__}


def test_no_e_mail_or_task_holds_an_address_or_code_once_it_is_sent(client):
    ask_for_code(client, NEW)
    assert len(sent()) == 1
    kept = str(list(BackgroundTask.objects.values()))
    assert NEW not in kept
    ask_for_code(client, world.person("Ana Prieto").email)
    code = code_in(sent()[-1])
    kept = str(list(BackgroundTask.objects.values()))
    assert code not in kept
    assert "@" not in kept


def test_the_log_names_no_address(client, caplog, capfd):
    ask_for_code(client, NEW)
    client.post("/en/account/login/", {"login": NEW, "password": "wrong"})
    client.post("/en/account/signup/", {"name": "Noor", "email": NEW, "accepts": "on"})
    run_all()
    captured = capfd.readouterr()
    assert NEW not in caplog.text + captured.out + captured.err


def test_an_e_mail_about_an_account_names_nobody(client, another_browser):
    """A person who signs up with another's address cannot make us send words of theirs."""
    another_browser.post(
        "/en/account/signup/", {"name": "Buy pills at pills dot example", "email": NEW, "accepts": "on", "website": ""}
    )
    (letter,) = sent()
    assert "pills" not in letter.body + letter.subject
