"""Shared by the tests of accounts: reading e-mails, and walking through the pages as somebody who signs up or in."""

import re

import pytest
from django.core import mail
from django.test import Client

from plenara.core.tasks import run_all

NEW = "noor@people.example"
CODE = r"\b\d{4}-\d{4}\b"


def sent():
    """Send what is enqueued, and return the e-mails that arrived."""
    run_all()
    return mail.outbox


def code_in(letter):
    """Return the code in an e-mail."""
    return re.search(CODE, letter.body).group()


def sign_up(client, email=NEW, name="Noor Haddad", language="en", **more):
    """Send the form for signing up."""
    fields = {"name": name, "email": email, "accepts": "on", "website": "", **more}
    return client.post(f"/{language}/account/signup/", fields)


def join(client, email=NEW, language="en", **more):
    """Sign up and enter the code that came by mail."""
    sign_up(client, email, language=language, **more)
    return client.post(f"/{language}/account/confirm-email/", {"code": code_in(newest_with_code(sent()))})


def newest_with_code(letters):
    """Return the last e-mail with a code: codes are sent before earlier tasks."""
    return next(each for each in reversed(letters) if re.search(CODE, each.body))


def ask_for_code(client, email, language="en", **more):
    """Ask for a code to sign in with."""
    return client.post(f"/{language}/account/login/code/", {"email": email, **more})


def enter_code(client, code, language="en", **more):
    """Enter a code to sign in with."""
    return client.post(f"/{language}/account/login/code/confirm/", {"code": code, **more})


def whose(client):
    """Return the id of who is signed in, if anybody."""
    return int(client.session["_auth_user_id"]) if "_auth_user_id" in client.session else None


@pytest.fixture
def another_browser():
    """A browser in which nobody has signed in."""
    return Client()


NAME, ORGANIZATION = "Perpetua Quixley", "Society of Unlikely Words"


@pytest.fixture
def leaver(db):
    """Who erases the account; everything of theirs is known by its words."""
    from tests import world

    return world.person(NAME, capacity="organization", organization=ORGANIZATION, country="ML", language="fr")
