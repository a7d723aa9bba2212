"""What a list tells of: a consultation or one of its threads, with the filters that its page knows."""

import re
from dataclasses import dataclass

from django.db.models import F, QuerySet
from django.http import QueryDict

from plenara.archive import addresses
from plenara.consultations.models import Consultation, Thread
from plenara.contributions.models import Channel, Edition, Tally
from plenara.contributions.organizations.reading import is_marked
from plenara.contributions.reading import SIGNATORIES
from plenara.core.vocabulary import StakeholderGroup

_TAG = re.compile(r"[A-Za-z0-9-]{1,35}", re.ASCII)


@dataclass(frozen=True)
class Scope:
    """A consultation or a thread of it, and a stakeholder group, a language or a channel where these are wanted."""

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
        """The filters that are set, in the order in which an address has them."""
        asked = {"group": self.group, "language": self.language, "channel": self.channel}
        return {name: value for name, value in asked.items() if value}

    @property
    def page(self) -> str:
        """The page that lists it, without the filters."""
        slug = self.consultation.slug
        return addresses.thread(slug, self.thread.number) if self.thread else addresses.consultation(slug)

    def everything(self) -> QuerySet[Edition]:
        """Return the editions in force, tombstones included, whatever the filters."""
        found = Edition.objects.filter(consultation=self.consultation, in_force=True)
        return found.filter(thread=self.thread) if self.thread else found

    def editions(self) -> QuerySet[Edition]:
        """Return the editions in force that match: what the page shows. A tombstone has no group and no language."""
        return self.everything().filter(**self.matching)

    @property
    def matching(self) -> dict[str, str]:
        """The filters as a query takes them."""
        names = {"group": "stakeholder_group", "language": "language", "channel": "channel"}
        return {names[name]: value for name, value in self.filters.items()}


#: The parameters of a list of contributions in its other forms.
LIST_PARAMETERS = ("group", "language", "channel")


def filtered(query: QueryDict, consultation: Consultation, thread: Thread | None = None) -> Scope:
    """Return the scope that a page's address asks for. A filter that the page does not offer is ignored, as there."""
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
    """Return editions with all that is told of them: words, bylines, paper, permalink, symbols. Two queries."""
    read = editions.select_related("text", "byline", "paper").prefetch_related(SIGNATORIES)
    return read.annotate(
        public_id=F("contribution__public_id"),
        own_symbol=F("contribution__symbol"),  # without /Rev.1
        answers_symbol=F("contribution__in_reply_to__symbol"),
        is_marked=is_marked(),
        # What an archive came with and we have no column for.
        stance=F("contribution__bundle__stance"),
        votes=F("contribution__bundle__tallies"),
    )
