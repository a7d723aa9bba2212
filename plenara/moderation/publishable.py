"""Propose → decide → publish: what a kind of thing must offer so that the desk can decide on it, and the reasons of a
decision in six languages.
"""

import datetime
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from django.db.models import QuerySet
from django.urls import reverse

from plenara.accounts.models import Person
from plenara.consultations.models import Consultation, Thread
from plenara.core.languages import current
from plenara.core.refusals import Answer, Denied
from plenara.moderation.models import Ground

#: Reasons that rest on the law; the others rest on the rules.
ON_THE_LAW = frozenset({"R4", "R7", "E6", "E7", "C4", "C6"})


@dataclass(frozen=True)
class Reasons:
    """The codes that there are for a kind of thing. A code means the same for good: registers are public."""

    for_moderators: tuple[str, ...]
    for_readers: tuple[str, ...]  # who report what is published: the most serious first


#: Length and language were checked before publication.
OF_TEXTS = Reasons(
    for_moderators=("R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8"),
    for_readers=("R4", "R7", "R3", "R5", "R1", "R6"),
)
#: Events of the calendar, and organizations, people and projects of the directory.
OF_ENTRIES = Reasons(
    for_moderators=("E1", "E2", "E3", "E4", "E5", "E6", "E7"),
    for_readers=("E6", "E7", "E3", "E4", "E2", "E5", "E1"),
)
#: Requests that a statement of a summary be corrected.
OF_CORRECTIONS = Reasons(
    for_moderators=("C1", "C2", "C3", "C4", "C5", "C6"),
    for_readers=("C4", "C6", "C3", "C1", "C5", "C2"),
)


@lru_cache(maxsize=1)
def _reasons() -> dict[str, dict[str, dict[str, str]]]:
    return json.loads((Path(__file__).parent / "reasons.json").read_text())


def reason_codes() -> list[str]:
    """Return all codes in their order."""
    return list(_reasons())


def reason_label(code: str, language: str | None = None) -> str:
    """Return a reason's short name in a language (default: the active one); a foreign code as it is."""
    return _reasons()[code]["label"][language or current()] if code in _reasons() else code


def reason_text(code: str, language: str | None = None) -> str:
    """Return what the author is told about a reason."""
    return _reasons()[code]["text"][language or current()] if code in _reasons() else ""


def ground_of(code: str) -> str:
    """Return the ground that a reason rests on; nothing where there is no reason."""
    if not code:
        return ""
    return Ground.ILLEGAL if code in ON_THE_LAW else Ground.INCOMPATIBLE


#: What a moderator may be offered besides approving, returning, rejecting, removing and restoring.
MOVE, REDACT, GATHER = "move", "redact", "gather"


@dataclass(frozen=True)
class Templates:
    """The templates in which a kind's things are shown at the desk and told by mail."""

    entry: str  # the text as it is read: takes `edition` (what `shown` returns), `marked`, `base`
    beside: str  # what it is about: takes `thing`, `thread`
    row: str  # the same in one or two `span`s of the queue: takes `item`, `version`
    mail: str  # the folder of its letters: decision_subject.txt, …_says.txt, …_then.txt, appeal_outcome_says.txt


class Publishable(Protocol):
    """A kind of thing that somebody proposes and a moderator decides on."""

    kind: str
    offers: frozenset[str]
    hints: frozenset[str]  # what a machine looks for in its texts
    templates: Templates
    reasons: Reasons  # for which it is refused, removed and reported
    #: Its words, as sentences that are translated when they are shown: `name`, `names`, `decide`, `check`, `restore`,
    #: `pending`, `gone`, `undone`, `overtaken`, `upheld`, `uphold`, `yours`, `all_about`.
    says: Mapping[str, Any]

    def facts(self, version: Any) -> dict[str, Any]: ...
    def load(self, version_ids: Iterable[int]) -> dict[int, Any]: ...
    def current_versions(self, pks: Iterable[int]) -> dict[int, Any]: ...
    def find(self, pk: int) -> Any: ...
    def thing_of(self, version: Any) -> Any: ...
    def of_author(self, person: Person) -> QuerySet[Any]: ...
    def by_author(self, author_id: int, consultation_id: int) -> list[int]: ...
    def signed_by(self, person: Person) -> QuerySet[Any]: ...
    def published(self, consultation_id: int, after: int) -> list[int]: ...
    def lock(self, pk: int) -> Any: ...
    def waiting_version(self, thing: Any) -> Any: ...
    def latest_version(self, thing: Any) -> Any: ...
    def version_in_force(self, thing: Any) -> Any: ...
    def earlier(self, version: Any) -> list[Any]: ...
    def shown(self, version: Any) -> Any: ...
    def approve(
        self,
        version: Any,
        *,
        actor: Person | None,
        admitted_after_closing: bool = False,
        campaign_of: int | None = None,
    ) -> Any: ...
    def lead_of(self, pks: Any) -> Any: ...
    def gather(self, lead: Any, pks: Any) -> int: ...
    def stand_alone(self, thing: Any) -> None: ...
    def set_aside(self, version: Any, state: str, *, reason: str) -> None: ...
    def leave_out(self, version: Any, text: str) -> Any: ...
    def move(self, thing: Any, thread: Thread) -> None: ...
    def remove(self, thing: Any, *, reason: str) -> None: ...
    def restore(self, thing: Any) -> None: ...
    def before(self, thing: Any) -> dict[str, Any]: ...
    def wait_again(self, version: Any, before: dict[str, Any]) -> None: ...
    def allows(self, thing: Any, act: str) -> Answer: ...
    def can_come_back(self, thing: Any) -> Answer: ...
    def word_limit(self, thing: Any) -> int | None: ...
    def label(self, thing: Any) -> str: ...
    def letter_context(self, thing: Any, version_id: int | None, language: str) -> dict[str, Any]: ...
    def public_path(self, thing: Any, language: str) -> str: ...
    def author_path(self, thing: Any, language: str) -> str: ...
    def appeal_path(self, thing: Any, language: str) -> str: ...
    def after_url(self, thing: Any) -> str: ...
    def published_at(self, thing: Any) -> Iterable[tuple[datetime.datetime, Any]]: ...
    def in_register(self, decisions: Sequence[Any], consultation: Consultation) -> dict[int, dict[str, Any]]: ...


class Plain:
    """What a kind is that offers nothing besides the decisions: it is not moved, not shortened, not gathered."""

    kind: str
    offers: frozenset[str] = frozenset()
    hints: frozenset[str] = frozenset()
    reasons = OF_TEXTS

    def signed_by(self, person: Person) -> QuerySet[Any]:
        """Return nothing: nobody signs it besides its author."""
        return self.of_author(person).none()

    def of_author(self, person: Person | int) -> QuerySet[Any]:
        raise NotImplementedError

    def by_author(self, author_id: int, consultation_id: int) -> list[int]:
        """Return the ids of what a person sent to a consultation."""
        return list(self.of_author(author_id).filter(consultation=consultation_id).values_list("pk", flat=True))

    def published(self, consultation_id: int, after: int) -> list[int]:
        """Return nothing: no later text is compared with it."""
        return []

    def current_versions(self, pks: Iterable[int]) -> dict[int, Any]:
        """Return the latest version of each that was neither withdrawn nor removed, by the thing's id."""
        found = ((pk, self.find(pk)) for pk in pks)
        things = {pk: thing for pk, thing in found if thing and thing.state not in {"withdrawn", "removed"}}
        return {pk: version for pk, thing in things.items() if (version := self.latest_version(thing))}

    def find(self, pk: int) -> Any:
        raise NotImplementedError

    def latest_version(self, thing: Any) -> Any:
        raise NotImplementedError

    def earlier(self, version: Any) -> list[Any]:
        """Return the versions before one, the latest first, to be compared. One query."""
        found = self.thing_of(version).versions.filter(number__lt=version.number)
        return list(found.select_related("text").order_by("-number"))

    def thing_of(self, version: Any) -> Any:
        raise NotImplementedError

    def lead_of(self, pks: Any) -> Any:
        return None

    def gather(self, lead: Any, pks: Any) -> int:
        return 0

    def stand_alone(self, thing: Any) -> None:
        """Nothing to do: it stands alone."""

    def leave_out(self, version: Any, text: str) -> Any:
        raise NotImplementedError(f"{self.kind} is not shortened")

    def move(self, thing: Any, thread: Thread) -> None:
        raise NotImplementedError(f"{self.kind} is not moved")

    def before(self, thing: Any) -> dict[str, Any]:
        """Return what undoing a decision needs besides the version: nothing."""
        return {}

    def after_url(self, thing: Any) -> str:
        """Return where the desk decides on it after publication."""
        return reverse("moderation:after_publication", args=[self.kind, thing.pk])


KINDS: dict[str, Publishable] = {}


def register(publishable: Publishable) -> None:
    """Make a kind known, when its package starts."""
    KINDS[publishable.kind] = publishable


def offers(thing: Any, what: str, sentence: Any) -> Answer:
    """Say whether a moderator is offered something of a thing's kind; else with this sentence."""
    return what in KINDS[thing.kind].offers or Denied(sentence, "not_offered")
