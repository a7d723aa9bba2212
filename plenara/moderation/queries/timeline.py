"""The history of a contribution, or another thing, for its author: versions, decisions and appeals, the last decision,
and later events.
"""

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db.models import Model

from plenara.contributions.models import Contribution
from plenara.contributions.queries.submissions import Verdict, provides_verdict
from plenara.core import clock
from plenara.core.life_cycle import Moderated, ModeratedVersion, OfKind, State
from plenara.moderation import kinds
from plenara.moderation.models import APPROVING, UNDO_TIME, Appeal, Code, Decision, Redaction


@dataclass(frozen=True)
class PagePart:
    """A part of an author's page: its template and context."""

    template: str
    context: dict[str, object]


type Provider = Callable[[Contribution], PagePart | None]
#: `outcomes` registers its responses: it is above and cannot be imported.
_providers: list[Provider] = []


def provides_part(provider: Provider) -> Provider:
    """Register a function that returns a part about later events of a contribution, or nothing. Few queries."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def parts_on(contribution: Contribution) -> list[PagePart]:
    """Return the parts about a contribution from packages above."""
    return [part for provider in _providers if (part := provider(contribution)) is not None]


@dataclass(frozen=True)
class Step:
    """One step of the history. `what` selects the sentence, `about` is its object."""

    at: datetime.datetime
    what: str
    about: Model | None = None


@dataclass(frozen=True)
class Timeline:
    """The history of a contribution for its author: its steps, oldest first, and the decisions among them."""

    state: str
    thread_id: int | None  # its question, as far as its author knows
    steps: list[Step]
    decisions: list[Decision] = field(default_factory=list)

    def on(self, version: ModeratedVersion) -> Decision | None:
        """Return the decision that the page explains: the last one, unless it approved the version."""
        last = self.decisions[-1] if self.decisions else None
        if last is None or last.code in APPROVING:
            return None
        is_stale = last.version_id is not None and last.version_id != version.pk
        return None if is_stale else last


def timeline_of(thing: Moderated, versions: Sequence[ModeratedVersion]) -> Timeline:
    """Return the history of a thing for its author. `versions` are all of them, oldest first. Four queries."""
    everything = Decision.objects.filter(kind=thing.kind, object_id=thing.pk, undone_at=None)
    all_decisions = list(everything.order_by("number"))
    decisions = [each for each in all_decisions if is_final(each)]
    state, thread_id = thing.state, thing.thread_id
    for fresh in (each for each in all_decisions if not is_final(each)):
        if thing.number is None and state in {State.RETURNED, State.REJECTED}:
            state = State.PENDING
        thread_id = fresh.before.get("thread", thread_id)
    steps = [
        *_sent(versions),
        *_decided(decisions),
        *_published(thing),
        *_appealed(thing),
        *_redaction_step(thing),
    ]
    if state == State.WITHDRAWN:
        steps.append(Step(thing.state_at, "withdrawn"))
    return Timeline(state, thread_id, sorted(steps, key=lambda step: step.at), decisions)


def is_final(decision: Decision) -> bool:
    """Return whether a decision can no longer be undone: only then is its author notified."""
    return not (decision.is_undoable and decision.at and clock.now() < decision.at + UNDO_TIME)


def _sent(versions: Sequence[ModeratedVersion]) -> Iterator[Step]:
    before: ModeratedVersion | None = None
    for version in versions:
        if version.submitted_at and not version.is_redacted:  # the answer to the proposal shows that
            again = "sent_again" if before and before.state == State.RETURNED else "revised"
            yield Step(version.submitted_at, again if before else "sent", version)
        before = version


def _decided(decisions: list[Decision]) -> Iterator[Step]:
    for decision in decisions:
        if decision.at and decision.code not in APPROVING:  # the edition of an approval shows it
            for name, words in kinds.reason_in_words(decision).items():
                setattr(decision, name, words)
            yield Step(decision.at, Code(decision.code).name.lower(), decision)


def _published(thing: OfKind) -> Iterator[Step]:
    for each in thing.editions.order_by("revision") if thing.kind == "contribution" else [thing]:
        if each.published_at:
            yield Step(each.published_at, "published", each)


def _appealed(thing: Moderated) -> Iterator[Step]:
    found = Appeal.objects.filter(decision__kind=thing.kind, decision__object_id=thing.pk)
    for appeal in found.select_related("decision").order_by("at"):
        yield Step(appeal.at, "appealed", appeal)
        if appeal.decided_at:
            yield Step(appeal.decided_at, f"appeal_{appeal.status}", appeal)


def _redaction_step(thing: Moderated) -> Iterator[Step]:
    for redaction in Redaction.objects.filter(kind=thing.kind, object_id=thing.pk):
        yield Step(redaction.at, "redaction_asked", redaction)
        if redaction.consented_at:
            yield Step(redaction.consented_at, "redaction_consented", redaction)
        if redaction.declined_at:
            yield Step(redaction.declined_at, "redaction_declined", redaction)


@provides_verdict
def last_decision(contribution: Contribution) -> Verdict | None:
    """Return the decision in force, if it did not approve the text. One query."""
    found = Decision.objects.filter(kind=contribution.kind, object_id=contribution.pk, undone_at=None)
    decision = found.select_related("consultation").order_by("-number").first()
    if decision is None or decision.code not in {Code.RETURNED, Code.REJECTED, Code.REMOVED}:
        return None
    return Verdict(
        what=str(decision.get_code_display()),
        symbol=decision.symbol,
        at=decision.at,
        reason=kinds.reason_label(decision.reason),
        explained=kinds.reason_text(decision.reason),
        sentence=decision.sentence,
        sentence_language=decision.sentence_language,
        is_final=is_final(decision),
    )
