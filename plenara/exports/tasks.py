"""The background tasks of this package. What each does is imported when it runs: it may enqueue further tasks."""

from plenara.core.tasks import task


@task(is_long=True)
def make_export(*, consultation_id: int, gone: int = 0, at_once: bool = False) -> None:
    """Make the files of a consultation, of the record as it is by now, if it is time to."""
    from plenara.exports import actions

    actions.make_export(consultation_id=consultation_id, gone=gone, at_once=at_once)


@task(is_long=True)
def make_community_export(*, gone: int = 0, at_once: bool = False) -> None:
    """Make the file of calendar, directory and themes as they are by now, if it is time to."""
    from plenara.exports import actions

    actions.make_community_export(gone=gone, at_once=at_once)
