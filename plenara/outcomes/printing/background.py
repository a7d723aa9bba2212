"""What follows the publication of an outcome: its files; and the files of a dossier, when they are asked for.

Long work goes in pieces, each of which enqueues the next.
"""

import errno
import time

from plenara.core.transaction import writes
from plenara.documents.models import DocumentEdition
from plenara.documents.printing import pdf
from plenara.documents.printing import scheduling as printing
from plenara.outcomes import tasks
from plenara.outcomes.actions import dossier_files
from plenara.outcomes.models import DossierFile
from plenara.outcomes.printing import making
from plenara.outcomes.printing.files import PRINTER


def print_edition(edition_id: int, piece: int = 0) -> None:
    """Make the files of a version in each language that it has, if it is in force still."""
    found = DocumentEdition.objects.filter(pk=edition_id, in_force=True).first()
    if found is None:
        return
    edition = printing.in_force(PRINTER, found.consultation_id).get(pk=edition_id)
    if not printing.print_edition(PRINTER, edition, time.monotonic() + printing.ENOUGH):
        with writes():
            key = f"outcome-print-{edition_id}-{piece + 1}"
            tasks.print_edition.using(key=key).enqueue(edition_id=edition_id, piece=piece + 1)


def print_changed(consultation_id: int, piece: int = 0) -> None:
    """Make anew what has changed of the files of a consultation's outcomes."""
    if not printing.print_changed(PRINTER, consultation_id, time.monotonic() + printing.ENOUGH):
        with writes():
            key = f"outcome-prints-{consultation_id}-at-{time.time_ns()}"
            tasks.print_changed.using(key=key).enqueue(consultation_id=consultation_id, piece=piece + 1)


def make_dossier(file_id: int, piece: int = 0) -> None:
    """Make some papers of a dossier, and bind them when all are there."""
    found = DossierFile.objects.filter(pk=file_id, state__in=[DossierFile.State.ASKED, DossierFile.State.MAKING])
    it = found.select_related("dossier__event", "dossier__body__consultation").first()
    if it is None:
        return
    try:
        shown = making.shown_of(it)
        until = time.monotonic() + printing.ENOUGH
        if not making.make_some(it, until, lambda done, of: dossier_files.progress(it=it, done=done, of=of)):
            dossier_files.go_on(it=it, piece=piece + 1)
            return
        digest = making.bind(it, shown)
    except pdf.Unset:
        # What cannot be set now cannot be set in an hour: somebody must know.
        dossier_files.files_failed(it=it, failure="unset")
        making.forget_pieces(it)
        return
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        dossier_files.files_failed(it=it, failure="disk")
        making.forget_pieces(it)
        return
    dossier_files.files_are_made(it=it, digest=digest)
