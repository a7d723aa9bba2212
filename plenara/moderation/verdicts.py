"""What was decided on a text, for the person who revises it, or who entered it and gets no letter."""

from plenara.contributions.models import Contribution
from plenara.contributions.verdicts import Verdict, tells
from plenara.core.languages import current
from plenara.moderation import reasons
from plenara.moderation.models import Code, Decision
from plenara.moderation.timeline import is_final


@tells
def last_decision(contribution: Contribution) -> Verdict | None:
    """Return the decision that stands, where it let the text not pass. One query."""
    found = Decision.objects.filter(kind=contribution.kind, object_id=contribution.pk, undone_at=None)
    decision = found.select_related("consultation").order_by("-number").first()
    if decision is None or decision.code not in {Code.RETURNED, Code.REJECTED, Code.REMOVED}:
        return None
    return Verdict(
        what=str(decision.get_code_display()),
        symbol=decision.symbol,
        at=decision.at,
        reason=reasons.label(decision.reason, current()) if decision.reason else "",
        explained=reasons.text(decision.reason, current()) if decision.reason else "",
        sentence=decision.sentence,
        sentence_language=decision.sentence_language,
        is_final=is_final(decision),
    )
