"""What follows a decision: one letter to the author, and the publication of what was moved."""

from plenara.contributions.models import Contribution
from plenara.ledger.errands import errand
from plenara.ledger.transaction import writing
from plenara.mail import letters
from plenara.moderation.letters import context_of
from plenara.moderation.models import Decision
from plenara.moderation.publishable import KINDS


@errand("moderation.publish_moved")
@writing
def publish_moved(decision_id: int) -> None:
    """Publish what was moved, once the move can no longer be undone; nothing where its author has withdrawn it."""
    decision = Decision.objects.select_related("moderator").filter(pk=decision_id, undone_at=None).first()
    if decision is None or decision.object_id is None:
        return
    publishable = KINDS[decision.kind]
    thing = publishable.lock(decision.object_id)
    version = publishable.waiting_version(thing) if thing else None
    if version is not None and version.pk == decision.version_id:
        publishable.approve(version, actor=decision.moderator)


@errand("moderation.tell_author")
def tell_author(decision_id: int) -> None:
    """Tell the author what was decided, why, and what can be done next, in their language."""
    decision = Decision.objects.filter(pk=decision_id).first()
    if decision is None or decision.object_id is None or decision.undone_at:
        return  # erased meanwhile, or undone
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
