"""What is done from the desk to the installation's tasks, and to its search by meaning."""

from typing import Any

from plenara.accounts.rules import may_see_installation
from plenara.core import audit, clock
from plenara.core.models import BackgroundTask
from plenara.core.refusals import require
from plenara.core.tasks import retry
from plenara.core.transaction import writing
from plenara.search import actions as search_actions
from plenara.search.models import Meaning


@writing
def try_again(*, actor: Any, task_ids: list[int]) -> int:
    """Enqueue given-up tasks anew, and let those that wait after a failure be tried now; return how many there were."""
    require(may_see_installation(actor))
    tasks = BackgroundTask.objects.filter(pk__in=task_ids, done_at=None)
    count = 0
    for task in tasks:
        if task.failed_at:
            retry(task.pk)
        elif (task.attempts or task.last_error) and task.due_at > clock.now():
            BackgroundTask.objects.filter(pk=task.pk).update(due_at=clock.now())
        else:
            continue
        audit.log("task.tried_again", actor=actor, about=task, kind=task.task)
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
    """Let every text be read again; return whether that was not enqueued already."""
    require(may_see_installation(actor))
    return _recorded("meaning.asked_anew", actor, search_actions.read_anew())


def _recorded(verb: str, actor: Any, row: Meaning | None) -> bool:
    if row is not None:
        audit.log(verb, actor=actor, about=row)
    return row is not None
