"""Finding in order what was published before anybody read it, or what readers reported: it stays."""

from typing import Any

from django.utils.translation import gettext as _

from plenara.contributions.models import State
from plenara.core.refusals import AlreadyDone, require, require_valid
from plenara.core.transaction import writing
from plenara.moderation import items, reports, rules
from plenara.moderation.actions.deciding import locked, new_decision, what_happened
from plenara.moderation.models import Code, Decision, Report
from plenara.moderation.publishable import KINDS


@writing
def check(*, actor: Any, kind: str, pk: int, version_id: int) -> Decision:
    """Let a published thing stand as it is: an approval after publication, of which its author is not told.

    `version_id` is what the moderator read. Its reports end with it, and their readers are told. Raises `AlreadyDone`
    where nothing waits any more, or other words stand there by now.
    """
    thing = locked(KINDS[kind], pk)
    require(rules.may_decide(actor, thing))
    waiting = list(items.after_publication(kind, pk))
    version = KINDS[kind].version_in_force(thing)
    if thing.state != State.PUBLISHED or version is None or not waiting:
        raise AlreadyDone(what_happened(thing), "decided")
    if version.pk != version_id:
        raise AlreadyDone(_("Its author has published other words meanwhile. Read them first."), "other_words")
    require_valid(*[rules.is_free(actor, item) for item in waiting])
    decision = new_decision(actor, thing, kind, code=Code.APPROVED, language=version.language, tells_author=False)
    items.after_publication(kind, pk).delete()
    reports.settle(kind, thing, Report.Outcome.KEPT)
    return decision
