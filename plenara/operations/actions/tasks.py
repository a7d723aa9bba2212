"""Tasks of the installation (the daily sweep, the comparison of the index), and actions of the desk on its
tasks and on its search by meaning.
"""

from plenara.accounts.models import Person
from plenara.accounts.permissions import may_see_installation
from plenara.accounts.personal_data import erasure
from plenara.contributions import personal_data as contributions
from plenara.contributions.actions import papers
from plenara.contributions.actions.papers import enqueue_missing_extractions
from plenara.core import audit, clock, database
from plenara.core.models import BackgroundTask
from plenara.core.refusals import require
from plenara.core.tasks import retry
from plenara.core.transaction import writes, writing
from plenara.directory import emails
from plenara.directory import personal_data as directory
from plenara.documents import personal_data as documents
from plenara.events import personal_data as events
from plenara.moderation import personal_data as moderation
from plenara.operations import tasks
from plenara.outcomes import personal_data as outcomes
from plenara.search import analyser
from plenara.search.actions import index as search_actions
from plenara.search.actions import repair
from plenara.search.models import Meaning
from plenara.summaries import personal_data as understanding
from plenara.summaries.corrections import personal_data as corrections
from plenara.summaries.printing import actions as printing


@writing
def try_again(*, actor: Person, task_ids: list[int]) -> int:
    """Enqueue failed tasks again, and retry those that wait after a failure now; return how many there were."""
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
def pause_meaning(*, actor: Person) -> bool:
    """Pause the reading for the search by meaning; return whether it was running."""
    require(may_see_installation(actor))
    return _recorded("meaning.paused", actor, search_actions.pause_reading())


@writing
def resume_meaning(*, actor: Person) -> bool:
    """Resume the reading; return whether it was paused."""
    require(may_see_installation(actor))
    return _recorded("meaning.resumed", actor, search_actions.resume_reading())


@writing
def reread(*, actor: Person) -> bool:
    """Request that every text is read again; return whether that was not enqueued already."""
    require(may_see_installation(actor))
    return _recorded("meaning.asked_anew", actor, search_actions.reread())


def _recorded(verb: str, actor: Person, row: Meaning | None) -> bool:
    if row is not None:
        audit.log(verb, actor=actor, about=row)
    return row is not None


def enqueue_sweep() -> None:
    """Enqueue today's sweep. Several workers enqueue the same one."""
    with writes():
        tasks.sweep.using(key=f"sweep-{clock.now():%Y-%m-%d}").enqueue()


def enqueue_index() -> None:
    """Enqueue a comparison of the search index with the record: once for each version of the analyser, and if it is
    empty though the record is not.
    """
    with writes():
        tasks.index.using(key=f"index-{analyser.VERSION}").enqueue()
        if repair.is_missing():
            tasks.index.using(key=f"index-{analyser.VERSION}-{clock.now():%Y-%m-%dT%H}").enqueue()


def index() -> None:
    """Repair the search index, and enqueue the extraction of text from papers."""
    repair.repair_index()
    enqueue_missing_extractions()


def sweep() -> None:
    """Delete what has expired by the retention rules."""
    erasure.sweep()
    contributions.delete_expired()
    papers.delete_expired_orphans()
    documents.delete_unconfirmed_files()
    directory.sweep()
    emails.enqueue_yearly_review()
    moderation.delete_expired()
    corrections.blank_rejected()
    events.delete_expired()
    understanding.delete_unpublished_vectors()
    erasure.update_erasure_list()
    database.analyze_changed()
    # Last, since they read files: if the storage is unavailable, the rest is done, and all is tried again later.
    printing.delete_old_packs()
    outcomes.delete_expired_files()
