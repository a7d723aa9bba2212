"""What is done to the installation's errands from the desk."""

from typing import Any

from plenara.accounts.rules import may_see_installation
from plenara.common import clock
from plenara.common.refusals import require
from plenara.ledger.actions import record
from plenara.ledger.errands import retry
from plenara.ledger.models import Errand
from plenara.ledger.transaction import writing


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
