"""Restoring a backup into an empty installation: checked completely first, then restored in one transaction."""

import hashlib
import json
import re
import tarfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from django.apps import apps as installed
from django.apps.registry import Apps
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from plenara.accounts.models import Person
from plenara.accounts.personal_data import erasure
from plenara.accounts.personal_data.erasure import ErasuresComparison, erase_again
from plenara.consultations.models import Consultation
from plenara.core import store
from plenara.core.models import AuditEntry
from plenara.core.rows import Json
from plenara.core.store.folder import InFolder
from plenara.core.transaction import writes
from plenara.operations import startup
from plenara.operations.actions import backup
from plenara.operations.actions.backup import DOCUMENT, FORMAT, HEAD, MANIFEST, ROWS, SECRET
from plenara.operations.terminal import Failed
from plenara.search.actions import repair

type Progress = Callable[[int], None]


#: The largest piece of rows; a document may have ten megabytes, and a mark less.
MOST_MEMBER = 64_000_000
#: The most bytes of extended headers of a member: ours have fifty.
MOST_HEADER = 64_000


def restore(
    path: Path, progress: Progress = lambda _bytes: None, *, erasures: Path | None = None
) -> tuple[dict[str, int], ErasuresComparison]:
    """Restore a backup; return how many rows and documents were restored, and the result of its erasures.

    `erasures` is a list from elsewhere; it is added to that of the data folder. A person in the list and in the
    backup is erased again. After a `Failed` the data is still empty.
    """
    head = _check(path, progress)
    _require_empty()
    # On the disk before any person is restored: after a kill in between, the next start erases them.
    _take_list(erasures)
    apps = _migrate_to(head)
    counts = {"rows": 0, "documents": 0}
    tables = {model._meta.label: model for model in backup.tables(apps)}
    with writes():
        backup.clear_tables(tables.values())
        for name, data in _members(path, progress):
            if name == SECRET:
                secret = data
            elif found := DOCUMENT.fullmatch(name):
                _put(found[1][3:], data)
                counts["documents"] += 1
            elif found := ROWS.fullmatch(name):
                columns = head["tables"][found[1]]["columns"]
                counts["rows"] += backup.insert_rows(tables[found[1]], columns, data.splitlines())
        for label, table in head["tables"].items():
            backup.set_last_key(tables[label], table["last_key"])
        connection.check_constraints()
        InFolder(settings.DATA, "secret-key").put(secret)
    startup.migrate()
    erased = _erase_again(secret.decode().strip())
    # The search index is not part of a backup. After a kill it is empty, and a worker rebuilds it.
    with writes():
        repair.repair_index()
    return counts, erased


def _take_list(erasures: Path | None) -> None:
    """Add a list of erasures to the data folder. Raises `Failed` if one cannot be read."""
    for file in (erasure.erasures_path(), erasures):
        if file is None:
            continue
        if file is erasures and not file.is_file():
            raise Failed(f"{file} does not exist. Give the path of the list of erasures with --erasures.")
        try:
            entries = erasure.read_erasures(file)
        except erasure.UnreadableErasures as error:
            raise Failed(f"{file} is not a list of erasures: line {error} cannot be read.") from error
        except (OSError, UnicodeDecodeError) as error:
            raise Failed(f"{file} cannot be read. Give the path of the list of erasures with --erasures.") from error
        if file is erasures:
            erasure.add_erasures(entries)


def _erase_again(secret: str) -> ErasuresComparison:
    """Erase the persons in the list again. The backup's key identifies them; this process started with another."""
    found = erasure.compare_erasures([secret])
    for entry in found.here:
        erase_again(entry)
    return found


class _Entry(tarfile.TarInfo):
    """An entry with a header of limited size: one of gigabytes is not read into memory."""

    def _proc_member(self, archive: tarfile.TarFile) -> tarfile.TarInfo:  # tarfile's interface for reading headers
        if not self.isreg() and self.size > MOST_HEADER:
            raise tarfile.ReadError
        return super()._proc_member(archive)  # type: ignore[misc, no-any-return]


def _members(path: Path, progress: Progress) -> Iterator[tuple[str, bytes]]:
    """Yield the members of a backup in their order. Raises `Failed` if it is damaged."""
    damaged = Failed(f"{path} is not a Plenara backup, or it is damaged.")
    reported = 0
    try:
        with path.open("rb") as raw, tarfile.open(fileobj=raw, mode="r|gz", tarinfo=_Entry) as archive:
            for entry in archive:
                file = archive.extractfile(entry) if entry.isreg() else None
                if file is None or entry.size > MOST_MEMBER:
                    raise damaged
                yield entry.name, file.read()
                progress(raw.tell() - reported)
                reported = raw.tell()
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        raise damaged from error


def _check(path: Path, progress: Progress) -> Json:
    """Read a backup to its end, compare every checksum, and return its manifest."""
    if not path.is_file():
        raise Failed(f"{path} does not exist." if not path.exists() else f"{path} is not a file.")
    head: Json | None = None
    read: dict[str, str] = {}
    listed: dict[str, str] | None = None
    for name, data in _members(path, progress):
        if head is None:
            head = _head(path, name, data)
        if name == MANIFEST:
            lines = re.findall(r"^([0-9a-f]{64})  (.+)$", data.decode(errors="replace"), re.MULTILINE)
            listed = {member: digest for digest, member in lines}
        elif name in read or not (name in {HEAD, SECRET} or DOCUMENT.fullmatch(name) or _is_rows(name, head)):
            raise Failed(f"{path} is not a Plenara backup: it contains {name[:100]!r}.")
        else:
            read[name] = hashlib.sha256(data).hexdigest()
    if head is None or listed is None or SECRET not in read:
        raise Failed(f"{path} is incomplete: the end of the file is missing.")
    if wrong := [name for name in {*read, *listed} if read.get(name) != listed.get(name)]:
        raise Failed(f"{path} is damaged: {wrong[0]} does not match the manifest.")
    return head


def _head(path: Path, name: str, data: bytes) -> Json:
    try:
        head = json.loads(data) if name == HEAD else {}
    except ValueError:
        head = {}
    if head.get("format") != FORMAT:
        raise Failed(f"{path} is not a Plenara backup that this version can read.")
    return head


def _is_rows(name: str, head: Json) -> bool:
    found = ROWS.fullmatch(name)
    return bool(found and found[1] in head["tables"])


def _require_empty() -> None:
    """Raise `Failed` if there is anything that a restore would overwrite."""
    if startup.fitness() is startup.Fitness.EMPTY:
        return
    startup.require_migrated()
    # The first themes come with the tables, and are replaced by those of the backup.
    acts = AuditEntry.objects.exclude(actor_id=None, verb="themes.learned")
    if Person.objects.exists() or Consultation.objects.exists() or acts.exists():
        raise Failed(
            "There is data here already, and a restore never overwrites it. Set PLENARA_DATA to an empty folder (and "
            "PLENARA_DATABASE_URL to an empty database)."
        )


def _migrate_to(head: Json) -> Apps:
    """Migrate the database to the backup's version, and return the models of that version."""
    executor = MigrationExecutor(connection)
    wanted = {(app, name) for app, name in head["migrations"]}
    known = set(executor.loader.disk_migrations)
    if wanted >= known and not (wanted - known):
        startup.migrate()
        return installed
    if unknown := sorted(wanted - known):
        raise Failed(
            f"This backup is from a newer version ({head['version']}), with steps such as {'.'.join(unknown[0])}. "
            "Restore it with that version."
        )
    if startup.fitness() is not startup.Fitness.EMPTY:
        raise Failed(
            "This backup is of an older version. Restore it into an empty folder or database, not into a migrated one."
        )
    graph = executor.loader.graph
    ends = [node for node in wanted if not any(child.key in wanted for child in graph.node_map[node].children)]
    return executor.migrate(ends).apps


def _put(sha256: str, data: bytes) -> None:
    """Store a document."""
    try:
        store.document(sha256).put(data)
    except store.Away as error:
        raise Failed(f"The documents cannot be stored in the object storage ({error.reason}). Try again.") from error
