"""The background tasks of this package. What each does is imported when it runs: it may enqueue further tasks."""

from plenara.core.tasks import task


@task
def proposal_letter(*, proposal_id: int) -> None:
    """Tell a member what became of the words that they proposed."""
    from plenara.outcomes import emails

    emails.send_proposal_email(proposal_id=proposal_id)


@task
def lapsed_letter(*, outcome_id: int, member_id: int, since: str) -> None:
    """Tell a member which paragraphs changed since a moment, so that what they held of them holds no more."""
    from plenara.outcomes import emails

    emails.send_lapsed_email(outcome_id=outcome_id, member_id=member_id, since=since)


@task
def approval_letter(*, occasion: int, document_id: int, person_id: int) -> None:
    """Tell somebody that an outcome waits for their approval."""
    from plenara.outcomes import emails

    emails.send_approval_email(occasion=occasion, document_id=document_id, person_id=person_id)


@task
def sent_back_letter(*, occasion: int, document_id: int, person_id: int) -> None:
    """Tell a writer that an outcome came back, with the note."""
    from plenara.outcomes import emails

    emails.send_sent_back_email(occasion=occasion, document_id=document_id, person_id=person_id)


@task
def rendition_letter(*, occasion: int, document_id: int, person_id: int, language: str) -> None:
    """Tell a translator that an outcome waits to be translated."""
    from plenara.outcomes import emails

    emails.send_rendition_email(occasion=occasion, document_id=document_id, person_id=person_id, language=language)


@task
def member_letter(*, member_id: int) -> None:
    """Tell somebody that they were made a member of a body, and where its work is done."""
    from plenara.outcomes import emails

    emails.send_member_email(member_id=member_id)


@task
def print_edition(*, edition_id: int, piece: int = 0) -> None:
    """Make the files of a version in each language that it has, if it is in force still."""
    from plenara.outcomes.presenters.paper import PRINTER

    PRINTER.print_edition(edition_id, piece)


@task
def print_changed(*, consultation_id: int, piece: int = 0) -> None:
    """Make anew what has changed of the files of a consultation's outcomes."""
    from plenara.outcomes.presenters.paper import PRINTER

    PRINTER.print_changed(consultation_id, piece)


@task
def make_dossier(*, file_id: int, piece: int = 0) -> None:
    """Make some papers of a dossier, and bind them when all are there."""
    from plenara.outcomes import printed_files

    printed_files.make_dossier(file_id=file_id, piece=piece)


@task
def notify_responses(*, edition_id: int, after: int = 0) -> None:
    """Enqueue a letter to each author of whose contributions a version does something new, a batch at a time."""
    from plenara.outcomes import emails

    emails.notify_responses(edition_id=edition_id, after=after)


@task
def notify_discussions(*, dossier_id: int) -> None:
    """Enqueue a letter to each author of a contribution that is on a meeting's agenda."""
    from plenara.outcomes import emails

    emails.notify_discussions(dossier_id=dossier_id)
