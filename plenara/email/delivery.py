"""Writing an e-mail in its reader's language, handing it to the mail server, and reading the server's reply."""

import hashlib
import re
import smtplib
from collections import Counter
from collections.abc import Callable, Mapping
from email.utils import formataddr
from typing import NamedTuple, Protocol

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plenara.core.languages import direction, django_code, html_code
from plenara.core.metadata import site_host
from plenara.core.tasks import Abort, RetryLater
from plenara.core.text import clean_line

_ENHANCED = re.compile(rb"^\s*([245]\.\d{1,3}\.\d{1,3})\b")
_REPLY = re.compile(r"^(\w+)(?: (\d{3})(?: \d\.(\d{1,3}\.\d{1,3}))?)?$")

_NO_MAILBOX = gettext_lazy("The mailbox does not exist.")
_NO_DOMAIN = gettext_lazy("The domain of the address does not exist or receives no e-mail.")
_FULL = gettext_lazy("The mailbox is full.")
_DISABLED = gettext_lazy("The mailbox is disabled.")
_UNWELCOME = gettext_lazy("The receiving server does not accept e-mail from this site.")
_LATER = gettext_lazy("The receiving server asks us to try again later.")
_UNREACHED = gettext_lazy("The mail server of this site cannot be reached.")
#: By subject and detail of the enhanced code.
_BY_DETAIL = {
    "1.0": _NO_MAILBOX, "1.1": _NO_MAILBOX, "1.3": _NO_MAILBOX, "1.6": _NO_MAILBOX,
    "1.2": _NO_DOMAIN, "1.10": _NO_DOMAIN, "4.4": _NO_DOMAIN, "2.1": _DISABLED, "2.2": _FULL,
}  # fmt: skip
_BY_CODE = {"421": _LATER, "450": _LATER, "451": _LATER, "452": _FULL, "552": _FULL, "554": _UNWELCOME}
#: By the name of the failure, if no server replied.
_BY_ERROR = {
    "RetryLater": gettext_lazy("No mail server is set up."),
    "SMTPServerDisconnected": _UNREACHED,
    "ConnectionRefusedError": _UNREACHED,
    "ConnectionResetError": _UNREACHED,
    "TimeoutError": _UNREACHED,
    "gaierror": _UNREACHED,
}


class Reply(NamedTuple):
    """A mail server's reply: in words, and its codes as the server sent them."""

    words: str
    codes: str = ""


def codes_of(error: Exception) -> str:
    """Return the codes of a mail server's refusal, "550 5.1.1"; "" if it did not reply."""
    code: int = 0
    text: bytes | str = b""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()), (0, b""))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, text = error.smtp_code, error.smtp_error
    enhanced = _ENHANCED.match(text if isinstance(text, bytes) else str(text).encode())
    return f"{code:03d} {enhanced[1].decode() if enhanced else ''}".strip() if 100 <= code <= 599 else ""


def reply_in(noted: str) -> Reply | None:
    """Return the answer that `BackgroundTask.last_error` notes, in the active language, or None."""
    found = _REPLY.match(noted)
    if found is None:
        return None
    error, code, detail = found.groups()
    if code is None:
        return Reply(str(_BY_ERROR[error])) if error in _BY_ERROR else None
    codes = noted.partition(" ")[2]
    if error == "SMTPAuthenticationError":
        return Reply(_("The mail server does not accept the user name or the password of this site."), codes)
    if detail in _BY_DETAIL:
        return Reply(str(_BY_DETAIL[detail]), codes)
    is_for_now = code.startswith("4")  # as greylisting servers do
    if (detail or "").startswith("7.") and not is_for_now:
        return Reply(str(_UNWELCOME), codes)
    words = _BY_CODE.get(code) or (_LATER if is_for_now else _("The receiving server does not accept this address."))
    return Reply(str(words), codes)


def _unsigned() -> object:
    return "Plenara"


_signature = _unsigned
#: Counts of this process's e-mails since its start: sent, refused permanently, or not sent this time.
delivery_counts: Counter[str] = Counter()


def sign_with(function: Callable[[], object]) -> None:
    """Sign e-mails with what `function` returns: the installation, which a package above knows."""
    global _signature
    _signature = function


class Reader(Protocol):
    """The recipient of an e-mail: a person."""

    email: str
    name: str
    language: str


def send(
    *,
    to: Reader | str,
    template: str,
    context: Mapping[str, object],
    key: str,
    language: str | None = None,
    headers: dict[str, str] | None = None,
) -> None:
    """Send one e-mail.

    `template` is `<package>/mail/<name>`: its `.txt` file's first line is the subject, the rest the body; the `.html`
    file, if there is one, is the second form. `key` is the permanent name of the e-mail and makes its Message-ID.
    Raises `RetryLater` while no mail server is set, `Abort` when the server refuses the address permanently.
    """
    if not is_possible():
        raise RetryLater
    address, code = (to, language or "en") if isinstance(to, str) else (to.email, language or to.language)
    host = site_host()
    with translation.override(django_code(code)):
        frame = {
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
    message = EmailMultiAlternatives(
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
    message.attach_alternative(html, "text/html")
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        if all(code >= 500 for code, _reason in error.recipients.values()):
            delivery_counts["refused"] += 1
            raise _noted(Abort(), error) from error
        delivery_counts["unsent"] += 1
        raise _noted(error, error) from None
    except (OSError, smtplib.SMTPException) as error:
        delivery_counts["unsent"] += 1
        raise _noted(error, error) from None
    delivery_counts["sent"] += 1


def _noted[E: Exception](raised: E, error: Exception) -> E:
    """Return an exception with the codes of the server's reply as its note."""
    if codes := codes_of(error):
        raised.add_note(codes)
    return raised


def is_possible() -> bool:
    """Return whether e-mail can be sent."""
    return "default" in settings.MAILERS


def _paragraphs(body: str) -> list[list[str]]:
    """Return an e-mail's text as paragraphs of lines, for its HTML form."""
    return [block.split("\n") for block in body.strip().split("\n\n") if block.strip()]
