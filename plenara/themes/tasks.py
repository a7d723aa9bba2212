"""The background tasks of this package. What each does is imported when it runs: it may enqueue further tasks."""

from plenara.core.tasks import task


@task
def forget_file(*, file_id: int) -> None:
    """Forget a file that was neither brought in nor dropped."""
    from plenara.themes import actions

    actions.forget_file(file_id=file_id)
