"""What a symbol names: a consultation, a question of it, a contribution or one edition, a summary."""

import re

from django.db.models import QuerySet

from plenara.archive import addresses
from plenara.archive.finding import public_consultations
from plenara.consultations.models import Thread
from plenara.contributions.models import Edition
from plenara.core.describing import FIRST, edition_symbol
from plenara.documents.kinds import kind_of
from plenara.documents.models import DocumentEdition

#: What we put after the symbol of a first edition, where it alone is meant.
_FIRST = "/Rev.0"
_QUESTION = re.compile(r"(.+)/Q([0-9]{1,5})")


def for_good(edition: Edition | DocumentEdition) -> str:
    """Return the permalink of one edition, of a contribution or a summary, whatever succeeds it."""
    return addresses.of_symbol(edition_symbol(edition.symbol, edition.revision))


def edition_of_id(public_id: str) -> Edition | None:
    """Return the edition in force of the contribution with this id, if it is public. One query."""
    return _editions().filter(contribution__public_id=public_id, in_force=True).first()


def address_or_tombstone(symbol: str) -> str | Edition | None:
    """Return where a symbol's page stands, in the active language, or the tombstone there; none of a symbol unknown."""
    if edition := _edition(symbol):
        slug = edition.consultation.slug
        if edition.is_gone:
            return edition
        # A symbol without /Rev. names the contribution, whatever its edition in force.
        if symbol.endswith(f"/Rev.{edition.revision}"):
            return addresses.edition(slug, edition.number, edition.revision)
        return addresses.contribution(slug, edition.number)
    if document := _document(symbol):
        slug, kind = document.consultation.slug, kind_of(document.kind)
        page = addresses.site(kind.url(slug, document.number, address=document.address))
        return page if symbol == document.document.symbol else f"{page}rev/{document.revision}/"
    if consultation := public_consultations().filter(symbol=symbol).first():
        return addresses.consultation(consultation.slug)
    if thread := _thread(symbol):
        return addresses.thread(thread.consultation.slug, thread.number)
    return None


def _edition(symbol: str) -> Edition | None:
    """Return the edition with this symbol, or the one in force of the contribution with it."""
    of_contribution = _editions().filter(contribution__symbol=symbol, in_force=True).first()
    if of_contribution or not symbol.endswith(FIRST):
        return of_contribution or _editions().filter(symbol=symbol).first()
    return _editions().filter(contribution__symbol=symbol.removesuffix(FIRST), revision=0).first()


def _editions() -> QuerySet[Edition]:
    found = Edition.objects.select_related("consultation", "thread", "text")
    return found.filter(consultation__in=public_consultations())


def _document(symbol: str) -> DocumentEdition | None:
    """Return the document with this symbol in force, or the one edition of it that the symbol names."""
    found = DocumentEdition.objects.select_related("consultation", "document")
    found = found.filter(consultation__in=public_consultations())
    if symbol.endswith(FIRST):
        return found.filter(document__symbol=symbol.removesuffix(FIRST), revision=0).first()
    return found.filter(document__symbol=symbol, in_force=True).first() or found.filter(symbol=symbol).first()


def _thread(symbol: str) -> Thread | None:
    if not (match := _QUESTION.fullmatch(symbol)):
        return None
    found = Thread.objects.filter(consultation__in=public_consultations(), consultation__symbol=match[1])
    return found.filter(number=int(match[2])).select_related("consultation").first()
