"""A thread as plain text, where no text can pass for the head of another, and as a mailbox (mboxrd) without any
address.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from email.header import Header
from email.quoprimime import body_encode
from email.utils import format_datetime
from time import asctime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.contributions.models import Edition
from plenara.core.languages import html_code, in_language
from plenara.core.metadata import site_host
from plenara.core.templatetags.plenara import datetime_utc, own_name
from plenara.core.vocabulary import licence_name, licence_url
from plenara.exports import addresses
from plenara.exports.presenters import attribution
from plenara.exports.queries.record import Scope

#: References of a message besides the first: what it answers, and what that answers.
MOST_REFERENCES = 20
#: Octets of the longest line in an e-mail (RFC 5322, 2.1.1).
LONGEST_LINE = 998

_FROM_LINE = re.compile("^(>*From )", re.MULTILINE)


def as_mailbox(scope: Scope, editions: Iterable[Edition]) -> Iterator[str]:
    """Yield the messages of a thread; a reply comes after what it answers."""
    host = site_host().replace(":", ".")
    root = 0
    answers: dict[str, str | None] = {}
    for edition in editions:
        if edition.root != root:
            root, answers = edition.root, {}  # of one tree at a time
        symbol, answered = edition.own_symbol, edition.answers_symbol  # type: ignore[attr-defined]
        answers[symbol] = answered
        yield _message(edition, scope, host, [_message_id(each, host) for each in _ancestors(answered, answers)])


def _ancestors(symbol: str | None, answers: dict[str, str | None]) -> list[str]:
    """Return the messages that one answers, directly and through others: the top of the tree, and the last ones."""
    found: list[str] = []
    while symbol and symbol not in found and len(found) < MOST_REFERENCES:
        found.append(symbol)
        symbol = answers.get(symbol)
    if symbol and (top := next(iter(answers))) not in found:
        found.append(top)
    return found[::-1]


def _message_id(symbol: str, host: str) -> str:
    """Return the message id of a symbol: `/` is not allowed in one, `_` in a symbol is doubled."""
    return f"<{symbol.replace('_', '__').replace('/', '_')}@{host}>"


def _message(edition: Edition, scope: Scope, host: str, references: list[str]) -> str:
    consultation = scope.consultation
    is_public = attribution.has_words(edition)
    at = attribution.published_at(edition)
    licence = licence_name(consultation.licence)
    foot = (
        [*attribution.affiliation_of(edition), *attribution.signatures(edition), licence]
        if is_public
        else [attribution.reason(edition)]
    )
    address = addresses.permalink(edition.public_id)  # type: ignore[attr-defined]
    body = attribution.words(edition) if is_public else attribution.what_happened(edition)
    body = "\n".join([body, "", "-- ", edition.symbol, address, *filter(None, foot), ""])
    is_long = max(map(len, body.encode().split(b"\n"))) > LONGEST_LINE
    author = attribution.name_in_words(edition.byline) if is_public else consultation.symbol
    fields = {
        "From": f"{_word(author)} <noreply@{host}>",
        "Date": format_datetime(at),
        "Subject": _encoded(_subject(edition, references)),
        "Message-ID": _message_id(edition.own_symbol, host),  # type: ignore[attr-defined]
        "In-Reply-To": references[-1] if references else "",
        "References": "\n ".join(references),
        "List-Id": f"{_word(in_language(consultation.title).text)} <{consultation.slug}.{host}>",
        "Archived-At": f"<{address}>",
        "Organization": _encoded(edition.byline.organization) if is_public and edition.byline else "",
        "Keywords": edition.stakeholder_group if is_public else "",
        "Content-Language": html_code(edition.language) if is_public else "",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "quoted-printable" if is_long else "8bit",
    }
    head = "".join(f"{name}: {value}\n" for name, value in fields.items() if value)
    if is_long:
        body = body_encode(body.encode().decode("latin-1"))
    return f"From noreply@{host} {asctime(at.utctimetuple())}\n{head}\n{_FROM_LINE.sub(r'>\1', body)}\n"


def _subject(edition: Edition, references: list[str]) -> str:
    about = edition.title or edition.symbol
    return _("Re: %(subject)s") % {"subject": about} if references and edition.title else about


def _word(text: str) -> str:
    """Return a name for an e-mail's header field: quoted, or encoded where it is not plain ASCII."""
    line = " ".join(text.split())
    if _is_plain(line):
        return '"' + re.sub(r'([\\"])', r"\\\1", line) + '"'
    return _encoded(line)


def _encoded(text: str) -> str:
    line = " ".join(text.split())
    if _is_plain(line):
        return line
    return Header(line, "utf-8", maxlinelen=76, header_name="Organization").encode(linesep="\n")


def _is_plain(line: str) -> bool:
    """Return whether a line needs no encoding: it contains no encoded word, and needs no folding."""
    return line.isascii() and len(line) < 200 and "=?" not in line


_RULE = "-" * 72


def as_text(scope: Scope, editions: Iterable[Edition]) -> Iterator[str]:
    """Yield a thread in the active language, and each contribution to it in its own."""
    assert scope.thread
    consultation, thread = scope.consultation, scope.thread
    question = in_language(thread.question).text
    licence = " ".join(filter(None, (licence_name(consultation.licence), licence_url(consultation.licence))))
    yield _lines(
        in_language(consultation.title).text,
        pgettext("label", "Question %(number)d: %(question)s") % {"number": thread.number, "question": question},
        addresses.thread(consultation.slug, thread.number),
        pgettext("label", "Licence: %(licence)s") % {"licence": licence} if licence else "",
    )
    for edition in editions:
        yield f"\n{_RULE}\n" + _head(edition)
        if attribution.has_words(edition):
            yield "\n" + _set_in(attribution.words(edition))


def all_threads(scopes: Iterable[Scope], editions: Callable[[Scope], Iterable[Edition]]) -> Iterator[str]:
    """Yield the threads one after another, each as on its own page; `editions` returns those of one."""
    between = ""
    for scope in scopes:
        yield between
        yield from as_text(scope, editions(scope))
        between = f"\n\n{'=' * 72}\n\n"


def _head(edition: Edition) -> str:
    address = addresses.permalink(edition.public_id)  # type: ignore[attr-defined]
    if not attribution.has_words(edition):
        return _lines(edition.symbol, address, attribution.what_happened(edition), attribution.reason(edition))
    answers = edition.answers_symbol  # type: ignore[attr-defined]
    return _lines(
        edition.symbol,
        address,
        attribution.name_in_words(edition.byline),
        " · ".join(attribution.affiliation_of(edition)),
        *attribution.signatures(edition),
        " · ".join((when(edition), own_name(edition.language))),
        _("In reply to %(symbol)s") % {"symbol": answers} if answers else "",
        edition.title,
    )


def when(edition: Edition) -> str:
    """Return the time of an edition's publication, or else of its submission, in words."""
    return datetime_utc(edition.dated_at) if edition.dated_at else pgettext("label", "undated")


def _lines(*lines: str) -> str:
    return "".join(f"{' '.join(line.split())}\n" for line in lines if line)


def _set_in(text: str) -> str:
    return "".join(f"    {line}\n" if line else "\n" for line in text.split("\n"))
