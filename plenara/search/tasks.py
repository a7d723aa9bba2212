"""The background tasks of this package. Each imports its action when it runs, since that may enqueue further tasks."""

from plenara.core.tasks import task


@task
def read(*, number: int) -> None:
    """Read a piece, and enqueue the next if something is left."""
    from plenara.search.actions import embeddings

    embeddings.read_piece(number=number)
