"""Versions of outcomes and the dossiers of meetings as files: made piece by piece, stored, offered, deleted."""

import errno
import hashlib
import json
import time
from collections.abc import Callable, Collection
from typing import Any

from django.utils import translation

from plenara.contributions.models import Edition
from plenara.core.languages import django_code
from plenara.core.store import Stored, exports
from plenara.core.store.downloads import sha256_of
from plenara.core.transaction import writes
from plenara.documents import printed_files
from plenara.documents.models import DocumentEdition
from plenara.documents.presenters import pdf, plain_text
from plenara.documents.presenters.paper import Paper
from plenara.outcomes import tasks
from plenara.outcomes.actions import meetings
from plenara.outcomes.models import DossierFile, PublishedObjection
from plenara.outcomes.presenters.dossier import WHOLE, papers, readme
from plenara.outcomes.presenters.paper import PRINTER
from plenara.outcomes.queries.dossiers import Scope

FOLDER, PIECES, MANIFEST = "dossiers.files", "pieces", "told.json"
#: What is offered, by ending, with its media type.
FORMS = {**{ending: kind for ending, (kind, _write) in printed_files.FORMS.items()}, "zip": "application/zip"}


def folder_of(it: DossierFile) -> Stored:
    """Return where a dossier's files in one language lie."""
    return exports() / FOLDER / _name(it)


def make_some(it: DossierFile, until: float, report: Callable[[int, int], None]) -> bool:
    """Make papers that are missing; return whether all are there and hold against the record as it is.

    At least one is made before the clock is looked at. `report` is called with how many are made, and of how many.
    Raises `pdf.Unset`.
    """
    wanted, made = papers(Scope(it.dossier), it.language), 0
    listed = set(_pieces(it).listed())
    there = sum(_digest_of(it, name, listed) is not None for name in wanted)
    report(there, len(wanted) + 1)
    for check in (False, True):  # first what is missing, then what does not hold any more
        for name, paper in wanted.items():
            known = _digest_of(it, name, listed)
            if known is not None and not check:
                continue
            found = paper()
            if known == found.digest():
                continue
            if made and time.monotonic() > until:
                return False
            _write(it, name, found)
            listed |= _names(name)
            made += 1
            there = min(there + 1, len(wanted))
            report(there, len(wanted) + 1)
    return True


def bind(it: DossierFile, shown: dict[str, Any]) -> str:
    """Put everything in its place, take the pieces away, and return what names all that the files show.

    `shown` is what was shown of people before the papers were held against the record.
    """
    folder, scope, digest = folder_of(it), Scope(it.dossier), hashlib.sha256()
    listed = _pieces(it).listed()
    with printed_files.new_zip(folder, "dossier.zip") as target:
        printed_files.add_to_zip(target, "README.txt", readme(scope, it.language).encode(errors="replace"))
        for name in papers(scope, it.language):
            digest.update(f"{name} {_digest_of(it, name, listed)}\n".encode())
            for ending in endings():
                printed_files.add_to_zip(target, f"{name}.{ending}", _path(it, name, ending).read_bytes())
    for ending in printed_files.FORMS:
        if ending in printed_files.endings():
            (folder / f"dossier.{ending}").put(_path(it, WHOLE, ending).read_bytes())
        else:
            (folder / f"dossier.{ending}").forget()
    known = {"digest": digest.hexdigest(), **shown, "sha256": {each: _sum(folder, each) for each in FORMS}}
    (folder / MANIFEST).put(json.dumps(known).encode())
    _pieces(it).forget_all()
    return digest.hexdigest()


def people_of(it: DossierFile) -> dict[str, Any]:
    """Return what a dossier shows of people, and what names the words and names: it changes when one of them goes."""
    people = Scope(it.dossier).people()
    return {**people, "mark": _mark(**people)}


def offered(it: DossierFile) -> dict[str, tuple[Stored, str]]:
    """Return the files that may be served, by ending, each with its SHA-256; none where they show what nobody may read
    any more.

    Two queries, where there are files.
    """
    folder = folder_of(it)
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
        found = {ending: (folder / f"dossier.{ending}", str(manifest["sha256"][ending])) for ending in FORMS}
        holds = manifest["mark"] == _mark(manifest["editions"], manifest["objections"])
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    there = folder.listed() if holds else ()
    return {ending: (path, sha256) for ending, (path, sha256) in found.items() if sha256 and path.name in there}


def forget(it: DossierFile) -> None:
    """Take away the files of a dossier in one language."""
    folder_of(it).forget_all()


def forget_pieces(it: DossierFile) -> None:
    """Take away what was made so far; what was bound before stays."""
    _pieces(it).forget_all()


def forget_others(known: Collection[DossierFile]) -> None:
    """Take away the folders that belong to none of these."""
    names = {_name(it) for it in known}
    for name in sorted({each.partition("/")[0] for each in (exports() / FOLDER).listed()} - names):
        (exports() / FOLDER / name).forget_all()


def _name(it: DossierFile) -> str:
    return f"{it.dossier_id}-{it.language}"


def endings() -> list[str]:
    """Return the forms of each paper in the folder."""
    return [*printed_files.endings(), "txt"]


def _mark(editions: list[int], objections: list[int]) -> str:
    shown = Edition.objects.filter(pk__in=editions).order_by("pk", "signatories__place")
    rows = shown.values_list(
        "pk", "status", "text__erased_at", "byline__name", "byline__erased_at", "signatories__byline__name"
    )
    names = PublishedObjection.objects.filter(pk__in=objections).order_by("pk").values_list("pk", "name", "reason")
    return hashlib.sha256(json.dumps([list(rows), list(names)], default=str).encode()).hexdigest()


def _sum(folder: Stored, ending: str) -> str:
    try:
        return sha256_of(folder / f"dossier.{ending}")
    except FileNotFoundError:
        return ""


def _pieces(it: DossierFile) -> Stored:
    return folder_of(it) / PIECES


def _path(it: DossierFile, name: str, ending: str) -> Stored:
    return _pieces(it) / f"{name}.{ending}"


def _names(name: str) -> set[str]:
    return {f"{name}.{ending}" for ending in (*endings(), "json")}


def _write(it: DossierFile, name: str, paper: Paper) -> None:
    for ending in endings():
        with translation.override(django_code(it.language)):
            content = _written(paper, ending)
        _path(it, name, ending).put(content)
    _path(it, name, "json").put(json.dumps({"digest": paper.digest()}).encode())


def _written(paper: Paper, ending: str) -> bytes:
    if ending == "txt":
        return plain_text.as_text(paper).encode(errors="replace")
    return printed_files.FORMS[ending][1](paper)


def _digest_of(it: DossierFile, name: str, listed: Collection[str]) -> str | None:
    """Return what a paper was made from; None where it, or one of its forms, is not listed among the pieces."""
    if not _names(name) <= set(listed):
        return None
    try:
        return str(json.loads(_path(it, name, "json").read_text()).get("digest"))
    except (OSError, ValueError):
        return None


def print_edition(edition_id: int, piece: int = 0) -> None:
    """Make the files of a version in each language that it has, if it is in force still."""
    found = DocumentEdition.objects.filter(pk=edition_id, in_force=True).first()
    if found is None:
        return
    edition = printed_files.in_force(PRINTER, found.consultation_id).get(pk=edition_id)
    if not printed_files.print_edition(PRINTER, edition, time.monotonic() + printed_files.ENOUGH):
        with writes():
            key = f"outcome-print-{edition_id}-{piece + 1}"
            tasks.print_edition.using(key=key).enqueue(edition_id=edition_id, piece=piece + 1)


def print_changed(consultation_id: int, piece: int = 0) -> None:
    """Make anew what has changed of the files of a consultation's outcomes."""
    if not printed_files.print_changed(PRINTER, consultation_id, time.monotonic() + printed_files.ENOUGH):
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
        shown = people_of(it)
        until = time.monotonic() + printed_files.ENOUGH
        if not make_some(it, until, lambda done, of: meetings.set_files_progress(it=it, done=done, of=of)):
            meetings.enqueue_more_files(it=it, piece=piece + 1)
            return
        digest = bind(it, shown)
    except pdf.Unset:
        # What cannot be set now cannot be set in an hour: somebody must know.
        meetings.files_failed(it=it, failure="unset")
        forget_pieces(it)
        return
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        meetings.files_failed(it=it, failure="disk")
        forget_pieces(it)
        return
    meetings.files_are_made(it=it, digest=digest)


def enqueue_prints() -> int:
    """Enqueue the printing of what has changed; return of how many consultations. The worker asks now and then."""
    return printed_files.enqueue_prints(PRINTER, tasks.print_changed)
