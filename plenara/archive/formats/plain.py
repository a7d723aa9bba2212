"""A thread as plain text. What people wrote is set in, so that nobody's words can pass for the head of another text."""

from collections.abc import Callable, Iterable, Iterator

from django.utils.translation import gettext as _

from plenara.archive import addresses, told
from plenara.archive.scope import Scope
from plenara.contributions.models import Edition
from plenara.core.languages import in_language
from plenara.core.templatetags.plenara import datetime_utc, own_name
from plenara.core.vocabulary import licence_name, licence_url

_RULE = "-" * 72


def as_text(scope: Scope, editions: Iterable[Edition]) -> Iterator[str]:
    """Yield a thread in the active language, and each contribution to it in its own."""
    assert scope.thread
    consultation, thread = scope.consultation, scope.thread
    question = in_language(thread.question).text
    licence = " ".join(filter(None, (licence_name(consultation.licence), licence_url(consultation.licence))))
    yield _lines(
        in_language(consultation.title).text,
        _("Question %(number)d: %(question)s") % {"number": thread.number, "question": question},
        addresses.thread(consultation.slug, thread.number),
        _("Licence: %(licence)s") % {"licence": licence} if licence else "",
    )
    for edition in editions:
        yield f"\n{_RULE}\n" + _head(edition)
        if told.is_told(edition):
            yield "\n" + _set_in(told.words(edition))


def all_threads(scopes: Iterable[Scope], editions: Callable[[Scope], Iterable[Edition]]) -> Iterator[str]:
    """Yield the threads one after another, each as its own page has it; `editions` gives those of one."""
    between = ""
    for scope in scopes:
        yield between
        yield from as_text(scope, editions(scope))
        between = f"\n\n{'=' * 72}\n\n"


def _head(edition: Edition) -> str:
    address = addresses.permalink(edition.public_id)  # type: ignore[attr-defined]
    if not told.is_told(edition):
        return _lines(edition.symbol, address, told.what_happened(edition), told.reason(edition))
    answers = edition.answers_symbol  # type: ignore[attr-defined]
    return _lines(
        edition.symbol,
        address,
        told.name_in_words(edition.byline),
        " · ".join(told.standing_of(edition)),
        *told.signatures(edition),
        " · ".join((when(edition), own_name(edition.language))),
        _("In reply to %(symbol)s") % {"symbol": answers} if answers else "",
        edition.title,
    )


def when(edition: Edition) -> str:
    """Return when an edition was published, or else submitted, in words."""
    return datetime_utc(edition.dated_at) if edition.dated_at else _("undated")


def _lines(*lines: str) -> str:
    return "".join(f"{' '.join(line.split())}\n" for line in lines if line)


def _set_in(text: str) -> str:
    return "".join(f"    {line}\n" if line else "\n" for line in text.split("\n"))
