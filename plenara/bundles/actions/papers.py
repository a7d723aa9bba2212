"""Documents on their way into the installation: what a kill leaves behind, the next import takes away.

One import at a time works at the documents. It lists the files that it adds, on this machine, before it adds them;
whoever gets the folder next and finds such a list knows that its writer is dead. Should this machine never come back,
the day's sweep of another takes away from object storage what no row tells of.
"""

import mimetypes
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import batched
from pathlib import Path

from plenara.bundles.validation.bundle import Checked
from plenara.bundles.validation.errors import BundleErrors
from plenara.bundles.validation.sources import Damaged, Hashed, Source
from plenara.contributions.actions.papers import enqueue_extraction
from plenara.contributions.models import Extraction, Paper
from plenara.contributions.validation.papers import ending_of_type
from plenara.core.store import document, documents, lock_folder
from plenara.core.store.folder import sync

#: What a browser may be told that a document is; anything else is only offered as a file.
_TYPES = {
    "text/plain",
    "text/csv",
    "application/pdf",
    "application/rtf",
    "application/msword",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@contextmanager
def lock_documents() -> Iterator[Path]:
    """Hold the documents' folder; give a workshop within it whose files come in with the block's end, or not at all."""
    folder = documents().workshop()
    with lock_folder(documents()):
        for left in folder.glob(".importing-*"):
            _undo(left)
        workshop = folder / f".importing-{secrets.token_hex(8)}"
        try:  # before it is made: a signal may come at any moment
            workshop.mkdir(0o700)
            yield workshop
        finally:
            _undo(workshop)


def _undo(workshop: Path) -> None:
    """Take away the files that an import added and no row tells of, then its workshop."""
    added = workshop / "added"
    digests = added.read_text().split() if added.exists() else []
    for start in range(0, len(digests), 500):
        some = digests[start : start + 500]
        for digest in set(some) - set(Paper.objects.filter(sha256__in=some).values_list("sha256", flat=True)):
            document(digest).forget()
    shutil.rmtree(workshop, ignore_errors=True)


def make_papers(checked: Checked) -> dict[tuple[str, str], Paper]:
    """Make the rows of the documents that are not here yet under their names; return all by path and name."""
    wanted = {
        (path, name): (digest, name)
        for path, (digest, _size) in checked.documents.items()
        for name in sorted(checked.everything.document_names[path])
    }
    Paper.objects.bulk_create(
        (
            Paper(sha256=digest, name=name, size=checked.documents[path][1], media_type=_media_type(path))
            for (path, _name), (digest, name) in wanted.items()
        ),
        ignore_conflicts=True,
        batch_size=500,
    )
    papers: dict[tuple[str, str], Paper] = {}
    for some in batched(wanted.values(), 500):
        found = Paper.objects.filter(sha256__in={digest for digest, _name in some})
        papers |= {(each.sha256, each.name): each for each in found}
    # Their words are drawn out for the search once their files are here.
    enqueue_extraction(
        each
        for key in set(wanted.values())
        if (each := papers[key]).extraction == Extraction.NONE and ending_of_type(each.media_type)
    )
    return {named: papers[key] for named, key in wanted.items()}


def _media_type(path: str) -> str:
    guessed = mimetypes.guess_type(path)[0] or ""
    return guessed if guessed in _TYPES else "application/octet-stream"


def bring_in(source: Source, checked: Checked, workshop: Path, errors: BundleErrors) -> None:
    """Put the documents that are not here yet into their places."""
    missing = {digest: path for path, (digest, _size) in checked.documents.items() if not document(digest).exists()}
    with (workshop / "added").open("a") as added:  # a comment round in the bundle adds others
        added.writelines(f"{digest}\n" for digest in missing)
    sync(workshop / "added")
    for digest, path in missing.items():
        fresh = workshop / digest
        try:
            with source.open(path) as file, fresh.open("xb") as out:
                os.fchmod(out.fileno(), 0o600)
                hashed = Hashed(file)
                out.writelines(iter(hashed.read, b""))
                out.flush()
                os.fsync(out.fileno())
        except Damaged as damage:
            errors.add(str(damage), path)
            continue
        if hashed.digest != digest:
            errors.add("changed while it was read", path)
            continue
        document(digest).take(fresh)
    errors.refuse()
