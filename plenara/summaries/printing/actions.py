"""Printing summaries, and making conference packs: asked for, made piece by piece, bound into one zip, deleted after
their time.
"""

import datetime
import errno
import hashlib
import json
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils import translation

from plenara.accounts.models import Person
from plenara.consultations.models import Consultation
from plenara.contributions.models import Edition
from plenara.core import audit, clock
from plenara.core.cache_tags import revision
from plenara.core.languages import NAMES, django_code
from plenara.core.refusals import require, require_valid
from plenara.core.store import Stored, exports
from plenara.core.store.downloads import sha256_of
from plenara.core.transaction import writes, writing
from plenara.documents import printed_files
from plenara.documents.models import DocumentEdition, Signature
from plenara.documents.presenters import pdf
from plenara.documents.presenters.paper import Paper
from plenara.summaries import permissions, tasks
from plenara.summaries.models import Pack
from plenara.summaries.printing.presenters import packs, summaries
from plenara.summaries.printing.presenters.summaries import PRINTER
from plenara.summaries.printing.queries import Scope
from plenara.summaries.validation import inputs

FOLDER, ZIP = "packs.files", "pack.zip"


@dataclass(frozen=True)
class Piece:
    """One paper of a pack, in one language."""

    language: str
    name: str  # of its files, without the ending
    paper: Callable[[], Paper]


def scope_of(pack: Pack) -> Scope:
    """Return what a pack is about."""
    return Scope(pack.consultation, pack.edition, pack.asked_at)


def folder_of(pack: Pack) -> Stored:
    """Return where a pack's files lie."""
    return exports() / FOLDER / str(pack.pk)


def zip_of(pack: Pack) -> Stored:
    """Return where its zip lies."""
    return folder_of(pack) / ZIP


def pieces(pack: Pack) -> list[Piece]:
    """Return the papers of a pack, language by language. One query."""
    scope = scope_of(pack)
    parts = packs.parts(scope)
    found = []
    for language in NAMES:
        if scope.edition:
            first = ("1-summary", partial(summaries.summary_paper, scope.edition, language))
        else:
            first = ("1-compilation", partial(summaries.compilation_paper, scope.consultation, language))
        papers = [
            first,
            ("2-method", partial(packs.method_paper, scope, language)),
            ("3-coverage", partial(packs.coverage_paper, scope, language)),
        ]
        for place, (begin, end) in enumerate(parts, 1):
            name = f"4-annex-{place:02}" if len(parts) > 1 else "4-annex"
            papers.append((name, partial(packs.annex_paper, scope, language, begin, end)))
        found += [Piece(language, name, paper) for name, paper in papers]
    return found


def progress_of(pack: Pack) -> tuple[int, int]:
    """Return how many papers of a pack are made, and of how many; of none before the first. No query."""
    try:
        of = int((folder_of(pack) / "papers").read_text())
    except (OSError, ValueError):
        return 0, 0
    return sum(name.endswith(".json") and "/" in name for name in folder_of(pack).listed()), of


def make_papers(pack: Pack, until: float) -> bool:
    """Make papers that are missing; return whether all are there and hold against the record as it is.

    At least one is made before the clock is looked at. Raises `pdf.Unset`.
    """
    found, made = pieces(pack), 0
    (folder_of(pack) / "papers").put(str(len(found)).encode())
    listed = set(folder_of(pack).listed())
    for piece in found:
        if _digest_of(pack, piece, listed) is not None:
            continue
        if made and time.monotonic() > until:
            return False
        _write(pack, piece, piece.paper())
        listed |= _names(piece)
        made += 1
    for piece in found:
        paper = piece.paper()
        if _digest_of(pack, piece, listed) == paper.digest():
            continue
        if made and time.monotonic() > until:
            return False
        _write(pack, piece, paper)
        made += 1
    return True


def bind(pack: Pack, mark: dict[str, Any]) -> tuple[str, int]:
    """Put everything into one zip, take the pieces away, and return its SHA-256 and size.

    `mark` is that of the record before the papers were held against it.
    """
    folder = folder_of(pack)
    with printed_files.new_zip(folder, ZIP) as target:
        printed_files.add_to_zip(target, "README.txt", packs.readme(scope_of(pack)).encode(errors="replace"))
        for piece in pieces(pack):
            for ending in printed_files.endings():
                content = _path(pack, piece, ending).read_bytes()
                printed_files.add_to_zip(target, f"{piece.language}/{piece.name}.{ending}", content)
        # Told before there is a zip: one without it would be served to nobody, and for good.
        (folder / "mark.json").put(json.dumps(mark).encode())
    sha256, size = sha256_of(zip_of(pack)), zip_of(pack).size()
    for language in NAMES:
        (folder / language).forget_all()
    return sha256, size


def may_be_published(pack: Pack) -> bool:
    """Say whether everything of people in a pack may be shown today. Two queries."""
    try:
        description = json.loads((folder_of(pack) / "mark.json").read_text())
        return bool(description["mark"] == _mark(description["editions"], description["documents"]))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def mark_of(pack: Pack) -> dict[str, Any]:
    """Return what a pack shows of people, and what names the words and names: that changes when one of them goes."""
    scope = scope_of(pack)
    editions = {
        *scope.contributions().values_list("pk", flat=True),
        *scope.citations().values_list("edition", flat=True),
    }
    documents = set(scope.citations().values_list("paragraph__edition", flat=True))
    documents |= {scope.edition.pk} if scope.edition else set()
    shown = {"editions": sorted(editions), "documents": sorted(documents)}
    return {**shown, "mark": _mark(shown["editions"], shown["documents"])}


def _mark(editions: list[int], documents: list[int]) -> str:
    shown = Edition.objects.filter(pk__in=editions).order_by("pk")
    rows = shown.values_list("pk", "status", "text__erased_at", "byline__name", "byline__erased_at")
    names = Signature.objects.filter(edition__in=documents).order_by("pk").values_list("pk", "name")
    return hashlib.sha256(json.dumps([list(rows), list(names)], default=str).encode()).hexdigest()


def delete_files(pack: Pack) -> None:
    """Take away the files of a pack."""
    folder_of(pack).forget_all()


def delete_folder(pk: int) -> None:
    """Take away the folder of a pack that nobody knows any more."""
    (exports() / FOLDER / str(pk)).forget_all()


def _write(pack: Pack, piece: Piece, paper: Paper) -> None:
    for ending in printed_files.endings():
        with translation.override(django_code(piece.language)):
            content = printed_files.FORMS[ending][1](paper)
        _path(pack, piece, ending).put(content)
    _path(pack, piece, "json").put(json.dumps({"digest": paper.digest()}).encode())


def _names(piece: Piece) -> set[str]:
    return {f"{piece.language}/{piece.name}.{ending}" for ending in (*printed_files.endings(), "json")}


def _path(pack: Pack, piece: Piece, ending: str) -> Stored:
    return folder_of(pack) / piece.language / f"{piece.name}.{ending}"


def _digest_of(pack: Pack, piece: Piece, listed: Collection[str]) -> str | None:
    """Return what a paper was made from; None where it, or one of its forms, is not listed in the folder."""
    if not _names(piece) <= set(listed):
        return None
    try:
        return str(json.loads(_path(pack, piece, "json").read_text()).get("digest"))
    except (OSError, ValueError):
        return None


def packs_with_files() -> list[int]:
    """Return the packs that have files, by their ids."""
    names = {each.partition("/")[0] for each in (exports() / FOLDER).listed()}
    return sorted(int(name) for name in names if name.isdecimal())


#: Days until the file of a pack is deleted; that it was made stays told.
FILE_DAYS = 90
#: Hours after which a pack that is still being made counts as failed: its task was given up.
MOST_HOURS = 48


@writing
def ask_pack(*, actor: Person, consultation: Consultation, edition: DocumentEdition | None) -> Pack:
    """Ask for a pack about a summary in force, or the compilation so far.

    Asked again while it is made, or while nothing has changed since it was, it is the same one: a button pressed twice
    makes one.
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
    tasks.make_pack.using(key=f"pack-{pk_of(pack)}-0").enqueue(pack_id=pack.pk)
    return pack


def pk_of(pack: Pack) -> str:
    """Return what names a pack in the keys of tasks: also of one in a database that was made anew."""
    return f"{pack.pk}-{pack.asked_at:%Y%m%d%H%M%S%f}"


@writing
def enqueue_piece(*, pack: Pack, piece: int) -> None:
    """Enqueue the next papers of a pack."""
    tasks.make_pack.using(key=f"pack-{pk_of(pack)}-{piece}").enqueue(pack_id=pack.pk, piece=piece)


@writing
def mark_made(*, pack: Pack, sha256: str, size: int) -> None:
    """Say that a pack is there."""
    pack.state, pack.made_at, pack.sha256, pack.size = Pack.State.DONE, clock.now(), sha256, size
    pack.save(update_fields=["state", "made_at", "sha256", "size"])
    audit.log("pack.made", actor=None, about=pack, consultation=pack.consultation)


@writing
def mark_failed(*, pack: Pack, failure: str) -> None:
    """Say that a pack could not be made, and why (a code)."""
    Pack.objects.filter(pk=pack.pk, state=Pack.State.WAITING).update(state=Pack.State.FAILED, failure=failure)
    audit.log("pack.failed", actor=None, about=pack, consultation=pack.consultation, failure=failure)


def delete_old_packs() -> None:
    """Delete the files of packs that are older than is kept, or show what nobody may read; give up what hangs."""
    now = clock.now()
    hanging = Pack.objects.filter(state=Pack.State.WAITING, asked_at__lt=now - datetime.timedelta(hours=MOST_HOURS))
    for each in hanging:
        mark_failed(pack=each, failure="late")
    known = {each.pk: each for each in Pack.objects.select_related("consultation", "edition__summary")}
    for pk in packs_with_files():
        pack = known.get(pk)
        if pack is None:
            delete_folder(pk)
        elif pack.state == Pack.State.WAITING:
            continue
        elif pack.asked_at < now - datetime.timedelta(days=FILE_DAYS) or not may_be_published(pack):
            delete_files(pack)


def print_edition(edition_id: int, piece: int = 0) -> None:
    """Make the files of an edition in each language that it has, if it is in force still."""
    found = DocumentEdition.objects.filter(pk=edition_id, in_force=True).first()
    if found is None:
        return
    edition = printed_files.in_force(PRINTER, found.consultation_id).get(pk=edition_id)
    if not printed_files.print_edition(PRINTER, edition, time.monotonic() + printed_files.ENOUGH):
        with writes():
            again = tasks.print_edition.using(key=f"print-{edition_id}-{piece + 1}")
            again.enqueue(edition_id=edition_id, piece=piece + 1)


def print_changed(consultation_id: int, piece: int = 0) -> None:
    """Make anew what has changed of the files of a consultation's summaries."""
    if not printed_files.print_changed(PRINTER, consultation_id, time.monotonic() + printed_files.ENOUGH):
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
        mark = mark_of(pack)
        if not make_papers(pack, time.monotonic() + printed_files.ENOUGH):
            enqueue_piece(pack=pack, piece=piece + 1)
            return
        sha256, size = bind(pack, mark)
    except pdf.Unset:
        # What cannot be set now cannot be set in an hour: somebody must know.
        mark_failed(pack=pack, failure="unset")
        delete_files(pack)
        return
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        mark_failed(pack=pack, failure="disk")
        delete_files(pack)
        return
    mark_made(pack=pack, sha256=sha256, size=size)


def enqueue_prints() -> int:
    """Enqueue the printing of what has changed; return of how many consultations. The worker asks now and then."""
    return printed_files.enqueue_prints(PRINTER, tasks.print_changed)
