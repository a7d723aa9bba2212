"""The context of a text's pages: the paragraphs that it can be about, the decision on it, whether its author is in
quarantine.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from plenara.accounts import queries
from plenara.accounts.models import Person
from plenara.consultations.models import Consultation, Role, Thread
from plenara.contributions.models import Contribution, Edition, Version
from plenara.core.life_cycle import State


@dataclass(frozen=True)
class Part:
    """One paragraph that a thread is about."""

    number: int  # for good
    label: str  # "Paragraph 12", in the active language
    text: str  # its words, in `language`
    language: str
    url: str


@dataclass(frozen=True)
class About:
    """The document that a consultation is about: the address of the draft, and of each of its paragraphs."""

    label: str  # in the active language
    url: str

    def part(self, number: int) -> str:
        """Return the address of a paragraph."""
        return f"{self.url}paragraphs/{number}/"


#: `outcomes` registers the drafts that are open for comment: it is above and cannot be imported.
_parts: list[Callable[[Thread], list[Part]]] = []
_drafts_about: list[Callable[[Consultation], About | None]] = []


def register_parts(parts: Callable[[Thread], list[Part]], about: Callable[[Consultation], About | None]) -> None:
    """Register the functions of a package above that return a thread's paragraphs and the draft. One query each."""
    _parts[:], _drafts_about[:] = [parts], [about]


def parts_of(thread: Thread) -> list[Part]:
    """Return the paragraphs that a thread is about, in order. One query; none if its consultation has no parent."""
    if thread.consultation.parent_id is None:
        return []
    return [part for function in _parts for part in function(thread)]


def draft_about(consultation: Consultation) -> About | None:
    """Return the document that a consultation is about, if it is a draft. One query; none where it has no parent."""
    if consultation.parent_id is None:
        return None
    return next((found for function in _drafts_about if (found := function(consultation))), None)


def link_parts(editions: Iterable[Edition], draft: About | None) -> None:
    """Set the address of the paragraph that each edition is about (`part_url`)."""
    for each in editions:
        if draft and each.part is not None:
            each.part_url = draft.part(each.part)


#: The name of the moderation desk's hint that an organizer can switch off.
QUARANTINE_HINT = "sign_ups"


def is_quarantined(person: Person, consultation: Consultation) -> bool:
    """Return whether a person's contributions are quarantined. No query for old accounts, three at most."""
    if QUARANTINE_HINT in consultation.suggestions_off or not queries.came_in_bulk(person):
        return False
    published = Contribution.objects.filter(author=person, state=State.PUBLISHED)
    return not (published.exists() or Role.objects.filter(person=person).exists())


#: The states of contributions that were neither withdrawn nor removed.
CURRENT = (State.PENDING, State.PUBLISHED, State.RETURNED, State.REJECTED)


def current_versions(pks: Iterable[int]) -> dict[int, Version]:
    """Return the latest version of each contribution that was neither withdrawn nor removed, by its id. One query."""
    found = Version.objects.filter(contribution_id__in=list(pks), contribution__state__in=CURRENT, state__in=CURRENT)
    rows = found.select_related("contribution__thread", "contribution__consultation", "byline", "text")
    return {version.contribution_id: version for version in rows.order_by("number") if version.text.content}


@dataclass(frozen=True)
class Verdict:
    """A decision, for the author of a text or the person who entered it."""

    what: str
    symbol: str
    at: datetime.datetime | None
    reason: str
    explained: str
    sentence: str  # in the moderator's own words
    sentence_language: str
    is_final: bool  # one that can still be undone is not shown to the author


type VerdictProvider = Callable[[Contribution], Verdict | None]
#: `moderation` registers its decisions: it is above and cannot be imported.
_verdict_providers: list[VerdictProvider] = []


def provides_verdict(provider: VerdictProvider) -> VerdictProvider:
    """Register a function that returns the last decision against a contribution, or nothing."""
    if provider not in _verdict_providers:
        _verdict_providers.append(provider)
    return provider


def verdict_on(contribution: Contribution) -> Verdict | None:
    """Return the last decision against a contribution; nothing if there is none."""
    return next((found for provider in _verdict_providers if (found := provider(contribution))), None)
