"""The background tasks of this package. What each does is imported when it runs: it may enqueue further tasks."""

from plenara.core.tasks import task


@task(is_long=True)
def index() -> None:
    """Put right what can be found, and have the words of papers drawn out that nobody has read."""
    from plenara.operations.actions import tasks

    tasks.index()


@task
def sweep() -> None:
    """Delete what retention says is over."""
    from plenara.operations.actions import tasks

    tasks.sweep()
