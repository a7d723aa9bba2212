"""A conference pack as files: made piece by piece by errands, then bound into one zip.

`$PLENARA_DATA/exports/packs.files/{pack}/` holds, while it is made, one folder a language with each paper as PDF and
DOCX and a `.json` that says what it was made from. A kill loses one paper at most: what is there is not made again. At
the end every paper is held against the record once more, so that nothing is in the zip that was withdrawn while it was
made. The same record gives the same bytes, whatever the hour.
"""

import hashlib
import json
import os
import shutil
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation

from plenara.common.languages import NAMES, django_code
from plenara.contributions.models import Edition
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


def folder_of(pack: Pack) -> Path:
    """Return where a pack's files lie."""
    return Path(settings.DATA) / "exports" / FOLDER / str(pack.pk)


def zip_of(pack: Pack) -> Path:
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
    return len(list(folder_of(pack).glob("*/[0-9]*.json"))), of


def make_some(pack: Pack, until: float) -> bool:
    """Make papers that are missing; return whether all are there and hold against the record as it is.

    At least one is made before the clock is looked at. Raises `pdf.Unset`.
    """
    found, made = pieces(pack), 0
    folder_of(pack).mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder_of(pack) / "papers").write_text(str(len(found)))
    for piece in found:
        if _digest_of(pack, piece) is not None:
            continue
        if made and time.monotonic() > until:
            return False
        _write(pack, piece, piece.paper())
        made += 1
    for piece in found:
        paper = piece.paper()
        if _digest_of(pack, piece) == paper.digest():
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
    part = folder / f"part.{ZIP}"
    with zipfile.ZipFile(part, "w") as target:
        binding.add(target, "README.txt", readme.readme(scope_of(pack)).encode(errors="replace"))
        for piece in pieces(pack):
            for ending in files.endings():
                content = _path(pack, piece, ending).read_bytes()
                binding.add(target, f"{piece.language}/{piece.name}.{ending}", content)
    (folder / "mark.json").write_text(json.dumps(mark))
    with part.open("rb") as file:
        os.fsync(file.fileno())
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    part.replace(zip_of(pack))
    for language in NAMES:
        shutil.rmtree(folder / language, ignore_errors=True)
    return sha256, zip_of(pack).stat().st_size


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
    remove(folder_of(pack))


def remove(folder: Path) -> None:
    """Take away the folder of a pack that nobody knows any more."""
    shutil.rmtree(folder, ignore_errors=True)


def _write(pack: Pack, piece: Piece, paper: Paper) -> None:
    folder = folder_of(pack) / piece.language
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for ending in files.endings():
        part = folder / f"part.{piece.name}.{ending}"
        with translation.override(django_code(piece.language)):
            part.write_bytes(files.FORMS[ending][1](paper))
        part.replace(_path(pack, piece, ending))
    part = folder / f"part.{piece.name}.json"
    part.write_text(json.dumps({"digest": paper.digest()}))
    part.replace(folder / f"{piece.name}.json")


def _path(pack: Pack, piece: Piece, ending: str) -> Path:
    return folder_of(pack) / piece.language / f"{piece.name}.{ending}"


def _digest_of(pack: Pack, piece: Piece) -> str | None:
    """Return what a paper was made from; None where it, or one of its forms, is not there."""
    try:
        told = json.loads(_path(pack, piece, "json").read_text())
    except (OSError, ValueError):
        return None
    is_whole = all(_path(pack, piece, ending).exists() for ending in files.endings())
    return str(told.get("digest")) if is_whole else None


def kept_folders() -> Iterator[tuple[int, Path]]:
    """Yield the folders of packs that there are, by pack."""
    base = Path(settings.DATA) / "exports" / FOLDER
    for path in sorted(base.iterdir()) if base.is_dir() else ():
        if path.name.isdecimal():
            yield int(path.name), path
