"""What follows a decision: one letter to the author."""

from plenara.contributions.models import Contribution
from plenara.ledger.errands import errand
from plenara.mail import letters
from plenara.moderation.letters import context_of
from plenara.moderation.models import Decision


@errand("moderation.tell_author")
def tell_author(decision_id: int) -> None:
    """Tell the author what was decided, why, and what can be done next, in their language."""
    decision = Decision.objects.filter(pk=decision_id).first()
    if decision is None or decision.object_id is None:
        return  # erased meanwhile
    found = Contribution.objects.select_related("author", "thread", "consultation")
    contribution = found.filter(pk=decision.object_id).first()
    if contribution is None or contribution.author is None:
        return
    author = contribution.author
    letters.send(
        to=author,
        template="moderation/mail/decision",
        context=context_of(decision, contribution, author.language),
        key=f"decision-{decision.pk}",
    )
