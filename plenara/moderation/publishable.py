"""Propose → decide → publish: the interface of a kind of moderated item; and the reasons of a decision in six
languages.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise

from plenara.accounts.models import Person
from plenara.core import life_cycle
from plenara.core.languages import translate
from plenara.core.life_cycle import Moderated, ModeratedVersion, OfKind, State
from plenara.core.refusals import Answer
from plenara.moderation.models import Decision, Ground

#: Reasons based on the law; the others are based on the rules.
ON_THE_LAW = frozenset({"R4", "R7", "E6", "E7", "C4", "C6"})


@dataclass(frozen=True)
class Reasons:
    """The reason codes for a kind of thing. A code means the same for good: registers are public."""

    for_moderators: tuple[str, ...]
    for_readers: tuple[str, ...]  # reports of published items: the most serious first


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
def _reasons() -> dict[str, dict[str, str]]:
    return json.loads((Path(__file__).parent / "reasons.json").read_text("utf-8"))


def reason_codes() -> list[str]:
    """Return all codes in their order."""
    return list(_reasons())


def reason_label(code: str, language: str | None = None) -> str:
    """Return a reason's short name in a language (default: the active one); a foreign code as it is."""
    return translate("reasons", _reasons()[code]["label"], language) if code in _reasons() else code


def reason_text(code: str, language: str | None = None) -> str:
    """Return the text about a reason for the author."""
    return translate("reasons", _reasons()[code]["text"], language) if code in _reasons() else ""


def reason_in_words(decision: Decision | None, language: str | None = None) -> dict[str, str]:
    """Return, as `reason_label` and `reason_text`, the reason of a decision; blank where there is none."""
    code = decision.reason if decision else ""
    return {"reason_label": reason_label(code, language), "reason_text": reason_text(code, language)}


def ground_of(code: str) -> str:
    """Return the ground of a reason; nothing where there is no reason."""
    if not code:
        return ""
    return Ground.ILLEGAL if code in ON_THE_LAW else Ground.INCOMPATIBLE


@dataclass(frozen=True)
class Templates:
    """The templates that show items of a kind at the desk and in e-mails."""

    entry: str  # the text as it is read: takes `edition` (what `describe` returns), `marked`, `base`
    beside: str  # what it is about: takes `thing`, `thread`
    row: str  # the same in one or two `span`s of the queue: takes `item`, `version`
    mail: str  # the folder of its e-mails: decision_subject.txt, …_says.txt, …_then.txt, appeal_outcome_says.txt


class Publishable[T: Moderated, V: ModeratedVersion]:
    """A kind of item that somebody proposes and a moderator decides on: the interface of every kind."""

    kind: str
    model: type[T]
    author = "author"  # the column of its author
    related: tuple[str, ...] = ()  # related rows that the desk shows
    version_related: tuple[str, ...] = ("byline", "text")
    hints: frozenset[str] = frozenset()  # the hints that a machine looks for in its texts
    reasons = OF_TEXTS  # the reasons to refuse, remove and report it
    templates: Templates
    #: Its words, as sentences that are translated when they are shown: `name`, `names`, `decide`, `check`, `restore`,
    #: `pending`, `gone`, `undone`, `overtaken`, `upheld`, `uphold`, `yours`, `all_about`.
    sentences: Mapping[str, Promise]

    # --- Reading, in the same way for all kinds -----------------------------------------------------------------------

    def find(self, pk: int) -> T | None:
        """Return an item with what the desk shows beside it, without a lock."""
        return self.model._default_manager.select_related(*self.related).filter(pk=pk).first()

    def of_author(self, person: Person | int, consultation_id: int | None = None) -> QuerySet[T]:
        """Return a person's items: all, or those of a consultation."""
        found = self.model._default_manager.filter(**{self.author: person})
        return found.filter(consultation_id=consultation_id) if consultation_id else found

    def load(self, version_ids: Iterable[int]) -> dict[int, V]:
        """Return versions by id, with all columns that the queue shows. One query."""
        versions = self.model.versions.rel.related_model
        beside = (f"{versions.thing_field}__{name}" for name in self.related)
        found = versions.objects.select_related(versions.thing_field, *beside, *self.version_related)
        return found.in_bulk(list(version_ids))  # type: ignore[no-any-return]

    def versions(self, thing: T) -> list[V]:
        """Return all versions of an item, the oldest first. One query."""
        rows = thing.versions.order_by("number")
        found = list(rows.select_related(*self.version_related) if self.version_related else rows)
        for version in found:
            version.thing = thing
        return found

    def facts(self, version: V) -> dict[str, object]:
        """Return the columns of `models.Item` for a version."""
        thing = version.thing
        known = self.of_author(thing.author_id, thing.consultation_id).filter(state=State.PUBLISHED)
        return {
            "consultation_id": thing.consultation_id,
            "thread": thing.thread.number if thing.thread else None,
            "author_id": thing.author_id,
            "entered_by_id": thing.entered_by_id,
            "language": version.language,
            "stakeholder_group": version.byline.stakeholder_group,
            "since": version.submitted_at,
            "is_revision": version.number > 1,
            "by_newcomer": thing.author_id is not None and not known.exclude(pk=thing.pk).exists(),
        }

    # --- What each kind does in its own way --------------------------------------------------------------------------

    def publish(
        self,
        version: V,
        /,
        *,
        actor: Person | None,
        admitted_after_closing: bool = False,
        campaign_of: int | None = None,
    ) -> object:
        """Publish a version: in lists under another item, where it belongs to a campaign that is shown once."""
        raise NotImplementedError

    def set_state(self, version: V, /, state: str, *, reason: str = "") -> None:
        """Return or reject a version, or make it pending again."""
        life_cycle.set_version_state(version, state, reason=reason)

    def take_down(self, thing: T, /, state: str, *, reason: str) -> object:
        """Replace an item by a notice."""
        raise NotImplementedError

    def restore(self, thing: T, /) -> object:
        """Restore a removed item."""
        raise NotImplementedError

    def describe(self, version: V, /) -> object:
        """Return a version for its page."""
        raise NotImplementedError

    def can_come_back(self, thing: T, /) -> Answer:
        """Return whether a returned item can be sent again."""
        raise NotImplementedError

    def label(self, thing: T, /) -> str:
        """Return an item's name."""
        raise NotImplementedError

    def email_context(self, thing: T, version_id: int | None, language: str) -> dict[str, object]:
        """Return the context of its e-mails' templates."""
        raise NotImplementedError

    def public_path(self, thing: T, /, language: str) -> str:
        """Return the address of its public page."""
        raise NotImplementedError

    def author_path(self, thing: T, language: str) -> str:
        """Return its author's page of an item."""
        raise NotImplementedError

    def in_register(self, decisions: Sequence[Decision]) -> dict[int, dict[str, object]]:
        """Return the items of these decisions for the register, by decision. One query."""
        raise NotImplementedError


KINDS: dict[str, Publishable] = {}


def register(publishable: Publishable) -> None:
    """Register a kind. For use when its package starts."""
    KINDS[publishable.kind] = publishable


def lock(kind: str, pk: int) -> OfKind:
    """Return an item, locked until the transaction ends; nothing where it was deleted."""
    rows = KINDS[kind].model._default_manager.filter(pk=pk)
    rows.select_for_update(no_key=True).values_list("pk", flat=True).first()
    return KINDS[kind].find(pk)


def latest_version(thing: Moderated, *states: str) -> OfKind:
    """Return the last version of an item in one of these states, or in any; nothing where there is none. One query."""
    found = [each for each in KINDS[thing.kind].versions(thing) if not states or each.state in states]
    return found[-1] if found else None


def earlier_versions(version: ModeratedVersion) -> list[OfKind]:
    """Return the versions before one, the latest first, for comparison. One query."""
    versions = KINDS[version.thing.kind].versions(version.thing)
    return [each for each in reversed(versions) if each.number < version.number]


def appeal_path(thing: Moderated, language: str) -> str:
    """Return the address of its author's appeal."""
    if thing.kind == "contribution":
        return f"{KINDS[thing.kind].author_path(thing, language)}appeal/"
    return f"/{language}/my/appeals/{thing.kind}/{thing.pk}/"


def after_url(thing: Moderated) -> str:
    """Return where the desk decides on an item after its publication."""
    if thing.kind == "contribution":
        return reverse("moderation:after", args=[thing.consultation.slug, thing.number])
    return reverse("moderation:after_publication", args=[thing.kind, thing.pk])
