"""What the installation enqueues, sweeping once a day and comparing the index, and what is done from the desk to its
tasks and to its search by meaning.
"""

from plenara.accounts.models import Person
from plenara.accounts.permissions import may_see_installation
from plenara.accounts.personal_data import erasure
from plenara.contributions import papers
from plenara.contributions import personal_data as contributions
from plenara.contributions.papers import enqueue_missing_extractions
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
def pause_meaning(*, actor: Person) -> bool:
    """Let the reading for the search by meaning rest; return whether it did not already."""
    require(may_see_installation(actor))
    return _recorded("meaning.paused", actor, search_actions.pause_reading())


@writing
def resume_meaning(*, actor: Person) -> bool:
    """Let it go on where it was paused; return whether it was."""
    require(may_see_installation(actor))
    return _recorded("meaning.resumed", actor, search_actions.resume_reading())


@writing
def read_anew(*, actor: Person) -> bool:
    """Let every text be read again; return whether that was not enqueued already."""
    require(may_see_installation(actor))
    return _recorded("meaning.asked_anew", actor, search_actions.read_anew())


def _recorded(verb: str, actor: Person, row: Meaning | None) -> bool:
    if row is not None:
        audit.log(verb, actor=actor, about=row)
    return row is not None


def enqueue_sweep() -> None:
    """Enqueue today's sweep. Several workers enqueue the same one."""
    with writes():
        tasks.sweep.using(key=f"sweep-{clock.now():%Y-%m-%d}").enqueue()


def enqueue_index() -> None:
    """Enqueue a comparison of the search index with the record: once for each way of reading texts, and where it is
    empty though there is something to be found.
    """
    with writes():
        tasks.index.using(key=f"index-{analyser.VERSION}").enqueue()
        if repair.is_missing():
            tasks.index.using(key=f"index-{analyser.VERSION}-{clock.now():%Y-%m-%dT%H}").enqueue()


def index() -> None:
    """Put right what can be found, and have the words of papers drawn out that nobody has read."""
    repair.mend()
    enqueue_missing_extractions()


def sweep() -> None:
    """Delete what retention says is over."""
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
    # Last, since they look into files: where those are away, the rest is done, and this is done again with it.
    printing.delete_old_packs()
    outcomes.delete_expired_files()
