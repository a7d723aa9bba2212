"""The background tasks of this package. Each imports its code when it runs, since that may enqueue further tasks."""

from functools import partial

from plenara.core.tasks import task


@partial(task, is_long=True)
def make_export(*, consultation_id: int, gone: int = 0, at_once: bool = False) -> None:
    """Create the files of a consultation, of its present record, if they are due."""
    from plenara.exports import actions

    actions.make_export(consultation_id=consultation_id, gone=gone, at_once=at_once)


@partial(task, is_long=True)
def make_community_export(*, gone: int = 0, at_once: bool = False) -> None:
    """Create the file of the present calendar, directory and themes, if it is due."""
    from plenara.exports import actions

    actions.make_community_export(gone=gone, at_once=at_once)
