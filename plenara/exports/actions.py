"""Creating the files of a consultation's record, and of the community, from one snapshot: when they are due, at once or
once an hour, and how they are moved into their folder.
"""

import datetime
import errno
import hashlib
import json
import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db.models import Max, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

import plenara
from plenara.accounts.queries import installation
from plenara.bundles.format import COMMUNITY_SLUG
from plenara.bundles.queries.community_bundle import export_community
from plenara.bundles.queries.consultation import export
from plenara.bundles.targets import written
from plenara.consultations.community import existing
from plenara.consultations.models import Consultation
from plenara.contributions.models import Edition
from plenara.core import clock
from plenara.core.cache_tags import withdrawn_from
from plenara.core.models import Revision
from plenara.core.rows import Json, json_line
from plenara.core.snapshots import snapshot
from plenara.core.store import Stored, lock_folder
from plenara.core.store import exports as room
from plenara.core.store.downloads import sha256_of
from plenara.core.tasks import Task
from plenara.core.templatetags.plenara import datetime_utc
from plenara.core.transaction import writes
from plenara.directory.models import CACHE_TAG as DIRECTORY
from plenara.directory.models import Counter
from plenara.events.models import CACHE_TAG as CALENDAR
from plenara.exports import bagit, tasks
from plenara.exports.presenters import dictionary, plain_text, tables
from plenara.exports.queries.files import (
    BAG,
    BUNDLE,
    CSV,
    FIGURES,
    FILES,
    JSON_LINES,
    TEXT,
    File,
    Made,
    Record,
    folder_of,
    made,
    name_of,
    read_made_in,
    record_of,
    withdrawn_tags,
)
from plenara.exports.queries.record import Scope, public_consultations, with_words
from plenara.insights.queries import figures
from plenara.outcomes.queries.consultations import quoted_elsewhere, with_meetings
from plenara.themes.models import CACHE_TAG as THEMES


class DiskFull(Exception):
    """There is no disk space for the files. The earlier ones stay."""


@contextmanager
def new_file(path: Path) -> Iterator[IO[bytes]]:
    """Yield a new file, which is synced to disk when the block ends."""
    with path.open("xb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def is_full(error: BaseException | None) -> bool:
    """Return whether an error is, or is caused by, a full disk."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return True
        error = error.__cause__
    return False


def file_of(path: Path) -> File:
    """Return checksum and size of a file."""
    with path.open("rb") as file:
        return File(hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size)


def save_made(new: Made) -> None:
    """Save the description of the new files; from then on they are the current ones."""
    description = {
        "of": new.of,
        "how": new.how,
        "revision": new.record.revision,
        "gone": new.record.gone,
        "changed_at": new.record.changed_at.isoformat(),
        "made_at": new.made_at.isoformat(),
        "files": {name: vars(file) for name, file in new.files.items()},
    }
    (new.folder / "made.json").put(json.dumps(description).encode())


def delete_older(new: Made) -> None:
    """Delete earlier files, and what a kill left. A reader who has one open can finish."""
    current = {"made.json", "lock", *(file.sha256 for file in new.files.values())}
    for path in new.folder.workshop().iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
    for name in new.folder.listed():
        if name not in current:
            (new.folder / name).forget()


#: Version of the file formats that this program writes: all files are created again when it changes.
FORMAT = "plenara-exports/2"
#: The frame of files without a language, and the language of their addresses. People's words stay in their own.
LANGUAGE = "en"
CHUNK = 200


def how() -> str:
    """Return what the files depend on besides the record: the program, the site's address and name. One query."""
    return json.dumps([FORMAT, plenara.__version__, settings.SITE_URL, installation(LANGUAGE).name])


def make(consultation: Consultation) -> Made:
    """Create the files of the present record, unless they exist.

    Raises `DiskFull`, `Unwritable`, `Away` or `OSError`.
    """
    folder = folder_of(consultation)
    with _workshop(folder) as part:
        return _make(consultation, folder, part)


@contextmanager
def _workshop(folder: Stored) -> Iterator[Path]:
    """Lock a folder of files, and yield a temporary place for new ones. Raises `DiskFull`."""
    try:
        with lock_folder(folder), tempfile.TemporaryDirectory(prefix="part.", dir=folder.workshop()) as part:
            yield Path(part)
    except Exception as error:
        if is_full(error):
            raise DiskFull(f"No space is left in {folder}.") from error
        raise


def _install(folder: Stored, of: str, how_now: str, record: Record, part: Path, names: Iterable[str]) -> Made:
    """Move new files into their folder, in place of the earlier ones. Only one process does so at a time."""
    files = {name: file_of(part / name) for name in names}
    for name, file in files.items():
        (folder / file.sha256).take(part / name)
    new = Made(folder, of, how_now, record, clock.now(), files)
    save_made(new)
    delete_older(new)
    return new


def _make(consultation: Consultation, folder: Stored, part: Path) -> Made:
    with translation.override(LANGUAGE):
        with snapshot():
            consultation.refresh_from_db()
            how_now, record, found = how(), record_of(consultation), made(consultation)
            if found and found.is_of(record, how_now):
                return found
            _write_from_the_record(consultation, part, record.changed_at)
        _write(part / dictionary.DICTIONARY, dictionary.as_csv())
        _write(part / dictionary.METADATA, dictionary.as_metadata(consultation, CSV, record.changed_at))
        bagit.write(part / BAG, consultation, part, record.changed_at)
    return _install(folder, name_of(consultation), how_now, record, part, FILES)


def _write_from_the_record(consultation: Consultation, part: Path, changed_at: datetime.datetime) -> None:
    as_of = _("The record as of %(moment)s") % {"moment": datetime_utc(changed_at)}
    with written(part / BUNDLE, as_of) as target:
        export(consultation, target)
    scope = Scope(consultation)
    threads = list(consultation.threads.all())
    questions = {each.pk: each.number for each in threads}
    editions = with_words(scope.editions()).order_by("number").iterator(CHUNK)
    with ExitStack() as stack:
        lines, table = (stack.enter_context(new_file(part / name)) for name in (JSON_LINES, CSV))

        def rows() -> Iterator[Json]:
            for edition in editions:
                row = tables.row(edition, scope, questions)
                lines.write(f"{json_line(row)}\n".encode(errors="replace"))
                yield row

        table.writelines(piece.encode(errors="replace") for piece in tables.as_csv(rows(), dictionary.NAMES))
    # In the package it is beside the bundle, where `plenara verify` looks for what to compare.
    _write(part / FIGURES, [figures.figures_json(figures.page_figures(consultation))])
    texts = plain_text.all_threads([Scope(consultation, each) for each in threads], _in_trees)
    _write(part / TEXT, chain([f"{as_of}\n\n"], texts))


def _in_trees(scope: Scope) -> Iterator[Edition]:
    return with_words(scope.editions()).order_by("root", "number").iterator(CHUNK)


def _write(path: Path, pieces: Iterable[str]) -> None:
    with new_file(path) as file:
        file.writelines(piece.encode(errors="replace") for piece in pieces)


#: A record that only grows is exported at most this often, once its files are large.
PAUSE = datetime.timedelta(hours=1)
#: Bytes of all files of a record up to which they are small: creating them takes some seconds.
SMALL = 10_000_000
#: The scopes that the files of a consultation may contain.
_CACHE_TAGS = Q(cache_tag__startswith="consultation:") | Q(cache_tag=withdrawn_from(CALENDAR))
#: From a task's due time to the files: the worker looks several times a minute, and has other tasks.
SOON = datetime.timedelta(minutes=1)


def due_at(found: Made | None, record: Record, how_now: str) -> datetime.datetime | None:
    """Return when the files are due; None where they are of the present record."""
    if found is None or found.record.gone != record.gone:
        return clock.now()
    if found.is_of(record, how_now):
        return None
    return max(clock.now(), next_at(found))


def next_at(found: Made) -> datetime.datetime:
    """Return when files are created again after these, if the record has only grown."""
    return found.made_at if found.size <= SMALL else found.made_at + PAUSE


def is_due(consultation: Consultation) -> bool:
    """Return whether the files of a consultation are due."""
    due = due_at(made(consultation), record_of(consultation), how())
    return due is not None and due <= clock.now()


def newest_change() -> datetime.datetime | None:
    """Return the time of the last change of any consultation's record, or of the calendar. One query."""
    return Revision.objects.filter(_CACHE_TAGS).aggregate(at=Max("at"))["at"]


def enqueue_exports() -> int:
    """Enqueue the files of records that have changed; return how many. The worker calls it now and then."""
    how_now = how()
    consultations = list(public_consultations())
    numbers = dict(Revision.objects.filter(_CACHE_TAGS).values_list("cache_tag", "number"))
    queued, elsewhere, meeting = _queued(), quoted_elsewhere(), with_meetings()
    count = 0
    for each in consultations:
        cache_tags = withdrawn_tags(each, elsewhere.get(each.pk, ()), has_meetings=each.pk in meeting)
        gone = sum(numbers.get(cache_tag, 0) for cache_tag in cache_tags)
        record = Record(numbers.get(each.cache_tag, 0), gone, each.created_at)
        due = due_at(made(each), record, how_now)
        if due is None:
            continue
        count += _enqueue(tasks.make_export, each.pk, record, due, queued[each.pk], consultation_id=each.pk)
    return count


def _enqueue(
    task: Task, of: object, record: Record, due: datetime.datetime, queued: Iterable[Json], **arguments: object
) -> bool:
    """Enqueue the creation of files, unless one of the `queued` tasks suffices; return whether it was enqueued.

    A task that is scheduled for the next hour does not suffice if something was withdrawn since. A failed one does: it
    is retried, and another one would fail, too.
    """
    now = clock.now()
    at_once = due <= now
    if any(one.get("gone") == record.gone and (one.get("at_once") or not at_once) for one in queued):
        return False
    key = f"export-{of}-{record.revision}-{record.gone}-{now:%Y%m%d%H%M%S}"
    with writes():
        task.using(key=key, run_after=due).enqueue(**arguments, gone=record.gone, at_once=at_once)
    return True


def _queued() -> dict[int, list[Json]]:
    """Return the arguments of the open tasks, by consultation."""
    found = tasks.make_export.pending().values_list("arguments", flat=True)
    queued: dict[int, list[Json]] = defaultdict(list)
    for arguments in found:
        queued[arguments.get("consultation_id")].append(arguments)
    return queued


def expected_at(consultation: Consultation) -> datetime.datetime:
    """Return the expected time of files that may be served, where there are none. One query."""
    return _soon(tasks.make_export.pending().filter(arguments__consultation_id=consultation.pk))


def _soon(queued: QuerySet) -> datetime.datetime:
    """Return the earliest time at which one of the immediate tasks can be done; without one, the next run."""
    due = queued.filter(arguments__at_once=True).order_by("due_at").values_list("due_at", flat=True).first()
    return max(due or clock.now(), clock.now()) + SOON


COMMUNITY_NAME, COMMUNITY_MEDIA_TYPE = BUNDLE, "application/zip"
COMMUNITY_CACHE_TAGS = (CALENDAR, DIRECTORY, THEMES)
#: Version of the file format that this program writes: the file is created again when it changes.
COMMUNITY_EXPORT_FORMAT = "plenara-community-exports/1"


def has_community() -> bool:
    """Return whether anything was ever published in the calendar or the directory. One query."""
    return Counter.objects.filter(last__gt=0).exists()


def community_folder() -> Stored:
    """Return the path of the file."""
    return room() / COMMUNITY_SLUG


def how_community() -> str:
    """Return what the file depends on besides the record."""
    return json.dumps([COMMUNITY_EXPORT_FORMAT, plenara.__version__])


def community_record() -> Record:
    """Return the sums of the revisions of three cache tags: each only grows, so no two states have the same sums."""
    found = Revision.objects.filter(
        cache_tag__in=[*COMMUNITY_CACHE_TAGS, *map(withdrawn_from, COMMUNITY_CACHE_TAGS)]
    ).values_list("cache_tag", "number", "at")
    rows = {name: (number, at) for name, number, at in found}
    none = (0, datetime.datetime.min.replace(tzinfo=datetime.UTC))
    changed_at = max(rows.get(each, none)[1] for each in COMMUNITY_CACHE_TAGS)
    return Record(
        sum(rows.get(each, none)[0] for each in COMMUNITY_CACHE_TAGS),
        sum(rows.get(withdrawn_from(each), none)[0] for each in COMMUNITY_CACHE_TAGS),
        changed_at,
    )


def made_community() -> Made | None:
    """Return the last file, whatever has changed since; None where it is not whole, or another database's."""
    found = read_made_in(community_folder(), _community_name())
    return found if found and found.is_whole([COMMUNITY_NAME]) else None


def community_for_download() -> Made | None:
    """Return the file that may be served now; None where there is none, or something may have been withdrawn since."""
    found = made_community()
    return found if found and found.record.gone == community_record().gone else None


def _community_name() -> str:
    """Return the name that distinguishes this community from one of a recreated database, which counts from 1 again."""
    row = existing()
    return f"{COMMUNITY_SLUG} {row.created_at.isoformat()}" if row else COMMUNITY_SLUG


def make_community() -> Made:
    """Create the file of the present record, unless it exists.

    Raises `DiskFull`, `Unwritable`, `Away` or `OSError`.
    """
    with _workshop(community_folder()) as part:
        with snapshot():
            now, found, name = community_record(), made_community(), _community_name()
            if found and found.is_of(now, how_community()):
                return found
            with written(part / COMMUNITY_NAME) as target:
                export_community(target)
        return _install(community_folder(), name, how_community(), now, part, [COMMUNITY_NAME])


def is_community_due() -> bool:
    """Return whether the file is due."""
    due = due_at(made_community(), community_record(), how_community())
    return has_community() and due is not None and due <= clock.now()


def enqueue_community_export() -> bool:
    """Enqueue the file if the record has changed; return whether it was enqueued. The worker calls it now and then."""
    if not has_community():
        return False
    record = community_record()
    due = due_at(made_community(), record, how_community())
    if due is None:
        return False
    queued = tasks.make_community_export.pending().values_list("arguments", flat=True)
    return _enqueue(tasks.make_community_export, COMMUNITY_SLUG, record, due, queued)


def community_expected_at() -> datetime.datetime:
    """Return the expected time of a file that may be served, where there is none. One query."""
    return _soon(tasks.make_community_export.pending())


def community_errors() -> Iterator[str]:
    """Yield a sentence for each error in the file. The file is read."""
    if not has_community():
        return
    found, record, late = (
        read_made_in(community_folder(), _community_name()),
        community_record(),
        clock.now() - datetime.timedelta(minutes=15),
    )
    if found is None or found.record.gone != record.gone:
        if record.changed_at < late:
            since = record.changed_at
            yield f"{COMMUNITY_SLUG}: the file has not been created, although the record changed ({since})."
        return
    try:
        is_intact = sha256_of(found.path(COMMUNITY_NAME)) == found.files[COMMUNITY_NAME].sha256
    except OSError as error:
        yield (
            f"{COMMUNITY_SLUG}: {COMMUNITY_NAME} cannot be read ({error.strerror}). "
            "It will be created again within minutes."
        )
        return
    if not is_intact:
        yield (
            f"{COMMUNITY_SLUG}: {COMMUNITY_NAME} is damaged. Delete the folder {found.folder}, "
            "and the file will be created again."
        )
    elif not found.is_of(record, how_community()) and max(next_at(found), record.changed_at) < late:
        yield f"{COMMUNITY_SLUG}: {COMMUNITY_NAME} was not created again, although the record changed."


def make_export(consultation_id: int, gone: int = 0, at_once: bool = False) -> None:
    """Create the files of a consultation, of its present record, if they are due.

    `gone` and `at_once` are the reasons for which it was enqueued; another process may have created them already.
    """
    consultation = public_consultations().filter(pk=consultation_id).first()
    if consultation and is_due(consultation):
        make(consultation)


def make_community_export(gone: int = 0, at_once: bool = False) -> None:
    """Create the file of the present calendar, directory and themes, if it is due."""
    if is_community_due():
        make_community()
