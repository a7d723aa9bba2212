"""A conference pack as files: made piece by piece by tasks, then bound into one zip.

`exports/packs.files/{pack}/` holds, while it is made, one folder a language with each paper as PDF and DOCX and a
`.json` that says what it was made from. A kill loses one paper at most: what is there is not made again, whichever
machine goes on. At the end every paper is held against the record once more, so that nothing is in the zip that was
withdrawn while it was made. The same record gives the same bytes, whatever the hour.
"""

import hashlib
import json
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils import translation

from plenara.contributions.models import Edition
from plenara.core.languages import NAMES, django_code
from plenara.core.store import Stored, exports
from plenara.core.store.sending import sha256_of
from plenara.documents.models import Signature
from plenara.documents.printing import binding, files
from plenara.documents.printing.paper import Paper
from plenara.summaries.models import Pack
from plenara.summaries.printing import annex, compiling, method, missing, readme, showing
from plenara.summaries.printing.scope import Scope

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
    parts = annex.parts(scope)
    found = []
    for language in NAMES:
        if scope.edition:
            first = ("1-summary", partial(showing.summary_paper, scope.edition, language))
        else:
            first = ("1-compilation", partial(compiling.compilation_paper, scope.consultation, language))
        told = [
            first,
            ("2-method", partial(method.method_paper, scope, language)),
            ("3-coverage", partial(missing.coverage_paper, scope, language)),
        ]
        for place, (begin, end) in enumerate(parts, 1):
            name = f"4-annex-{place:02}" if len(parts) > 1 else "4-annex"
            told.append((name, partial(annex.annex_paper, scope, language, begin, end)))
        found += [Piece(language, name, paper) for name, paper in told]
    return found


def made_of(pack: Pack) -> tuple[int, int]:
    """Return how many papers of a pack are made, and of how many; of none before the first. No query."""
    try:
        of = int((folder_of(pack) / "papers").read_text())
    except (OSError, ValueError):
        return 0, 0
    return sum(name.endswith(".json") and "/" in name for name in folder_of(pack).listed()), of


def make_some(pack: Pack, until: float) -> bool:
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
    with binding.new_zip(folder, ZIP) as target:
        binding.add(target, "README.txt", readme.readme(scope_of(pack)).encode(errors="replace"))
        for piece in pieces(pack):
            for ending in files.endings():
                content = _path(pack, piece, ending).read_bytes()
                binding.add(target, f"{piece.language}/{piece.name}.{ending}", content)
        # Told before there is a zip: one without it would be served to nobody, and for good.
        (folder / "mark.json").put(json.dumps(mark).encode())
    sha256, size = sha256_of(zip_of(pack)), zip_of(pack).size()
    for language in NAMES:
        (folder / language).forget_all()
    return sha256, size


def holds(pack: Pack) -> bool:
    """Say whether everything of people in a pack may be shown today. Two queries."""
    try:
        told = json.loads((folder_of(pack) / "mark.json").read_text())
        return bool(told["mark"] == _mark(told["editions"], told["documents"]))
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
    told = {"editions": sorted(editions), "documents": sorted(documents)}
    return {**told, "mark": _mark(told["editions"], told["documents"])}


def _mark(editions: list[int], documents: list[int]) -> str:
    shown = Edition.objects.filter(pk__in=editions).order_by("pk")
    rows = shown.values_list("pk", "status", "text__erased_at", "byline__name", "byline__erased_at")
    names = Signature.objects.filter(edition__in=documents).order_by("pk").values_list("pk", "name")
    return hashlib.sha256(json.dumps([list(rows), list(names)], default=str).encode()).hexdigest()


def forget(pack: Pack) -> None:
    """Take away the files of a pack."""
    folder_of(pack).forget_all()


def remove(pk: int) -> None:
    """Take away the folder of a pack that nobody knows any more."""
    (exports() / FOLDER / str(pk)).forget_all()


def _write(pack: Pack, piece: Piece, paper: Paper) -> None:
    for ending in files.endings():
        with translation.override(django_code(piece.language)):
            content = files.FORMS[ending][1](paper)
        _path(pack, piece, ending).put(content)
    _path(pack, piece, "json").put(json.dumps({"digest": paper.digest()}).encode())


def _names(piece: Piece) -> set[str]:
    return {f"{piece.language}/{piece.name}.{ending}" for ending in (*files.endings(), "json")}


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


def kept() -> list[int]:
    """Return the packs that have files, by their ids."""
    names = {each.partition("/")[0] for each in (exports() / FOLDER).listed()}
    return sorted(int(name) for name in names if name.isdecimal())
