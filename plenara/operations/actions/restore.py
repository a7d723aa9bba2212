"""Restoring a backup into an empty installation: read through and checked first, then in one transaction."""

import hashlib
import json
import re
import tarfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

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
from plenara.core.store.folder import InFolder
from plenara.core.transaction import writes
from plenara.operations import startup
from plenara.operations.actions import backup
from plenara.operations.actions.backup import DOCUMENT, FORMAT, HEAD, MANIFEST, ROWS, SECRET
from plenara.operations.terminal import Failed
from plenara.search.actions import repair

type Progress = Callable[[int], None]
type Head = dict[str, Any]

#: No piece of rows is larger; a document may have ten megabytes, and a mark less.
MOST_MEMBER = 64_000_000
#: Bytes of what may stand before a member in place of its name: ours have fifty.
MOST_HEADER = 64_000


def restore(
    path: Path, progress: Progress = lambda _bytes: None, *, erasures: Path | None = None
) -> tuple[dict[str, int], ErasuresComparison]:
    """Restore a backup; return how many rows and documents came in, and what its erasures came to.

    `erasures` is a list that was kept apart; it joins the one in the data folder. Whoever stands there and is in the
    backup is erased again. After a `Failed` the data is empty still.
    """
    head = _check(path, progress)
    _require_empty()
    # On the disk before anybody comes back: should we be killed in between, the next start erases them.
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
    # What can be found is no part of a backup. Should we be killed over it, nothing is there, and a worker makes it.
    with writes():
        repair.mend()
    return counts, erased


def _take_list(erasures: Path | None) -> None:
    """Take a list of erasures into the data folder. Raises `Failed` where one cannot be read."""
    for file in (erasure.erasures_path(), erasures):
        if file is None:
            continue
        if file is erasures and not file.is_file():
            raise Failed(f"{file} does not exist: name the list of erasures with --erasures.")
        try:
            entries = erasure.read_erasures(file)
        except erasure.UnreadableErasures as error:
            raise Failed(f"{file} is no list of erasures: line {error} cannot be read.") from error
        except (OSError, UnicodeDecodeError) as error:
            raise Failed(f"{file} cannot be read: name the list of erasures with --erasures.") from error
        if file is erasures:
            erasure.add_erasures(entries)


def _erase_again(secret: str) -> ErasuresComparison:
    """Carry out again what the list names. The backup's key believes the marks; this process began with another."""
    found = erasure.compare_erasures([secret])
    for entry in found.here:
        erase_again(entry)
    return found


class _Entry(tarfile.TarInfo):
    """An entry whose header is as long as ours are: one that grows to gigabytes is not taken into memory."""

    def _proc_member(self, archive: tarfile.TarFile) -> tarfile.TarInfo:  # by which tarfile lets headers be read
        if not self.isreg() and self.size > MOST_HEADER:
            raise tarfile.ReadError
        return super()._proc_member(archive)  # type: ignore[misc, no-any-return]


def _members(path: Path, progress: Progress) -> Iterator[tuple[str, bytes]]:
    """Yield the members of a backup in their order. Raises `Failed` where it cannot be read on."""
    damaged = Failed(f"{path} is no backup of Plenara, or it is damaged.")
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


def _check(path: Path, progress: Progress) -> Head:
    """Read a backup to its end, compare every checksum, and return what it says of itself."""
    if not path.is_file():
        raise Failed(f"{path} does not exist." if not path.exists() else f"{path} is not a file.")
    head: Head | None = None
    read: dict[str, str] = {}
    listed: dict[str, str] | None = None
    for name, data in _members(path, progress):
        if head is None:
            head = _head(path, name, data)
        if name == MANIFEST:
            lines = re.findall(r"^([0-9a-f]{64})  (.+)$", data.decode(errors="replace"), re.MULTILINE)
            listed = {member: digest for digest, member in lines}
        elif name in read or not (name in {HEAD, SECRET} or DOCUMENT.fullmatch(name) or _is_rows(name, head)):
            raise Failed(f"{path} is no backup of Plenara: it holds {name[:100]!r}.")
        else:
            read[name] = hashlib.sha256(data).hexdigest()
    if head is None or listed is None or SECRET not in read:
        raise Failed(f"{path} is not complete: its end is missing.")
    if wrong := [name for name in {*read, *listed} if read.get(name) != listed.get(name)]:
        raise Failed(f"{path} is damaged: {wrong[0]} is not what its manifest says.")
    return head


def _head(path: Path, name: str, data: bytes) -> Head:
    try:
        head = json.loads(data) if name == HEAD else {}
    except ValueError:
        head = {}
    if head.get("format") != FORMAT:
        raise Failed(f"{path} is no backup of Plenara that this version can read.")
    return head


def _is_rows(name: str, head: Head) -> bool:
    found = ROWS.fullmatch(name)
    return bool(found and found[1] in head["tables"])


def _require_empty() -> None:
    """Raise `Failed` where there is anything that a restore would have to overwrite."""
    if startup.fitness() is startup.Fitness.EMPTY:
        return
    startup.require_migrated()
    # The first themes come with the tables, and go for those of the backup.
    acts = AuditEntry.objects.exclude(actor_id=None, verb="themes.learned")
    if Person.objects.exists() or Consultation.objects.exists() or acts.exists():
        raise Failed(
            "There is data here already, and a restore overwrites nothing: name an empty folder with PLENARA_DATA "
            "(and an empty database with PLENARA_DATABASE_URL)."
        )


def _migrate_to(head: Head) -> Apps:
    """Bring the database to where the backup's was, and return the models of that time."""
    executor = MigrationExecutor(connection)
    wanted = {(app, name) for app, name in head["migrations"]}
    known = set(executor.loader.disk_migrations)
    if wanted >= known and not (wanted - known):
        startup.migrate()
        return installed
    if unknown := sorted(wanted - known):
        raise Failed(
            f"This backup was made by a newer version ({head['version']}), with steps such as {'.'.join(unknown[0])}: "
            "restore it with that version."
        )
    if startup.fitness() is not startup.Fitness.EMPTY:
        raise Failed(
            "This backup is of an older version: restore it into an empty folder or database, not a migrated one."
        )
    graph = executor.loader.graph
    ends = [node for node in wanted if not any(child.key in wanted for child in graph.node_map[node].children)]
    return executor.migrate(ends).apps


def _put(sha256: str, data: bytes) -> None:
    """Put a document among the others."""
    try:
        store.document(sha256).put(data)
    except store.Away as away:
        raise Failed(f"The documents cannot be put into the object storage ({away.reason}): try again.") from away
