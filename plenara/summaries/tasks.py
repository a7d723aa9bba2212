"""The background tasks of this package. What each does is imported when it runs: it may enqueue further tasks."""

from plenara.core.tasks import task


@task
def correction_receipt(*, version_id: int) -> None:
    """Send who asked a receipt: number, time, digest, text."""
    from plenara.summaries.corrections import emails

    emails.send_receipt(version_id=version_id)


@task
def notify_answerers(*, occasion: str, correction_id: int) -> None:
    """Enqueue the e-mails about what waits for an answer: published, soon due, or late."""
    from plenara.summaries.corrections import emails

    emails.notify_answerers(occasion=occasion, correction_id=correction_id)


@task
def correction_waits(*, occasion: str, correction_id: int, person_id: int) -> None:
    """Tell somebody that a request waits for an answer, and until when."""
    from plenara.summaries.corrections import emails

    emails.send_pending(occasion=occasion, correction_id=correction_id, person_id=person_id)


@task
def correction_answered(*, correction_id: int) -> None:
    """Tell who asked what was answered and why, in their language."""
    from plenara.summaries.corrections import emails

    emails.send_answered(correction_id=correction_id)


@task
def correction_made(*, correction_id: int) -> None:
    """Tell who asked that the summary was corrected."""
    from plenara.summaries.corrections import emails

    emails.send_corrected(correction_id=correction_id)


@task
def make_draft(*, draft_id: int) -> None:
    """Make a draft, or its next part."""
    from plenara.summaries.drafts import actions

    actions.make_draft(draft_id=draft_id)


@task
def print_edition(*, edition_id: int, piece: int = 0) -> None:
    """Make the files of an edition in each language that it has, if it is in force still."""
    from plenara.summaries.printing.presenters.summaries import PRINTER

    PRINTER.print_edition(edition_id, piece)


@task
def print_changed(*, consultation_id: int, piece: int = 0) -> None:
    """Make anew what has changed of the files of a consultation's summaries."""
    from plenara.summaries.printing.presenters.summaries import PRINTER

    PRINTER.print_changed(consultation_id, piece)


@task
def make_pack(*, pack_id: int, piece: int = 0) -> None:
    """Make some papers of a conference pack, and bind it when all are there."""
    from plenara.summaries.printing import actions

    actions.make_pack(pack_id=pack_id, piece=piece)


@task
def keep_time() -> None:
    """Cut what is due, and enqueue the reminders."""
    from plenara.summaries.schedule.actions import reminders

    reminders.cut_and_remind()


@task
def period_letter(*, summary_id: int, person_id: int) -> None:
    """Tell a rapporteur that a period has ended, how much was contributed, and by when its summary is due."""
    from plenara.summaries import emails

    emails.send_period(summary_id=summary_id, person_id=person_id)


@task
def due_letter(*, summary_id: int, person_id: int) -> None:
    """Tell a rapporteur that a summary is due on this working day or the next; nothing where it was sent on."""
    from plenara.summaries import emails

    emails.send_due(summary_id=summary_id, person_id=person_id)


@task
def late_letter(*, summary_id: int, person_id: int) -> None:
    """Tell a rapporteur or an organizer that a summary is late."""
    from plenara.summaries import emails

    emails.send_late(summary_id=summary_id, person_id=person_id)


@task
def translation_due_letter(*, summary_id: int, person_id: int, language: str) -> None:
    """Tell a translator that a translation is due on this working day or the next; nothing where it is there."""
    from plenara.summaries import emails

    emails.send_translation_due(summary_id=summary_id, person_id=person_id, language=language)


@task
def translation_late_letter(*, summary_id: int, person_id: int, language: str) -> None:
    """Tell a translator that a translation is late."""
    from plenara.summaries import emails

    emails.send_translation_late(summary_id=summary_id, person_id=person_id, language=language)


@task
def notify_cited(*, edition_id: int) -> None:
    """Enqueue each author whose words an edition cites one letter, and never a second one for the same summary."""
    from plenara.summaries import emails

    emails.notify_cited(edition_id=edition_id)


@task
def cited_letter(*, edition_id: int, person_id: int) -> None:
    """Tell an author in which statements their contributions are cited."""
    from plenara.summaries import emails

    emails.send_cited(edition_id=edition_id, person_id=person_id)


@task
def approval_letter(*, occasion: int, document_id: int, person_id: int) -> None:
    """Tell an organizer that a summary waits for approval."""
    from plenara.summaries import emails

    emails.send_approval(occasion=occasion, document_id=document_id, person_id=person_id)


@task
def sent_back_letter(*, occasion: int, document_id: int, person_id: int) -> None:
    """Tell a writer that a summary came back."""
    from plenara.summaries import emails

    emails.send_sent_back(occasion=occasion, document_id=document_id, person_id=person_id)


@task
def rendition_letter(*, occasion: int, document_id: int, person_id: int, language: str) -> None:
    """Tell a translator that a summary waits to be translated."""
    from plenara.summaries import emails

    emails.send_rendition(occasion=occasion, document_id=document_id, person_id=person_id, language=language)


@task
def read_period(*, grouping_id: int, run: int, piece: int) -> None:
    """Read a piece of a period into vectors and enqueue the next, or the groups."""
    from plenara.summaries.groups.actions import editing

    editing.read_period(grouping_id=grouping_id, run=run, piece=piece)


@task
def group(*, grouping_id: int, run: int) -> None:
    """Make the groups of what was read. Once more where a person changed them meanwhile."""
    from plenara.summaries.groups.actions import editing

    editing.make_groups(grouping_id=grouping_id, run=run)


@task
def forget_vectors(*, edition_id: int) -> None:
    """Forget what was read of an edition whose words went, and take its sentences out of all groups."""
    from plenara.summaries.groups.actions import editing

    editing.forget_vectors(edition_id=edition_id)
