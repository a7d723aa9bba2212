"""Hostile texts in e-mails: no header is forged."""

import pytest

from plenara.contributions.actions import submit
from plenara.core.tasks import run_all
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_no_mail_header_is_forged(client, mailoutbox, thread, moderator):
    someone = world.person("Name\r\nBcc: victim@example.org", language="en")
    world.decided(
        submit(actor=someone, thread=thread, text="Words.", language="en", title="Title\r\nBcc: victim@example.org"),
        moderator,
    )
    run_all()
    assert mailoutbox
    for letter in mailoutbox:
        assert letter.recipients() == [someone.email]
        assert "victim@example.org" not in letter.message()["Subject"]
