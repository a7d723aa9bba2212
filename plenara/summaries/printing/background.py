"""What follows the publication of a summary: its files. Long work goes in pieces, each of which enqueues the next."""

import errno
import time

from plenara.core.transaction import writes
from plenara.documents.models import DocumentEdition
from plenara.documents.printing import pdf
from plenara.documents.printing import scheduling as printing
from plenara.summaries import tasks
from plenara.summaries.models import Pack
from plenara.summaries.printing import actions, packs
from plenara.summaries.printing.files import PRINTER


def print_edition(edition_id: int, piece: int = 0) -> None:
    """Make the files of an edition in each language that it has, if it is in force still."""
    found = DocumentEdition.objects.filter(pk=edition_id, in_force=True).first()
    if found is None:
        return
    edition = printing.in_force(PRINTER, found.consultation_id).get(pk=edition_id)
    if not printing.print_edition(PRINTER, edition, time.monotonic() + printing.ENOUGH):
        with writes():
            again = tasks.print_edition.using(key=f"print-{edition_id}-{piece + 1}")
            again.enqueue(edition_id=edition_id, piece=piece + 1)


def print_changed(consultation_id: int, piece: int = 0) -> None:
    """Make anew what has changed of the files of a consultation's summaries."""
    if not printing.print_changed(PRINTER, consultation_id, time.monotonic() + printing.ENOUGH):
        with writes():
            key = f"prints-{consultation_id}-at-{time.time_ns()}"
            tasks.print_changed.using(key=key).enqueue(consultation_id=consultation_id, piece=piece + 1)


def make_pack(pack_id: int, piece: int = 0) -> None:
    """Make some papers of a conference pack, and bind it when all are there."""
    found = Pack.objects.filter(pk=pack_id, state=Pack.State.WAITING)
    pack = found.select_related("consultation", "edition__summary", "edition__consultation").first()
    if pack is None:
        return
    try:
        mark = packs.mark_of(pack)
        if not packs.make_some(pack, time.monotonic() + printing.ENOUGH):
            actions.go_on(pack=pack, piece=piece + 1)
            return
        sha256, size = packs.bind(pack, mark)
    except pdf.Unset:
        # What cannot be set now cannot be set in an hour: somebody must know.
        actions.failed(pack=pack, failure="unset")
        packs.forget(pack)
        return
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        actions.failed(pack=pack, failure="disk")
        packs.forget(pack)
        return
    actions.done(pack=pack, sha256=sha256, size=size)
