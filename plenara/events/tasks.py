"""The background tasks of this package. What each does is imported when it runs: it may enqueue further tasks."""

from plenara.core.tasks import task


@task
def receipt(*, version_id: int) -> None:
    """Send who proposed an event, or a change of one, a receipt: what came, when, and what happens next."""
    from plenara.events import emails

    emails.send_receipt(version_id=version_id)


@task
def reckon_zones() -> None:
    """Reckon the dates of each zone anew whose rules are no longer those that they were reckoned by."""
    from plenara.events.actions import publication

    publication.reckon_zones()
