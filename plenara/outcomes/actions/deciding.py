"""What a meeting decided: numbered in it for good, with the paragraphs that it changed."""

from collections.abc import Mapping, Sequence
from typing import Any

from plenara.consultations.actions.common import clean_texts, require_current
from plenara.core.refusals import require_valid
from plenara.core.text import clean_line
from plenara.core.transaction import writing
from plenara.outcomes import meeting_checks as checks
from plenara.outcomes.actions.meetings import changed, held
from plenara.outcomes.models import AgendaItem, DecisionParagraph, Dossier, MeetingDecision, Outcome

#: A paragraph of an outcome, by its number for good.
type Marked = tuple[Outcome, int]


@writing
def write_decision(
    *,
    actor: Any,
    dossier: Dossier,
    text: Mapping[str, str],
    item: AgendaItem | None = None,
    paragraphs: Sequence[Marked] = (),
) -> MeetingDecision:
    """Write down a decision under the next number. The same twice (a double click) is written once.

    Readers see it with the report of the meeting, or at once where that is shown already.
    """
    dossier = held(actor, dossier)
    text = clean_texts(text, clean_line)
    if there := dossier.decisions.filter(text=text, item=item).first():
        return there
    count = dossier.decisions.count()
    require_valid(
        checks.has_begun(dossier.event),
        *_fit(text, item, dossier, paragraphs),
        checks.few_enough(count, checks.MOST_DECISIONS),
    )
    last = dossier.decisions.order_by("-number").values_list("number", flat=True).first() or 0
    decision = MeetingDecision.objects.create(dossier=dossier, number=last + 1, text=text, item=item)
    _change(decision, paragraphs)
    changed("meeting.decided", actor, dossier, decision=decision.pk, number=decision.number)
    return decision


@writing
def edit_decision(
    *,
    actor: Any,
    decision: MeetingDecision,
    text: Mapping[str, str],
    item: AgendaItem | None,
    paragraphs: Sequence[Marked],
    stamp: int | None = None,
) -> MeetingDecision:
    """Correct a decision: its words, its item, the paragraphs that it changed. Its number stays."""
    dossier = held(actor, decision.dossier)
    decision = MeetingDecision.objects.get(pk=decision.pk)
    text = clean_texts(text, clean_line)
    wanted = {(outcome.pk, mark) for outcome, mark in paragraphs}
    kept = set(decision.paragraphs.values_list("outcome", "mark"))
    if (text, item and item.pk, wanted) == (decision.text, decision.item_id, kept):
        return decision
    require_current(stamp, decision.stamp)
    require_valid(*_fit(text, item, dossier, paragraphs))
    decision.text, decision.item = text, item
    decision.stamp += 1
    decision.save(update_fields=["text", "item", "stamp"])
    _change(decision, paragraphs)
    changed("meeting.decision_edited", actor, dossier, decision=decision.pk, number=decision.number)
    return decision


def _change(decision: MeetingDecision, paragraphs: Sequence[Marked]) -> None:
    decision.paragraphs.all().delete()
    DecisionParagraph.objects.bulk_create(
        DecisionParagraph(decision=decision, outcome=outcome, mark=mark) for outcome, mark in dict.fromkeys(paragraphs)
    )


def _fit(text: Mapping[str, str], item: AgendaItem | None, dossier: Dossier, paragraphs: Sequence[Marked]) -> list[Any]:
    return [
        checks.texts_fit("text", text),
        checks.in_some_language("text", text),
        checks.item_is_of(item, dossier),
        *checks.paragraphs_are(paragraphs, dossier.body),
    ]
