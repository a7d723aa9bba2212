"""The background tasks of this package. Each imports its code when it runs, since that may enqueue further tasks."""

from plenara.core.tasks import task


@task
def notify_dispute(*, dispute_id: int, status: str, person_id: int) -> None:
    """Notify an author of a disputed byline; and both sides of the decision."""
    from plenara.contributions import emails

    emails.notify_dispute(dispute_id=dispute_id, status=status, person_id=person_id)


@task
def forget_paper(*, sha256: str) -> None:
    """Delete a file, unless its bytes were uploaded again in the meantime."""
    from plenara.contributions import papers

    papers.forget_paper(sha256=sha256)


@task
def send_receipt(*, version_id: int) -> None:
    """Send the author a receipt: number, time, digest, text, licence."""
    from plenara.contributions import emails

    emails.send_receipt(version_id=version_id)


@task
def ask_to_sign(*, signatory_id: int) -> None:
    """Ask somebody by e-mail to sign a draft, unless it was sent or they were dropped in the meantime."""
    from plenara.contributions import emails

    emails.ask_to_sign(signatory_id=signatory_id)


@task
def notify_signatory(*, signatory_id: int) -> None:
    """Notify a signatory that the text is published, and delete the address."""
    from plenara.contributions import emails

    emails.notify_signatory(signatory_id=signatory_id)


@task
def read_paper(*, paper_id: int) -> None:
    """Extract the words of a paper that awaits it. An unreadable paper is marked as such, and not tried again."""
    from plenara.contributions import papers

    papers.read_paper(paper_id=paper_id)


@task
def index_thread(*, thread_id: int) -> None:
    """Index the contributions to a question by the themes that the question has now."""
    from plenara.contributions import search_index

    search_index.index_thread(thread_id=thread_id)
