"""What is kept of dossiers as files, and how long: as long as everything that they show may be read."""

from plenara.outcomes.actions.dossier_files import files_failed, hanging
from plenara.outcomes.models import DossierFile
from plenara.outcomes.printing import making


def sweep() -> None:
    """Delete files of dossiers that are gone, or that show what nobody may read; give up what hangs."""
    for each in hanging():
        files_failed(it=each, failure="late")
        making.forget_pieces(each)
    known = list(DossierFile.objects.select_related("dossier__event", "dossier__body__consultation"))
    making.forget_others(known)
    for it in known:
        if it.state == DossierFile.State.READY and not making.offered(it):
            making.forget(it)
