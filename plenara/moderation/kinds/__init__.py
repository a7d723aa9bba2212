"""Propose → decide → publish: the interface of a kind of moderated item, and contributions as the first of them; the
reasons of a decision in six languages.
"""

import functools
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plenara.accounts.models import Person
from plenara.consultations.permissions import takes_contributions, takes_returned
from plenara.contributions.actions import publication
from plenara.contributions.models import Contribution, Edition, Version
from plenara.contributions.queries.record import as_edition, came_at
from plenara.contributions.queries.submissions import is_quarantined
from plenara.core import life_cycle
from plenara.core.languages import in_language, translate
from plenara.core.life_cycle import Moderated, ModeratedVersion, OfKind, State
from plenara.core.prepared import find, planned_once, prepared
from plenara.core.refusals import Answer
from plenara.core.transaction import lock_id
from plenara.moderation.models import APPROVING, Decision, Ground, Suggestion

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


@functools.lru_cache(maxsize=1)
def _reasons() -> dict[str, dict[str, str]]:
    return json.loads((Path(__file__).parents[1] / "reasons.json").read_text("utf-8"))


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


@functools.cache
def _versions[V: ModeratedVersion](model: type[V], *related: str) -> Callable[[int], QuerySet[V]]:
    rows = model._default_manager.order_by("number")
    rows = rows.select_related(*related) if related else rows
    return prepared(lambda thing: rows.filter(**{f"{model.thing_field}_id": thing}))


class ModeratedKind[T: Moderated, V: ModeratedVersion]:
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
        return find(self.model, pk, *self.related)

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
        found = list(_versions(self.model.versions.rel.related_model, *self.version_related)(thing.pk))
        for version in found:
            version.thing = thing
        return found

    def facts(self, version: V) -> dict[str, object]:
        """Return the columns of `models.Item` for a version."""
        thing = version.thing
        return {
            "consultation_id": thing.consultation_id,
            "thread": thing.thread.number if thing.thread else None,
            "author_id": thing.author_id,
            "entered_by_id": thing.entered_by_id,
            "language": version.language,
            "stakeholder_group": version.byline.stakeholder_group,
            "since": version.submitted_at,
            "is_revision": version.number > 1,
            "by_newcomer": thing.author_id is not None and not self._has_published(thing.author_id, thing),
        }

    def _has_published(self, author_id: int, besides: Moderated) -> bool:
        """Return whether an author has another published item, where this one belongs."""
        known = self.of_author(author_id, besides.consultation_id).filter(state=State.PUBLISHED)
        return known.exclude(pk=besides.pk).exists()

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


@planned_once
def _published_of(author: int, consultation: int, besides: int) -> QuerySet[Contribution, int]:
    found = Contribution.objects.filter(author=author, consultation=consultation, state=State.PUBLISHED)
    return found.exclude(pk=besides).values_list("pk", flat=True)[:1]


class Contributions(ModeratedKind[Contribution, Version]):
    """Contributions. Only they are moved, redacted and grouped as campaigns."""

    kind = "contribution"
    model = Contribution
    related = ("thread", "consultation", "author", "in_reply_to")
    version_related = ("byline", "text", "paper")
    hints = frozenset(Suggestion.What.values)
    templates = Templates(
        entry="contributions/entry.html",
        beside="moderation/beside_question.html",
        row="moderation/row_question.html",
        mail="moderation/mail",
    )
    sentences = {
        "name": pgettext_lazy("option", "Contribution"),
        "names": pgettext_lazy("option", "Contributions"),
        "decide": _("Decide on a contribution"),
        "check": _("Check a published contribution"),
        "restore": _("Restore a contribution"),
        "pending": _("Contribution waiting for a decision"),
        "gone": _("This contribution no longer exists. Return to the queue."),
        "undone": _(
            "%(decision)s was undone. The contribution is back in the queue, and no one will be "
            "notified. What you wrote is still in the form."
        ),
        "overtaken": _("This decision cannot be undone, because the state of the contribution has changed since then."),
        "upheld": _("The appeal was upheld and the contribution is published. The author will be notified."),
        "uphold": _("Uphold the appeal: the decision is changed and the contribution is published"),
        "yours": pgettext_lazy("option", "Your contribution"),
        "all_about": _("Details of this contribution:"),
    }
    publish = staticmethod(publication.publish)
    set_state = staticmethod(publication.set_state)
    take_down = staticmethod(publication.take_down)
    restore = staticmethod(publication.restore)

    def _has_published(self, author_id: int, besides: Moderated) -> bool:
        return bool(list(_published_of(author_id, besides.consultation_id or 0, besides.pk)))

    def facts(self, version: Version) -> dict[str, object]:
        """Return the same for a contribution, and whether its author's account was created in bulk."""
        author = version.contribution.author
        in_bulk = author is not None and is_quarantined(author, version.contribution.consultation)
        return {**super().facts(version), "since": came_at(version), "in_bulk": in_bulk}

    def describe(self, version: Version) -> Edition:
        return as_edition(version, number=version.contribution.number)

    def can_come_back(self, thing: Contribution) -> Answer:
        """A new text can be sent again for some days after closing, a revision while its consultation is open."""
        return takes_returned(thing.consultation) if thing.number is None else takes_contributions(thing.consultation)

    def label(self, thing: Contribution) -> str:
        return thing.symbol or ""

    def email_context(self, thing: Contribution, version_id: int | None, language: str) -> dict[str, object]:
        """Return its question, and whether a later or a shortened version was decided on."""
        version = find(Version, version_id) if version_id else None
        earlier = thing.editions.filter(version__number__lt=version.number) if version else None
        return {
            "contribution": thing,
            "question": in_language(thing.thread.question, language).text,
            "is_revision": bool(earlier and earlier.exists()),
            "is_redacted": bool(version and version.is_redacted),
            "is_open": bool(takes_contributions(thing.consultation)),
        }

    def public_path(self, thing: Contribution, language: str) -> str:
        """Return its permalink, which serves every language."""
        return f"/c/{thing.public_id}"

    def author_path(self, thing: Contribution, language: str) -> str:
        return f"/{language}/my/contributions/{thing.pk}/"

    def in_register(self, decisions: Sequence[Decision]) -> dict[int, dict[str, object]]:
        """Return the edition that an approval minted; else the contribution."""
        editions: dict[int, list[Edition]] = {}
        keys = {each.object_id for each in decisions if each.object_id}
        found = Edition.objects.filter(contribution_id__in=keys).select_related("contribution").order_by("revision")
        columns = ("version_id", "number", "revision", "symbol", "submitted_at", "contribution__symbol")
        for edition in found.only("contribution_id", *columns):
            editions.setdefault(edition.contribution_id, []).append(edition)
        return {
            each.pk: _register_entry(each, editions[each.object_id]) for each in decisions if each.object_id in editions
        }


def _register_entry(decision: Decision, editions: Sequence[Edition]) -> dict[str, object]:
    imported = decision.bundle.get("revision")
    exact = [
        each
        for each in editions
        if (decision.version_id and each.version_id == decision.version_id) or each.revision == imported
    ]
    is_exact = decision.code in APPROVING and bool(exact)
    edition = exact[0] if is_exact else editions[-1]
    revision = edition.revision if is_exact else 0
    return {
        "symbol": edition.symbol if is_exact else edition.contribution.symbol or edition.symbol,
        "path": f"contributions/{edition.number}/" + (f"rev/{revision}/" if revision else ""),
        "contribution": edition.number,
        "revision": revision,
        "submitted_at": edition.submitted_at,
    }


KINDS: dict[str, ModeratedKind] = {}


def register(moderated_kind: ModeratedKind) -> None:
    """Register a kind. For use when its package starts."""
    KINDS[moderated_kind.kind] = moderated_kind


def lock(kind: str, pk: int) -> OfKind:
    """Return an item, locked until the transaction ends; nothing where it was deleted."""
    lock_id(KINDS[kind].model, pk)
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
