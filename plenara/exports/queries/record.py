"""Finding the public objects of an address, a list's filters or a symbol of the record."""

import re
from dataclasses import dataclass

from django.db.models import F, QuerySet
from django.http import Http404, QueryDict

from plenara.consultations.models import Consultation, State, Thread
from plenara.contributions.models import Channel, Edition, Tally
from plenara.contributions.organizations.queries import is_marked
from plenara.contributions.queries.record import SIGNATORIES
from plenara.core.metadata import FIRST, edition_symbol
from plenara.core.prepared import prepared
from plenara.core.vocabulary import StakeholderGroup
from plenara.documents.kinds import kind_of
from plenara.documents.models import DocumentEdition
from plenara.exports import addresses


def public_consultations() -> QuerySet[Consultation]:
    """Return the announced consultations, and those in a later state."""
    return Consultation.objects.exclude(stage=State.DRAFT)


def consultation_or_404(slug: str) -> Consultation:
    """Return a public consultation."""
    found = next(iter(_consultations_called(slug)), None)
    if found is None:
        raise Http404
    return found


@prepared
def _consultations_called(slug: str) -> QuerySet[Consultation]:
    return public_consultations().filter(slug=slug)


def thread_or_404(slug: str, number: int) -> Thread:
    """Return a thread of a public consultation, with the consultation."""
    found = next(iter(_threads_called(slug, number)), None)
    if found is None or not found.consultation.is_public:
        raise Http404
    return found


@prepared
def _threads_called(slug: str, number: int) -> QuerySet[Thread]:
    return Thread.objects.select_related("consultation").filter(consultation__slug=slug, number=number)


def edition_or_404(consultation: Consultation, number: int, rev: int | None) -> Edition:
    """Return a contribution's edition in force, or the one named by `rev`, with the related rows of a reference to it.

    A tombstone is an edition too.
    """
    which: dict[str, object] = {"in_force": True} if rev is None else {"revision": rev}
    found = Edition.objects.filter(consultation=consultation, number=number, **which)
    edition = found.select_related("byline", "text", "paper", "thread", "consultation").first()
    if edition is None:
        raise Http404
    return edition


_TAG = re.compile(r"[A-Za-z0-9-]{1,35}", re.ASCII)


@dataclass(frozen=True)
class Scope:
    """A consultation or a thread of it, optionally filtered by a stakeholder group, a language or a channel."""

    consultation: Consultation
    thread: Thread | None = None
    group: str = ""
    language: str = ""
    channel: str = ""

    @property
    def is_filtered(self) -> bool:
        return bool(self.filters)

    @property
    def filters(self) -> dict[str, str]:
        """The filters that are set, in the order of an address."""
        values = {"group": self.group, "language": self.language, "channel": self.channel}
        return {name: value for name, value in values.items() if value}

    @property
    def page(self) -> str:
        """The page that lists it, without the filters."""
        slug = self.consultation.slug
        return addresses.thread(slug, self.thread.number) if self.thread else addresses.consultation(slug)

    def everything(self) -> QuerySet[Edition]:
        """Return the editions in force, tombstones included, without the filters."""
        found = Edition.objects.filter(consultation=self.consultation, in_force=True)
        return found.filter(thread=self.thread) if self.thread else found

    def editions(self) -> QuerySet[Edition]:
        """Return the matching editions in force: those on the page. A tombstone has no group and no language."""
        return self.everything().filter(**self.matching)

    @property
    def matching(self) -> dict[str, str]:
        """The filters for a query."""
        names = {"group": "stakeholder_group", "language": "language", "channel": "channel"}
        return {names[name]: value for name, value in self.filters.items()}


#: The parameters of a list of contributions in its other forms.
LIST_PARAMETERS = ("group", "language", "channel")


def filtered(query: QueryDict, consultation: Consultation, thread: Thread | None = None) -> Scope:
    """Return the scope of a page's address. A filter that the page does not have is ignored, as there."""
    group = query.get("group", "")
    group = group if group in StakeholderGroup.values else ""
    language = query.get("language", "")
    if language not in consultation.languages:
        language = language if _TAG.fullmatch(language) else ""
        there = Tally.objects.filter(thread__consultation=consultation, language=language, count__gt=0)
        there = there.filter(thread=thread) if thread else there
        language = language if language and there.exists() else ""
    channel = query.get("channel", "")
    return Scope(consultation, thread, group, language, channel if channel in Channel.values else "")


def with_words(editions: QuerySet[Edition]) -> QuerySet[Edition]:
    """Return editions with their related rows: words, bylines, paper, permalink, symbols. Two queries."""
    read = editions.select_related("text", "byline", "paper").prefetch_related(SIGNATORIES)
    return read.annotate(
        public_id=F("contribution__public_id"),
        own_symbol=F("contribution__symbol"),  # without /Rev.1
        answers_symbol=F("contribution__in_reply_to__symbol"),
        is_marked=is_marked(),
        # The keys of an archive that have no column here.
        stance=F("contribution__bundle__stance"),
        votes=F("contribution__bundle__tallies"),
    )


#: The suffix of a first edition's symbol, where only that edition is meant.
_FIRST = "/Rev.0"
_QUESTION = re.compile(r"(.+)/Q([0-9]{1,5})")


def for_good(edition: Edition | DocumentEdition) -> str:
    """Return the permalink of one edition, of a contribution or a summary, whatever succeeds it."""
    return addresses.of_symbol(edition_symbol(edition.symbol, edition.revision))


def edition_of_id(public_id: str) -> Edition | None:
    """Return the edition in force of the contribution with this id, if it is public. One query."""
    return _editions().filter(contribution__public_id=public_id, in_force=True).first()


def address_or_tombstone(symbol: str) -> str | Edition | None:
    """Return the address of a symbol's page, in the active language, or its tombstone; None for an unknown symbol."""
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
    """Return the document in force with this symbol, or the one edition that the symbol names."""
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
