"""What a mail server replied, as its codes alone, and the same in plain words.

The server's own sentence is never stored: it quotes addresses. Codes: RFC 5321, section 4.2.3, and RFC 3463.
"""

import re
import smtplib
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_ENHANCED = re.compile(rb"^\s*([245]\.\d{1,3}\.\d{1,3})\b")
_NOTED = re.compile(r"^(\w+)(?: (\d{3})(?: \d\.(\d{1,3}\.\d{1,3}))?)?$")

_NO_MAILBOX = gettext_lazy("The mailbox does not exist.")
_NO_DOMAIN = gettext_lazy("The domain of the address does not exist or receives no e-mail.")
_FULL = gettext_lazy("The mailbox is full.")
_DISABLED = gettext_lazy("The mailbox is disabled.")
_UNWELCOME = gettext_lazy("The receiving server does not accept e-mail from this site.")
_LATER = gettext_lazy("The receiving server asks to try again later.")
_UNREACHED = gettext_lazy("The mail server of this site cannot be reached.")
#: By subject and detail of the enhanced code.
_BY_DETAIL = {
    "1.0": _NO_MAILBOX, "1.1": _NO_MAILBOX, "1.3": _NO_MAILBOX, "1.6": _NO_MAILBOX,
    "1.2": _NO_DOMAIN, "1.10": _NO_DOMAIN, "4.4": _NO_DOMAIN, "2.1": _DISABLED, "2.2": _FULL,
}  # fmt: skip
_BY_CODE = {"421": _LATER, "450": _LATER, "451": _LATER, "452": _FULL, "552": _FULL, "554": _UNWELCOME}
#: By the name of what went wrong where no server replied.
_BY_ERROR = {
    "RetryLater": gettext_lazy("No mail server is set up."),
    "SMTPServerDisconnected": _UNREACHED,
    "ConnectionRefusedError": _UNREACHED,
    "ConnectionResetError": _UNREACHED,
    "TimeoutError": _UNREACHED,
    "gaierror": _UNREACHED,
}


class Reply(NamedTuple):
    """A mail server's answer: in words, and its codes as the server sent them."""

    words: str
    codes: str = ""


def codes_of(error: Exception) -> str:
    """Return the codes of a mail server's refusal, "550 5.1.1"; nothing where it did not reply."""
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
    found = _NOTED.match(noted)
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
    is_for_now = code.startswith("4")  # as servers do that let a sender they do not know wait
    if (detail or "").startswith("7.") and not is_for_now:
        return Reply(str(_UNWELCOME), codes)
    words = _BY_CODE.get(code) or (_LATER if is_for_now else _("The receiving server does not accept this address."))
    return Reply(str(words), codes)
