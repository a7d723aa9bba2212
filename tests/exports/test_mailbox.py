"""A thread as a mailbox that other programs read."""

import email.header
import email.policy
import email.utils
import mailbox
import re

import pytest

from plenara.contributions.actions import withdraw
from plenara.contributions.models import Contribution, Edition
from plenara.core.text import clean
from tests import world
from tests.answers import THREAD, get

pytestmark = pytest.mark.django_db


def messages(client, tmp_path):
    """Return the messages of the thread's mailbox, after the rules that each of them keeps."""
    file = tmp_path / "mbox"
    file.write_bytes(content := get(client, f"{THREAD}mbox.gz"))
    content.decode("utf-8")
    found = []
    for raw in mailbox.mbox(file):
        message = email.message_from_bytes(raw.as_bytes(), policy=email.policy.default)
        assert not message.defects
        assert all(not value.defects for value in message.values())
        for name in ("From", "Date", "Subject", "Message-ID", "Archived-At", "MIME-Version", "Content-Type", "List-Id"):
            assert len(message.get_all(name)) == 1, name
        assert message["From"].addresses[0].addr_spec == "noreply@127.0.0.1"
        assert len(message["From"].addresses) == 1
        assert not set(message) & {"To", "Cc", "Bcc", "Reply-To", "Sender"}
        found.append(message)
    ids = [message["Message-ID"] for message in found]
    assert len(ids) == len(set(ids))
    head, *_rest = re.split(rb"\n\n", content)
    assert all(len(line) <= 998 for line in content.split(b"\n"))
    assert head.isascii()
    return found


def name_in(message):
    """Return the name in `From`, by RFC 2047: white space between encoded words is none. (`email.policy` keeps it.)"""
    raw = dict(message.raw_items())["From"]
    name, _address = email.utils.parseaddr("".join(raw.splitlines()))
    return str(email.header.make_header(email.header.decode_header(name)))


def words(message):
    """Return a message's text as a reader of mboxrd shows it, without its foot."""
    text = re.sub(r"^>(>*From )", r"\1", message.get_content(), flags=re.MULTILINE)
    return text.rsplit("\n\n-- \n", 1)[0]


def test_a_mail_program_sees_names_dates_languages_and_the_tree(client, edition, reply, tmp_path):
    first, second = messages(client, tmp_path)
    assert first["From"].addresses[0].display_name == "Aminata Diallo"
    assert first["Organization"] == "Réseau Sahel Numérique"
    assert email.utils.parsedate_to_datetime(first["Date"]) == edition.published_at.replace(microsecond=0)
    assert (first["Content-Language"], second["Content-Language"]) == ("en", "fr")
    assert first["Message-ID"] == f"<{edition.symbol.replace('/', '_')}@127.0.0.1>"
    assert first["In-Reply-To"] is None
    assert second["In-Reply-To"] == first["Message-ID"]
    assert second["References"] == first["Message-ID"]
    assert second["Subject"] == "Re: Un délai"
    assert first["Archived-At"] == f"<http://127.0.0.1:8000/c/{edition.contribution.public_id}>"
    assert words(first) == world.WORDS
    assert words(second) == reply.text.content


def test_references_name_everything_above_up_to_a_limit(client, edition, thread, participant, moderator, tmp_path):
    above, ids = edition.contribution, []
    for depth in range(25):
        made = world.published(participant, moderator, thread, f"Reply {depth}", in_reply_to=above)
        above = Contribution.objects.get(pk=made.contribution_id)
    found = messages(client, tmp_path)
    ids = [message["Message-ID"] for message in found]
    assert found[3]["References"].split() == ids[:3]
    assert found[-1]["References"].split() == [ids[0], *ids[-21:-1]]
    assert found[-1]["In-Reply-To"] == ids[-2]


def test_a_tombstone_keeps_the_tree_together(client, edition, reply, author, tmp_path):
    withdraw(actor=author, contribution=edition.contribution)
    first, second = messages(client, tmp_path)
    assert second["In-Reply-To"] == first["Message-ID"]
    assert world.WORDS not in first.as_string()
    assert author.name not in first.as_string()
    assert "withdrawn by its author" in first.get_content()


def test_hostile_texts_stay_in_their_message(client, hostile, tmp_path):
    for (text, name, _edition), message in zip(hostile, messages(client, tmp_path), strict=True):
        assert words(message) == clean(text)
        assert name_in(message) == name
        assert message["Subject"] == name
        assert message["Organization"] == name
        assert "Bcc" not in message


def test_lines_too_long_for_mail_are_encoded_and_come_back_whole(client, thread, participant, moderator, tmp_path):
    long = "Слово " * 190
    world.published(participant, moderator, thread, f"From the start {long}", language="fr")
    (message,) = messages(client, tmp_path)
    assert message["Content-Transfer-Encoding"] == "quoted-printable"
    assert words(message) == f"From the start {long}".strip()


def test_undated_editions_have_a_date_all_the_same(client, edition, tmp_path):
    Edition.objects.update(published_at=None)
    (message,) = messages(client, tmp_path)
    assert email.utils.parsedate_to_datetime(message["Date"]) == edition.minted_at.replace(microsecond=0)
