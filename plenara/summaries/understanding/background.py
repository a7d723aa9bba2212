"""Reading a period and grouping it, in pieces that enqueue the next; and forgetting what was read of words that went.

What reckons with vectors is imported when it is needed: a process that only shows pages does without.
"""

from plenara.core.transaction import writes
from plenara.search import actions as search_actions
from plenara.summaries import tasks
from plenara.summaries.models import Grouping, Member
from plenara.summaries.understanding.names import KIND


def under_way(grouping_id: int, run: int) -> Grouping | None:
    """Return a grouping as it is now, where it still waits for what this run does; paused or asked anew it does not."""
    found = Grouping.objects.select_related("summary__consultation")
    return found.filter(pk=grouping_id, run=run, is_running=True, paused_at=None).first()


def read_period(grouping_id: int, run: int, piece: int) -> None:
    """Read a piece of a period into vectors and enqueue the next, or the groups."""
    grouping = under_way(grouping_id, run)
    if grouping is None:
        return
    from plenara.summaries.understanding import reading_on

    is_done = reading_on.read_on(grouping, goes_on=lambda: under_way(grouping_id, run) is not None)
    with writes():
        if under_way(grouping_id, run) is None:
            return  # paused meanwhile: going on enqueues it again
        if is_done:
            tasks.group.using(key=f"groups-{grouping_id}-{run}-made").enqueue(grouping_id=grouping_id, run=run)
        else:
            enqueue_reading(grouping, piece + 1)


def enqueue_reading(grouping: Grouping, piece: int) -> None:
    """Enqueue a piece of the reading for the present run."""
    key = f"groups-{grouping.pk}-{grouping.run}-{piece}"
    tasks.read_period.using(key=key).enqueue(grouping_id=grouping.pk, run=grouping.run, piece=piece)


def group(grouping_id: int, run: int) -> None:
    """Make the groups of what was read. Once more where a person changed them meanwhile."""
    from plenara.summaries.understanding import making

    for _attempt in range(3):
        grouping = under_way(grouping_id, run)
        if grouping is None or making.make(grouping):
            return
    raise TimeoutError  # somebody works on the groups at this moment: later


def forget_vectors(edition_id: int) -> None:
    """Forget what was read of an edition whose words went, and take its sentences out of all groups."""
    with writes():
        search_actions.forget(KIND, [edition_id])
        Member.objects.filter(edition_id=edition_id).delete()
