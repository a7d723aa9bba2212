"""The background tasks of this package; those that send e-mails are in `emails.py`.

Each imports its code when it runs, since that may enqueue further tasks.
"""

from plenara.core.tasks import task


@task
def print_edition(*, edition_id: int, piece: int = 0) -> None:
    """Make the files of a version in each language that it has, if it is still in force."""
    from plenara.outcomes.presenters.paper import PRINTER

    PRINTER.print_edition(edition_id, piece)


@task
def print_changed(*, consultation_id: int, piece: int = 0) -> None:
    """Make the outdated files of a consultation's outcomes."""
    from plenara.outcomes.presenters.paper import PRINTER

    PRINTER.print_changed(consultation_id, piece)


@task
def make_dossier(*, file_id: int, piece: int = 0) -> None:
    """Make some papers of a dossier, and the final files when all are there."""
    from plenara.outcomes.actions import printed_files

    printed_files.make_dossier(file_id=file_id, piece=piece)
