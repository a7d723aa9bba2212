"""The background tasks of this package. What each does is imported when it runs: it may enqueue further tasks."""

from plenara.core.tasks import task


@task
def read(*, number: int) -> None:
    """Do a piece of the reading, and enqueue the next where something is left."""
    from plenara.search.actions import embeddings

    embeddings.read_piece(number=number)
