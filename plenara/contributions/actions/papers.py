"""Longer papers: identified by their content, stored among the documents under their SHA-256, their words extracted by
a process of its own, deleted when nothing refers to them.
"""

import contextlib
import datetime
import hashlib
import re
import subprocess
import sys
import threading
from collections.abc import Iterable
from itertools import batched
from pathlib import Path

from django.db.models import Exists, OuterRef, Q

from plenara.accounts.models import Installation
from plenara.contributions.actions import search_index
from plenara.contributions.models import Contribution, Draft, Edition, Extraction, Paper, Version
from plenara.contributions.queries.papers import file_of
from plenara.contributions.validation.papers import TYPES, ending_of, ending_of_type, name_with, size_fits
from plenara.core import clock
from plenara.core.refusals import Denied, InvalidInput
from plenara.core.store import Away, Stored, document, documents
from plenara.core.tasks import task
from plenara.core.text import clean
from plenara.core.transaction import lock, writes

#: Seconds that reading one paper may take.
EXTRACTION_SECONDS = 60
#: Characters of a paper that are stored for moderators and the search.
MOST_EXTRACTED = 1_000_000
#: The program that the process runs: a file by itself, which imports nothing of ours.
READER_PROGRAM = Path(__file__).parents[1] / "paper_reader.py"


class Unreadable(Exception):
    """A paper whose words could not be extracted: damaged, encrypted, hostile, or a picture of a text."""


def words_of(paper: Stored, ending: str, *, seconds: float = EXTRACTION_SECONDS) -> str:
    """Return the words of a paper: of a PDF, DOCX or ODT as their library reads them, of plain text unchanged.

    Raises `Unreadable` for any failure in the process, `FileNotFoundError` and `Away`.
    """
    command = [sys.executable, "-I", "-B", str(READER_PROGRAM), ending, str(MOST_EXTRACTED)]
    with paper.opened() as file:
        try:
            reader = subprocess.Popen(
                command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={"LANG": "C.UTF-8"}
            )
        except OSError as error:
            raise Unreadable from error
    # A file that has taken over the reader could print for ever: we read no more than we store.
    timer = threading.Timer(seconds, reader.kill)
    timer.start()
    try:
        assert reader.stdout
        printed = reader.stdout.read(MOST_EXTRACTED * 4)
    finally:
        timer.cancel()
        if reader.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                reader.wait(timeout=1)
        reader.kill()
        reader.wait()
        if reader.stdout:
            reader.stdout.close()
    if reader.returncode != 0:
        raise Unreadable
    text = clean(printed.decode("utf-8", errors="replace"))[:MOST_EXTRACTED]
    if not any(letter.isalnum() for letter in text):
        raise Unreadable
    return text


def upload(data: bytes) -> str:
    """Save a paper's bytes among the documents and return its type. Called before the action's transaction.

    Object storage may take long, and nobody's writing waits for it. Unused bytes are deleted later. Raises
    `InvalidInput` for a file that is too large, empty, or of another type, and `Away`.
    """
    answer = size_fits(len(data))
    if isinstance(answer, Denied):
        raise InvalidInput(answer.sentence, answer.code, answer.field)
    ending, place = ending_of(data), document(hashlib.sha256(data).hexdigest())
    if not place.exists():
        place.put(data)
    return ending


def save_paper(*, data: bytes, name: str) -> Paper:
    """Save a paper's bytes and return the row of its name; enqueue the extraction. Called inside the action.

    The file exists before the row does: a file without a row is deleted later, a row without its file would be a broken
    link. Raises as `upload` does.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    lock_bytes(sha256)
    ending = upload(data)
    paper, _made = Paper.objects.get_or_create(
        sha256=sha256,
        name=name_with(ending, name),
        defaults={
            "size": len(data),
            "media_type": TYPES[ending],
            "extraction": Extraction.WAITING,
            "uploaded_at": clock.now(),
        },
    )
    read_paper.using(key=f"read-paper-{paper.pk}").enqueue(paper_id=paper.pk)
    return paper


def lock_bytes(sha256: str) -> None:
    """Lock these bytes against other writers until the transaction is over. With SQLite nobody else writes."""
    lock(f"document {sha256}")


def enqueue_missing_extractions() -> int:
    """Enqueue the extraction of published papers without words, such as those of old archives; return how many."""
    with writes():
        unread = Paper.objects.filter(extraction=Extraction.NONE, editions__in_force=True).distinct()
        papers = [each for each in unread.only("pk", "media_type") if ending_of_type(each.media_type)]
        return enqueue_extraction(papers)


def enqueue_extraction(papers: Iterable[Paper]) -> int:
    """Mark papers as pending for extraction, and enqueue it; return how many. In a transaction."""
    ids = [each.pk for each in papers]
    for some in batched(ids, 500):
        Paper.objects.filter(pk__in=some).update(extraction=Extraction.WAITING)
        read_paper.enqueue_all({f"read-paper-{pk}": {"paper_id": pk} for pk in some})
    return len(ids)


@task
def read_paper(*, paper_id: int) -> None:
    """Extract the words of a paper that awaits it. An unreadable paper is marked as such, and not tried again."""
    paper = Paper.objects.filter(pk=paper_id, extraction=Extraction.WAITING).first()
    if paper is None:
        return
    try:
        text, became = words_of(file_of(paper), ending_of_type(paper.media_type)), Extraction.DONE
    except (Unreadable, FileNotFoundError):
        text, became = "", Extraction.FAILED
    with writes():
        Paper.objects.filter(pk=paper_id).update(text=text, extraction=became)
        search_index.index_paper(paper_id)


#: How long a paper may exist without a reference: its form is still open, or its import is running.
ORPHAN_GRACE = datetime.timedelta(days=1)
_DOCUMENT = re.compile(r"[0-9a-f]{64}")


def delete_orphans(paper_ids: Iterable[int]) -> int:
    """Delete the unreferenced ones of some papers, and enqueue the deletion of their files; return how many."""
    return _delete_orphans(Q(pk__in=[each for each in paper_ids if each]))


def _delete_orphans(which: Q) -> int:
    referring = (
        Version.objects.filter(paper=OuterRef("pk")),
        Edition.objects.filter(paper=OuterRef("pk")),
        Draft.objects.filter(paper=OuterRef("pk")),
        Contribution.objects.filter(original=OuterRef("pk")),
    )
    orphans = Paper.objects.filter(which, *(~Exists(each) for each in referring))
    found = list(orphans.values_list("pk", "sha256"))
    Paper.objects.filter(pk__in=[pk for pk, _sha256 in found]).delete()
    for pk, sha256 in found:
        forget_paper.using(key=f"forget-paper-{pk}").enqueue(sha256=sha256)
    return len(found)


@task
def forget_paper(*, sha256: str) -> None:
    """Delete a file, unless its bytes were uploaded again in the meantime."""
    with writes():
        lock_bytes(sha256)  # a writer of the same bytes writes file and row while it has this lock
        if not _is_known(sha256):
            document(sha256).forget()


def _is_known(sha256: str) -> bool:
    return Paper.objects.filter(sha256=sha256).exists() or Installation.objects.filter(mark=sha256).exists()


def delete_expired_orphans() -> dict[str, int]:
    """Delete papers without a reference for a day, and files without a row; return how many."""
    with writes():
        papers = _delete_orphans(Q(uploaded_at__lt=clock.now() - ORPHAN_GRACE))
    known = {*Paper.objects.values_list("sha256", flat=True), *Installation.objects.values_list("mark", flat=True)}
    try:
        return {"papers": papers, "files": _delete_orphan_files(known)}
    except Away:
        return {"papers": papers, "files": 0}  # tomorrow is another day


def _delete_orphan_files(known: set[str]) -> int:
    before, files = clock.now() - ORPHAN_GRACE, 0
    for folder in range(256):
        for name, entry in (documents() / f"{folder:02x}").listed().items():
            if _DOCUMENT.fullmatch(name) and name not in known and entry.changed_at < before:
                forget_paper.call(sha256=name)
                files += not document(name).exists()
    return files
