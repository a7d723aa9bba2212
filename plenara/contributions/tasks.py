"""The background tasks of this package. What each does is imported when it runs: it may enqueue further tasks."""

from plenara.core.tasks import task


@task
def notify_dispute(*, dispute_id: int, status: str, person_id: int) -> None:
    """Tell an author that their byline is disputed; and both sides, what was decided."""
    from plenara.contributions import emails

    emails.notify_dispute(dispute_id=dispute_id, status=status, person_id=person_id)


@task
def forget_paper(*, sha256: str) -> None:
    """Delete a file, unless its bytes came again meanwhile."""
    from plenara.contributions import papers

    papers.forget_paper(sha256=sha256)


@task
def send_receipt(*, version_id: int) -> None:
    """Send the author a receipt: number, time, digest, text, licence."""
    from plenara.contributions import emails

    emails.send_receipt(version_id=version_id)


@task
def ask_to_sign(*, signatory_id: int) -> None:
    """Ask somebody by mail to sign a draft, unless it was sent or they were dropped meanwhile."""
    from plenara.contributions import emails

    emails.ask_to_sign(signatory_id=signatory_id)


@task
def notify_signatory(*, signatory_id: int) -> None:
    """Tell who signed a text that it is published, and forget the address."""
    from plenara.contributions import emails

    emails.notify_signatory(signatory_id=signatory_id)


@task
def read_paper(*, paper_id: int) -> None:
    """Draw the words out of a paper that waits for it. A paper that cannot be read says so, and is not tried again."""
    from plenara.contributions import emails

    emails.read_paper(paper_id=paper_id)


@task
def index_thread(*, thread_id: int) -> None:
    """Let what was contributed to a question be found by the themes that the question has now."""
    from plenara.contributions import emails

    emails.index_thread(thread_id=thread_id)
