"""Writing a letter in its reader's language, and handing it to the mail server.

Called by tasks alone: after the act was committed, with retries, and at least once. A repeat carries the same
Message-ID, so that a mailbox can tell.
"""

import hashlib
import smtplib
from collections import Counter
from email.utils import formataddr
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from plenara.core.languages import direction, django_code, html_code
from plenara.core.tasks import Abort, RetryLater
from plenara.core.text import clean_line
from plenara.mail import replies


def _unsigned() -> Any:
    return "Plenara"


_signature = _unsigned
#: How the letters of this process fared, since it began: sent, refused for good, or not sent this time.
counted: Counter[str] = Counter()


def sign_with(function: Any) -> None:
    """Let letters be signed with what `function` returns: the installation, which a package above us knows."""
    global _signature
    _signature = function


class Reader(Protocol):
    """Who gets a letter: a person."""

    email: str
    name: str
    language: str


def send(
    *,
    to: Reader | str,
    template: str,
    context: dict[str, Any],
    key: str,
    language: str | None = None,
    headers: dict[str, str] | None = None,
) -> None:
    """Send one letter.

    `template` is `<package>/mail/<name>`: its `.txt` file's first line is the subject, the rest the body; the `.html`
    file, where there is one, is the second form. `key` names the letter for good and makes its Message-ID.
    Raises `RetryLater` while no mail server is named, `Abort` when the server refuses the address for good.
    """
    if not is_possible():
        raise RetryLater
    address, code = (to, language or "en") if isinstance(to, str) else (to.email, language or to.language)
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    with translation.override(django_code(code)):
        frame: dict[str, Any] = {
            "installation": _signature(),
            "site_url": settings.SITE_URL,
            "lang": code,
            "html_lang": html_code(code),
            "dir": direction(code),
            "reader_name": "" if isinstance(to, str) else to.name,
        }
        text = render_to_string(f"{template}.txt", {**frame, **context})
        subject, _newline, body = text.strip().partition("\n")
        html = render_to_string("core/mail.html", {**frame, "subject": subject, "paragraphs": _paragraphs(body)})
        sender = formataddr((clean_line(str(frame["installation"])), settings.DEFAULT_FROM_EMAIL))
    letter = EmailMultiAlternatives(
        subject=clean_line(subject)[:200],
        body=body.strip() + "\n",
        from_email=sender,
        to=[address],
        headers={
            "Message-ID": f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{host}>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": html_code(code),
            **(headers or {}),
        },
    )
    letter.attach_alternative(html, "text/html")
    try:
        letter.send()
    except smtplib.SMTPRecipientsRefused as error:
        if all(code >= 500 for code, _reason in error.recipients.values()):
            counted["refused"] += 1
            raise _noted(Abort(), error) from error
        counted["unsent"] += 1
        raise _noted(error, error) from None
    except (OSError, smtplib.SMTPException) as error:
        counted["unsent"] += 1
        raise _noted(error, error) from None
    counted["sent"] += 1


def _noted[E: Exception](raised: E, error: Exception) -> E:
    """Return an exception with the codes of the server's reply as its note."""
    if codes := replies.codes_of(error):
        raised.add_note(codes)
    return raised


def is_possible() -> bool:
    """Say whether there is a way to send mail at all."""
    return "default" in settings.MAILERS


def _paragraphs(body: str) -> list[list[str]]:
    """Return a letter's text as paragraphs of lines, for its HTML form."""
    return [block.split("\n") for block in body.strip().split("\n\n") if block.strip()]
