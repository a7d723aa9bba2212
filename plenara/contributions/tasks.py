"""The background tasks of this package. What each does is imported when it runs: it may enqueue further tasks."""

from plenara.core.tasks import task


@task
def mark_organization(*, representative_id: int, after: int = 0) -> None:
    """Mark what a representative published since they are one, a batch at a time."""
    from plenara.contributions.organizations import actions

    actions.mark_batch(representative_id, after)


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


@task
def translate(*, consultation_id: int, text_id: int, language: str) -> None:
    """Have a text translated, and keep it; nothing where it is gone, or somebody has translated it meanwhile."""
    from plenara.contributions.actions import translations

    translations.translate(consultation_id=consultation_id, text_id=text_id, language=language)


@task
def translate_all(*, consultation_id: int, after: int = 0, asked: int = 0) -> None:
    """Enqueue the machine's translations of everything published in a consultation, some hundred editions at a time."""
    from plenara.contributions.actions import translations

    translations.translate_all(consultation_id=consultation_id, after=after, asked=asked)
