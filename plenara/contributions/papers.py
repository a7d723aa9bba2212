"""Longer papers: identified by their content, stored among the documents under their SHA-256, their words extracted by
a process of its own, deleted when nothing refers to them.
"""

import contextlib
import datetime
import hashlib
import io
import re
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterable
from itertools import batched
from pathlib import Path, PurePath

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from plenara.accounts.models import Installation
from plenara.contributions.actions import search_index
from plenara.contributions.models import Contribution, Draft, Edition, Extraction, Paper, Version
from plenara.core import clock
from plenara.core.office_files import has_macros
from plenara.core.refusals import Answer, Denied, InvalidInput
from plenara.core.store import Away, Stored, document, documents
from plenara.core.tasks import task
from plenara.core.text import clean, clean_line
from plenara.core.transaction import lock, writes

#: Seconds that reading one paper may take.
EXTRACTION_SECONDS = 60
#: Characters of a paper that are stored for moderators and the search.
MOST_EXTRACTED = 1_000_000
#: The program that the process runs: a file by itself, which imports nothing of ours.
READER_PROGRAM = Path(__file__).with_name("paper_reader.py")


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


#: Characters of a paper that its page shows; the whole is offered as a file.
MOST_PREVIEW = 60_000
MOST_BYTES = 10 * 1024 * 1024
#: The types of papers, by file ending: the media type that it is served as.
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "txt": "text/plain; charset=utf-8",
}
#: Bytes of as many characters, in any script.
_BEGIN = 4 * MOST_PREVIEW
#: Parts that an office document may have.
_MOST_PARTS = 5_000


def file_of(paper: Paper) -> Stored:
    """Return the storage path of a paper's bytes."""
    return document(paper.sha256)


def preview_text(paper: Paper) -> str:
    """Return the words of a plain-text paper for its page, cut at 60,000 characters; nothing of other kinds.

    Raises `Away`: a page without the words must not be taken for the page.
    """
    if not paper.media_type.startswith("text/plain"):
        return ""
    try:
        return b"".join(file_of(paper).pieces(range(_BEGIN))).decode(errors="replace")[:MOST_PREVIEW]
    except OSError:
        return ""


def size_fits(size: int) -> Answer:
    """A paper is not empty and has ten megabytes at most."""
    if size == 0:
        return Denied(_("The file is empty. Choose another file."), "empty", "paper")
    if size > MOST_BYTES:
        return Denied(_("This file is larger than 10 MB. Choose a smaller file."), "too_large", "paper")
    return True


def ending_of(data: bytes) -> str:
    """Return the type of a file by its content, whatever its name: pdf, docx, odt or txt. Raises `InvalidInput`."""
    if data.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _office(data)
    if _is_text(data):
        return "txt"
    raise _refused()


def ending_of_type(media_type: str) -> str:
    """Return the ending of a paper that is served as this type."""
    bare = media_type.partition(";")[0].strip()
    return next((ending for ending, known in TYPES.items() if known.partition(";")[0] == bare), "")


def _refused() -> InvalidInput:
    return InvalidInput(
        _(
            "The file must be a PDF, Word (DOCX), OpenDocument (ODT) or plain text file. We check "
            "the content of a file, not its name."
        ),
        "kind",
        "paper",
    )


def _office(data: bytes) -> str:
    """Distinguish DOCX and ODT by their required parts; only lists of parts and a name are unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if len(names) > _MOST_PARTS:
                raise _refused()
            if has_macros(data):
                raise InvalidInput(
                    _("This file contains macros. Save it without macros and upload it again."), "macros", "paper"
                )
            if {"[Content_Types].xml", "word/document.xml"} <= names:
                return "docx"
            if {"mimetype", "content.xml"} <= names:
                with archive.open("mimetype") as part:
                    if part.read(100).strip() == TYPES["odt"].encode():
                        return "odt"
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, EOFError):
        pass
    raise _refused()


def _is_text(data: bytes) -> bool:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not any(ord(letter) < 32 and letter not in "\t\n\r\f" for letter in text)


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


def name_with(ending: str, name: str) -> str:
    """Return the name that a paper is offered under: its own, without a path, with the ending of its type."""
    stem = PurePath(clean_line(name).replace("\\", "/")).stem.strip(". ")[:150]
    return f"{stem or 'paper'}.{ending}"


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
