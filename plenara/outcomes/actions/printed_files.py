"""The dossiers of meetings as files: made piece by piece, stored, offered, deleted."""

import json
import time
from collections.abc import Collection

from plenara.core.store import Stored, exports
from plenara.core.store.downloads import sha256_of
from plenara.documents.actions import paper_sets, printed_files
from plenara.documents.actions.paper_sets import PaperSet
from plenara.outcomes.actions import meetings
from plenara.outcomes.models import DossierFile, PublishedObjection
from plenara.outcomes.presenters.dossier import WHOLE, papers, readme
from plenara.outcomes.queries.dossiers import Scope

FOLDER, MANIFEST = "dossiers.files", "told.json"
#: The files by ending, with their media types.
FORMS = {**{ending: kind for ending, (kind, _write) in printed_files.FORMS.items()}, "zip": "application/zip"}


def folder_of(it: DossierFile) -> Stored:
    """Return the folder of a dossier's files in one language."""
    return exports() / FOLDER / _name(it)


def papers_of(it: DossierFile) -> PaperSet:
    """Return the papers of a dossier in one language."""
    return PaperSet(folder_of(it), papers(Scope(it.dossier), it.language), has_text=True)


def bind(it: DossierFile, shown: dict[str, object]) -> str:
    """Put all papers into the final files, delete the pieces, and return the digest of everything that the files show.

    `shown` are the words and names of people before the papers were compared with the record.
    """
    folder, made = folder_of(it), papers_of(it)
    digest = made.bind("dossier.zip", readme(Scope(it.dossier), it.language))
    for ending in printed_files.FORMS:
        if ending in printed_files.endings():
            (folder / f"dossier.{ending}").put(made.read(WHOLE, ending))
        else:
            (folder / f"dossier.{ending}").forget()
    known = {"digest": digest, **shown, "sha256": {each: _sum(folder, each) for each in FORMS}}
    (folder / MANIFEST).put(json.dumps(known).encode())
    made.pieces.forget_all()
    return digest


def people_of(it: DossierFile) -> dict[str, object]:
    """Return the words and names in a dossier, and their digest, which changes when one is removed."""
    people = Scope(it.dossier).people()
    return {**people, "mark": _mark(**people)}


def offered(it: DossierFile) -> dict[str, tuple[Stored, str]]:
    """Return the SHA-256 of the files that may be served, by ending; none if they show something no longer public.

    Two queries, if there are files.
    """
    folder = folder_of(it)
    manifest = printed_files.read_description(folder / MANIFEST)
    if "mark" not in manifest or manifest["mark"] != _mark(manifest["editions"], manifest["objections"]):
        return {}
    there = folder.listed()
    found = {ending: (folder / f"dossier.{ending}", str(manifest["sha256"][ending])) for ending in FORMS}
    return {ending: (path, sha256) for ending, (path, sha256) in found.items() if sha256 and path.name in there}


def forget_pieces(it: DossierFile) -> None:
    """Delete the papers made so far; the final files stay."""
    (folder_of(it) / paper_sets.PIECES).forget_all()


def forget_others(known: Collection[DossierFile]) -> None:
    """Delete the folders that belong to none of these."""
    for name in paper_sets.folders_in(FOLDER) - {_name(it) for it in known}:
        (exports() / FOLDER / name).forget_all()


def _name(it: DossierFile) -> str:
    return f"{it.dossier_id}-{it.language}"


def _mark(editions: list[int], objections: list[int]) -> str:
    names = PublishedObjection.objects.filter(pk__in=objections).order_by("pk").values_list("pk", "name", "reason")
    return paper_sets.mark_of_people(editions, names)


def _sum(folder: Stored, ending: str) -> str:
    try:
        return sha256_of(folder / f"dossier.{ending}")
    except FileNotFoundError:
        return ""


def make_dossier(file_id: int, piece: int = 0) -> None:
    """Make some papers of a dossier, and the final files when all are there."""
    found = DossierFile.objects.filter(pk=file_id, state__in=[DossierFile.State.ASKED, DossierFile.State.MAKING])
    it = found.select_related("dossier__event", "dossier__body__consultation").first()
    if it is None:
        return

    def report(done: int, of: int) -> None:
        meetings.set_files_progress(it=it, done=done, of=of + 1)  # the last step makes the final files

    def fail(failure: str) -> None:
        meetings.files_failed(it=it, failure=failure)
        forget_pieces(it)

    with paper_sets.report_failure(fail):
        shown = people_of(it)
        if not papers_of(it).make(time.monotonic() + printed_files.ENOUGH, report):
            meetings.enqueue_more_files(it=it, piece=piece + 1)
            return
        meetings.files_are_made(it=it, digest=bind(it, shown))
