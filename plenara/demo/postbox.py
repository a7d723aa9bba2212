"""The demo's postbox: each e-mail that is "sent" becomes a file in the demo's own folder, and is read from there.

A file is named by the time of its e-mail (the clock's, so that one of last week is listed below today's) and by what
distinguishes two e-mails of one moment. Its name is its place in the order and its address below `/demo/mail/`.
"""

import os
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage as Message
from email.parser import BytesHeaderParser, BytesParser
from email.utils import format_datetime
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from plenara.core import clock

_NAME = re.compile(r"[0-9]{8}T[0-9]{12}Z-[0-9a-f]{16}")


@dataclass(frozen=True)
class Email:
    """An e-mail in the postbox: its name and its message, which in a list has only headers."""

    name: str
    message: "Message[str, str]"

    def part(self, subtype: str) -> str:
        """Return the text in one of its two forms, `plain` or `html`; "" where there is none."""
        found = self.message.get_body((subtype,))
        return str(found.get_content()) if found else ""


def folder() -> Path:
    """Return the folder of the e-mails: `mail` in the data folder, which in the demo is `$PLENARA_DATA/demo`."""
    return Path(settings.DATA) / "mail"


class Postbox(BaseEmailBackend):
    """Django's mail backend of the demo: nothing leaves this machine."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for each in email_messages:
            each.extra_headers.setdefault("Date", format_datetime(clock.now()))
            put(each.message().as_bytes())
        return len(email_messages)


def put(email: bytes) -> str:
    """Save an e-mail and return its name. The file is whole before it has its name."""
    place = folder()
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{clock.now():%Y%m%dT%H%M%S%f}Z-{time.time_ns():016x}"
    fresh = place / f"{name}.{os.getpid()}"
    fresh.write_bytes(email)
    fresh.replace(place / f"{name}.eml")
    return name


def names() -> list[str]:
    """Return the names of all e-mails, newest first."""
    if not folder().is_dir():
        return []
    return sorted((file.stem for file in folder().glob("*.eml") if _NAME.fullmatch(file.stem)), reverse=True)


def headers(name: str) -> Email:
    """Return an e-mail with its headers alone, for a list."""
    return _read(name, BytesHeaderParser(policy=policy.default)) or Email(name, Message())


def find(name: str) -> Email | None:
    """Return an e-mail, or nothing where there is none of this name."""
    return _read(name, BytesParser(policy=policy.default)) if _NAME.fullmatch(name) else None


def _read(name: str, parser: "BytesParser[Message[str, str]]") -> Email | None:
    try:
        with (folder() / f"{name}.eml").open("rb") as file:
            return Email(name, parser.parse(file))
    except FileNotFoundError:
        return None


def empty() -> None:
    """Delete every e-mail, half-written ones too."""
    if folder().is_dir():
        for file in folder().iterdir():
            file.unlink(missing_ok=True)
