"""What is done from the desk to the installation's errands, and to its search by meaning."""

from typing import Any

from plenara.accounts.rules import may_see_installation
from plenara.common import clock
from plenara.common.refusals import require
from plenara.ledger.actions import record
from plenara.ledger.errands import retry
from plenara.ledger.models import Errand
from plenara.ledger.transaction import writing
from plenara.search import actions as search_actions
from plenara.search.models import Meaning


@writing
def try_again(*, actor: Any, errand_ids: list[int]) -> int:
    """Owe given-up errands anew, and let those that wait after a failure be tried now; return how many there were."""
    require(may_see_installation(actor))
    errands = Errand.objects.filter(pk__in=errand_ids, done_at=None)
    count = 0
    for errand in errands:
        if errand.failed_at:
            retry(errand.pk)
        elif (errand.attempts or errand.last_error) and errand.due_at > clock.now():
            Errand.objects.filter(pk=errand.pk).update(due_at=clock.now())
        else:
            continue
        record("errand.tried_again", actor=actor, about=errand, kind=errand.kind)
        count += 1
    return count


@writing
def pause_meaning(*, actor: Any) -> bool:
    """Let the reading for the search by meaning rest; return whether it did not already."""
    require(may_see_installation(actor))
    return _recorded("meaning.paused", actor, search_actions.pause_reading())


@writing
def resume_meaning(*, actor: Any) -> bool:
    """Let it go on where it was paused; return whether it was."""
    require(may_see_installation(actor))
    return _recorded("meaning.resumed", actor, search_actions.resume_reading())


@writing
def read_anew(*, actor: Any) -> bool:
    """Let every text be read again; return whether that was not owed already."""
    require(may_see_installation(actor))
    return _recorded("meaning.asked_anew", actor, search_actions.read_anew())


def _recorded(verb: str, actor: Any, row: Meaning | None) -> bool:
    if row is not None:
        record(verb, actor=actor, about=row)
    return row is not None
