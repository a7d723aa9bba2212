"""The background tasks of this package. Each imports its action when it runs, since that may enqueue further tasks."""

from plenara.core.tasks import task


@task
def forget_file(*, file_id: int) -> None:
    """Delete a file that was neither imported nor dropped."""
    from plenara.themes import actions

    actions.forget_file(file_id=file_id)
