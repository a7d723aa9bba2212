"""The background tasks of this package. Each imports its action when it runs, since that may enqueue further tasks."""

from functools import partial

from plenara.core.tasks import task


@partial(task, is_long=True)
def index() -> None:
    """Repair the search index, and enqueue the extraction of text from papers."""
    from plenara.operations.actions import tasks

    tasks.index()


@task
def sweep() -> None:
    """Delete what has expired by the retention rules."""
    from plenara.operations.actions import tasks

    tasks.sweep()
