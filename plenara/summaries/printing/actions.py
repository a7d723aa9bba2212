"""Conference packs: requested, made piece by piece, put into one zip, deleted later."""

import datetime
import json
import time
from collections.abc import Callable
from functools import partial

from plenara.accounts.models import Person
from plenara.consultations.models import Consultation
from plenara.core import audit, clock
from plenara.core.cache_tags import revision
from plenara.core.languages import NAMES
from plenara.core.refusals import require, require_valid
from plenara.core.store import Stored, exports
from plenara.core.store.downloads import sha256_of
from plenara.core.tasks import task
from plenara.core.transaction import writing
from plenara.documents.actions import paper_sets, printed_files
from plenara.documents.actions.paper_sets import PaperSet
from plenara.documents.models import DocumentEdition, Signature
from plenara.documents.presenters.paper import Paper
from plenara.summaries import permissions
from plenara.summaries.models import Pack
from plenara.summaries.printing.presenters import packs, summaries
from plenara.summaries.printing.presenters.summaries import PRINTER
from plenara.summaries.printing.queries import Scope
from plenara.summaries.validation import inputs

FOLDER, ZIP = "packs.files", "pack.zip"


def scope_of(pack: Pack) -> Scope:
    """Return the scope of a pack."""
    return Scope(pack.consultation, pack.edition, pack.asked_at)


def folder_of(pack: Pack) -> Stored:
    """Return the folder of a pack's files."""
    return exports() / FOLDER / str(pack.pk)


def zip_of(pack: Pack) -> Stored:
    """Return the path of its zip."""
    return folder_of(pack) / ZIP


def papers_of(pack: Pack) -> PaperSet:
    """Return the papers of a pack, language by language. One query."""
    scope = scope_of(pack)
    parts = packs.parts(scope)
    found: dict[str, Callable[[], Paper]] = {}
    for language in NAMES:
        if scope.edition:
            found[f"{language}/1-summary"] = partial(summaries.summary_paper, scope.edition, language)
        else:
            found[f"{language}/1-compilation"] = partial(summaries.compilation_paper, scope.consultation, language)
        found[f"{language}/2-method"] = partial(packs.method_paper, scope, language)
        found[f"{language}/3-coverage"] = partial(packs.coverage_paper, scope, language)
        for place, (begin, end) in enumerate(parts, 1):
            name = f"4-annex-{place:02}" if len(parts) > 1 else "4-annex"
            found[f"{language}/{name}"] = partial(packs.annex_paper, scope, language, begin, end)
    return PaperSet(folder_of(pack), found)


def progress_of(pack: Pack) -> tuple[int, int]:
    """Return how many papers of a pack are made, and of how many; 0 before the first. No query."""
    progress = printed_files.read_description(folder_of(pack) / "progress.json")
    return progress.get("done", 0), progress.get("of", 0)


def make_papers(pack: Pack, until: float) -> bool:
    """Make missing papers and save the progress; return whether all are there. Raises `pdf.Unset`."""

    def report(done: int, of: int) -> None:
        (folder_of(pack) / "progress.json").put(json.dumps({"done": done, "of": of}).encode())

    return papers_of(pack).make(until, report)


def bind(pack: Pack, mark: dict[str, object]) -> tuple[str, int]:
    """Put all papers into one zip, delete the pieces, and return the zip's SHA-256 and size.

    `mark` is the record's digest before the papers were compared with it.
    """
    papers = papers_of(pack)
    # Written before the zip: a zip without it could never be served.
    (folder_of(pack) / "mark.json").put(json.dumps(mark).encode())
    papers.bind(ZIP, packs.readme(scope_of(pack)))
    papers.pieces.forget_all()
    (folder_of(pack) / "progress.json").forget()
    return sha256_of(zip_of(pack)), zip_of(pack).size()


def may_be_published(pack: Pack) -> bool:
    """Return whether a pack's words and names may still be shown. Two queries."""
    found = printed_files.read_description(folder_of(pack) / "mark.json")
    return "mark" in found and bool(found["mark"] == _mark(found["editions"], found["documents"]))


def mark_of(pack: Pack) -> dict[str, object]:
    """Return the words and names in a pack, and their digest, which changes when one is removed."""
    scope = scope_of(pack)
    editions = {
        *scope.contributions().values_list("pk", flat=True),
        *scope.citations().values_list("edition", flat=True),
    }
    documents = set(scope.citations().values_list("paragraph__edition", flat=True))
    documents |= {scope.edition.pk} if scope.edition else set()
    shown = {"editions": sorted(editions), "documents": sorted(documents)}
    return {**shown, "mark": _mark(**shown)}


def _mark(editions: list[int], documents: list[int]) -> str:
    names = Signature.objects.filter(edition__in=documents).order_by("pk").values_list("pk", "name")
    return paper_sets.mark_of_people(editions, names)


#: Days until the file of a pack is deleted. The desk still lists the pack afterwards.
FILE_DAYS = 90
#: Hours after which an unfinished pack counts as failed: its task has failed.
MOST_HOURS = 48


@writing
def ask_pack(*, actor: Person, consultation: Consultation, edition: DocumentEdition | None) -> Pack:
    """Request a pack of a summary in force, or of the compilation so far.

    While it is being made, or if nothing has changed since, a second request returns the same pack.
    """
    require(permissions.may_make_packs(actor, consultation))
    consultation = Consultation.objects.select_for_update(no_key=True).get(pk=consultation.pk)
    require_valid(inputs.something_published(consultation), inputs.in_force_here(edition, consultation))
    now = revision(consultation.cache_tag)
    same = Pack.objects.filter(consultation=consultation, edition=edition)
    for found in same.filter(state__in=[Pack.State.WAITING, Pack.State.DONE]).order_by("-pk")[:1]:
        if found.state == Pack.State.WAITING or (found.revision == now and zip_of(found).exists()):
            return found
    pack = Pack.objects.create(consultation=consultation, edition=edition, asked_by=actor, revision=now)
    audit.log("pack.asked", actor=actor, about=pack, consultation=consultation)
    enqueue_piece(pack=pack, piece=0)
    return pack


@writing
def enqueue_piece(*, pack: Pack, piece: int) -> None:
    """Enqueue the next papers of a pack."""
    key = f"pack-{paper_sets.key_of(pack, piece)}"
    make_pack.using(key=key).enqueue(pack_id=pack.pk, piece=piece)


@writing
def mark_made(*, pack: Pack, sha256: str, size: int) -> None:
    """Mark a pack as made."""
    pack.state, pack.made_at, pack.sha256, pack.size = Pack.State.DONE, clock.now(), sha256, size
    pack.save(update_fields=["state", "made_at", "sha256", "size"])
    audit.log("pack.made", actor=None, about=pack, consultation=pack.consultation)


@writing
def mark_failed(*, pack: Pack, failure: str) -> None:
    """Mark a pack as failed, with a code."""
    Pack.objects.filter(pk=pack.pk, state=Pack.State.WAITING).update(state=Pack.State.FAILED, failure=failure)
    audit.log("pack.failed", actor=None, about=pack, consultation=pack.consultation, failure=failure)


def delete_old_packs() -> None:
    """Delete the files of packs that are too old or no longer public; mark stuck packs as failed."""
    now = clock.now()
    hanging = Pack.objects.filter(state=Pack.State.WAITING, asked_at__lt=now - datetime.timedelta(hours=MOST_HOURS))
    for each in hanging:
        mark_failed(pack=each, failure="late")
    known = {str(each.pk): each for each in Pack.objects.select_related("consultation", "edition__summary")}
    for name in paper_sets.folders_in(FOLDER):
        pack = known.get(name)
        if pack and pack.state == Pack.State.WAITING:
            continue
        if pack is None or pack.asked_at < now - datetime.timedelta(days=FILE_DAYS) or not may_be_published(pack):
            (exports() / FOLDER / name).forget_all()


@task
def make_pack(*, pack_id: int, piece: int = 0) -> None:
    """Make some papers of a conference pack, and put them into a zip when all are there."""
    found = Pack.objects.filter(pk=pack_id, state=Pack.State.WAITING)
    pack = found.select_related("consultation", "edition__summary", "edition__consultation").first()
    if pack is None:
        return

    def fail(failure: str) -> None:
        mark_failed(pack=pack, failure=failure)
        folder_of(pack).forget_all()

    with paper_sets.report_failure(fail):
        mark = mark_of(pack)
        if not make_papers(pack, time.monotonic() + printed_files.ENOUGH):
            enqueue_piece(pack=pack, piece=piece + 1)
            return
        sha256, size = bind(pack, mark)
        mark_made(pack=pack, sha256=sha256, size=size)


@task
def print_edition(*, edition_id: int, piece: int = 0) -> None:
    """Make the files of an edition in each language that it has, if it is still in force."""
    PRINTER.print_edition(edition_id, piece)


@task
def print_changed(*, consultation_id: int, piece: int = 0) -> None:
    """Make the outdated files of a consultation's summaries."""
    PRINTER.print_changed(consultation_id, piece)
